"""How many calls to a provider run at once: fewer after a 429, slowly more again.

Additive increase, multiplicative decrease, as TCP does (Jacobson 1988).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from stellwerk.planning.asking import Brake
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.providers.clock import Clock

_DECREASE: Final = 0.7
_LONG: Final = 20.0
"""Whoever would have to wait longer decides without a slot whether to."""


class Throttle:
    """Bounds the calls that run at once.

    Args:
        most: How many there are at most.
        clock: For the time nobody may send a request.
        brake: Once pulled, nobody waits for that time to pass.
    """

    def __init__(self, most: int, clock: Clock, brake: Brake | None = None) -> None:
        self._brake = brake or Brake()
        self._most = float(most)
        self._limit = float(most)
        self._clock = clock
        self._running = 0
        self._slowed = 0
        self._not_before = clock.monotonic()
        self._changed = asyncio.Condition()

    @property
    def limit(self) -> int:
        """How many calls may run at once now."""
        return int(self._limit)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[int]:
        """Wait for a free slot; give what `slow` wants to know.

        Raises:
            ModelError: The provider wants to be left alone for long, or the run stopped.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: self._running < self.limit)
            self._running += 1
        try:
            while (wait := self._not_before - self._clock.monotonic()) > 0:
                if wait > _LONG:
                    msg = f"No request may be sent for {wait:.0f} seconds, as was asked for."
                    kind = FailureKind.RATE_LIMITED
                    raise ModelError(kind, msg, "Try again later.", retry_after=wait)
                await self._brake.rest(self._clock.sleep(wait))
            yield self._slowed
        finally:
            async with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def slow(self, since: int, seconds: float = 0.0) -> None:
        """Allow fewer calls at once, and none for some seconds.

        Args:
            since: What `slot` gave; calls that started before the last time do not count.
            seconds: How long the provider wants to be left alone.
        """
        until = self._clock.monotonic() + seconds
        self._not_before = max(self._not_before, until)
        if since == self._slowed:
            self._slowed += 1
            self._limit = max(1.0, self._limit * _DECREASE)

    def ease(self) -> None:
        """Allow a little more after a call that went well."""
        self._limit = min(self._most, self._limit + 1 / self._limit)
