"""A failed call is sent again where that may help, and only there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from stellwerk.planning.asking import Brake
from stellwerk.planning.failures import TRANSIENT, FailureKind, ModelError
from stellwerk.planning.models import ModelReply, ModelRequest
from stellwerk.providers.breaker import FAILURES, SECONDS, Breaker
from stellwerk.providers.clock import SystemClock
from stellwerk.providers.retrying import ATTEMPTS, Patience, Retrying
from stellwerk.testing.clock import LeapingClock

REQUEST = ModelRequest("tasks", "r1", {}, {}, "tasks@1", list)
GOOD = ModelReply(text="{}")


class Line:
    """A way of sending that fails as it is told, then answers."""

    def __init__(self, failures: Sequence[ModelError] = ()) -> None:
        self.failures = list(failures)
        self.sent = 0

    async def __call__(self, request: ModelRequest) -> ModelReply:
        """Fail, or answer."""
        self.sent += 1
        if self.failures:
            raise self.failures.pop(0)
        return GOOD


def failure(kind: FailureKind, **more: Any) -> ModelError:
    """Return an error of a kind."""
    return ModelError(kind, f"It is {kind}.", **more)


def retrying(line: Line, clock: LeapingClock, **more: Any) -> Retrying:
    """Return what sends again over a line."""
    patience = Patience(
        more.pop("stage", 900.0),
        clock.seconds + more.pop("run", 3600.0),
        more.pop("last", True),
    )
    told = more.pop("told", [])
    brake = more.pop("brake", Brake())
    breaker = more.pop("breaker", Breaker("p", clock))

    def tell(request: ModelRequest, error: ModelError, wait: float | None) -> None:
        told.append((error.kind, wait))

    return Retrying(line, breaker, patience, clock, brake, tell)


def ask(sending: Retrying) -> ModelReply:
    """Return the answer to one request."""
    return asyncio.run(_asked(sending))


async def _asked(sending: Retrying) -> ModelReply:
    return await sending(REQUEST)


@pytest.mark.parametrize("kind", sorted(TRANSIENT))
def test_what_may_pass_is_tried_again(kind: FailureKind):
    """Each kind at least once."""
    line = Line([failure(kind)])
    assert ask(retrying(line, LeapingClock())) is GOOD
    assert line.sent == 2


@pytest.mark.parametrize("kind", sorted({*FailureKind} - TRANSIENT))
def test_what_will_not_pass_is_not_tried_again(kind: FailureKind):
    """The first answer stands."""
    line, told = Line([failure(kind)]), []
    with pytest.raises(ModelError) as caught:
        ask(retrying(line, LeapingClock(), told=told))
    assert caught.value.kind is kind
    assert line.sent == 1
    assert told == [(kind, None)]


def test_six_attempts_are_enough():
    """The last failure is the one that is told."""
    line, told = Line([failure(FailureKind.SERVER_ERROR)] * 9), []
    with pytest.raises(ModelError, match="server error"):
        ask(retrying(line, LeapingClock(), told=told))
    assert line.sent == ATTEMPTS == 6
    assert [wait is None for _, wait in told] == [False] * 5 + [True]


def test_a_server_that_is_not_there_is_tried_twice():
    """Nobody waits half a minute to hear that Ollama is not running."""
    line = Line([failure(FailureKind.UNREACHABLE)] * 9)
    with pytest.raises(ModelError):
        ask(retrying(line, LeapingClock()))
    assert line.sent == 2


def test_a_wait_is_never_shorter_than_the_provider_asks():
    """And jitter keeps parallel calls apart."""
    clock = LeapingClock()
    ask(retrying(Line([failure(FailureKind.RATE_LIMITED, retry_after=7.5)]), clock))
    assert clock.waits[0] >= 7.5
    waits = set()
    for _ in range(20):
        clock = LeapingClock()
        ask(retrying(Line([failure(FailureKind.OVERLOADED)] * 3), clock))
        assert all(0 <= wait <= 30 for wait in clock.waits)
        waits.update(clock.waits)
    assert len(waits) > 20


def test_with_somebody_else_to_ask_nobody_waits_for_long():
    """A provider that wants a minute loses its turn; the last one gets it."""
    slow = [failure(FailureKind.RATE_LIMITED, retry_after=60.0)]
    line = Line(slow)
    with pytest.raises(ModelError):
        ask(retrying(line, LeapingClock(), last=False))
    assert line.sent == 1
    assert ask(retrying(Line(slow), LeapingClock())) is GOOD


def test_a_stage_has_a_deadline():
    """A wait that would end after it is not begun."""
    clock = LeapingClock()
    line = Line([failure(FailureKind.RATE_LIMITED, retry_after=50.0)] * 9)
    with pytest.raises(ModelError):
        ask(retrying(line, clock, stage=120.0))
    assert line.sent == 3
    assert clock.seconds < 1000 + 120


def test_a_run_has_a_deadline():
    """Nothing is sent after it."""
    clock = LeapingClock()
    line = Line()
    sending = retrying(line, clock, run=10.0)
    clock.seconds += 11
    with pytest.raises(ModelError, match="longer than it may") as caught:
        ask(sending)
    assert caught.value.kind is FailureKind.DEADLINE
    assert line.sent == 0


def test_once_the_brake_is_pulled_nothing_is_sent_again():
    """What was on its way ends, and that is all."""
    brake = Brake(pulled=True)
    line = Line([failure(FailureKind.SERVER_ERROR)])
    with pytest.raises(ModelError):
        ask(retrying(line, LeapingClock(), brake=brake))
    assert line.sent == 1


def test_a_provider_that_keeps_failing_is_left_alone_for_a_while():
    """Then one call may try, and closes the circuit if it is answered."""
    clock = LeapingClock()
    breaker = Breaker("p", clock)
    for _ in range(FAILURES):
        breaker.check()
        breaker.failed(failure(FailureKind.SERVER_ERROR))
    with pytest.raises(ModelError, match="5 times in a row") as caught:
        breaker.check()
    assert caught.value.kind is FailureKind.BROKEN_OFF
    clock.seconds += SECONDS
    breaker.check()
    with pytest.raises(ModelError):
        breaker.check()
    breaker.succeeded()
    breaker.check()
    breaker.check()


def test_a_trial_that_fails_opens_the_circuit_again():
    """For as long as the first time."""
    clock = LeapingClock()
    breaker = Breaker("p", clock)
    for _ in range(FAILURES):
        breaker.failed(failure(FailureKind.TIMEOUT))
    clock.seconds += SECONDS
    breaker.check()
    breaker.failed(failure(FailureKind.TIMEOUT))
    with pytest.raises(ModelError):
        breaker.check()


def test_answers_that_do_not_fit_say_nothing_about_the_provider():
    """Refusals, bad requests and the like do not open its circuit."""
    breaker = Breaker("p", LeapingClock())
    for _ in range(FAILURES * 2):
        breaker.failed(failure(FailureKind.BAD_REQUEST))
    breaker.check()


def test_a_key_that_is_refused_is_refused_once():
    """No other call of the run is sent with it; the error is the same."""
    clock = LeapingClock()
    line = Line([failure(FailureKind.AUTH)])
    sending = retrying(line, clock, last=False)
    for _ in range(3):
        with pytest.raises(ModelError) as caught:
            ask(sending)
        assert caught.value.kind is FailureKind.AUTH
    assert line.sent == 1


def test_the_last_provider_is_asked_whatever_its_circuit_says():
    """There is nobody else."""
    clock = LeapingClock()
    breaker = Breaker("p", clock)
    for _ in range(FAILURES):
        breaker.failed(failure(FailureKind.TIMEOUT))
    assert ask(retrying(Line(), clock, breaker=breaker)) is GOOD


def test_a_call_that_waits_to_be_sent_again_ends_with_the_run():
    """Nobody sits through a wait whose end changes nothing."""

    async def main() -> int:
        clock, brake = SystemClock(), Brake()
        line = Line([failure(FailureKind.RATE_LIMITED, retry_after=600.0)])
        leaping = LeapingClock(seconds=clock.monotonic())
        sending = replace(retrying(line, leaping, brake=brake), clock=clock)
        running = asyncio.ensure_future(sending(REQUEST))
        await asyncio.sleep(0.01)
        brake.pull(failure(FailureKind.AUTH))
        with pytest.raises(ModelError) as caught:
            await asyncio.wait_for(running, 30)
        assert caught.value.kind is FailureKind.STOPPED
        return line.sent

    assert asyncio.run(main()) == 1
