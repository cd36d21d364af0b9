"""Cutting items out of a plan and putting them in: the moves all edits are made of.

None of these checks invariants; each raises `EditError` if the place does not exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Item, Option, Plan, Route, Switch
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.errors import EditError

Entry = TypeVar("Entry", bound=Item)


def held(plan: Plan, uid: str) -> Item:
    """Return an item, or refuse because it is gone."""
    try:
        return plan.index.items[uid]
    except KeyError:
        msg = "The plan no longer has what this edit is about."
        hint = "Look at `stellwerk log` to see what became of it."
        raise EditError(msg, hint) from None


def replaced(plan: Plan, item: Item) -> Plan:
    """Return the plan with an item in place of the one with its uid."""
    held(plan, item.uid)
    match item:
        case Route():
            return replace(plan, routes=_swapped(plan.routes, item), checked=False)
        case Switch():
            return replace(plan, switches=_swapped(plan.switches, item), checked=False)
        case Person():
            return replace(plan, people=_swapped(plan.people, item), checked=False)
    parent = held(plan, plan.index.parents[item.uid])
    match item, parent:
        case Task(), Route():
            return replaced(plan, replace(parent, tasks=_swapped(parent.tasks, item)))
        case WorkPackage(), Task():
            packages = _swapped(parent.packages, item)
            return replaced(plan, replace(parent, packages=packages))
        case Option(), Switch():
            return replaced(plan, replace(parent, options=_swapped(parent.options, item)))
    msg = f"{plan.name(item.uid)} is not of the kind this edit expects."
    raise EditError(msg)


def inserted(plan: Plan, item: Item, parent: str, position: int) -> Plan:
    """Return the plan with a new item under its parent (the goal's uid for the top).

    Switches, options and people go where their number says; others to `position`.
    """
    if item.uid in plan.index.items:
        msg = f"{plan.name(item.uid)} is in the plan already."
        raise EditError(msg)
    match item:
        case Route():
            return replace(plan, routes=_put(plan.routes, item, position), checked=False)
        case Switch():
            switches = _by_number(plan.switches, item)
            return replace(plan, switches=switches, checked=False)
        case Person():
            return replace(plan, people=_by_number(plan.people, item), checked=False)
    above = held(plan, parent)
    match item, above:
        case Task(), Route():
            return replaced(plan, replace(above, tasks=_put(above.tasks, item, position)))
        case WorkPackage(), Task():
            packages = _put(above.packages, item, position)
            return replaced(plan, replace(above, packages=packages))
        case Option(), Switch():
            options = _by_number(above.options, item)
            return replaced(plan, replace(above, options=options))
    msg = f"{plan.name(parent)} cannot hold that."
    raise EditError(msg)


def without(plan: Plan, uid: str) -> Plan:
    """Return the plan without an item and what it holds."""
    item = held(plan, uid)
    match item:
        case Route():
            return replace(plan, routes=_cut(plan.routes, uid), checked=False)
        case Switch():
            return replace(plan, switches=_cut(plan.switches, uid), checked=False)
        case Person():
            return replace(plan, people=_cut(plan.people, uid), checked=False)
    match held(plan, plan.index.parents[uid]):
        case Route() as route:
            return replaced(plan, replace(route, tasks=_cut(route.tasks, uid)))
        case Task() as task:
            return replaced(plan, replace(task, packages=_cut(task.packages, uid)))
        case Switch() as switch:
            return replaced(plan, replace(switch, options=_cut(switch.options, uid)))
        case other:
            msg = f"{plan.name(other.uid)} holds nothing."
            raise EditError(msg)


def place(plan: Plan, uid: str) -> tuple[str, int]:
    """Return (parent uid, position) of a route, task or work package."""
    match held(plan, uid):
        case Route():
            return plan.goal.uid, _position(plan.routes, uid)
        case Task():
            route = plan.route_of(uid)
            return route.uid, _position(route.tasks, uid)
        case WorkPackage():
            task = held(plan, plan.index.parents[uid])
            packages = task.packages if isinstance(task, Task) else ()
            return task.uid, _position(packages, uid)
        case Option():
            return plan.index.parents[uid], 0
        case _:
            return plan.goal.uid, 0


def _swapped(entries: tuple[Entry, ...], entry: Entry) -> tuple[Entry, ...]:
    return tuple(entry if old.uid == entry.uid else old for old in entries)


def _put(entries: tuple[Entry, ...], entry: Entry, position: int) -> tuple[Entry, ...]:
    return (*entries[:position], entry, *entries[position:])


def _cut(entries: tuple[Entry, ...], uid: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.uid != uid)


def _by_number(entries: tuple[Entry, ...], entry: Entry) -> tuple[Entry, ...]:
    return tuple(sorted((*entries, entry), key=lambda each: (each.number, each.uid)))


def _position(entries: tuple[Entry, ...], uid: str) -> int:
    return [entry.uid for entry in entries].index(uid)
