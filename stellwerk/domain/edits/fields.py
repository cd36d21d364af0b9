"""Edits of what an item says of itself: titles, texts, effort, status, goal and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Final

from stellwerk.domain.edits.edit import Edit, FieldEdit, Touch
from stellwerk.domain.edits.surgery import expect, held, replaced
from stellwerk.domain.goal import Goal, GoalStatus, Person
from stellwerk.domain.plan import Item, Option, Plan, Route, RouteKind, Switch, title_of
from stellwerk.domain.text import one_line, shortened
from stellwerk.domain.work import Task, ThreePoint, WorkPackage, digest
from stellwerk.errors import EditError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rename(FieldEdit):
    """Give a route, task, package, switch, option or person another title."""

    field: ClassVar[str] = "title"
    title: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new title."""
        item = held(plan, self.uid)
        if isinstance(item, Option):
            return replaced(plan, replace(item, label=self.title))
        if isinstance(item, Person):
            return replaced(plan, replace(item, name=self.title))
        return replaced(plan, replace(item, title=self.title))

    def invert(self, plan: Plan) -> Edit:
        """Return the rename back to the old title."""
        return Rename(self.uid, title_of(held(plan, self.uid)))

    def says(self, before: Plan, after: Plan) -> str:
        """Tell old and new title."""
        return f"renamed {before.name(self.uid)} to {self.title}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Describe(FieldEdit):
    """Give an item another description: prompt, trade-off or notes of a person."""

    field: ClassVar[str] = "description"
    text: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new text."""
        item, name = _described(plan, self.uid)
        changed: Any = {name: self.text}
        return replaced(plan, replace(item, **changed))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old text."""
        item, name = _described(plan, self.uid)
        return Describe(self.uid, getattr(item, name))

    def says(self, before: Plan, after: Plan) -> str:
        """Tell whose description it is."""
        return f"described {after.name(self.uid)}"


def description_of(item: Item) -> str:
    """Return what `Describe` writes: description, prompt, trade-off or a person's notes."""
    match item:
        case Switch():
            return item.prompt
        case Option():
            return item.tradeoff
        case Person():
            return item.notes
        case WorkPackage():
            return ""
    return item.description


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rewrite(FieldEdit):
    """Write other notes for a work package; holds the old and the new text."""

    field: ClassVar[str] = "notes"
    old: str
    new: str

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new notes' digest."""
        package = expect(plan, self.uid, WorkPackage)
        if digest(self.old) != package.notes:
            msg = (
                f"The notes of {plan.name(self.uid)} are not those that were to be rewritten."
            )
            raise EditError(msg, "Look at them again, then write them anew.")
        return replaced(plan, replace(package, notes=digest(self.new)))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit that writes the old text again."""
        return Rewrite(self.uid, self.new, self.old)

    @property
    def texts(self) -> Mapping[str, str]:
        """The new text."""
        return {digest(self.new): self.new}

    def says(self, before: Plan, after: Plan) -> str:
        """Tell whose notes they are."""
        return f"rewrote the notes of {after.name(self.uid)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Resize(FieldEdit):
    """Set length (1..8) and grade (0..10) of a work package."""

    field: ClassVar[str] = "size"
    length: int
    grade: int

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new length and grade."""
        package = expect(plan, self.uid, WorkPackage)
        return replaced(plan, replace(package, length=self.length, grade=self.grade))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old size."""
        package = expect(plan, self.uid, WorkPackage)
        return Resize(self.uid, package.length, package.grade)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the new size."""
        size = f"length {self.length}, grade {self.grade}"
        return f"resized {after.name(self.uid)} to {size}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Estimate(FieldEdit):
    """Set or clear the hours estimate and the calendar days of a work package."""

    field: ClassVar[str] = "estimate"
    hours: ThreePoint | None
    elapsed_days: int | None

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new estimate."""
        package = expect(plan, self.uid, WorkPackage)
        new = replace(package, estimate=self.hours, elapsed_days=self.elapsed_days)
        return replaced(plan, new)

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old estimate."""
        package = expect(plan, self.uid, WorkPackage)
        return Estimate(self.uid, package.estimate, package.elapsed_days)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the new estimate."""
        hours = self.hours
        told = f"{hours.p10:g}/{hours.p50:g}/{hours.p90:g} h" if hours else "nothing"
        days = f" and {self.elapsed_days} days" if self.elapsed_days else ""
        return f"estimated {after.name(self.uid)} at {told}{days}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Assign(FieldEdit):
    """Give a work package to a person, or to nobody."""

    structural: ClassVar[bool] = True
    field: ClassVar[str] = "assignee"
    person: str | None

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new assignee."""
        package = expect(plan, self.uid, WorkPackage)
        return replaced(plan, replace(package, assignee=self.person))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old assignee."""
        return Assign(self.uid, expect(plan, self.uid, WorkPackage).assignee)

    @property
    def touches(self) -> frozenset[Touch]:
        """The assignee; rests on the person."""
        rests = {(self.person, "")} if self.person else set()
        return frozenset({(self.uid, self.field), *rests})

    def says(self, before: Plan, after: Plan) -> str:
        """Tell who has it now."""
        whom = after.name(self.person) if self.person else "nobody"
        return f"assigned {after.name(self.uid)} to {whom}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SetKind(FieldEdit):
    """Make a route a trunk or a branch."""

    field: ClassVar[str] = "kind"
    kind: RouteKind

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new kind."""
        route = expect(plan, self.uid, Route)
        return replaced(plan, replace(route, kind=self.kind))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old kind."""
        return SetKind(self.uid, expect(plan, self.uid, Route).kind)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the new kind."""
        return f"made {after.name(self.uid)} a {self.kind}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SetGoal(Edit):
    """Set some fields of the goal, named in `names`, to those of `values`."""

    structural: ClassVar[bool] = False
    names: tuple[str, ...]
    values: Goal

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the goal's new fields."""
        if self.values.uid != plan.goal.uid:
            msg = f"{self.values.title} is another goal than {plan.goal.title}."
            raise EditError(msg)
        chosen = _chosen(self.values, self.names)
        return replace(plan, goal=replace(plan.goal, **chosen), checked=False)

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old fields."""
        return SetGoal(self.names, plan.goal)

    @property
    def touches(self) -> frozenset[Touch]:
        """Each named field of the goal."""
        return frozenset((self.values.uid, name) for name in self.names)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the fields and their new values."""
        new = _chosen(self.values, self.names)
        if set(new) == {"deleted"}:
            return f"{'deleted' if self.values.deleted else 'brought back'} the goal"
        if new == {"status": GoalStatus.ARCHIVED}:
            return "archived the goal"
        told = (
            f"{name.replace('_', ' ')} to {shortened(one_line(str(value)), 60)}"
            for name, value in new.items()
        )
        return f"set the goal's {', '.join(told)}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SetPerson(Edit):
    """Set some fields of a person, named in `names`, to those of `values`."""

    structural: ClassVar[bool] = False
    names: tuple[str, ...]
    values: Person

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the person's new fields."""
        person = expect(plan, self.values.uid, Person)
        return replaced(plan, replace(person, **_chosen(self.values, self.names)))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old fields."""
        return SetPerson(self.names, expect(plan, self.values.uid, Person))

    @property
    def touches(self) -> frozenset[Touch]:
        """Each named field of the person, called as `Rename` and `Describe` call it."""
        return frozenset((self.values.uid, _SHARED.get(name, name)) for name in self.names)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell whose fields they are."""
        return f"set {', '.join(self.names)} of {after.name(self.values.uid)}"


_SHARED: Final = {"name": Rename.field, "notes": Describe.field}


_DESCRIPTIONS: Final[Mapping[type[Item], str]] = {
    Route: "description",
    Task: "description",
    Switch: "prompt",
    Option: "tradeoff",
    Person: "notes",
}


def _described(plan: Plan, uid: str) -> tuple[Item, str]:
    """Return an item and the name of the field that describes it."""
    item = held(plan, uid)
    if isinstance(item, WorkPackage):
        msg = f"{plan.name(uid)} has notes instead of a description."
        raise EditError(msg, "Rewrite its notes.")
    return item, _DESCRIPTIONS[type(item)]


def _chosen(values: Goal | Person, names: tuple[str, ...]) -> dict[str, Any]:
    known = {field.name for field in fields(values)} - {"uid", "number", "born_at"}
    if unknown := sorted(set(names) - known):
        msg = f"There is no field {unknown[0]} to set."
        raise EditError(msg)
    return {name: getattr(values, name) for name in names}
