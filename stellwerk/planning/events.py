"""What a planning run tells while it goes on; command line, TUI and logs listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from stellwerk.planning.models import Usage
from stellwerk.validation.findings import Finding

Origin: TypeAlias = Literal["asked", "resumed", "reused"]
"""Where an answer came from: the model, this run before it stopped, or an earlier run."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began.

    Attributes:
        provider: Who is asked first.
        goal: The goal's title.
        run: Uid of the run; empty if it is not recorded.
        others: Who is asked when one cannot answer, in order.
    """

    provider: str
    goal: str
    run: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A stage began on a subject: the goal, a route or a task."""

    stage: str
    subject: str


@dataclass(frozen=True, slots=True)
class StageDone:
    """A stage has its answer.

    Attributes:
        stage: Its name.
        subject: What it worked on.
        count: How many things came of it (routes, tasks, packages, problems).
        model: Who answered.
    """

    stage: str
    subject: str
    count: int
    model: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A request is sent.

    Attributes:
        stage: The stage that asks.
        subject: What it asks about.
        provider: Who is asked.
        model: Which model.
        attempt: 1 for the first time this request is sent in this run.
    """

    stage: str
    subject: str
    provider: str
    model: str
    attempt: int


@dataclass(frozen=True, slots=True)
class CallDone:
    """A model answered, or an answer of the call log stood in for it.

    Attributes:
        stage: The stage that asked.
        subject: What it asked about.
        provider: Who answered.
        model: Which model.
        usage: What the call used.
        seconds: How long it took; 0 for an answer of the log.
        origin: Where the answer came from.
    """

    stage: str
    subject: str
    provider: str
    model: str
    usage: Usage
    seconds: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class CallFailed:
    """A request failed.

    Attributes:
        stage: The stage that asked.
        subject: What it asked about.
        provider: Who was asked.
        model: Which model.
        reason: What went wrong, in one sentence.
        wait: Seconds until the request is sent again; None if it is not.
        usage: What the call used all the same.
    """

    stage: str
    subject: str
    provider: str
    model: str
    reason: str
    wait: float | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class CallRepaired:
    """An answer did not fit as it came.

    Attributes:
        stage: The stage that asked.
        subject: What it asked about.
        provider: Who answered.
        problems: What did not fit, or was changed to make it fit, a line each.
        again: Whether the model is asked again; else it could be mended, or was given up.
    """

    stage: str
    subject: str
    provider: str
    problems: tuple[str, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class FailedOver:
    """The next provider is asked.

    Attributes:
        stage: The stage that asks.
        subject: What it asks about.
        provider: Who could not answer.
        to: Who is asked next.
        reason: Why, in one sentence.
    """

    stage: str
    subject: str
    provider: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class SteppedDown:
    """A provider does not know a way of asking for JSON; it is asked in a simpler one."""

    provider: str
    model: str
    mode: str


@dataclass(frozen=True, slots=True)
class Found:
    """A validator said something about the plan being made."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class RunDone:
    """A run ended with a plan."""

    routes: int
    packages: int


@dataclass(frozen=True, slots=True)
class RunStopped:
    """A run ended without a plan.

    Attributes:
        run: Its uid; empty if it is not recorded, so cannot be resumed.
        reason: Why, in one sentence.
    """

    run: str
    reason: str


Event: TypeAlias = (
    RunStarted
    | StageStarted
    | StageDone
    | CallStarted
    | CallDone
    | CallFailed
    | CallRepaired
    | FailedOver
    | SteppedDown
    | Found
    | RunDone
    | RunStopped
)
Emit: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listen to nothing."""
    del event
