"""Planning as a whole: who is asked, the run that is kept of it, and the plan in the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, NamedTuple, TypeVar

from stellwerk.config.settings import Settings
from stellwerk.domain.refs import NO_REFS
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import ProviderError, StellwerkError, StorageError, UsageError
from stellwerk.planning.asking import Panel
from stellwerk.planning.composing import Composition
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.planning.events import Emit, ignore
from stellwerk.planning.failures import FINAL, ModelError
from stellwerk.planning.models import LanguageModel, WireModel
from stellwerk.planning.partial import partial_plan
from stellwerk.planning.pipeline import REFINERY, Planned, plan_goal
from stellwerk.planning.prompts import PromptShelf
from stellwerk.planning.refinement import Refinery
from stellwerk.planning.running import Adopt, Runner, Seat, Work, births_of, resuming
from stellwerk.planning.runs import NO_LIMITS, Limits, Purpose, Run
from stellwerk.planning.wish import Caps, Wish
from stellwerk.plugins.choosing import Choice, Providers
from stellwerk.providers.debug_log import Listener
from stellwerk.providers.pricing import load_prices
from stellwerk.providers.redaction import Redactor
from stellwerk.providers.seating import CallRules, seat, unpriced
from stellwerk.storage.run_log import SqlRunLog

Value = TypeVar("Value")
_SLACK: Final = 15.0
"""So many seconds later a call ends for which its provider does not keep the time itself; the
first one also waits until an SDK is imported."""


class Order(NamedTuple):
    """How a goal is to be planned.

    Attributes:
        limits: What the run may use.
        model: The model to ask, instead of the configured one.
        fresh: Whether answers of earlier runs are left alone.
        store: Whether the plan is stored.
    """

    limits: Limits = NO_LIMITS
    model: str = ""
    fresh: bool = False
    store: bool = True


PLAIN: Final = Order()


class Made(NamedTuple):
    """What came of a wish.

    Attributes:
        snapshot: The plan, stored or not.
        planned: The same with its notes and findings.
        run: The run, if models were asked.
        failure: Why a playbook planned though models were asked.
    """

    snapshot: Snapshot
    planned: Planned
    run: Run | None = None
    failure: ProviderError | None = None


@dataclass(frozen=True, slots=True)
class Planner:
    """Carries out planning runs.

    Attributes:
        settings: What was configured.
        dispatcher: Stores the plans.
        runs: Where runs and their calls are kept.
        providers: Who can be asked.
        redactor: Takes keys out of what providers say.
        refinery: Who judges plans, and makes better those that are not good enough.
        listen: Hears of every request and reply; None if nobody does.
    """

    settings: Settings
    dispatcher: Dispatcher
    runs: SqlRunLog
    providers: Providers
    redactor: Redactor
    refinery: Refinery = REFINERY
    listen: Listener | None = None

    def plan(
        self,
        wish: Wish,
        choice: Choice,
        emit: Emit = ignore,
        order: Order = PLAIN,
    ) -> Made:
        """Plan a wish; with playbooks if no model can, and that is allowed.

        Raises:
            UsageError: `--max-cost` is asked for, and a model's price is not known.
            ProviderError: Nobody could plan; a run that can be resumed stays.
        """
        if not choice.models:
            assert choice.playbook is not None
            return self._from_playbook(wish, choice.playbook, emit, order)
        run = self.new_run(wish, choice, order)
        try:
            return self._carried_out(run, choice, emit)
        except ProviderError as error:
            if choice.playbook is None or _wanted(error):
                raise
            made = self._from_playbook(wish, choice.playbook, emit, order)
            return made._replace(run=self.runs.run(run.uid), failure=error)

    def new_run(self, wish: Wish, choice: Choice, order: Order) -> Run:
        """Return a run that has not begun.

        Raises:
            UsageError: `--max-cost` is asked for, and a model's price is not known.
        """
        self._refuse_unpriced(choice, order.limits)
        return Run(
            uid=self.dispatcher.new_uid(),
            wish=wish,
            started_at=self.dispatcher.clock(),
            providers=tuple(model.name for model in choice.models),
            model=order.model,
            offline=choice.playbook is not None,
            fresh=order.fresh,
            store=order.store,
            limits=order.limits,
        )

    def carry_out(
        self,
        run: Run,
        choice: Choice,
        emit: Emit,
        work: Work[Value],
        adopt: Adopt[Value] = lambda _: "",
    ) -> Value:
        """Carry out a run (errors as of `Runner.carry_out`).

        One that was not to plan and asked nothing is forgotten.
        """
        runner = Runner(self.runs, self._seated(choice), self.dispatcher.clock)
        try:
            made = runner.carry_out(run, emit, work, adopt)
        finally:
            if run.purpose is not Purpose.PLAN:
                with suppress(StellwerkError):
                    self._forget_idle(run)
        with suppress(StorageError):  # what was made is stored; the next run tries again
            self.runs.prune(self.settings.ai.log_megabytes, keep=(run.uid,))
        return made

    def resume(
        self,
        run: Run,
        choice: Choice,
        emit: Emit = ignore,
        order: Order = PLAIN,
    ) -> Made:
        """Go on with a run that stopped; what was answered is not asked again.

        Raises:
            UsageError: It is done, only a playbook is named, or it does not plan.
            ConflictError: Another process is working on it.
            ProviderError: It stopped again.
        """
        if run.purpose is not Purpose.PLAN:
            msg = f"The run {run.short} was to {run.purpose} a plan, and is not resumed by itself."
            raise UsageError(msg, resuming(run))
        if not choice.models:
            msg = f"The run {run.short} asks models; a playbook cannot go on with it."
            raise UsageError(msg, "Name a model's provider with --provider, or plan anew.")
        limits = Limits(
            *(
                old if new is None else new
                for old, new in zip(run.limits, order.limits, strict=True)
            )
        )
        self._refuse_unpriced(choice, limits)
        model, fresh = order.model or run.model, run.fresh or order.fresh
        run = replace(run, limits=limits, model=model, fresh=fresh)
        return self._carried_out(run, choice, emit)

    def partial(self, run: Run) -> Composition | None:
        """Return what a run has so far, or None if that is not even the routes of a plan."""
        panel = self._panel(run, (), ignore)
        return asyncio.run(partial_plan(run.wish, panel, births_of(run), self.caps))

    def _carried_out(self, run: Run, choice: Choice, emit: Emit) -> Made:
        stored: list[Snapshot] = []

        def adopt(planned: Planned) -> str:
            stored.append(self._stored(planned, store=run.store))
            return stored[0].plan.goal.uid if run.store else ""

        async def work(panel: Panel) -> Planned:
            return await plan_goal(run.wish, panel, births_of(run), self.caps, self.refinery)

        planned = self.carry_out(run, choice, emit, work, adopt)
        return Made(stored[0], planned, self.runs.run(run.uid))

    def _forget_idle(self, run: Run) -> None:
        if not self.runs.calls(run.uid):
            self.runs.drop(run.uid)

    def _seated(self, choice: Choice) -> Seat:
        @asynccontextmanager
        async def seated(run: Run, emit: Emit) -> AsyncIterator[Panel]:
            try:
                yield self._panel(run, choice.models, emit)
            finally:
                for model in choice.models:
                    if isinstance(model, WireModel):
                        with suppress(Exception):  # all answers are in, whoever made it
                            await model.close()

        return seated

    def _from_playbook(
        self, wish: Wish, playbook: LanguageModel, emit: Emit, order: Order
    ) -> Made:
        panel = Panel((playbook,), emit=emit)
        births = self.dispatcher.births
        planned = asyncio.run(plan_goal(wish, panel, births, self.caps, self.refinery))
        return Made(self._stored(planned, store=order.store), planned)

    def _stored(self, planned: Planned, *, store: bool) -> Snapshot:
        plan, notes = planned.composition.plan, planned.composition.notes
        if not store:
            return Snapshot(plan, NO_REFS, 0)
        if any(line.goal.uid == plan.goal.uid for line in self.dispatcher.store.goals()):
            return self.dispatcher.store.load(plan.goal.uid)  # stored before it was killed
        after = self.dispatcher.adopt(plan, notes, f"planned “{plan.goal.title}”").after
        with suppress(StorageError):  # it can be taken again
            score, at = planned.verdict.score, self.dispatcher.clock()
            self.dispatcher.store.quality.record(plan.goal.uid, after.revision, score, at)
        return after

    def _panel(self, run: Run, models: tuple[LanguageModel, ...], emit: Emit) -> Panel:
        return seat(
            models,
            run,
            self.runs,
            self._rules(),
            new_uid=self.dispatcher.new_uid,
            shelf=PromptShelf(self.settings.planning.prompts),
            emit=emit,
        )

    def _rules(self) -> CallRules:
        ai, planning = self.settings.ai, self.settings.planning
        timeouts = {
            "openai": ai.openai.timeout_seconds,
            "anthropic": ai.anthropic.timeout_seconds,
            "ollama": ai.ollama.timeout_seconds,
            "openai-compatible": ai.compatible.timeout_seconds,
            "litellm": ai.litellm.timeout_seconds,
        }
        return CallRules(
            max_concurrency=ai.max_concurrency,
            max_repairs=planning.max_repairs,
            stage_seconds=planning.stage_deadline_seconds,
            run_seconds=planning.deadline_seconds,
            reuse=timedelta(days=ai.reuse_days),
            timeouts={name: seconds + _SLACK for name, seconds in timeouts.items()},
            prices=load_prices(ai.prices),
            redactor=self.redactor,
            listen=self.listen,
        )

    @property
    def caps(self) -> Caps:
        """The most there may be of everything in a plan."""
        planning = self.settings.planning
        return Caps(
            planning.max_routes,
            planning.max_tasks_per_route,
            planning.max_work_packages_per_task,
        )

    def _refuse_unpriced(self, choice: Choice, limits: Limits) -> None:
        if limits.cost_micro is None:
            return
        names = unpriced(choice.models, load_prices(self.settings.ai.prices))
        if names:
            msg = f"--max-cost cannot be kept: the price of {', '.join(names)} is not known."
            hint = "Give its price in a file (ai.prices), or use --max-tokens or --max-calls."
            raise UsageError(msg, hint)


def _wanted(error: ProviderError) -> bool:
    """Whether a run stopped because it was told to: nobody plans in its place then."""
    return isinstance(error, ModelError) and error.kind in FINAL
