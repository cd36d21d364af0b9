"""Time and identity that a test decides."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands still until `tick` is called.

    Attributes:
        now: What it shows, UTC.
    """

    now: datetime = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return what the clock shows."""
        return self.now

    def tick(self, step: timedelta = timedelta(minutes=1)) -> None:
        """Move the clock on (or back)."""
        self.now += step


@dataclass(slots=True)
class CountedUids:
    """Uids that count up, so tests read well and repeat."""

    last: int = field(default=0)

    def __call__(self) -> str:
        """Return the next uid: 32 hexadecimal digits."""
        self.last += 1
        return f"{self.last:032x}"


@dataclass(slots=True)
class LeapingClock:
    """A clock for providers on which every wait is over at once, and is remembered.

    Attributes:
        start: What it shows at second 0, UTC.
        seconds: How many have passed.
        waits: How long each wait was.
    """

    start: datetime = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
    seconds: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """Return what the clock shows."""
        return self.start + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Leap over some seconds."""
        self.waits.append(seconds)
        self.seconds += max(seconds, 0.0)
        await asyncio.sleep(0)
