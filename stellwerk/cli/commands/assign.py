"""`stellwerk assign`: who does a work package."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref, complete_ref
from stellwerk.cli.desk import desk_of
from stellwerk.domain.edits.fields import Assign
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import WorkPackage
from stellwerk.errors import NotFoundError, UsageError


def command(
    context: typer.Context,
    ref: Ref,
    person: Annotated[
        str | None,
        typer.Argument(metavar="[PERSON]", help="p2 or a name.", autocompletion=complete_ref),
    ] = None,
    nobody: Annotated[
        bool, typer.Option("--nobody", help="Take it from whoever has it.")
    ] = False,
) -> None:
    """Give a work package to a person: `assign r1.1.1 Mira`."""
    desk = desk_of(context)
    package = desk.one(ref, WorkPackage)
    base = desk.open()
    if nobody == (person is not None):
        raise UsageError("Name a person, or say --nobody.", "`stellwerk people` lists them.")
    uid = None if person is None else _found(base.plan, person)
    if uid == package.assignee:
        raise UsageError("It is assigned so already.", "Nothing was changed.")
    desk.make(base, Assign(package.uid, uid))


def _found(plan: Plan, told: str) -> str:
    """Return the uid of a person by ref, name, or an unambiguous beginning of one."""
    names = {person.uid: person.name for person in plan.people}
    wanted = told.lower()
    by_ref = [person.uid for person in plan.people if f"p{person.number}" == wanted]
    exact = [uid for uid, name in names.items() if name.lower() == wanted]
    begins = [uid for uid, name in names.items() if name.lower().startswith(wanted)]
    found = by_ref or exact or begins
    if len(found) == 1:
        return found[0]
    near = get_close_matches(told, names.values(), n=2)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    word = f"“{told}” could be several people" if found else f"There is nobody called {told}"
    raise NotFoundError(f"{word}.", f"{hint}Add them: stellwerk add person {told}")
