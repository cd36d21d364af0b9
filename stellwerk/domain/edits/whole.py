"""Edits that concern many items, or the whole plan, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from stellwerk.domain.edits.edit import WHOLE, Edit, Touch
from stellwerk.domain.edits.items import expect_notes
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import digest
from stellwerk.errors import EditError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Batch(Edit):
    """Several edits as one: all or none, invariants checked once, at the end.

    Attributes:
        edits: In the order in which they are made.
        title: What the line in the history says; the first of them and a number if empty.
        about: Uid of an item whose name follows the title.
    """

    edits: tuple[Edit, ...]
    title: str = ""
    about: str = ""

    @property
    def structural(self) -> bool:  # type: ignore[override]
        """Whether any of them is."""
        return any(edit.structural for edit in self.edits)

    def change(self, plan: Plan) -> Plan:
        """Return the plan after all of them, one after the other."""
        for edit in self.edits:
            plan = edit.change(plan)
        return plan

    def invert(self, plan: Plan) -> Edit:
        """Return their inverses in reverse order."""
        inverses = []
        for edit in self.edits:
            inverses.append(edit.invert(plan))
            plan = edit.change(plan)
        title = _taken_back(self.title)
        return Batch(tuple(reversed(inverses)), title, self.about)

    @property
    def touches(self) -> frozenset[Touch]:
        """What any of them touches."""
        return frozenset().union(*(edit.touches for edit in self.edits))

    @property
    def texts(self) -> Mapping[str, str]:
        """What any of them brings."""
        return {key: text for edit in self.edits for key, text in edit.texts.items()}

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the title, or the first of them and how many follow."""
        if self.title and self.about:
            named = after if self.about in after.index.items else before
            return f"{self.title} {named.name(self.about)}"
        if self.title:
            return self.title
        if not self.edits:
            return "changed nothing"
        step = self.edits[0].change(before)
        told = self.edits[0].says(before, step if len(self.edits) > 1 else after)
        more = len(self.edits) - 1
        return f"{told} and {more} more" if more else told


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReplacePlan(Edit):
    """Put a whole plan in the place of another one of the same goal.

    Attributes:
        old: The plan that was, with the texts of its notes by package uid.
        new: The plan that comes, likewise.
        title: What the line in the history says.
    """

    structural: ClassVar[bool] = True
    old: Plan
    new: Plan
    old_notes: Mapping[str, str] = field(default_factory=dict)
    new_notes: Mapping[str, str] = field(default_factory=dict)
    title: str = "replaced the plan"

    def change(self, plan: Plan) -> Plan:
        """Return the new plan; slug and deletion stay those of the goal as it is."""
        if self.new.goal.uid != plan.goal.uid:
            msg = f"The plan of {self.new.goal.title} is not one for {plan.goal.title}."
            raise EditError(msg)
        expect_notes(plan.packages, self.old_notes)
        expect_notes(self.new.packages, self.new_notes)
        goal = replace(self.new.goal, slug=plan.goal.slug, deleted=plan.goal.deleted)
        return replace(self.new, goal=goal, checked=False)

    def invert(self, plan: Plan) -> Edit:
        """Return the edit that puts the old plan back."""
        title = _taken_back(self.title)
        return ReplacePlan(self.new, plan, self.new_notes, self.old_notes, title)

    @property
    def touches(self) -> frozenset[Touch]:
        """Everything."""
        return frozenset({WHOLE})

    @property
    def texts(self) -> Mapping[str, str]:
        """The notes of the new plan."""
        return {digest(text): text for text in self.new_notes.values()}

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the title and the size of the new plan."""
        packages = sum(1 for _ in after.packages)
        return f"{self.title}: {len(after.routes)} routes, {packages} work packages"


_BACK: Final = "took back: "


def _taken_back(title: str) -> str:
    """Return the title of an edit's inverse; that of an inverse's is the first one again."""
    if title.startswith(_BACK):
        return title.removeprefix(_BACK)
    return f"{_BACK}{title}" if title else ""
