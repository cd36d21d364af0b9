"""What comes of deleting something, told before it is done."""

from __future__ import annotations

from collections.abc import Iterator

from stellwerk.domain.edits.items import contents
from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Item, Option, Plan, Route, Switch
from stellwerk.domain.work import WorkPackage


def impact(plan: Plan, uid: str) -> list[str]:
    """Return what goes with an item and what changes around it, a sentence each."""
    return [*_told(plan, uid), "u brings it back."]


def _told(plan: Plan, uid: str) -> Iterator[str]:
    item = plan.item(uid)
    gone = [part for part in contents(item) if isinstance(part, WorkPackage)]
    if not isinstance(item, WorkPackage) and gone:
        settled = sum(package.settled for package in gone)
        done = f", {settled} of them settled" if settled else ""
        hours = sum(p.hours(plan.goal.unit_hours) for p in gone if not p.settled)
        yield f"{len(gone)} work packages go with it{done}, {hours:g} h of open work."
    uids = {part.uid for part in gone}
    needing = [p for p in plan.packages if p.uid not in uids and not uids.isdisjoint(p.needs)]
    if needing:
        names = ", ".join(plan.ref(p.uid) for p in needing[:6])
        more = f" and {len(needing) - 6} more" if len(needing) > 6 else ""
        yield f"{names}{more} will no longer wait for it."
    yield from _around(plan, item)


def _around(plan: Plan, item: Item) -> Iterator[str]:
    """Yield what changes beside an item that goes."""
    match item:
        case Route():
            before = sorted(plan.ref(each) for each in plan.index.before[item.uid])
            after = sorted(plan.ref(each) for each in plan.index.after[item.uid])
            if before and after:
                yield f"The line closes: {', '.join(after)} will follow {', '.join(before)}."
        case Person():
            mine = [plan.ref(p.uid) for p in plan.packages if p.assignee == item.uid]
            if mine:
                yield f"{', '.join(mine[:8])} will be nobody's."
        case Switch():
            yield "The ways behind it stay, and all of them are travelled."
        case Option():
            yield f"The track to {plan.name(item.head)} is lifted."
