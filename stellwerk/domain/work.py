"""Tasks and work packages: what gets done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from stellwerk.domain.limits import GRADE, LENGTH
from stellwerk.domain.value import Value
from stellwerk.errors import PlanError


class Status(StrEnum):
    """Where a work package stands; `done` and `diverted` are settled."""

    TODO = "todo"
    DOING = "doing"
    WAITING = "waiting"
    DONE = "done"
    DIVERTED = "diverted"

    # Plans ask for it by the thousand; an enumeration's own hash is not quick.
    __hash__ = str.__hash__


MARKS: Final = {
    Status.TODO: "[ ]",
    Status.DOING: "[>]",
    Status.WAITING: "[~]",
    Status.DONE: "[x]",
    Status.DIVERTED: "[/]",
}
"""How a status is written before the title of a work package."""
DONE, DIVERTED = Status.DONE, Status.DIVERTED
SETTLED = frozenset({DONE, DIVERTED})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ThreePoint(Value):
    """An effort estimate in hours: percentiles 10, 50 and 90, never inverted."""

    p10: float
    p50: float
    p90: float

    def __post_init__(self) -> None:
        if not 0 < self.p10 <= self.p50 <= self.p90 < float("inf"):
            msg = (
                f"The estimate {self.p10:g}/{self.p50:g}/{self.p90:g} is not three rising"
                " positive numbers of hours (P10 <= P50 <= P90)."
            )
            raise PlanError(msg)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Standing(Value):
    """The status of a work package with all that belongs to it.

    Attributes:
        status: Where it stands.
        started_at: When work began, UTC; kept when it is reopened.
        finished_at: When it was done or diverted, UTC.
        spent_hours: Hours really spent, where somebody logged them.
        waiting_for: Who or what it waits for, when the status is `waiting`.
        reason: Why it waits or was diverted.
    """

    status: Status = Status.TODO
    started_at: datetime | None = None
    finished_at: datetime | None = None
    spent_hours: float | None = None
    waiting_for: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.spent_hours is not None and not 0 <= self.spent_hours < float("inf"):
            msg = f"Spent hours must be 0 or more, not {self.spent_hours:g}."
            raise PlanError(msg)

    @property
    def told(self) -> str:
        """Where it stands, why, and what it took, in a few words."""
        told = self.status.value
        if self.waiting_for:
            told += f", waiting for {self.waiting_for}"
        if self.reason:
            told += f": {self.reason}"
        if self.spent_hours is not None:
            told += f" ({self.spent_hours:g} h spent)"
        return told

    def become(self, status: Status, now: datetime) -> Standing:
        """Return the standing after a change of status, with the times that it sets.

        Reasons, and what was waited for, belong to the status that is left.
        """
        if status is self.status:
            return self
        started = self.started_at or (now if status is not Status.TODO else None)
        finished = now if status in SETTLED else None
        return Standing(status, started, finished, self.spent_hours)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WorkPackage(Value):
    """The unit that gets done.

    Attributes:
        uid: Identity for ever, a hexadecimal UUID.
        number: Last part of its ref, unique within its task for ever.
        title: One line.
        born_at: When it came to be, UTC.
        notes: Digest of its notes (`digest`); the text itself is kept beside the plan.
        length: Effort in units, 1 to 8.
        grade: Difficulty, 0 to 10.
        estimate: Effort in hours, when better known than by length.
        elapsed_days: Calendar days it takes at least, whatever the effort.
        needs: Uids of work packages that must be settled first, sorted.
        assignee: Uid of the person who does it.
        standing: Its status with times, hours and reasons.
    """

    uid: str
    number: int
    title: str
    born_at: datetime
    notes: str = ""
    length: int = 1
    grade: int = 3
    estimate: ThreePoint | None = None
    elapsed_days: int | None = None
    needs: tuple[str, ...] = ()
    assignee: str | None = None
    standing: Standing = Standing()

    def __post_init__(self) -> None:
        _within("length", self.length, *LENGTH)
        _within("grade", self.grade, *GRADE)
        if self.elapsed_days is not None and self.elapsed_days < 0:
            msg = f"Elapsed days must be 0 or more, not {self.elapsed_days}."
            raise PlanError(msg)

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self.standing.status

    @property
    def settled(self) -> bool:
        """Whether it is done or diverted."""
        status = self.standing.status
        return status is DONE or status is DIVERTED

    @property
    def waiting_for(self) -> str:
        """Who or what it waits for, if it does."""
        return self.standing.waiting_for

    def hours(self, unit_hours: float) -> float:
        """Return the median effort in hours: the estimate's P50, else length x unit."""
        return self.estimate.p50 if self.estimate else self.length * unit_hours


class PackageLine(NamedTuple):
    """A work package with what lists show and the railway's rules need, and no more.

    An excerpt of a plan (`domain.excerpt`) holds these in place of most packages: they
    take a fraction of the time to read. Attributes as of `WorkPackage`.
    """

    uid: str
    number: int
    title: str
    status: Status
    length: int
    p50: float | None
    needs: tuple[str, ...]
    assignee: str | None
    waiting_for: str

    @property
    def settled(self) -> bool:
        """Whether it is done or diverted."""
        status = self.status
        return status is DONE or status is DIVERTED

    def hours(self, unit_hours: float) -> float:
        """Return the median effort in hours: the estimate's P50, else length x unit."""
        return self.length * unit_hours if self.p50 is None else self.p50


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Task(Value):
    """A step of a route; holds work packages in their written order."""

    uid: str
    number: int
    title: str
    born_at: datetime
    description: str = ""
    packages: tuple[WorkPackage, ...] = ()


def digest(text: str) -> str:
    """Return the digest of a note's text: 16 hex digits, empty for an empty text."""
    if not text:
        return ""
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:16]


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        msg = f"The {name} must be between {low} and {high}, not {value}."
        raise PlanError(msg)
