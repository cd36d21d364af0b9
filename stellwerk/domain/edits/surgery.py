"""Cutting items out of a plan and putting them in: the moves all edits are made of.

None of these checks invariants; each raises `EditError` if the place does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias, TypeVar

from stellwerk.domain.excerpt import filled
from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Item, Option, Plan, Route, Switch
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.errors import EditError

Held = TypeVar("Held", bound=Item)
Entries: TypeAlias = tuple[Any, ...]
"""Siblings: items of one kind under one holder."""

_FIELDS: Final[Mapping[type[Item], str]] = {
    Route: "routes",
    Task: "tasks",
    WorkPackage: "packages",
    Switch: "switches",
    Option: "options",
    Person: "people",
}
_HOLDERS: Final[Mapping[type[Item], type[Item]]] = {
    Task: Route,
    WorkPackage: Task,
    Option: Switch,
}
_BY_NUMBER: Final = Switch | Option | Person


def held(plan: Plan, uid: str) -> Item:
    """Return an item, or refuse because it is gone."""
    try:
        return plan.index.items[uid]
    except KeyError:
        msg = "The plan no longer has what this edit is about."
        hint = "Look at `stellwerk log` to see what became of it."
        raise EditError(msg, hint) from None


def expect(plan: Plan, uid: str, kind: type[Held]) -> Held:
    """Return an item of one kind, or refuse."""
    item = held(plan, uid)
    if not isinstance(item, kind):
        msg = f"{plan.name(uid)} is not of the kind this edit is for."
        raise EditError(msg)
    return item


def replaced(plan: Plan, item: Item) -> Plan:
    """Return the plan with an item in place of the one with its uid."""
    held(plan, item.uid)
    if isinstance(item, WorkPackage):
        return filled(plan, [item])

    def swapped(entries: Entries) -> Entries:
        return tuple(item if entry.uid == item.uid else entry for entry in entries)

    return _among(plan, type(item), plan.index.parents.get(item.uid, ""), swapped)


def inserted(plan: Plan, item: Item, parent: str, position: int) -> Plan:
    """Return the plan with a new item under its parent (the goal's uid for the top).

    Switches, options and people go where their number says; others to `position`.
    """
    if item.uid in plan.index.items:
        msg = f"{plan.name(item.uid)} is in the plan already."
        raise EditError(msg)

    def widened(entries: Entries) -> Entries:
        if isinstance(item, _BY_NUMBER):
            return tuple(sorted((*entries, item), key=lambda each: (each.number, each.uid)))
        return (*entries[:position], item, *entries[position:])

    return _among(plan, type(item), parent, widened)


def without(plan: Plan, uid: str) -> Plan:
    """Return the plan without an item and what it holds."""
    kind, parent = type(held(plan, uid)), plan.index.parents.get(uid, "")

    def cut(entries: Entries) -> Entries:
        return tuple(entry for entry in entries if entry.uid != uid)

    return _among(plan, kind, parent, cut)


def place(plan: Plan, uid: str) -> tuple[str, int]:
    """Return (parent uid, position) of an item; position 0 for what goes by its number."""
    item, parent = held(plan, uid), plan.index.parents.get(uid, plan.goal.uid)
    if isinstance(item, _BY_NUMBER):
        return parent, 0
    siblings = getattr(plan.index.items.get(parent, plan), _FIELDS[type(item)])
    return parent, [entry.uid for entry in siblings].index(uid)


def _among(
    plan: Plan, kind: type[Item], parent: str, change: Callable[[Entries], Entries]
) -> Plan:
    """Return the plan with the items of one kind under one holder changed."""
    field = _FIELDS[kind]
    if kind not in _HOLDERS:
        changed: Any = {field: change(getattr(plan, field))}
        return replace(plan, **changed, checked=False)
    holder = held(plan, parent)
    if not isinstance(holder, _HOLDERS[kind]):
        msg = f"{plan.name(parent)} cannot hold that."
        raise EditError(msg)
    changed = {field: change(getattr(holder, field))}
    return replaced(plan, replace(holder, **changed))
