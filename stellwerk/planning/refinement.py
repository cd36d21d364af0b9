"""The loop that refines: propose, weigh, take what makes the plan no worse, and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from stellwerk.domain.births import Births
from stellwerk.domain.edits.edit import Edit, Touch
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS, RefBook
from stellwerk.errors import ProviderError
from stellwerk.planning.asking import Brake, Panel
from stellwerk.planning.rewriting import ModelWriter
from stellwerk.planning.wish import Wish
from stellwerk.validation.findings import Finding, Subject
from stellwerk.validation.judging import Judge, Verdict
from stellwerk.validation.refiners import ALL
from stellwerk.validation.refining import (
    Material,
    Refined,
    Refiner,
    Writer,
    proposals,
    refined,
)

ROUNDS: Final = 2
"""So often a plan is refined at most; what two rounds do not mend, a third does not."""


@dataclass(frozen=True, slots=True)
class Refinery:
    """What refining takes.

    Attributes:
        judge: Gives a verdict on a plan.
        refiners: Who proposes.
        threshold: The score below which a new plan is refined; 0 refines none.
        protected: Fields that must not be touched.
    """

    judge: Judge
    refiners: tuple[Refiner, ...] = ALL
    threshold: float = 0.7
    protected: frozenset[Touch] = frozenset()


async def refine(
    subject: Subject,
    verdict: Verdict,
    refinery: Refinery,
    writer: Writer | None,
    findings: Sequence[Finding] | None = None,
) -> Refined:
    """Return a plan after one round of refining.

    Args:
        subject: The plan.
        verdict: On it.
        refinery: Who proposes and who judges.
        writer: Who writes anew; None without a model.
        findings: What is to be mended; all that the verdict says if not given.

    Raises:
        ProviderError: Nobody answered a question.
    """
    told = verdict.findings if findings is None else tuple(findings)
    material = Material(subject, told, writer, refinery.protected)
    proposed = await proposals(refinery.refiners, material)
    return refined(subject, verdict, proposed, refinery.judge, refinery.protected)


async def refine_new(
    wish: Wish,
    subject: Subject,
    verdict: Verdict,
    panel: Panel,
    births: Births,
    refinery: Refinery,
) -> Refined:
    """Return a new plan refined until it is good enough, or a round brings nothing."""
    state = Refined(subject, verdict)
    for _ in range(ROUNDS):
        if state.verdict.score.value >= refinery.threshold:
            break
        book = NO_REFS.following(Plan(subject.plan.goal), state.subject.plan)
        writer = writer_for(panel, wish, state.subject, book, births)
        patient = _Patient(writer, panel.brake) if writer else None
        better = await refine(state.subject, state.verdict, refinery, patient)
        if better.verdict.score.value <= state.verdict.score.value:
            break
        state = replace(better, standing=(*state.standing, *better.standing))
    return state


@dataclass
class _Patient:
    """A writer who says nothing more once it failed: what cannot be refined is still a plan.

    Attributes:
        writer: Who writes.
        brake: Pulled when the run stops, which is no matter of the writer's.
        failed: Whether it failed.
    """

    writer: Writer
    brake: Brake
    failed: bool = False

    async def rewritten(self, package: str, problems: Sequence[str]) -> Edit | None:
        """Return what the writer does, if it does."""
        return await self._answer(partial(self.writer.rewritten, package, problems))

    async def divided(self, package: str, problems: Sequence[str]) -> Edit | None:
        """Return what the writer does, if it does."""
        return await self._answer(partial(self.writer.divided, package, problems))

    async def extended(self, task: str, problems: Sequence[str]) -> Edit | None:
        """Return what the writer does, if it does."""
        return await self._answer(partial(self.writer.extended, task, problems))

    async def _answer(self, ask: Callable[[], Awaitable[Edit | None]]) -> Edit | None:
        if self.failed:
            return None
        try:
            return await ask()
        except ProviderError:
            if self.brake.pulled:
                raise
            self.failed = True
            return None


def writer_for(
    panel: Panel, wish: Wish, subject: Subject, book: RefBook, births: Births
) -> Writer | None:
    """Return who writes anew, or None if nobody on a panel can."""
    able = panel.answering("refine") and panel.answering("expand")
    return ModelWriter(panel, wish, subject, book, births) if able else None
