"""A goal, the people who help, and where a plan came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from stellwerk.domain.value import Value
from stellwerk.errors import PlanError

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class GoalStatus(StrEnum):
    """Where a goal stands."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    ACHIEVED = "achieved"
    ARCHIVED = "archived"


class SourceKind(StrEnum):
    """Who made a plan: a person, a playbook or a model."""

    MANUAL = "manual"
    PLAYBOOK = "playbook"
    MODEL = "model"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Source(Value):
    """Where a plan came from; a playbook is never passed off as a model.

    Attributes:
        kind: Person, playbook or model.
        provider: Name of the provider that answered.
        model: The model's name, or the playbook's id.
        prompts: Versions of the prompts used, as `id@version`, sorted.
    """

    kind: SourceKind = SourceKind.MANUAL
    provider: str = ""
    model: str = ""
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Goal(Value):
    """What somebody wants; owns one plan.

    Attributes:
        uid: Identity for ever, a hexadecimal UUID.
        slug: Short unique name a person types; lower-case ASCII words and hyphens.
        title: One line.
        created_at: UTC.
        description: Free text.
        status: Where it stands.
        language: Of the plan, ISO 639-1 (`en`, `de`).
        target_date: When it should be reached.
        prologue: What the plan is and how it is meant.
        rallying_cry: One sentence to start with.
        source: Who or what made the plan.
        unit_hours: Hours in one unit of a work package's length.
        quality: Quality score 0..1, where one was taken.
        deleted: Put away; `undo` brings it back.
    """

    uid: str
    slug: str
    title: str
    created_at: datetime
    description: str = ""
    status: GoalStatus = GoalStatus.PLANNED
    language: str = "en"
    target_date: date | None = None
    prologue: str = ""
    rallying_cry: str = ""
    source: Source = Source()
    unit_hours: float = 1.0
    quality: float | None = None
    deleted: bool = False

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            msg = f"The slug {self.slug!r} is not lower-case letters, digits and hyphens."
            raise PlanError(msg)
        if not 0 < self.unit_hours < float("inf"):
            msg = f"The hours of a unit must be above 0, not {self.unit_hours:g}."
            raise PlanError(msg)
        if self.quality is not None and not 0 <= self.quality <= 1:
            msg = f"The quality score must be between 0 and 1, not {self.quality:g}."
            raise PlanError(msg)


class Role(StrEnum):
    """A companion travels the whole way; a helper helps on a stretch of it."""

    COMPANION = "companion"
    HELPER = "helper"


class Direction(StrEnum):
    """Whether somebody goes along or waits further on."""

    WITH_ME = "with_me"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Absence(Value):
    """Days on which a person does not work, first and last included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Person(Value):
    """Somebody who takes part.

    Attributes:
        uid: Identity for ever, a hexadecimal UUID.
        number: Of its ref `p2`.
        name: As people call them.
        born_at: When they were added, UTC.
        role: Companion or helper.
        direction: Goes along, or waits further on.
        notes: Free text.
        email: Ties the person to a git or `[user]` identity, where given.
        capacity_hours: Working hours a week for this goal; None takes the default.
        weekdays: ISO weekdays (1 Monday .. 7 Sunday) on which they work.
        absences: Days off.
    """

    uid: str
    number: int
    name: str
    born_at: datetime
    role: Role = Role.COMPANION
    direction: Direction = Direction.WITH_ME
    notes: str = ""
    email: str = ""
    capacity_hours: float | None = None
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    absences: tuple[Absence, ...] = ()

    def __post_init__(self) -> None:
        if self.capacity_hours is not None and not 0 <= self.capacity_hours <= 168:
            msg = f"A week has 0 to 168 hours of capacity, not {self.capacity_hours:g}."
            raise PlanError(msg)
        if not set(self.weekdays) <= set(range(1, 8)):
            msg = f"Weekdays are numbers from 1 (Monday) to 7, not {self.weekdays}."
            raise PlanError(msg)
