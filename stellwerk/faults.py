"""Named points around each write, rename and fsync, where a test can make a process die.

Code that makes something last calls `reach` before and after each step that a crash could
cut short. In a run nothing listens, and reaching a point costs one comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

POINTS: Final[Mapping[str, str]] = {
    "store.begun": "a write transaction was begun, nothing is written",
    "store.written": "all rows of a transaction are written, it is not committed",
    "store.committed": "a transaction is committed, nobody was told",
}
"""Every point by name, with what is true when it is reached."""

_listener: Callable[[str], None] | None = None


def reach(point: str) -> None:
    """Say that a point of `POINTS` is reached."""
    if _listener is not None:
        if point not in POINTS:
            msg = f"There is no point {point!r}."
            raise KeyError(msg)
        _listener(point)


def listen(listener: Callable[[str], None] | None) -> None:
    """Call a listener at every point from now on, or nobody."""
    global _listener  # noqa: PLW0603  (one process, one listener)
    _listener = listener
