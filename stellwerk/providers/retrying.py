"""Retrying: the one place where a failed call is sent again.

The SDKs' own retries are off. Waits are exponential with full jitter, never shorter than
what the provider asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception
from tenacity.wait import wait_base, wait_random_exponential

from stellwerk.planning.asking import Brake
from stellwerk.planning.failures import TRANSIENT, FailureKind, ModelError
from stellwerk.planning.models import ModelReply, ModelRequest
from stellwerk.providers.breaker import Breaker
from stellwerk.providers.clock import Clock
from stellwerk.providers.sending import Send

ATTEMPTS: Final = 6
_FEWER: Final = {FailureKind.UNREACHABLE: 2, FailureKind.GARBLED: 3}
"""Kinds that seldom pass by themselves."""
_LONGEST: Final = 30.0
_IMPATIENCE: Final = 20.0
"""With somebody else to ask, nobody is waited for longer than so many seconds."""

Tell: TypeAlias = Callable[[ModelRequest, ModelError, float | None], None]
"""Told of a failure and the wait after it; None if the request is not sent again."""


class Patience(NamedTuple):
    """How long a provider is waited for.

    Attributes:
        stage_seconds: For one question, with all retries.
        run_ends: When the run is broken off, on the monotonic clock.
        last: Whether there is nobody else to ask.
    """

    stage_seconds: float
    run_ends: float
    last: bool

    def check(self, clock: Clock) -> None:
        """Refuse to send anything once the run is over (ModelError)."""
        if clock.monotonic() >= self.run_ends:
            msg = "The run took longer than it may."
            hint = "Set planning.deadline_seconds if it should take longer."
            raise ModelError(FailureKind.DEADLINE, msg, hint)


@dataclass(frozen=True, slots=True)
class Retrying:
    """Sends a request again while that may help.

    Attributes:
        send: Sends it once.
        breaker: Knows whether the provider is worth asking at all.
        patience: How long to wait.
        clock: What waits.
        brake: Once pulled, nothing is sent again.
        tell: Hears of each failure.
    """

    send: Send
    breaker: Breaker
    patience: Patience
    clock: Clock
    brake: Brake
    tell: Tell
    jitter: wait_base = field(
        default_factory=lambda: wait_random_exponential(multiplier=1.0, max=_LONGEST)
    )

    async def __call__(self, request: ModelRequest) -> ModelReply:
        """Answer a request, after as many attempts as are worth it.

        Raises:
            ModelError: The last failure, or that a deadline passed.
        """
        stage_ends = self.clock.monotonic() + self.patience.stage_seconds
        retrying = AsyncRetrying(
            retry=retry_if_exception(_passing),
            wait=self._wait,
            stop=lambda state: self._enough(state, stage_ends),
            sleep=self._rest,
            before_sleep=lambda state: self.tell(request, _error(state), state.upcoming_sleep),
            reraise=True,
        )
        try:
            reply: ModelReply = await retrying(self._attempt, request)
        except ModelError as error:
            self.tell(request, error, None)
            raise
        return reply

    async def _attempt(self, request: ModelRequest) -> ModelReply:
        self.patience.check(self.clock)
        if not self.patience.last:
            self.breaker.check()
        try:
            reply = await self.send(request)
        except ModelError as error:
            self.breaker.failed(error)
            raise
        self.breaker.succeeded()
        return reply

    async def _rest(self, seconds: float) -> None:
        await self.brake.rest(self.clock.sleep(seconds))

    def _wait(self, state: RetryCallState) -> float:
        return max(_error(state).retry_after or 0.0, self.jitter(state))

    def _enough(self, state: RetryCallState, stage_ends: float) -> bool:
        wait, patience = state.upcoming_sleep, self.patience
        return (
            self.brake.pulled
            or state.attempt_number >= _FEWER.get(_error(state).kind, ATTEMPTS)
            or self.clock.monotonic() + wait >= min(stage_ends, patience.run_ends)
            or (not patience.last and wait > _IMPATIENCE)
        )


def _passing(error: BaseException) -> bool:
    return isinstance(error, ModelError) and error.kind in TRANSIENT


def _error(state: RetryCallState) -> ModelError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, ModelError)
    return error
