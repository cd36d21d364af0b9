"""`stellwerk add`: routes, tasks, work packages, switches and people."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref, complete_ref
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.reading import read_text
from stellwerk.domain.edits.compound import new_route, new_switch, new_task
from stellwerk.domain.edits.items import Add
from stellwerk.domain.goal import Direction, Person, Role
from stellwerk.domain.plan import Route
from stellwerk.domain.refs import PEOPLE
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.text import clean
from stellwerk.domain.work import Task, WorkPackage, digest
from stellwerk.errors import UsageError
from stellwerk.planning.fields import estimate as estimate_of
from stellwerk.planning.fields import noted, titled

command = typer.Typer(rich_markup_mode=None, add_completion=False)
Title = Annotated[list[str], typer.Argument(metavar="TITLE", help="Its title.")]
Routes = Annotated[
    list[str] | None,
    typer.Option(metavar="REF", help="A route; may be repeated.", autocompletion=complete_ref),
]


@command.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Ask what to add if nothing is said."""
    if context.invoked_subcommand is None:
        raise UsageError("What is to be added?", "A route, task, package, switch or person.")


@command.command("route")
def route(
    context: typer.Context, title: Title, after: Routes = None, before: Routes = None
) -> None:
    """Add a route after some routes and before others, between them if both are given."""
    desk = desk_of(context)
    base = desk.open()
    tails = [desk.one(ref, Route).uid for ref in after or []]
    heads = [desk.one(ref, Route).uid for ref in before or []]
    births = desk.dispatcher.births
    made = new_route(base.plan, base.book, births, titled(title), after=tails, before=heads)
    desk.make(base, made)


@command.command("task")
def task(context: typer.Context, ref: Ref, title: Title) -> None:
    """Add a task to a route."""
    desk = desk_of(context)
    holder = desk.one(ref, Route)
    base = desk.open()
    births = desk.dispatcher.births
    desk.make(base, new_task(base.plan, base.book, births, titled(title), holder.uid))


@command.command("package")
def package(
    context: typer.Context,
    ref: Ref,
    title: Title,
    length: Annotated[int, typer.Option(min=1, max=8, help="Effort in units.")] = 1,
    grade: Annotated[int, typer.Option(min=0, max=10, help="Difficulty.")] = 3,
    estimate: Annotated[
        str | None, typer.Option(metavar="P10,P50,P90", help="Effort in hours.")
    ] = None,
    notes: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="File with its notes.")
    ] = None,
) -> None:
    """Add a work package to a task."""
    desk = desk_of(context)
    holder = desk.one(ref, Task)
    base = desk.open()
    births = desk.dispatcher.births
    text = noted(read_text(notes)) if notes else ""
    made = WorkPackage(
        uid=births.new_uid(),
        number=base.book.next(holder.uid),
        title=titled(title),
        born_at=births.now,
        notes=digest(text),
        length=length,
        grade=grade,
        estimate=estimate_of(estimate) if estimate else None,
    )
    texts = {made.uid: text} if text else {}
    desk.make(base, Add(made, holder.uid, len(holder.packages), texts))


@command.command("switch")
def switch(context: typer.Context, ref: Ref, title: Title) -> None:
    """Make the ways that leave a route the options of a decision."""
    desk = desk_of(context)
    holder = desk.one(ref, Route)
    base = desk.open()
    births = desk.dispatcher.births
    desk.make(base, new_switch(base.plan, base.book, births, holder.uid, titled(title)))


@command.command("person")
def person(
    context: typer.Context,
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="Their name.")],
    role: Annotated[Role, typer.Option(help="Companion or helper.")] = Role.COMPANION,
    direction: Annotated[
        Direction, typer.Option(help="Goes along, or waits further on.")
    ] = Direction.WITH_ME,
    email: Annotated[str, typer.Option(help="Their address.")] = "",
    capacity: Annotated[
        float | None, typer.Option(min=0, max=168, help="Hours a week.")
    ] = None,
) -> None:
    """Add a person to the plan."""
    desk = desk_of(context)
    desk.make(*_person(desk, titled(name), role, direction, clean(email), capacity))


def _person(
    desk: Desk, name: str, role: Role, direction: Direction, email: str, capacity: float | None
) -> tuple[Snapshot, Add]:
    base = desk.open()
    births = desk.dispatcher.births
    made = Person(
        uid=births.new_uid(),
        number=base.book.next(PEOPLE),
        name=name,
        born_at=births.now,
        role=role,
        direction=direction,
        email=email,
        capacity_hours=capacity,
    )
    return base, Add(made, base.plan.goal.uid)
