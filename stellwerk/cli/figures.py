"""Numbers as people say them: how many, how long, how much."""

from __future__ import annotations

from typing import Final

_DOLLAR: Final = 1_000_000


def several(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 call`, `2 calls`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def amount(number: int) -> str:
    """Return a number in few digits: `800`, `12.4k`, `1.3M`."""
    if number < 1_000:
        return str(number)
    if number < 99_950:
        return f"{number / 1_000:.1f}k"
    if number < 999_500:
        return f"{number / 1_000:.0f}k"
    return f"{number / 1_000_000:.1f}M"


def span(seconds: float) -> str:
    """Return a time in its two largest units: `4 s`, `1 min 20 s`, `1 h 5 min`."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    minutes = whole % 3600 // 60
    return f"{whole // 3600} h" + (f" {minutes} min" if minutes else "")


def about(seconds: float) -> str:
    """Return a time as roughly as an estimate deserves."""
    step = 5 if seconds < 60 else 10 if seconds < 600 else 60
    return span(max(round(seconds / step), 1) * step)


def grade(score: float) -> str:
    """Return a quality score in two decimals, rounded down: only what is perfect is `1.00`."""
    return f"{int(score * 100 + 1e-6) / 100:.2f}"


def dollars(micro: int) -> str:
    """Return an amount of money: `$0`, `$0.0132`, `$2.40`."""
    if micro == 0:
        return "$0"
    if micro < 100:
        return "<$0.0001"
    return f"${micro / _DOLLAR:.4f}" if micro < _DOLLAR else f"${micro / _DOLLAR:,.2f}"
