"""What a planning run tells while it goes on; command line, TUI and logs listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from stellwerk.validation.findings import Finding


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began with a provider."""

    provider: str
    goal: str


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
        count: How many things came of it (routes, tasks, packages).
        model: Who answered.
    """

    stage: str
    subject: str
    count: int
    model: str


@dataclass(frozen=True, slots=True)
class Found:
    """A validator said something about the plan being made."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class RunDone:
    """A run ended with a plan."""

    routes: int
    packages: int


Event: TypeAlias = RunStarted | StageStarted | StageDone | Found | RunDone
Emit: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listen to nothing."""
    del event
