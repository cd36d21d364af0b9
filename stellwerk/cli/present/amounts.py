"""Sums of calls, durations and ages as people read them. What is unknown says so."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from stellwerk.analytics.provider_stats import Sum
from stellwerk.cli.figures import amount, dollars
from stellwerk.cli.present.copies import counted

UNKNOWN = "unknown"
_UNITS = ((86_400, "d", "day"), (3600, "h", "hour"), (60, "min", "minute"))


def cost(sum_: Sum) -> str:
    """Return what calls cost; a sum that lacks some of them is a lower bound."""
    return _bounded(sum_, dollars(sum_.known))


def tokens(sum_: Sum) -> str:
    """Return a number of tokens, as `cost` does."""
    return _bounded(sum_, amount(sum_.known))


def duration(time: timedelta) -> str:
    """Return how long something took; a clock that was set back counts as no time."""
    seconds = max(time.total_seconds(), 0.0)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def span(time: timedelta) -> str:
    """Return a stretch of time in its largest unit, as a table has room for: `3 d`."""
    number, sign, _ = _largest(time)
    return f"{number} {sign}" if sign else "now"


def ago(time: timedelta) -> str:
    """Return how long ago something was."""
    number, _, word = _largest(time)
    return f"{counted(number, word)} ago" if word else "just now"


def clock(at: datetime) -> str:
    """Return a moment as clocks here show it, or in UTC where they cannot."""
    with suppress(OverflowError):
        at = at.astimezone()
    return at.isoformat(" ", "minutes")[:16]


def sum_data(sum_: Sum) -> dict[str, int]:
    """Return a sum as JSON data: what is known, and how many calls it lacks."""
    return {"known": sum_.known, "unknown": sum_.unknown}


def _bounded(sum_: Sum, told: str) -> str:
    if not sum_.unknown:
        return told
    return f"≥{told}" if sum_.known else UNKNOWN


def _largest(time: timedelta) -> tuple[int, str, str]:
    """Return a time in the largest unit that it has one of, with the names of that."""
    seconds = int(time.total_seconds())
    for size, sign, word in _UNITS:
        if seconds >= size:
            return seconds // size, sign, word
    return 0, "", ""
