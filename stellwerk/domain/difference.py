"""What differs between two plans of one goal, item by item and field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Edge, Item, Plan
from stellwerk.domain.values import to_data
from stellwerk.domain.work import Standing

_CONTENT = frozenset({"uid", "tasks", "packages", "options", "number", "born_at"})


class Sign(StrEnum):
    """What happened to an item."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        sign: Added, removed or changed.
        uid: Of the item; the goal's for goal fields; empty for edges.
        name: Ref and title, from the plan that has it.
        field: The changed field, empty for whole items.
        old: Its old value as JSON data, other items by their refs.
        new: Its new value, likewise.
    """

    sign: Sign
    uid: str
    name: str
    field: str = ""
    old: object = None
    new: object = None


def differences(old: Plan, new: Plan) -> tuple[Difference, ...]:
    """Return what differs: goal, items in the new plan's order, orders, then edges."""
    return (*_goal(old, new), *_items(old, new), *_orders(old, new), *_edges(old, new))


def _goal(old: Plan, new: Plan) -> Iterator[Difference]:
    for name, was, now in _changed(old.goal, new.goal):
        yield Difference(Sign.CHANGED, new.goal.uid, new.goal.title, name, was, now)


def _items(old: Plan, new: Plan) -> Iterator[Difference]:
    for uid, item in new.index.items.items():
        before = old.index.items.get(uid)
        if before is None:
            yield Difference(Sign.ADDED, uid, new.name(uid))
        elif before is not item:
            for name, was, now in _changed(before, item):
                told = (_named(old, was), _named(new, now))
                yield Difference(Sign.CHANGED, uid, new.name(uid), name, *told)
        if before is not None and old.ref(uid) != new.ref(uid):
            ref = (old.ref(uid), new.ref(uid))
            yield Difference(Sign.CHANGED, uid, new.name(uid), "ref", *ref)
    for uid in old.index.items:
        if uid not in new.index.items:
            yield Difference(Sign.REMOVED, uid, old.name(uid))


def _named(plan: Plan, value: object) -> object:
    """Return a value with refs in the place of uids."""
    if isinstance(value, list):
        return [_named(plan, each) for each in value]
    return plan.index.refs.get(value, value) if isinstance(value, str) else value


def _orders(old: Plan, new: Plan) -> Iterator[Difference]:
    """Yield where routes, tasks or packages that stayed together stand in another order."""
    before, after = _held(old), _held(new)
    for holder, now in after.items():
        was = before.get(holder, ())
        stayed = {*was} & {*now}
        orders = [[uid for uid in uids if uid in stayed] for uids in (was, now)]
        if orders[0] != orders[1]:
            name = new.name(holder)
            told = ([old.ref(uid) for uid in orders[0]], [new.ref(uid) for uid in orders[1]])
            yield Difference(Sign.CHANGED, holder, name, "order", *told)


def _held(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Return the uids that the goal, each route and each task hold, in written order."""
    held = {plan.goal.uid: tuple(route.uid for route in plan.routes)}
    for route in plan.routes:
        held[route.uid] = tuple(task.uid for task in route.tasks)
        held |= {task.uid: tuple(p.uid for p in task.packages) for task in route.tasks}
    return held


def _edges(old: Plan, new: Plan) -> Iterator[Difference]:
    for edge in new.edges:
        if edge not in old.edges:
            yield Difference(Sign.ADDED, "", _sentence(new, edge))
    for edge in old.edges:
        if edge not in new.edges:
            yield Difference(Sign.REMOVED, "", _sentence(old, edge))


def _sentence(plan: Plan, edge: Edge) -> str:
    return f"{plan.name(edge.head)} needs {plan.name(edge.tail)}"


def _changed(
    old: Item | Goal | Standing, new: Item | Goal | Standing
) -> Iterator[tuple[str, object, object]]:
    for field in fields(new):
        if field.name in _CONTENT:
            continue
        was, now = getattr(old, field.name, None), getattr(new, field.name)
        if isinstance(was, Standing) and isinstance(now, Standing):
            yield from _changed(was, now)
        elif was != now:
            yield field.name, to_data(was), to_data(now)
