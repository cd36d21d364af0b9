"""Runs as they could go, played without a model: their events, each with when it comes.

Questions go on side by side as in the pipeline; what goes wrong is drawn by lot.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import NamedTuple, TypeAlias

from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Event,
    FailedOver,
    RunDone,
    RunStarted,
    StageDone,
    StageStarted,
    SteppedDown,
)
from stellwerk.planning.models import Usage

Moment: TypeAlias = tuple[float, Event]
Course: TypeAlias = Iterator[float]
"""Something that goes on for a while: gives the seconds until it goes on again."""

ROUTES = (
    "Find out who needs it",
    "Build the smallest thing somebody would pay for",
    "東京とベルリンで最初のお客様を見つけて話を聞く 🚀",
    "Find the price",
    "Sell it in the browser",
    "Sell it through partners 👩‍👩‍👧‍👦 and friends",
    "Launch",
    "Keep those who came",
)
LIMITED = "openai allows no more requests for a moment (429)."


class Luck(NamedTuple):
    """How likely things are for each request, from 0 to 1."""

    failing: float = 0.0
    repairing: float = 0.0
    failing_over: float = 0.0
    resumed: float = 0.0
    reused: float = 0.0
    unpriced: float = 0.0
    wait: float = 8.0


@dataclass
class Rehearsal:
    """Plays one run.

    Attributes:
        rng: Decides what is left to chance.
        luck: How likely what is.
        routes: Titles of the routes.
        slots: How many calls may be under way at once.
        seconds: How long a call takes.
        goal: Title of the goal.
        review: Whether the plan is reviewed in the end.
        scattered: How many seconds later than the first a task may begin.
        model: Name of the model.
    """

    rng: Random = field(default_factory=lambda: Random(1))
    luck: Luck = field(default_factory=Luck)
    routes: Sequence[str] = ROUTES
    slots: int = 4
    seconds: tuple[float, float] = (2.0, 6.0)
    goal: str = "Launch a SaaS product"
    review: bool = True
    scattered: float = 0.0
    model: str = "gpt-5-mini"

    def moments(self) -> list[Moment]:
        """Return the events of the run in order."""
        self._events: list[Moment] = []
        self._now, self._order, self._free = 0.0, count(), self.slots
        self._going: list[tuple[float, int, Course, Callable[[], None]]] = []
        self._begin(self._run(), lambda: None)
        while self._going:
            self._now, _, course, then = heapq.heappop(self._going)
            step = next(course, None)
            if step is None:
                then()
            else:
                self._later(step, course, then)
        return self._events

    def _later(self, seconds: float, course: Course, then: Callable[[], None]) -> None:
        heapq.heappush(self._going, (self._now + seconds, next(self._order), course, then))

    def _begin(self, course: Course, then: Callable[[], None]) -> None:
        self._later(0.0, course, then)

    def _together(self, courses: Sequence[Course]) -> Course:
        """Go on with several courses until all are over."""
        open_ones = len(courses)

        def over() -> None:
            nonlocal open_ones
            open_ones -= 1

        for course in courses:
            self._begin(course, over)
        while open_ones:
            yield 0.01

    def _tell(self, event: Event) -> None:
        self._events.append((self._now, event))

    def _run(self) -> Course:
        self._tell(RunStarted("openai", self.goal, "1234abcd", ("ollama",)))
        self._tell(StageStarted("decompose", self.goal))
        yield from self._question("decompose", self.goal, 2.0)
        self._tell(StageDone("decompose", self.goal, len(self.routes), self.model))
        chapters = [self._chapter(f"r{n}", title) for n, title in enumerate(self.routes, 1)]
        yield from self._together(chapters)
        if self.review:
            self._tell(StageStarted("review", self.goal))
            yield from self._question("review", self.goal, 2.0)
            self._tell(StageDone("review", self.goal, 3, self.model))
        self._tell(RunDone(len(self.routes), 24))

    def _chapter(self, key: str, title: str) -> Course:
        self._tell(StageStarted("tasks", title))
        yield from self._question("tasks", key)
        tasks = self.rng.randint(1, 4)
        self._tell(StageDone("tasks", title, tasks, self.model))
        yield from self._together([self._task(f"{key}.{n + 1}") for n in range(tasks)])

    def _task(self, key: str) -> Course:
        title = f"Task {self.rng.choice('ABC')}"
        if self.scattered:
            yield self.rng.uniform(0, self.scattered)
        self._tell(StageStarted("packages", title))
        yield from self._question("packages", key)
        self._tell(StageDone("packages", title, self.rng.randint(1, 4), self.model))

    def _question(self, stage: str, subject: str, factor: float = 1.0) -> Course:
        """Ask until there is an answer."""
        for origin, chance in (("resumed", self.luck.resumed), ("reused", self.luck.reused)):
            if self.rng.random() < chance:
                told = (stage, subject, "openai", self.model)
                self._tell(CallDone(*told, Usage(), 0.0, origin))
                return
        provider, attempt = "openai", 0
        while True:
            attempt += 1
            told = (stage, subject, provider, self.model)
            while not self._free:
                yield 0.05
            self._free -= 1
            self._tell(CallStarted(*told, attempt))
            seconds = self.rng.uniform(*self.seconds) * factor
            yield seconds
            self._free += 1
            if self._lost(self.luck.failing, attempt):
                self._tell(CallFailed(*told, LIMITED, self.luck.wait, Usage()))
                yield self.luck.wait
                continue
            if provider == "openai" and self._lost(self.luck.failing_over, attempt):
                why = "The key was refused."
                self._tell(CallFailed(*told, why, None, Usage()))
                self._tell(FailedOver(stage, subject, provider, "ollama", why))
                self._tell(SteppedDown("ollama", self.model, "json"))
                provider = "ollama"
                continue
            self._tell(CallDone(*told, self._usage(), seconds, "asked"))
            if not self._lost(self.luck.repairing, attempt):
                return
            problems = ("steps: there are too few.",)
            self._tell(CallRepaired(stage, subject, provider, problems, again=True))

    def _lost(self, chance: float, attempt: int) -> bool:
        return attempt < 5 and self.rng.random() < chance

    def _usage(self) -> Usage:
        priced = self.rng.random() >= self.luck.unpriced
        asked, answered = self.rng.randint(900, 4_000), self.rng.randint(300, 2_500)
        return Usage(asked, answered, (asked + 4 * answered) // 4 if priced else None)
