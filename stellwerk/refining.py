"""Refining stored plans: what is proposed, by rules and by models, and how it is adopted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from stellwerk.domain.edits.edit import WHOLE, Edit, apply
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Goal
from stellwerk.domain.notes import parse
from stellwerk.domain.plan import Item, Plan, Route
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.errors import ProviderError, UsageError
from stellwerk.planner import Order, Planner
from stellwerk.planning.asking import Panel
from stellwerk.planning.composing import Composition
from stellwerk.planning.events import Emit
from stellwerk.planning.handmade import REFINED, handmade
from stellwerk.planning.refinement import Refinery, refine
from stellwerk.planning.rewriting import ModelWriter
from stellwerk.planning.runs import Purpose
from stellwerk.planning.stages.review import review
from stellwerk.planning.wish import Wish
from stellwerk.plugins.choosing import Choice
from stellwerk.validation.findings import Finding, Subject
from stellwerk.validation.judging import Verdict
from stellwerk.validation.refiners.granularity import untouched
from stellwerk.validation.refining import Proposal, Refined, refined


class Request(NamedTuple):
    """What somebody wants to be better.

    Attributes:
        feedback: In their words; empty for what the validators say.
        about: Uids of the items it is about; all if empty.
        mine: Whether what people wrote or began may be touched, too.
    """

    feedback: str = ""
    about: tuple[str, ...] = ()
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Refining:
    """Refines one stored plan.

    Attributes:
        planner: Carries out runs.
        base: The plan.
        notes: Its notes by package uid.
    """

    planner: Planner
    base: Snapshot
    notes: Mapping[str, str]

    def proposed(self, request: Request, choice: Choice, emit: Emit, order: Order) -> Refined:
        """Return what is proposed, weighed; nothing is stored.

        Raises:
            ProviderError: There is feedback, and no model that could understand it; or
                nobody answered.
        """
        refinery = self._refinery(request)
        verdict = refinery.judge(self._subject)
        if WHOLE in refinery.protected:
            return Refined(self._subject, verdict)
        if not choice.models:
            if request.feedback:
                raise _modelless("understand feedback", _RULES)
            told = self._about(request, verdict.findings)
            return asyncio.run(refine(self._subject, verdict, refinery, None, told))

        async def work(panel: Panel) -> Refined:
            told: Sequence[Finding] = verdict.findings
            if request.feedback:
                composition = Composition(self._plan, dict(self.notes))
                advice = await review(panel, self._wish, composition, request.feedback)
                if not advice.model:
                    raise ProviderError(
                        advice.findings[0].message, "See `stellwerk providers`."
                    )
                told = advice.findings
            writer = self._writer(panel)
            about = self._about(request, told)
            return await refine(self._subject, verdict, refinery, writer, about)

        return self._run(Purpose.REFINE, choice, emit, order, work)

    def expanded(
        self, uid: str, wanted: str, choice: Choice, emit: Emit, order: Order
    ) -> Refined:
        """Return an item in more detail, as a proposal; nothing is stored.

        Args:
            uid: A work package to be divided, a task that lacks some, or an empty route.
            wanted: What to mind, in somebody's words.
            choice: Who is asked.
            emit: Hears of what happens.
            order: What the run may use.

        Raises:
            ProviderError: There is no model, or nobody answered.
            UsageError: The item cannot be expanded.
        """
        item = self._plan.item(uid)
        self._refuse_unexpandable(item)
        if not choice.models:
            raise _modelless("write work packages", "Write them yourself: `stellwerk add`.")
        refinery = self._refinery(Request(mine=True))
        verdict = refinery.judge(self._subject)
        problems = [wanted] if wanted else []

        async def work(panel: Panel) -> Refined:
            writer = self._writer(panel)
            if isinstance(item, WorkPackage):
                edit = await writer.divided(
                    uid, problems or ["It is too large to begin with."]
                )
            elif isinstance(item, Task):
                edit = await writer.extended(uid, problems)
            else:
                edit = await writer.laid_out(uid, problems)
            reason = f"Puts {self._plan.name(uid)} in more detail."
            made = [Proposal("expand", edit, reason)] if edit else []
            return refined(self._subject, verdict, made, refinery.judge)

        return self._run(Purpose.EXPAND, choice, emit, order, work)

    def theirs(self, request: Request) -> bool:
        """Whether the whole plan is a person's own, and must not be touched."""
        return WHOLE in self._refinery(request).protected

    def _refuse_unexpandable(self, item: Item) -> None:
        """Raise UsageError for what cannot be put in more detail."""
        plan = self._plan
        name = plan.name(item.uid)
        if isinstance(item, Route) and item.tasks:
            first = plan.ref(item.tasks[0].uid)
            msg = f"{name} has tasks already."
            raise UsageError(msg, f"Expand one of them: `stellwerk expand {first}`.")
        if isinstance(item, WorkPackage):
            ticked = any(done for done, _ in parse(self.notes.get(item.uid, "")).criteria)
            if not untouched(item) or ticked:
                state = "has ticked criteria" if untouched(item) else "is begun or settled"
                msg = f"{name} {state}: what was done would be lost if it were divided."
                ref = plan.ref(plan.index.parents[item.uid])
                raise UsageError(
                    msg, f"Add what is missing beside it: `stellwerk expand {ref}`."
                )
        elif not isinstance(item, Task | Route):
            msg = f"{name} cannot be expanded."
            raise UsageError(msg, "Name a work package, a task, or a route without tasks.")

    def _run(
        self,
        purpose: Purpose,
        choice: Choice,
        emit: Emit,
        order: Order,
        work: Callable[[Panel], Awaitable[Refined]],
    ) -> Refined:
        run = self.planner.new_run(self._wish, choice, order)
        run = replace(run, purpose=purpose, goal=self._goal.uid, store=False, offline=False)
        run = replace(run, fresh=run.fresh or not self.planner.settings.ai.reuse_days)
        return self.planner.carry_out(run, choice, emit, work)

    def _refinery(self, request: Request) -> Refinery:
        refinery = self.planner.refinery
        if request.mine:
            return refinery
        history = self.planner.dispatcher.store.lines(self._goal.uid)
        return replace(refinery, protected=handmade(self._plan, history))

    def _writer(self, panel: Panel) -> ModelWriter:
        births = self.planner.dispatcher.births
        return ModelWriter(panel, self._wish, self._subject, self.base.book, births)

    def _about(self, request: Request, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings about what is meant, and all that is in it."""
        if not request.about:
            return list(findings)
        refs = tuple(self._plan.ref(uid) for uid in request.about)
        below = tuple(f"{ref}." for ref in refs)
        return [each for each in findings if each.ref in refs or each.ref.startswith(below)]

    @property
    def _plan(self) -> Plan:
        return self.base.plan

    @property
    def _goal(self) -> Goal:
        return self._plan.goal

    @property
    def _subject(self) -> Subject:
        return Subject(self._plan, self.notes)

    @property
    def _wish(self) -> Wish:
        goal = self._goal
        people = tuple(person.name for person in self._plan.people)
        return Wish(goal.title, goal.description, "", people, "auto", goal.language)


def chosen(
    base: Snapshot,
    notes: Mapping[str, str],
    proposals: Sequence[Proposal],
    refinery: Refinery,
    verdict: Verdict | None = None,
) -> Refined:
    """Return what comes of some of the proposals, weighed again: one may need another."""
    subject = Subject(base.plan, notes)
    known = verdict or refinery.judge(subject)
    return refined(subject, known, proposals, refinery.judge)


def adopting(base: Snapshot, final: Refined) -> Edit:
    """Return the proposals that stand as one edit, the first of them in words."""
    first, more = final.standing[0].edit, len(final.standing) - 1
    says = first.says(base.plan, apply(first, base.plan))
    title = f"{REFINED}{says}" + (f" and {more} more" if more else "")
    return Batch(tuple(each.edit for each in final.standing), title)


_RULES: Final = "`stellwerk refine --findings` does what rules can do."


def _modelless(what: str, instead: str) -> ProviderError:
    hint = "Set a key with `stellwerk keys set`, start Ollama, or see `stellwerk providers`."
    return ProviderError(
        f"It takes a model to {what}, and none can be asked.", f"{hint} {instead}"
    )
