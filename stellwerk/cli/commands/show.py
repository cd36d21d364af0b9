"""`stellwerk show`: a plan, or any item of it."""

from __future__ import annotations

import typer

from stellwerk.cli.arguments import OptionalRef
from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.items import KINDS, item_data, item_text
from stellwerk.cli.present.plans import plan_data, plan_text
from stellwerk.domain.work import WorkPackage


def command(context: typer.Context, ref: OptionalRef = None) -> None:
    """Show a plan, or any item of it by its ref; a work package with its notes."""
    desk = desk_of(context)
    if ref is None:
        base = desk.open() if desk.json else desk.excerpt()
        goal = base.plan.goal.uid
        quality = desk.stellwerk.store.quality.latest([goal]).get(goal)
        if desk.json:
            desk.envelope("plan", plan_data(base, quality))
        else:
            desk.out(plan_text(base, desk.ink, quality), paging=True)
        return
    base, (item,) = desk.around([ref])
    notes = desk.notes(base, [item.uid]).get(item.uid, "")
    shown = item_data(base.plan, item)
    if isinstance(item, WorkPackage):
        shown["notes"] = notes
    data = {"goal": base.plan.goal.slug, "item": shown}
    desk.answer(
        KINDS[type(item)], data, item_text(base.plan, item, notes, desk.ink), paging=True
    )
