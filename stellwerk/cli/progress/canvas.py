"""The last lines of a terminal, drawn over and over; what others write appears above them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple, TextIO

_HIDE_CURSOR: Final = "\x1b[?25l"
_SHOW_CURSOR: Final = "\x1b[?25h"
_NO_WRAPPING: Final = "\x1b[?7l"
_WRAPPING: Final = "\x1b[?7h"
_CLEAR_LINE: Final = "\x1b[K"
_CLEAR_BELOW: Final = "\x1b[J"


class Size(NamedTuple):
    """Of a terminal, in cells."""

    columns: int
    lines: int


def size_of(stream: TextIO) -> Size:
    """Return the size of the terminal that a stream is, 80 by 24 if it does not say."""
    try:
        columns, lines = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        columns, lines = 0, 0
    return Size(columns or 80, lines or 24)


class Canvas:
    """Draws lines, each time over those of the last time.

    Between two drawings the cursor rests at the start of the first line: there it stays with
    its text when the terminal is resized and folds its lines anew.

    It stands in for the stream while it is in use: what is written to it appears above
    the lines, which come back with the next drawing.

    Args:
        stream: The terminal.
        size: Returns its size.
    """

    def __init__(self, stream: TextIO, size: Callable[[], Size]) -> None:
        self._stream, self._size = stream, size
        self._lines: tuple[str, ...] = ()
        self._drawn = Size(0, 0)
        self._begun = False
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        """Be like the terminal in all else."""
        return getattr(self._stream, name)

    def draw(self, picture: Callable[[Size], list[str]]) -> None:
        """Draw the lines of a picture for the terminal's size, as one write."""
        with self._lock:
            if self._begun:
                return
            size = self._size()
            resized = _CLEAR_BELOW if self._lines and size != self._drawn else ""
            if not (lines := picture(size)):
                self.erase()
                return
            body = "\n".join(f"{line}{_CLEAR_LINE}" for line in lines)
            back = f"\r\x1b[{len(lines) - 1}A" if len(lines) > 1 else "\r"
            frame = f"\r{resized}{body}{_CLEAR_BELOW}{back}"
            self._send(f"{_HIDE_CURSOR}{_NO_WRAPPING}{frame}{_WRAPPING}")
            self._lines, self._drawn = tuple(lines), size

    def erase(self) -> None:
        """Take the lines away and give the cursor back."""
        with self._lock:
            if self._lines:
                self._send(f"\r{_CLEAR_BELOW}{_SHOW_CURSOR}")
                self._lines = ()

    def write(self, text: str) -> int:
        """Write text above the lines; nothing is drawn until its last line has ended."""
        with self._lock:
            self.erase()
            if text:
                self._begun = not text.endswith("\n")
            return self._stream.write(text)

    def _send(self, text: str) -> None:
        with suppress(OSError):  # a terminal that has gone does not end the run
            self._stream.write(text)
            self._stream.flush()
