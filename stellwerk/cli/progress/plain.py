"""Progress in sentences: for pipes, logs of builds, and screen readers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any, Final, Protocol

from stellwerk.cli.figures import several, span
from stellwerk.cli.progress.figures import cost, tokens
from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Emit,
    Event,
    FailedOver,
    RunStarted,
    StageDone,
    SteppedDown,
)
from stellwerk.planning.progress import Leg, Progress, Spent, advanced

_LONGEST: Final = 300
_MODES: Final = {"json": "JSON without a schema", "text": "JSON by the prompt alone"}
_COUNTED: Final = {"decompose": "route", "tasks": "task", "packages": "work package"}
_ABOUT: Final = {
    "decompose": "the routes",
    "tasks": "the tasks of {}",
    "packages": "the work packages of {}",
    "review": "a review",
    "refine": "a better {}",
}


class Say(Protocol):
    """Says a sentence to those who want to know that much."""

    def __call__(self, text: str, *, level: int = 0) -> None:
        """Say it, if at least `level` times `-v` was given."""
        ...


class PlainTeller(AbstractContextManager[Emit]):
    """Tells events in sentences, and in the end what the run used.

    Attributes:
        progress: How far the run is.

    Args:
        say: Says a sentence.
        now: Seconds on a clock that never goes back.
    """

    def __init__(self, say: Say, now: Callable[[], float] = time.monotonic) -> None:
        self.progress = Progress()
        self._say, self._now = say, now

    def __enter__(self) -> Emit:
        """Return what hears the events."""
        return self

    def __call__(self, event: Event) -> None:
        """Tell an event; a reader that has gone does not end the run."""
        before, at = self.progress, self._now()
        self.progress = advanced(before, event, at)
        with suppress(OSError):
            for level, text in sentences(before, self.progress, event):
                self._say(text, level=level)

    def __exit__(self, *error: object) -> None:
        """Say what the run used, if anybody was asked."""
        told = used(self.progress, self._now())
        with suppress(OSError):
            if told:
                self._say(told)


def sentences(before: Progress, after: Progress, event: Event) -> Iterator[tuple[int, str]]:
    """Yield what there is to say of an event, each with the `-v`s it takes.

    Where no model is asked all is over at once, so less is said by itself.
    """
    of = _SENTENCES.get(type(event))
    if of is not None:
        yield from ((level, text) for level, text in of(event, after))
    for leg, was in zip(after.legs, (*before.legs, None), strict=False):
        if leg.finished and not (was and was.finished):
            yield (0 if after.asked else 2), _finished(leg, after)


def used(progress: Progress, at: float) -> str:
    """Return the sentence on what a run used; empty if nobody was asked."""
    spent = progress.spent
    if not progress.asked:
        return ""
    told = ["No model was asked" if not progress.concurrency else "No call was answered"]
    if spent.calls:
        told = [f"Used {several(spent.calls, 'call')}", tokens(spent, "at least ")]
        told.append(cost(spent, "at least "))
    return " ".join([f"{', '.join([*told, span(progress.elapsed(at))])}.", *_again(progress)])


def _again(progress: Progress) -> list[str]:
    """Return what else is worth knowing of a run's calls, in sentences."""
    kept = [
        f"{several(number, 'answer')} {'was' if number == 1 else 'were'} {how}."
        for number, how in (
            (progress.resumed, "there from before"),
            (progress.reused, "reused from earlier runs"),
        )
        if number
    ]
    if trouble := ", ".join(troubles(progress)):
        kept.append(f"{trouble}.")
    pairs = dict.fromkeys(
        f"{one_line(each.to)} stood in for {one_line(each.provider)}: {_told(each.reason)}"
        for each in progress.failovers
    )
    return [*kept, *pairs]


def troubles(progress: Progress) -> list[str]:
    """Return what did not go well, each counted."""
    counted = (
        (progress.retries, "retry", "retries"),
        (progress.repairs, "repair", "repairs"),
        (len(progress.failovers), "failover", "failovers"),
    )
    return [several(number, one, many) for number, one, many in counted if number]


def subject_of(stage: str, subject: str) -> str:
    """Return what a question asks for."""
    return _ABOUT.get(stage, f"{stage} of {{}}").format(one_line(subject))


def _finished(leg: Leg, progress: Progress) -> str:
    done = sum(each.finished for each in progress.legs)
    told = f"{several(leg.tasks or 0, 'task')}, {several(leg.packages, 'work package')}"
    of = f"{done} of {max(progress.stage('tasks').known, len(progress.legs))}"
    return f"  {one_line(leg.title)}: {told} ({of} routes)"


def _run_started(event: RunStarted, progress: Progress) -> Iterator[tuple[int, str]]:
    del progress
    who = ", then ".join((event.provider, *event.others))
    yield 0, f"Planning with {one_line(who)} ..."


def _stage_done(event: StageDone, progress: Progress) -> Iterator[tuple[int, str]]:
    if event.stage == "review":
        told = f"a review with {several(event.count, 'remark')}"
    else:
        told = several(event.count, _COUNTED.get(event.stage, "result"))
        told = f"{told} for {one_line(event.subject)}"
    by = f" ({one_line(event.model)})" if event.model else ""
    whole = event.stage in ("decompose", "review") and progress.asked
    yield (0 if whole else 1), f"  {told}{by}"


def _call_started(event: CallStarted, progress: Progress) -> Iterator[tuple[int, str]]:
    del progress
    again = f", attempt {event.attempt}" if event.attempt > 1 else ""
    yield 2, f"  asking {_who(event)} for {subject_of(event.stage, event.subject)}{again}"


def _call_done(event: CallDone, progress: Progress) -> Iterator[tuple[int, str]]:
    del progress
    what = subject_of(event.stage, event.subject)
    if event.origin == "resumed":
        yield 1, f"  {what}: answered before by {_who(event)}"
    elif event.origin == "reused":
        yield 1, f"  {what}: reused an earlier answer of {_who(event)}"
    else:
        spent = Spent().plus(event.usage)
        told = f"{event.seconds:.1f} s, {tokens(spent)}, {cost(spent)}"
        yield 1, f"  {what}: answered by {_who(event)}, {told}"


def _call_failed(event: CallFailed, progress: Progress) -> Iterator[tuple[int, str]]:
    del progress
    what, why = subject_of(event.stage, event.subject), _told(event.reason)
    if event.wait is None:
        yield 1, f"  {what}: {_who(event)} failed: {why}"
    else:
        wait = f"waiting {span(event.wait)}" if event.wait >= 1 else "asking again"
        yield 0, f"  {what}: {wait}: {why}"


def _repaired(event: CallRepaired, progress: Progress) -> Iterator[tuple[int, str]]:
    del progress
    what, why = subject_of(event.stage, event.subject), _told(" ".join(event.problems))
    asked = f"{one_line(event.provider)} is asked to correct its answer"
    if event.again:
        yield 0, f"  {what}: {asked}: {why}"
    elif event.problems:
        yield 1, f"  {what}: {several(len(event.problems), 'thing')} not as asked"
        yield 2, f"  {what}: {why}"


def _failed_over(event: FailedOver, progress: Progress) -> Iterator[tuple[int, str]]:
    del progress
    what = subject_of(event.stage, event.subject)
    asked = f"asking {one_line(event.to)} instead of {one_line(event.provider)}"
    yield 0, f"  {what}: {asked}: {_told(event.reason)}"


def _stepped_down(event: SteppedDown, progress: Progress) -> Iterator[tuple[int, str]]:
    del progress
    yield 0, f"  {_who(event)} is asked for {_MODES.get(event.mode, event.mode)} from now on"


def _who(event: CallStarted | CallDone | CallFailed | SteppedDown) -> str:
    return one_line(f"{event.provider} {event.model}")


def _told(reason: str) -> str:
    return shortened(one_line(reason), _LONGEST)


_SENTENCES: Final[Mapping[type, Callable[[Any, Progress], Iterator[tuple[int, str]]]]] = {
    RunStarted: _run_started,
    StageDone: _stage_done,
    CallStarted: _call_started,
    CallDone: _call_done,
    CallFailed: _call_failed,
    CallRepaired: _repaired,
    FailedOver: _failed_over,
    SteppedDown: _stepped_down,
}
