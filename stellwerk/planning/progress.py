"""How far a planning run is: a value folded from its events, with nothing but them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Event,
    FailedOver,
    RunDone,
    RunStarted,
    RunStopped,
    StageDone,
    StageStarted,
    SteppedDown,
)
from stellwerk.planning.models import Usage

Outcome: TypeAlias = Literal["running", "done", "stopped"]


class Stage(NamedTuple):
    """How far one kind of question is.

    Attributes:
        started: How many have been begun.
        done: How many have their answer.
        known: How many there will be at least.
        results: How many things came of the answers.
        seconds: How long each call took that was asked.
    """

    started: int = 0
    done: int = 0
    known: int = 0
    results: int = 0
    seconds: tuple[float, ...] = ()


class Leg(NamedTuple):
    """How far one route is.

    Attributes:
        title: The route's.
        tasks: How many it has; None until that is known.
        done: How many of them have their work packages.
        packages: How many work packages it has so far.
        open: Titles of the tasks that are being worked on.
    """

    title: str
    tasks: int | None = None
    done: int = 0
    packages: int = 0
    open: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether all its tasks have their work packages."""
        return self.tasks is not None and self.done >= self.tasks


class Underway(NamedTuple):
    """A call that has been sent and not answered."""

    stage: str
    subject: str
    provider: str
    model: str
    since: float


class Wait(NamedTuple):
    """A call that will be sent again."""

    stage: str
    subject: str
    provider: str
    until: float
    reason: str


class Spent(NamedTuple):
    """What the calls used, as far as it is known.

    Attributes:
        calls: How many a model answered.
        input_tokens: Tokens of their questions.
        output_tokens: Tokens of their answers.
        cost_micro: What they cost, in millionths of a US dollar.
        unmeasured: How many did not say their tokens.
        unpriced: How many have no known cost, so the sum is the least it can be.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micro: int = 0
    unmeasured: int = 0
    unpriced: int = 0

    def plus(self, usage: Usage) -> Spent:
        """Return the sum with what one more answer used."""
        measured = usage.input_tokens is not None and usage.output_tokens is not None
        return Spent(
            self.calls + 1,
            self.input_tokens + (usage.input_tokens or 0),
            self.output_tokens + (usage.output_tokens or 0),
            self.cost_micro + (usage.cost_micro or 0),
            self.unmeasured + (not measured),
            self.unpriced + (usage.cost_micro is None),
        )


class Progress(NamedTuple):
    """How far a run is.

    Attributes:
        goal: The goal's title.
        provider: Who was asked last.
        model: Which model; empty until one was asked.
        stages: How far each stage is, by name.
        legs: How far each route is, in written order.
        spent: What the calls used.
        resumed: Answers that this run had got before it was interrupted.
        reused: Answers that were an earlier run's.
        retries: Requests that were sent again after a failure.
        repairs: Answers that a model was asked to correct.
        failovers: Questions that went to the next provider.
        steps_down: How often a model was asked in a simpler way from then on.
        under_way: Calls that wait for an answer, in the order they were sent.
        waits: Calls that wait to be sent again.
        concurrency: The most calls that were under way at once.
        outcome: Whether it goes on.
        began: When it began.
        ended: When it ended.
        expected: Places of the routes whose next tasks begin, with how many do.
    """

    goal: str = ""
    provider: str = ""
    model: str = ""
    stages: Mapping[str, Stage] = {}
    legs: tuple[Leg, ...] = ()
    spent: Spent = Spent()
    resumed: int = 0
    reused: int = 0
    retries: int = 0
    repairs: int = 0
    failovers: tuple[FailedOver, ...] = ()
    steps_down: int = 0
    under_way: tuple[Underway, ...] = ()
    waits: tuple[Wait, ...] = ()
    concurrency: int = 0
    outcome: Outcome = "running"
    began: float | None = None
    ended: float | None = None
    expected: tuple[tuple[int, int], ...] = ()

    @property
    def asked(self) -> bool:
        """Whether calls are made in this run, or stood in for by the call log."""
        return bool(
            self.spent.calls
            or self.concurrency
            or self.retries
            or self.resumed
            or self.reused
            or self.failovers
        )

    @property
    def done(self) -> int:
        """How many questions have their answer."""
        return sum(stage.done for stage in self.stages.values())

    @property
    def known(self) -> int:
        """How many questions there will be at least."""
        return sum(stage.known for stage in self.stages.values())

    @property
    def settled(self) -> bool:
        """Whether the tasks of all routes are in, so that only a review may come on top."""
        tasks = self.stage("tasks")
        return self.stage("decompose").done > 0 and tasks.done >= tasks.known

    def stage(self, name: str) -> Stage:
        """Return how far a stage is."""
        return self.stages.get(name, Stage())

    def elapsed(self, at: float) -> float:
        """Return for how many seconds it has been running."""
        if self.began is None:
            return 0.0
        return max((at if self.ended is None else self.ended) - self.began, 0.0)


def advanced(progress: Progress, event: Event, at: float) -> Progress:
    """Return how far a run is after one more event.

    Args:
        progress: How far it was.
        event: What happened.
        at: When, in seconds on a clock that never goes back.
    """
    if progress.began is None:
        progress = progress._replace(began=at)
    step = _STEPS.get(type(event))
    return step(progress, event, at) if step else progress


def _run_started(progress: Progress, event: RunStarted, at: float) -> Progress:
    """Return progress with nothing done; what a run before it used is kept."""
    del at
    return progress._replace(
        goal=event.goal,
        provider=event.provider,
        model="",
        stages={"decompose": Stage(known=1)},
        legs=(),
        under_way=(),
        waits=(),
        outcome="running",
        ended=None,
        expected=(),
    )


def _stage_started(progress: Progress, event: StageStarted, at: float) -> Progress:
    del at
    stage = progress.stage(event.stage)
    started = stage.started + 1
    stage = stage._replace(started=started, known=max(stage.known, started))
    progress = _staged(progress, event.stage, stage)
    if event.stage == "tasks":
        return progress._replace(legs=(*progress.legs, Leg(event.subject)))
    if event.stage == "packages":
        return _opened(progress, event.subject)
    return progress


def _opened(progress: Progress, task: str) -> Progress:
    """Return progress with a task begun: tasks begin route by route, as their routes did."""
    if not progress.expected:
        return progress
    (place, left), *rest = progress.expected
    ahead = ((place, left - 1), *rest) if left > 1 else tuple(rest)
    leg = progress.legs[place]
    leg = leg._replace(open=(*leg.open, task))
    return _routed(progress, place, leg)._replace(expected=ahead)


def _stage_done(progress: Progress, event: StageDone, at: float) -> Progress:
    del at
    stage = progress.stage(event.stage)
    done = stage.done + 1
    known = max(stage.known, done)
    stage = stage._replace(done=done, known=known, results=stage.results + event.count)
    progress = _staged(progress, event.stage, stage)
    following = _FOLLOWING.get(event.stage)
    return following(progress, event) if following else progress


def _routes_known(progress: Progress, event: StageDone) -> Progress:
    tasks = progress.stage("tasks")
    return _staged(progress, "tasks", tasks._replace(known=max(tasks.known, event.count)))


def _tasks_known(progress: Progress, event: StageDone) -> Progress:
    packages = progress.stage("packages")
    more = packages._replace(known=packages.known + event.count)
    progress = _staged(progress, "packages", more)
    for place, leg in enumerate(progress.legs):
        if leg.title == event.subject and leg.tasks is None:
            expected = progress.expected
            if event.count:
                expected = (*expected, (place, event.count))
            known = leg._replace(tasks=event.count)
            return _routed(progress, place, known)._replace(expected=expected)
    return progress


def _packages_known(progress: Progress, event: StageDone) -> Progress:
    for place, leg in enumerate(progress.legs):
        if event.subject in leg.open:
            gone = leg.open.index(event.subject)
            further = leg._replace(
                done=leg.done + 1,
                packages=leg.packages + event.count,
                open=(*leg.open[:gone], *leg.open[gone + 1 :]),
            )
            return _routed(progress, place, further)
    return progress


def _call_started(progress: Progress, event: CallStarted, at: float) -> Progress:
    progress = _quiet(progress, event)
    call = Underway(event.stage, event.subject, event.provider, event.model, at)
    under_way = (*progress.under_way, call)
    return progress._replace(
        provider=event.provider,
        model=event.model,
        under_way=under_way,
        concurrency=max(progress.concurrency, len(under_way)),
    )


def _call_done(progress: Progress, event: CallDone, at: float) -> Progress:
    del at
    progress = _quiet(progress, event)
    if event.origin == "resumed":
        return progress._replace(resumed=progress.resumed + 1)
    if event.origin == "reused":
        return progress._replace(reused=progress.reused + 1)
    stage = progress.stage(event.stage)
    timed = stage._replace(seconds=(*stage.seconds, event.seconds))
    spent = progress.spent.plus(event.usage)
    return _staged(progress, event.stage, timed)._replace(spent=spent)


def _call_failed(progress: Progress, event: CallFailed, at: float) -> Progress:
    progress = _quiet(progress, event)
    used = event.usage
    if (used.input_tokens, used.output_tokens, used.cost_micro) != (None, None, None):
        progress = progress._replace(spent=progress.spent.plus(used))
    if event.wait is None:
        return progress
    until = at + event.wait
    wait = Wait(event.stage, event.subject, event.provider, until, event.reason)
    return progress._replace(waits=(*progress.waits, wait), retries=progress.retries + 1)


def _repaired(progress: Progress, event: CallRepaired, at: float) -> Progress:
    del at
    return progress._replace(repairs=progress.repairs + event.again)


def _failed_over(progress: Progress, event: FailedOver, at: float) -> Progress:
    del at
    progress = _quiet(progress, event)
    return progress._replace(
        provider=event.to, model="", failovers=(*progress.failovers, event)
    )


def _stepped_down(progress: Progress, event: SteppedDown, at: float) -> Progress:
    del event, at
    return progress._replace(steps_down=progress.steps_down + 1)


def _ended(progress: Progress, event: RunDone | RunStopped, at: float) -> Progress:
    outcome: Outcome = "done" if isinstance(event, RunDone) else "stopped"
    return progress._replace(outcome=outcome, ended=at, under_way=(), waits=())


def _quiet(
    progress: Progress, event: CallStarted | CallDone | CallFailed | FailedOver
) -> Progress:
    """Return progress with nothing under way for the question of an event."""
    what = (event.stage, event.subject)
    return progress._replace(
        under_way=tuple(call for call in progress.under_way if call[:2] != what),
        waits=tuple(wait for wait in progress.waits if wait[:2] != what),
    )


def _staged(progress: Progress, name: str, stage: Stage) -> Progress:
    return progress._replace(stages={**progress.stages, name: stage})


def _routed(progress: Progress, place: int, leg: Leg) -> Progress:
    legs = (*progress.legs[:place], leg, *progress.legs[place + 1 :])
    return progress._replace(legs=legs)


_FOLLOWING: Final = {
    "decompose": _routes_known,
    "tasks": _tasks_known,
    "packages": _packages_known,
}
_STEPS: Final[Mapping[type, Callable[[Progress, Any, float], Progress]]] = {
    RunStarted: _run_started,
    StageStarted: _stage_started,
    StageDone: _stage_done,
    CallStarted: _call_started,
    CallDone: _call_done,
    CallFailed: _call_failed,
    CallRepaired: _repaired,
    FailedOver: _failed_over,
    SteppedDown: _stepped_down,
    RunDone: _ended,
    RunStopped: _ended,
}
