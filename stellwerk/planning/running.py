"""Runs carried out: begun, held while they are worked on, and left so that they can go on."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import TypeAlias, TypeVar

from stellwerk.domain.births import Births
from stellwerk.errors import NotFoundError, StellwerkError, UsageError
from stellwerk.planning import interruption
from stellwerk.planning.asking import Panel
from stellwerk.planning.events import Emit, RunStopped
from stellwerk.planning.runs import Purpose, Run, RunLog, RunStatus

Made = TypeVar("Made")
Seat: TypeAlias = Callable[[Run, Emit], AbstractAsyncContextManager[Panel]]
"""Opens the panel of a run: its models, ready to be asked, let go of in the end."""
Work: TypeAlias = Callable[[Panel], Awaitable[Made]]
"""What a run does: asks a panel, and makes something of the answers."""
Adopt: TypeAlias = Callable[[Made], str]
"""Stores what was made and returns the uid of its goal; empty if nothing is stored."""


class RunInterrupted(KeyboardInterrupt):
    """Somebody interrupted a run, which can go on.

    Attributes:
        hint: How.
    """

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.hint = resuming(run)


@dataclass(frozen=True, slots=True)
class Runner:
    """Carries out runs.

    Attributes:
        runs: Where they are kept.
        seat: Opens the panel of a run.
        now: Says when it is, UTC.
    """

    runs: RunLog
    seat: Seat
    now: Callable[[], datetime]

    def carry_out(self, run: Run, emit: Emit, work: Work[Made], adopt: Adopt[Made]) -> Made:
        """Carry out a run, new or interrupted, and store what it makes.

        Raises:
            ConflictError: Another process is working on it.
            UsageError: It is done.
            ProviderError: It stopped; it can be resumed.
            RunInterrupted: The same, as somebody wanted.
        """
        with self.runs.hold(run.uid):
            self._refuse_done(run)
            run = replace(run, status=RunStatus.RUNNING, error="", finished_at=None)
            try:
                self.runs.save(run)
                made = interruption.run(self._worked(run, emit, work))
                goal = adopt(made)
            except StellwerkError as error:
                self._stop(run, RunStatus.FAILED, error.message, emit)
                error.hint = f"{error.hint} {resuming(run)}".strip()
                raise
            except KeyboardInterrupt:
                try:
                    self._stop(run, RunStatus.INTERRUPTED, "It was interrupted.", emit)
                finally:  # whoever presses it twice is told the same
                    raise RunInterrupted(run) from None
            done = replace(
                run, status=RunStatus.DONE, finished_at=self.now(), goal=goal or run.goal
            )
            self.runs.save(done)
            return made

    def _refuse_done(self, run: Run) -> None:
        """Refuse a run that somebody finished, whatever it was when it was looked up."""
        try:
            current = self.runs.run(run.uid)
        except NotFoundError:
            return
        if current.status is RunStatus.DONE:
            msg = f"The run {run.short} is done already; there is nothing to resume."
            raise UsageError(msg, f"See what it made with `stellwerk runs show {run.short}`.")

    async def _worked(self, run: Run, emit: Emit, work: Work[Made]) -> Made:
        async with self.seat(run, emit) as panel:
            return await work(panel)

    def _stop(self, run: Run, status: RunStatus, why: str, emit: Emit) -> None:
        stopped = replace(run, status=status, error=why, finished_at=self.now())
        with suppress(StellwerkError):  # unsaid it counts as interrupted
            self.runs.save(stopped)
        emit(RunStopped(run.uid, why))


def births_of(run: Run) -> Births:
    """Return identity and time for a run's plan; the same run gives the same ones."""
    return Births(run.started_at, _uids(run.uid).__next__)


def _uids(run: str) -> Iterator[str]:
    for number in count(1):
        yield hashlib.sha256(f"{run} {number}".encode()).hexdigest()[:32]


def resuming(run: Run) -> str:
    """Return the sentence that says how a run goes on."""
    if run.purpose is not Purpose.PLAN and run.fresh:
        return "Said again with --fresh, or with ai.reuse_days at 0, all of it is asked anew."
    if run.purpose is not Purpose.PLAN:
        return "Say the same again: what was answered is kept."
    return f"Go on with `stellwerk resume {run.short}`: what was answered is kept."
