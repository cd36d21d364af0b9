"""Time and identity that a test decides."""

from __future__ import annotations

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
