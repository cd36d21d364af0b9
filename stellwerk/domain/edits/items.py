"""Edits that add, remove and move whole items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from stellwerk.domain.edits.edit import Edit, Touch
from stellwerk.domain.edits.surgery import held, inserted, place, replaced, without
from stellwerk.domain.plan import Item, Plan, Route, Switch
from stellwerk.domain.work import Task, WorkPackage, digest
from stellwerk.errors import EditError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Add(Edit):
    """Bring a new item into the plan, with all it holds.

    Attributes:
        item: The item; its number has been handed out by the goal's `RefBook`.
        parent: Uid of the route of a task, the task of a package, else of the goal.
        position: Among its siblings from 0; switches, options, people go by number.
        notes: Text of each brought package's notes, by package uid.
    """

    item: Item
    parent: str
    position: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the item in it."""
        expect_notes(_packages(self.item), self.notes)
        return inserted(plan, self.item, self.parent, self.position)

    def invert(self, plan: Plan) -> Edit:
        """Return the removal of the item."""
        return Remove(self.item, self.parent, self.position, self.notes)

    @property
    def touches(self) -> frozenset[Touch]:
        """The life of every item brought; rests on where they go."""
        return _life(self.item, self.parent)

    @property
    def texts(self) -> Mapping[str, str]:
        """The notes of what it brings."""
        return {digest(text): text for text in self.notes.values()}

    def says(self, before: Plan, after: Plan) -> str:
        """Tell what was added."""
        return f"added {after.name(self.item.uid)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Remove(Edit):
    """Take an item out of the plan; holds all that is needed to bring it back.

    Edges, needs and assignments that name the item must be gone before.

    Attributes:
        item: The item as it is, with all it holds.
        parent: Uid of what holds it.
        position: Among its siblings from 0.
        notes: Text of each removed package's notes, by package uid.
    """

    item: Item
    parent: str
    position: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)

    def change(self, plan: Plan) -> Plan:
        """Return the plan without the item."""
        if held(plan, self.item.uid) != self.item:
            msg = f"{plan.name(self.item.uid)} has changed since its removal was prepared."
            raise EditError(msg, "Look at it again, then remove it.")
        expect_notes(_packages(self.item), self.notes)
        return without(plan, self.item.uid)

    def invert(self, plan: Plan) -> Edit:
        """Return the edit that brings the item back where it was."""
        parent, position = place(plan, self.item.uid)
        return Add(self.item, parent, position, self.notes)

    @property
    def touches(self) -> frozenset[Touch]:
        """The life of every item taken out."""
        return _life(self.item, self.parent)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell what was removed."""
        return f"removed {before.name(self.item.uid)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Move(Edit):
    """Put a route, task or work package somewhere else, or elsewhere among its siblings.

    Attributes:
        uid: What moves.
        parent: Uid of its new holder; the goal's for a route.
        position: Among its new siblings from 0, itself not counted.
        number: Its number there; the old one if the holder stays.
    """

    uid: str
    parent: str
    position: int
    number: int

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the item at its new place."""
        item = held(plan, self.uid)
        if isinstance(item, Route | Task | WorkPackage):
            moved = replace(item, number=self.number)
            return inserted(without(plan, self.uid), moved, self.parent, self.position)
        msg = f"{plan.name(self.uid)} has no place of its own to move to."
        raise EditError(msg)

    def invert(self, plan: Plan) -> Edit:
        """Return the move back."""
        item = held(plan, self.uid)
        return Move(self.uid, *place(plan, self.uid), item.number)

    @property
    def touches(self) -> frozenset[Touch]:
        """Its place; rests on its new holder."""
        return frozenset({(self.uid, "place"), (self.parent, "")})

    def says(self, before: Plan, after: Plan) -> str:
        """Tell where it went."""
        old, new = before.ref(self.uid), after.ref(self.uid)
        to = f"to {after.name(self.parent)}" if old != new else f"to place {self.position + 1}"
        return f"moved {before.name(self.uid)} {to}" + (f" as {new}" if old != new else "")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Need(Edit):
    """Work package `uid` needs work package `on` to be settled first."""

    uid: str
    on: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the need."""
        package = _package(plan, self.uid)
        _package(plan, self.on)
        if self.on in package.needs:
            msg = f"{plan.name(self.uid)} needs {plan.name(self.on)} already."
            raise EditError(msg)
        needs = tuple(sorted((*package.needs, self.on)))
        return replaced(plan, replace(package, needs=needs))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit that drops the need."""
        return Unneed(self.uid, self.on)

    @property
    def touches(self) -> frozenset[Touch]:
        """This one need; rests on what is needed."""
        return frozenset({(self.uid, f"need {self.on}"), (self.on, "")})

    def says(self, before: Plan, after: Plan) -> str:
        """Tell who needs what."""
        return f"{after.name(self.uid)} needs {after.name(self.on)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Unneed(Edit):
    """Work package `uid` no longer needs work package `on`."""

    uid: str
    on: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan without the need."""
        package = _package(plan, self.uid)
        if self.on not in package.needs:
            msg = f"{plan.name(self.uid)} does not need {plan.name(self.on)}."
            raise EditError(msg)
        needs = tuple(need for need in package.needs if need != self.on)
        return replaced(plan, replace(package, needs=needs))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit that brings the need back."""
        return Need(self.uid, self.on)

    @property
    def touches(self) -> frozenset[Touch]:
        """This one need."""
        return frozenset({(self.uid, f"need {self.on}")})

    def says(self, before: Plan, after: Plan) -> str:
        """Tell who no longer needs what."""
        return f"{after.name(self.uid)} no longer needs {after.name(self.on)}"


def contents(item: Item) -> Iterator[Item]:
    """Yield an item and all it holds, from the top down."""
    yield item
    match item:
        case Route():
            for task in item.tasks:
                yield from contents(task)
        case Task():
            yield from item.packages
        case Switch():
            yield from item.options


def expect_notes(packages: Iterable[WorkPackage], notes: Mapping[str, str]) -> None:
    """Raise EditError unless there is the text of each package's notes: none gets lost."""
    for package in packages:
        if digest(notes.get(package.uid, "")) != package.notes:
            msg = f"The notes of the work package {package.title} are not with it."
            raise EditError(msg, "Load the notes again, then prepare the edit anew.")


def _packages(item: Item) -> Iterator[WorkPackage]:
    return (part for part in contents(item) if isinstance(part, WorkPackage))


def _life(item: Item, parent: str) -> frozenset[Touch]:
    lives = {(part.uid, "*") for part in contents(item)}
    rests = (
        {item.route, *(option.head for option in item.options)}
        if isinstance(item, Switch)
        else {parent}
    )
    for package in _packages(item):
        rests.update(package.needs, [package.assignee] if package.assignee else ())
    return frozenset(lives | {(uid, "") for uid in rests})


def _package(plan: Plan, uid: str) -> WorkPackage:
    item = held(plan, uid)
    if isinstance(item, WorkPackage):
        return item
    msg = f"Only work packages need each other, not {plan.name(uid)}."
    raise EditError(msg)
