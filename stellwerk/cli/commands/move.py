"""`stellwerk move`: another place for an item."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref, complete_ref
from stellwerk.cli.desk import desk_of
from stellwerk.domain.edits.compound import moving
from stellwerk.domain.edits.surgery import place
from stellwerk.domain.plan import Item, Plan, Route
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.errors import UsageError


def command(
    context: typer.Context,
    ref: Ref,
    to: Annotated[
        str | None,
        typer.Option(metavar="REF", help="New holder.", autocompletion=complete_ref),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Before this.", autocompletion=complete_ref),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(metavar="REF", help="After this.", autocompletion=complete_ref),
    ] = None,
) -> None:
    """Move a route, task or work package: into another holder, before or after another item.

    In a new holder it gets a new ref; the old one goes on working.
    """
    desk = desk_of(context)
    base, item = desk.at(ref)
    plan = base.plan
    given = [each for each in (to, before, after) if each is not None]
    if len(given) != 1:
        msg = f"{plan.name(item.uid)} needs one place to go to."
        raise UsageError(msg, "Say one of --to, --before and --after.")
    _, anchor = desk.at(given[0])
    if not isinstance(item, Route | Task | WorkPackage) or anchor.uid == item.uid:
        msg = f"{plan.name(item.uid)} cannot be moved there."
        raise UsageError(msg, "Routes, tasks and work packages move to others of their kind.")
    if to is not None:
        parent, position = _into(plan, item, anchor)
    else:
        parent, position = _beside(plan, item, anchor, behind=after is not None)
    if (parent, position) == place(plan, item.uid):
        raise UsageError(f"{plan.name(item.uid)} is there already.", "Nothing was changed.")
    desk.make(base, moving(plan, base.book, item.uid, parent, position))


def _into(plan: Plan, item: Item, holder: Item) -> tuple[str, int]:
    match item, holder:
        case Task(), Route():
            return holder.uid, len([t for t in holder.tasks if t.uid != item.uid])
        case WorkPackage(), Task():
            return holder.uid, len([p for p in holder.packages if p.uid != item.uid])
    msg = f"{plan.name(holder.uid)} cannot hold {plan.name(item.uid)}."
    raise UsageError(msg, "Tasks go into routes, work packages into tasks.")


def _beside(plan: Plan, item: Item, anchor: Item, *, behind: bool) -> tuple[str, int]:
    if type(item) is not type(anchor):
        msg = f"{plan.name(item.uid)} and {plan.name(anchor.uid)} are of two kinds."
        raise UsageError(msg, "To put an item into a holder use --to.")
    parent, position = place(plan, anchor.uid)
    holder, own = place(plan, item.uid)
    if holder == parent and own < position:
        position -= 1
    return parent, position + 1 if behind else position
