"""Events of runs as they were, and somebody who hears of them at times that a test sets."""

from __future__ import annotations

from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Event,
    FailedOver,
    Found,
    RunDone,
    RunStarted,
    RunStopped,
    StageDone,
    StageStarted,
    SteppedDown,
)
from stellwerk.planning.models import Usage
from stellwerk.validation.findings import Finding, Severity
from tests.planning.rehearsal import LIMITED

GOAL = "Learn to juggle"
WHO = ("openai", "mini")
CALL = ("tasks", "r1", *WHO)
OFFLINE: tuple[Event, ...] = (
    RunStarted("playbooks", GOAL),
    StageStarted("decompose", GOAL),
    StageDone("decompose", GOAL, 1, "general"),
    StageStarted("tasks", "Ask"),
    StageDone("tasks", "Ask", 1, "general"),
    StageStarted("packages", "Call three people"),
    StageDone("packages", "Call three people", 3, "general"),
    RunDone(1, 3),
)
ONLINE: tuple[Event, ...] = (
    RunStarted("openai", GOAL, "1234", ("ollama",)),
    StageStarted("decompose", GOAL),
    CallStarted("decompose", GOAL, *WHO, 1),
    CallDone("decompose", GOAL, *WHO, Usage(1200, 800, 4100), 6.2, "asked"),
    StageDone("decompose", GOAL, 2, "mini"),
    StageStarted("tasks", "Ask"),
    CallStarted(*CALL, 1),
    StageStarted("tasks", "Throw"),
    CallDone("tasks", "r2", *WHO, Usage(), 0.0, "reused"),
    StageDone("tasks", "Throw", 1, "mini"),
    CallFailed(*CALL, LIMITED, 12.4, Usage()),
    StageStarted("packages", "Buy balls"),
    CallDone("packages", "r2.1", *WHO, Usage(), 0.0, "resumed"),
    StageDone("packages", "Buy balls", 2, "mini"),
    CallStarted(*CALL, 2),
    CallDone(*CALL, Usage(900, 100, None), 3.0, "asked"),
    CallRepaired("tasks", "r1", "openai", ("tasks: there are none.",), again=True),
    CallStarted(*CALL, 3),
    CallFailed(*CALL, "The key was refused.", None, Usage()),
    FailedOver("tasks", "r1", "openai", "ollama", "The key was refused."),
    SteppedDown("ollama", "llama", "json"),
)


EVENTS: tuple[Event, ...] = (
    *ONLINE,
    Found(Finding("SW101", Severity.WARNING, "r1", "It is long.")),
    RunDone(1, 2),
    RunStopped("1234", "Interrupted."),
)


class Told(list[str]):
    """What was said, as loudly as somebody listens."""

    def __init__(self, verbose: int = 0) -> None:
        super().__init__()
        self.verbose = verbose

    def __call__(self, text: str, *, level: int = 0) -> None:
        """Hear a sentence."""
        if self.verbose >= level:
            self.append(text)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.at
