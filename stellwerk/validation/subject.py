"""What validators look at: a plan with its notes, taken apart once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from stellwerk.domain.limits import PlanSize
from stellwerk.domain.notes import Notes, parse
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import WorkPackage


class Text(NamedTuple):
    """The notes of one work package, taken apart.

    Attributes:
        package: The work package.
        ref: Its ref.
        notes: The note by sections.
        summary: What and why.
        steps: How.
        criteria: When it is done.
        risks: (risk, mitigation) pairs.
        sources: URLs of the sources.
        images: URLs of the images.
    """

    package: WorkPackage
    ref: str
    notes: Notes
    summary: str
    steps: tuple[str, ...]
    criteria: tuple[str, ...]
    risks: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    images: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """What validators look at.

    Attributes:
        plan: The plan.
        notes: Texts of the notes by package uid.
        size: The size it was asked to have, or None where any will do.
    """

    plan: Plan
    notes: Mapping[str, str] = field(default_factory=dict)
    size: PlanSize | None = None

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """The notes of every work package in written order."""
        refs = self.plan.index.refs
        return tuple(self._text(each, refs[each.uid]) for each in self.plan.packages)

    @cached_property
    def lowered(self) -> Mapping[str, str]:
        """Texts of the notes in lower case, by package uid."""
        return {uid: text.lower() for uid, text in self.notes.items()}

    @property
    def language(self) -> str:
        """The language the plan says it is written in."""
        return self.plan.goal.language

    def _text(self, package: WorkPackage, ref: str) -> Text:
        notes = parse(self.notes.get(package.uid, ""))
        criteria = tuple(text for _, text in notes.criteria)
        lists = notes.steps, criteria, notes.risks, notes.sources, notes.images
        return Text(package, ref, notes, notes.summary, *lists)
