"""Each request is in the log before it is sent, each answer before it is used."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from stellwerk.domain.goal import SourceKind
from stellwerk.errors import ProviderError
from stellwerk.planning.events import CallDone, Event
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import (
    Mode,
    ModelReply,
    ModelRequest,
    ProviderOptions,
    Target,
    Usage,
)
from stellwerk.planning.prompts import PromptShelf
from stellwerk.planning.runs import CallStatus, Limits, Run
from stellwerk.planning.wish import Wish
from stellwerk.providers.pricing import load_prices
from stellwerk.providers.seating import CallRules, seat, spent, unpriced
from stellwerk.testing.clock import LeapingClock
from stellwerk.testing.memory_log import MemoryRunLog

USED = Usage(1000, 100)
REQUEST = ModelRequest(
    "tasks",
    "r1",
    {"route": "r1"},
    {"type": "object"},
    "tasks@1",
    lambda: [{"role": "user", "content": "What are its tasks?"}],
    max_tokens=500,
)
START = LeapingClock().start


class Wire:
    """A model over a wire that a test holds in its hand."""

    kind = SourceKind.MODEL
    stages = frozenset({"tasks", "review"})

    def __init__(
        self,
        *answers: Any,
        name: str = "openai",
        modes: tuple[Mode, ...] = ("schema", "json", "text"),
        log: MemoryRunLog | None = None,
    ) -> None:
        self.name = name
        self.modes = modes
        self.answers = list(answers)
        self.asked: list[ModelRequest] = []
        self.seen: list[list[CallStatus]] = []
        self._log = log

    def target(self, request: ModelRequest) -> Target:
        """Return where it would go."""
        return Target("gpt-5-mini", "http://here/v1", {"effort": "low"})

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer, and look into the log meanwhile."""
        self.asked.append(request)
        if self._log:
            self.seen.append([call.status for call in self._log.calls("run")])
        answer = self.answers.pop(0) if self.answers else "{}"
        if callable(answer):
            return await answer()
        if isinstance(answer, BaseException):
            raise answer
        return ModelReply(text=answer, model="gpt-5-mini", usage=USED)

    async def close(self) -> None:
        """Do nothing."""


def a_run(uid: str = "run", **more: Any) -> Run:
    """Return a run."""
    return Run(uid, Wish("Juggle"), START, **more)


def seated(
    log: MemoryRunLog,
    *models: Any,
    run: Run | None = None,
    events: list[Event] | None = None,
    **rules: Any,
) -> Any:
    """Return the panel of a run."""
    run = run or a_run()
    log.save(run)
    numbers = count(len(log.figures()) + 1)
    rules = {"clock": LeapingClock(), "prices": load_prices(), **rules}
    return seat(
        models,
        run,
        log,
        CallRules(**rules),
        new_uid=lambda: f"{next(numbers):032x}",
        shelf=PromptShelf(),
        emit=(events if events is not None else []).append,
    )


def complete(panel: Any, request: ModelRequest = REQUEST, at: int = 0) -> ModelReply:
    """Return the answer of one of a panel's models."""

    async def main() -> ModelReply:
        reply: ModelReply = await panel.models[at].complete(request)
        return reply

    return asyncio.run(main())


def test_a_call_is_started_before_it_is_sent_and_done_before_it_is_used():
    """With what it used and cost."""
    log = MemoryRunLog()
    wire = Wire("{}", log=log)
    reply = complete(seated(log, wire))
    assert wire.seen == [[CallStatus.STARTED]]
    (call,) = log.calls("run")
    assert call.status is CallStatus.DONE
    assert (call.stage, call.subject, call.provider, call.model, call.attempt) == (
        *("tasks", "r1", "openai", "gpt-5-mini"),
        1,
    )
    assert reply.call == call.uid
    assert reply.usage.cost_micro == call.usage.cost_micro == 1000 * 0.25 + 100 * 2
    assert (call.reserved_tokens, call.reserved_micro) > (500, 0)


def test_an_interrupted_run_gets_its_answers_from_the_log():
    """Nothing is sent, and nothing is paid."""
    log, events = MemoryRunLog(), []
    complete(seated(log, Wire('{"a": 1}')))
    again = Wire()
    reply = complete(seated(log, again, events=events))
    assert not again.asked
    assert (reply.text, reply.usage) == ('{"a": 1}', Usage())
    assert [e.origin for e in events if isinstance(e, CallDone)] == ["resumed"]


def test_another_run_reuses_an_answer_only_if_it_became_a_draft():
    """And only until it expires, and not if it wants fresh ones."""
    log, events = MemoryRunLog(), []
    first = seated(log, Wire('{"a": 1}'))
    reply = complete(first)

    def other(uid: str, **more: Any) -> Wire:
        wire = Wire()
        complete(seated(log, wire, run=a_run(uid, **more), events=events))
        return wire

    assert len(other("r2").asked) == 1
    first.checkpoints.accept(reply, repaired=False)
    assert not other("r3").asked
    assert [e.origin for e in events if isinstance(e, CallDone)] == ["asked", "reused"]
    assert len(other("r4", fresh=True).asked) == 1
    late = LeapingClock(seconds=1000 + timedelta(days=31).total_seconds())
    wire = Wire()
    complete(seated(log, wire, run=a_run("r5"), clock=late))
    assert len(wire.asked) == 1
    assert log.calls("run")[0].reused == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(REQUEST, messages=lambda: [{"role": "user", "content": "Something else"}]),
        replace(REQUEST, schema={"type": "array"}),
        replace(REQUEST, template="another"),
        replace(REQUEST, max_tokens=501),
        replace(REQUEST, ask=1),
    ],
    ids=["messages", "schema", "template", "tokens", "ask"],
)
def test_whatever_shapes_an_answer_is_in_its_key(other: ModelRequest):
    """So no question gets the answer to another one."""
    log = MemoryRunLog()
    complete(seated(log, Wire()))
    wire = Wire()
    complete(seated(log, wire), other)
    assert len(wire.asked) == 1


def test_what_was_answered_by_the_second_provider_stays_so():
    """A resumed run does not ask the first one again, now that it may be back."""
    log = MemoryRunLog()
    down = Wire(*[ModelError(FailureKind.UNREACHABLE, "Down.")] * 9)
    panel = seated(log, down, Wire('{"b": 2}', name="other"))
    with pytest.raises(ModelError):
        complete(panel)
    reply = complete(panel, at=1)
    panel.checkpoints.accept(reply, repaired=False)
    recalled = seated(log, Wire(), Wire(name="other")).checkpoints.recall(REQUEST)
    assert (recalled.text, recalled.provider) == ('{"b": 2}', "other")


def test_failures_are_kept_with_their_kind_and_number():
    """Each attempt is a row of its own."""
    log = MemoryRunLog()
    wire = Wire(ModelError(FailureKind.OVERLOADED, "Busy."), "{}")
    complete(seated(log, wire))
    rows = [(c.attempt, c.status, c.failure) for c in log.calls("run")]
    assert rows == [
        (1, CallStatus.FAILED, FailureKind.OVERLOADED),
        (2, CallStatus.DONE, None),
    ]


def test_an_answer_that_drips_in_too_slowly_is_a_timeout():
    """However often a byte of it comes."""

    async def never() -> ModelReply:
        await asyncio.sleep(60)
        raise AssertionError

    log = MemoryRunLog()
    panel = seated(log, Wire(*[never] * 6), timeouts={"openai": 0.01})
    with pytest.raises(ModelError, match=r"no whole answer in 0\.01 seconds") as caught:
        complete(panel)
    assert caught.value.kind is FailureKind.TIMEOUT


def test_a_call_that_is_cancelled_stays_started():
    """It may have been billed, and counts with the most it can have used."""
    log = MemoryRunLog()

    async def main() -> None:
        async def never() -> ModelReply:
            await asyncio.sleep(60)
            raise AssertionError

        panel = seated(log, Wire(never))
        running = asyncio.ensure_future(panel.models[0].complete(REQUEST))
        await asyncio.sleep(0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(main())
    (call,) = log.calls("run")
    assert call.status is CallStatus.STARTED
    used = spent(log, "run")
    assert (used.calls, used.tokens) == (1, call.reserved_tokens)


def test_a_mode_the_provider_does_not_know_is_not_tried_again():
    """Not in this run, and not in the next one."""
    log = MemoryRunLog()
    refused = ModelError(FailureKind.UNSUPPORTED, "No schema here.")
    wire = Wire(refused, refused)
    complete(seated(log, wire))
    assert [request.mode for request in wire.asked] == ["schema", "json", "text"]
    other = Wire()
    complete(seated(log, other, run=a_run("r2", fresh=True)))
    assert [request.mode for request in other.asked] == ["text"]


def test_if_not_even_plain_text_is_supported_that_is_the_error():
    """There is no further step down."""
    refused = [ModelError(FailureKind.UNSUPPORTED, "No.")] * 3
    with pytest.raises(ModelError, match="No"):
        complete(seated(MemoryRunLog(), Wire(*refused)))


@pytest.mark.parametrize(
    ("limits", "calls"), [(Limits(calls=2), 2), (Limits(tokens=1600), 1), (Limits(0), 0)]
)
def test_a_run_stops_before_it_passes_its_limits(limits: Limits, calls: int):
    """What it used before it was resumed counts."""
    log, made = MemoryRunLog(), 0
    for number in range(4):
        request = replace(REQUEST, subject=f"r{number}", inputs={"route": number})
        request = replace(
            request, messages=lambda n=number: [{"role": "user", "content": f"{n}"}]
        )
        with suppress(ModelError):
            complete(seated(log, Wire(), run=a_run(limits=limits)), request)
            made += 1
    assert made == calls


def test_models_without_a_price_are_named():
    """Both the fast and the thoughtful one."""
    prices = load_prices()
    assert unpriced([Wire()], prices) == []
    assert unpriced([Wire(name="other")], prices) == ["other gpt-5-mini"]


def test_options_do_not_show_the_key():
    """Whoever prints them."""
    options = ProviderOptions(key=lambda: "sk-secret")
    assert "sk-secret" not in repr(options)


def several(count: int) -> list[ModelRequest]:
    """Return different requests."""
    return [
        replace(
            REQUEST,
            inputs={"route": number},
            messages=lambda n=number: [{"role": "user", "content": f"{n}"}],
        )
        for number in range(count)
    ]


def together(panel: Any, requests: list[ModelRequest]) -> list[Any]:
    """Return what comes of several requests at once."""

    async def main() -> list[Any]:
        calls = (panel.models[0].complete(request) for request in requests)
        return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(main())


@pytest.mark.parametrize(
    "failure",
    [
        FailureKind.TIMEOUT,
        FailureKind.DROPPED,
        FailureKind.SERVER_ERROR,
        FailureKind.TRUNCATED,
    ],
)
def test_a_resumed_run_has_used_what_it_had_used(failure: FailureKind):
    """A failure that may have been billed counts with its most, as it did before."""
    log = MemoryRunLog()
    panel = seated(log, Wire(ModelError(failure, "No."), "{}"))
    with suppress(ModelError):
        complete(panel)
    assert spent(log, "run") == panel.checkpoints.budget.spent


def test_an_answer_that_does_not_say_what_it_used_counts_with_its_most():
    """After resuming, too."""

    async def silent() -> ModelReply:
        return ModelReply(text="{}", model="m")

    log = MemoryRunLog()
    complete(seated(log, Wire(silent)))
    assert spent(log, "run").tokens == log.calls("run")[0].reserved_tokens > 500


def test_the_schema_is_part_of_what_a_call_can_use():
    """The model reads it in every mode."""
    log = MemoryRunLog()
    schema = {"type": "object", "description": "x" * 3000}
    complete(seated(log, Wire()), replace(REQUEST, schema=schema))
    assert log.calls("run")[0].reserved_tokens > 500 + 1000


def test_calls_that_wait_for_a_slot_know_when_the_run_is_over():
    """They are not sent, and cost nothing."""
    clock, log = LeapingClock(), MemoryRunLog()

    async def slow() -> ModelReply:
        await clock.sleep(60)
        return ModelReply(text="{}", model="m", usage=USED)

    wire = Wire(*[slow] * 5)
    panel = seated(log, wire, clock=clock, max_concurrency=1, run_seconds=100)
    *_, last = together(panel, several(5))
    assert last.kind is FailureKind.DEADLINE
    assert (
        len(wire.asked) == len(log.calls("run")) == panel.checkpoints.budget.spent.calls == 2
    )


def test_calls_that_wait_for_a_slot_know_when_the_circuit_opens():
    """They go to the next provider at once instead of failing one after the other."""
    clock, log = LeapingClock(), MemoryRunLog()

    async def hang() -> ModelReply:
        await asyncio.sleep(0)
        raise ModelError(FailureKind.QUOTA, "No credit.")

    wire = Wire(*[hang] * 9)
    panel = seated(log, wire, Wire(name="other"), clock=clock, max_concurrency=2)
    told = together(panel, several(9))
    assert {error.kind for error in told} == {FailureKind.QUOTA}
    assert len(wire.asked) <= 2


def test_nobody_waits_for_a_slot_for_hours_if_somebody_else_can_be_asked():
    """A provider that wants to be left alone is left by all calls."""
    clock, log = LeapingClock(), MemoryRunLog()
    wire = Wire(ModelError(FailureKind.RATE_LIMITED, "Wait.", retry_after=7200.0))
    panel = seated(log, wire, Wire(name="other"), clock=clock, max_concurrency=1)
    told = together(panel, several(3))
    assert {error.kind for error in told} == {FailureKind.RATE_LIMITED}
    assert len(wire.asked) == 1
    assert clock.waits == []


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        (RuntimeError("Boom."), "openai broke down: RuntimeError: Boom"),
        (ProviderError("Cannot."), "Cannot"),
    ],
)
def test_whatever_a_provider_raises_is_a_failure_of_its_call(odd: Exception, told: str):
    """It is in the log, and the next provider can be asked."""
    log = MemoryRunLog()
    with pytest.raises(ModelError, match=told):
        complete(seated(log, Wire(*[odd] * 9)))
    assert {call.status for call in log.calls("run")} == {CallStatus.FAILED}


@pytest.mark.parametrize("reply", [None, "{}", ModelReply(data={1, 2})])
def test_what_is_no_answer_is_a_failure(reply: Any):
    """Whoever made the provider."""

    async def odd() -> Any:
        return reply

    log = MemoryRunLog()
    with pytest.raises(ModelError, match="broke down: TypeError") as caught:
        complete(seated(log, Wire(*[odd] * 9)))
    assert caught.value.kind is FailureKind.GARBLED
