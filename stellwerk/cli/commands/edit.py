"""`stellwerk edit`: fields by flags; notes and descriptions in an editor."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref
from stellwerk.cli.changes import Wanted, goal_fields, item_edits
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.reading import edited, read_text
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Describe, Rewrite, description_of
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Direction, GoalStatus, Role
from stellwerk.domain.journal import Snapshot
from stellwerk.domain.notes import tidy
from stellwerk.domain.plan import Item, RouteKind
from stellwerk.domain.text import clean
from stellwerk.domain.work import WorkPackage
from stellwerk.errors import UsageError

Title = Annotated[str | None, typer.Option(help="Title, label or name.")]
Description = Annotated[
    str | None, typer.Option(metavar="TEXT|-", help="Description, prompt or trade-off.")
]
Notes = Annotated[str | None, typer.Option(metavar="FILE|-", help="Notes of a work package.")]
Length = Annotated[int | None, typer.Option(min=1, max=8, help="Effort in units.")]
Grade = Annotated[int | None, typer.Option(min=0, max=10, help="Difficulty.")]
Estimate = Annotated[str | None, typer.Option(metavar="P10,P50,P90", help="Hours, or none.")]
ElapsedDays = Annotated[
    int | None, typer.Option(min=0, help="Calendar days it takes at least; 0 is none.")
]
Kind = Annotated[RouteKind | None, typer.Option(help="Of a route.")]
Probability = Annotated[
    float | None, typer.Option(min=0, max=1, help="Of an option to be chosen.")
]
Recommend = Annotated[
    bool | None, typer.Option("--recommend/--no-recommend", help="An option.")
]
PersonRole = Annotated[Role | None, typer.Option(help="Of a person.")]
PersonDirection = Annotated[Direction | None, typer.Option(help="Of a person.")]
Email = Annotated[str | None, typer.Option(help="Of a person.")]
Capacity = Annotated[
    float | None, typer.Option(min=0, max=168, help="Hours a week of a person.")
]
Status = Annotated[GoalStatus | None, typer.Option(help="Of the goal.")]
TargetDate = Annotated[str | None, typer.Option(metavar="DATE", help="Of the goal, or none.")]
UnitHours = Annotated[
    float | None, typer.Option(min=0.01, help="Hours in a unit of length, of the goal.")
]


def command(
    context: typer.Context,
    ref: Ref,
    title: Title = None,
    description: Description = None,
    notes: Notes = None,
    length: Length = None,
    grade: Grade = None,
    estimate: Estimate = None,
    elapsed_days: ElapsedDays = None,
    kind: Kind = None,
    probability: Probability = None,
    recommend: Recommend = None,
    role: PersonRole = None,
    direction: PersonDirection = None,
    email: Email = None,
    capacity: Capacity = None,
    status: Status = None,
    target_date: TargetDate = None,
    unit_hours: UnitHours = None,
) -> None:
    """Change an item's fields by flags, or without any its text in $EDITOR.

    The ref `goal` means the goal itself.
    """
    desk = desk_of(context)
    wanted = Wanted(
        title=title,
        description=read_text("-").strip() if description == "-" else description,
        notes=read_text(notes) if notes is not None else None,
        length=length,
        grade=grade,
        estimate=estimate,
        elapsed_days=elapsed_days,
        kind=kind,
        probability=probability,
        recommend=recommend,
        role=role,
        direction=direction,
        email=email,
        capacity_hours=capacity,
        status=status,
        target_date=target_date,
        unit_hours=unit_hours,
    )
    if ref.lower() == "goal":
        _edit_goal(desk, wanted)
        return
    base, item = desk.at(ref)
    found = desk.notes(base, [item.uid]).get(item.uid, "")
    edits = item_edits(base.plan, item, wanted, found) if wanted.given else []
    edits = edits or [_in_editor(desk, base, item, found, flags=bool(wanted.given))]
    desk.make(base, edits[0] if len(edits) == 1 else Batch(tuple(edits)))


def _edit_goal(desk: Desk, wanted: Wanted) -> None:
    base = desk.open()
    fields = goal_fields(wanted)
    if not fields:
        text = _asked(desk, base.plan.goal.description, base.plan.goal.slug)
        fields = {"description": text.strip()}
    desk.tell(desk.dispatcher.set_goal(base, **fields))


def _in_editor(desk: Desk, base: Snapshot, item: Item, notes: str, *, flags: bool) -> Edit:
    """Return the edit that a text changed in the editor makes."""
    if flags:
        raise UsageError(f"{base.plan.name(item.uid)} has these values already.")
    name = base.plan.ref(item.uid)
    if isinstance(item, WorkPackage):
        new = tidy(clean(_asked(desk, notes, name)))
        if new == notes:
            raise UsageError("The notes are as they were.", "Nothing was changed.")
        return Rewrite(item.uid, notes, new)
    old = description_of(item)
    text = clean(_asked(desk, old, name)).strip()
    if text == old:
        raise UsageError("The text is as it was.", "Nothing was changed.")
    return Describe(item.uid, text)


def _asked(desk: Desk, text: str, name: str) -> str:
    if not desk.interactive:
        msg = "Nothing says what to change."
        raise UsageError(msg, "Give flags such as --length 3, or --notes FILE; see --help.")
    return edited(text, name)
