"""A circuit breaker: a provider that keeps failing is left alone for a while.

Closed, open and half open as in M. Nygard, Release It! (2007).
"""

from __future__ import annotations

from typing import Final

from stellwerk.planning.failures import HOPELESS, TRANSIENT, FailureKind, ModelError
from stellwerk.providers.clock import Clock

FAILURES: Final = 5
"""So many calls that fail one after the other open the circuit."""
SECONDS: Final = 30.0
"""For so long; then one call may try."""


class Breaker:
    """Counts the failures of one provider.

    Args:
        provider: Its name, for the error.
        clock: For how long it stays open.
    """

    def __init__(self, provider: str, clock: Clock) -> None:
        self._provider = provider
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0
        self._trying = False
        self._hopeless: ModelError | None = None

    def check(self) -> None:
        """Refuse a call while the circuit is open.

        Raises:
            ModelError: It is; of a provider that is hopeless, its own error.
        """
        self.check_open()
        if self._failures < FAILURES:
            return
        if self._trying:
            raise self._left_alone(0.0)
        self._trying = True

    def check_open(self) -> None:
        """Refuse a call that was let through before the circuit opened (ModelError)."""
        if self._hopeless:
            raise self._hopeless
        left = self._open_until - self._clock.monotonic()
        if self._failures >= FAILURES and left > 0:
            raise self._left_alone(left)

    def _left_alone(self, seconds: float) -> ModelError:
        msg = f"{self._provider} failed {self._failures} times in a row."
        hint = "It is left alone for a while; try again later."
        return ModelError(FailureKind.BROKEN_OFF, msg, hint, retry_after=seconds)

    def succeeded(self) -> None:
        """Close the circuit."""
        self._failures = 0
        self._trying = False

    def failed(self, error: ModelError) -> None:
        """Count a failure; only what speaks against the provider itself counts."""
        self._trying = False
        if error.kind in HOPELESS:
            self._hopeless = error
        elif error.kind in TRANSIENT:
            self._failures += 1
            self._open_until = self._clock.monotonic() + SECONDS
