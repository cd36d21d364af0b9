"""Edits that add, remove and move whole items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from stellwerk.domain.edits.edit import Edit, Touch
from stellwerk.domain.edits.surgery import held, inserted, place, replaced, without
from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Item, Plan, Route, Switch, title_of
from stellwerk.domain.work import Task, WorkPackage, digest
from stellwerk.errors import EditError


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Remove(Edit):
    """Take an item out of the plan; holds all that is needed to bring it back.

    Edges, needs and assignments that name the item must be gone before.
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Need(Edit):
    """Work package `uid` needs work package `on` to be settled first."""

    uid: str
    on: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the need."""
        package = _package(plan, self.uid)
        held(plan, self.on)
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


@dataclass(frozen=True, slots=True)
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


def _life(item: Item, parent: str) -> frozenset[Touch]:
    lives = {(part.uid, "*") for part in contents(item)}
    rests = (
        {item.route, *(option.head for option in item.options)}
        if isinstance(item, Switch)
        else {parent}
    )
    return frozenset(lives | {(uid, "") for uid in rests})


def _package(plan: Plan, uid: str) -> WorkPackage:
    item = held(plan, uid)
    if isinstance(item, WorkPackage):
        return item
    word = "a person" if isinstance(item, Person) else title_of(item)
    msg = f"Only work packages have needs, not {word}."
    raise EditError(msg)
