"""A run's panel: its models, each with all that surrounds its calls, in the order asked.

retry and deadlines -> strictest mode -> call log, budget, throttle, timeout -> the wire
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, get_args

from stellwerk.planning.asking import Brake, Panel
from stellwerk.planning.events import CallFailed, Emit, SteppedDown
from stellwerk.planning.failures import ModelError
from stellwerk.planning.models import (
    LanguageModel,
    Mode,
    ModelRequest,
    Role,
    Target,
    WireModel,
)
from stellwerk.planning.prompts import PromptShelf
from stellwerk.planning.runs import CallLog, Run
from stellwerk.providers.breaker import Breaker
from stellwerk.providers.budget import NOTHING, Amount, Budget, Reservation, counted
from stellwerk.providers.clock import Clock, SystemClock
from stellwerk.providers.debug_log import Debugging, Listener
from stellwerk.providers.discreet import Discreet
from stellwerk.providers.ladder import Ladder
from stellwerk.providers.pricing import Prices
from stellwerk.providers.recording import Recorder, Recording
from stellwerk.providers.redaction import Redactor
from stellwerk.providers.retrying import Patience, Retrying
from stellwerk.providers.sending import Contained, Send, Surrounded
from stellwerk.providers.throttle import Throttle


@dataclass(frozen=True, slots=True)
class CallRules:
    """How calls are made.

    Attributes:
        max_concurrency: How many run at the same time, for each provider.
        max_repairs: How often a model is asked to correct an answer.
        stage_seconds: How long one question may take with all its retries.
        run_seconds: How long the run may take.
        reuse: For how long other runs may reuse an answer.
        timeouts: Seconds one answer may take, by provider.
        prices: What calls cost.
        clock: What waits.
        redactor: Takes keys out of what is said.
        listen: Hears of every request and reply; None if nobody does.
    """

    max_concurrency: int = 8
    max_repairs: int = 2
    stage_seconds: float = 900.0
    run_seconds: float = 3600.0
    reuse: timedelta = timedelta(days=30)
    timeouts: Mapping[str, float] = field(default_factory=dict)
    prices: Prices = field(default_factory=lambda: Prices(()))
    clock: Clock = field(default_factory=SystemClock)
    redactor: Redactor = field(default_factory=Redactor)
    listen: Listener | None = None


DEFAULT_TIMEOUT: Final = 120.0
REFUSED_FOR: Final = timedelta(days=7)
"""For so long a way of asking that a provider does not know is not tried again."""


def seat(
    models: Sequence[LanguageModel],
    run: Run,
    log: CallLog,
    rules: CallRules,
    *,
    new_uid: Callable[[], str],
    shelf: PromptShelf,
    emit: Emit,
) -> Panel:
    """Return the panel of a run.

    Args:
        models: Who is asked, in order.
        run: The run.
        log: Where its calls are kept.
        rules: How they are made.
        new_uid: Gives a call its identity.
        shelf: The prompts.
        emit: Hears of what happens.
    """
    brake = Brake()
    budget = Budget(run.limits, spent(log, run.uid))
    recorder = Recorder(
        run, log, new_uid, rules.clock, budget, rules.prices, emit, brake, rules.reuse
    )
    ends = rules.clock.monotonic() + rules.run_seconds
    seated: list[LanguageModel] = []
    for number, model in enumerate(models, 1):
        if not isinstance(model, WireModel):
            seated.append(model)
            continue
        patience = Patience(rules.stage_seconds, ends, last=number == len(models))
        seated.append(_surrounded(model, recorder, rules, patience))
    return Panel(tuple(seated), shelf, rules.max_repairs, emit, recorder, brake, run.uid)


def _surrounded(
    model: WireModel, recorder: Recorder, rules: CallRules, patience: Patience
) -> LanguageModel:
    emit = recorder.emit

    def failed(request: ModelRequest, error: ModelError, wait: float | None) -> None:
        target = model.target(request)
        told = (request.stage, request.subject, model.name, target.model)
        emit(CallFailed(*told, error.message, wait, error.usage))

    def stepped(name: str, mode: Mode) -> None:
        emit(SteppedDown(model.name, name, mode))

    def refused(target: Target) -> Collection[str]:
        since = rules.clock.now() - REFUSED_FOR
        return recorder.log.refused(model.name, target.base_url, target.model, since)

    timeout = rules.timeouts.get(model.name, DEFAULT_TIMEOUT)
    breaker = Breaker(model.name, rules.clock)

    def admit() -> None:
        recorder.brake.check()
        patience.check(rules.clock)
        if not patience.last:
            breaker.check_open()

    throttle = Throttle(rules.max_concurrency, rules.clock, recorder.brake)
    discreet = Discreet(Contained(model.complete, model.name), rules.redactor)
    send: Send = Recording(discreet, model, recorder, throttle, timeout, admit)
    if rules.listen is not None:
        send = Debugging(send, model, recorder.run.uid, rules.clock, rules.listen)
    ladder = Ladder(send, model, refused, stepped)
    retrying = Retrying(ladder, breaker, patience, rules.clock, recorder.brake, failed)
    return Surrounded(model, retrying)


def unpriced(models: Sequence[LanguageModel], prices: Prices) -> list[str]:
    """Return the models without a known price, as `provider model`."""
    found = []
    for model in models:
        for role in get_args(Role):
            if isinstance(model, WireModel):
                name = model.target(_probe(role)).model
                if prices.price(model.name, name) is None:
                    found.append(f"{model.name} {name}".strip())
    return list(dict.fromkeys(found))


def _probe(role: Role) -> ModelRequest:
    return ModelRequest("decompose", "", {}, {}, "", list, role=role)


def spent(log: CallLog, run: str) -> Amount:
    """Return what a run used so far; a call whose end is unknown counts with its most."""
    total = NOTHING
    for call in log.calls(run):
        most = Amount(1, call.reserved_tokens, call.reserved_micro or 0)
        used = Reservation(most, most)
        if call.finished_at is not None:
            used.settle(counted(call.usage, call.failure))
        total = total.plus(used.used)
    return total
