"""Progress on a terminal: a block that moves while the run goes on, and is gone afterwards.

Events only change what is known; a thread draws ten times a second, so that time passes
on the screen when nothing else happens.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final, cast

from stellwerk.cli.charset import charset
from stellwerk.cli.desk import Desk
from stellwerk.cli.folding import folded
from stellwerk.cli.ink import Ink
from stellwerk.cli.progress.block import ASCII, UNICODE, Look, block
from stellwerk.cli.progress.canvas import Canvas, Size, size_of
from stellwerk.cli.progress.plain import PlainTeller, Say, used
from stellwerk.planning.events import Emit, Event
from stellwerk.railway.glyphs import UNICODE as UNICODE_TRACKS

_TICK: Final = 0.1
_PARTING: Final = (signal.SIGTERM, signal.SIGTSTP)
"""Signals that leave the terminal to somebody else."""


class LiveTeller(AbstractContextManager[Emit]):
    """Shows how far a run is until it is left, then says what it used.

    Args:
        canvas: Where it is shown.
        look: How it is drawn.
        say: Says a sentence.
        verbose: Whether events are told in sentences as well, above the block.
        now: Seconds on a clock that never goes back.
    """

    def __init__(
        self,
        canvas: Canvas,
        look: Look,
        say: Say,
        *,
        verbose: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._canvas, self._look, self._say, self._now = canvas, look, say, now
        self._teller = PlainTeller(say if verbose else _unsaid, now)
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._keep_drawing, daemon=True)
        self._signals = _Signals(canvas.erase)

    def __enter__(self) -> Emit:
        """Take the terminal; return what hears the events."""
        self._stream, sys.stderr = sys.stderr, cast("Any", self._canvas)
        self._signals.catch()
        self._thread.start()
        return self

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        self._teller(event)

    def __exit__(self, *error: object) -> None:
        """Leave the terminal as it was, whatever happened, and say what the run used."""
        try:
            self._left.set()
            self._thread.join()
        finally:
            self._canvas.erase()
            sys.stderr = self._stream
            self._signals.release()
        if told := used(self._teller.progress, self._now()):
            self._say(told)

    def draw(self) -> None:
        """Draw the block as it is now."""
        progress, at = self._teller.progress, self._now()
        if progress.began is not None:
            self._canvas.draw(lambda size: block(progress, at, size, self._look))

    def _keep_drawing(self) -> None:
        while not self._left.wait(_TICK):
            self.draw()


class _Signals:
    """Clears the terminal before a signal ends or stops the process."""

    def __init__(self, clear: Callable[[], None]) -> None:
        self._clear = clear
        self._caught: list[signal.Signals] = []

    def catch(self) -> None:
        """Listen for signals that nobody listens for."""
        if threading.current_thread() is threading.main_thread():
            self._caught = [
                each for each in _PARTING if signal.getsignal(each) is signal.SIG_DFL
            ]
        for each in self._caught:
            signal.signal(each, self._part)

    def release(self) -> None:
        """Listen no longer."""
        for each in self._caught:
            signal.signal(each, signal.SIG_DFL)

    def _part(self, number: int, frame: object) -> None:
        """Do what the signal does by itself; a process that was stopped goes on here."""
        del frame
        self._clear()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        signal.signal(number, self._part)


def live(desk: Desk) -> LiveTeller:
    """Return the live form on standard error, which is a terminal."""
    stream = sys.stderr
    fancy = charset(desk) is UNICODE_TRACKS and "utf" in (stream.encoding or "").lower()
    look = Look(UNICODE if fancy else ASCII, Ink(stream))

    def say(text: str, *, level: int = 0) -> None:
        desk.say(folded(text, size_of(stream).columns), level=level)

    def size() -> Size:
        return size_of(stream)

    return LiveTeller(Canvas(stream, size), look, say, verbose=desk.verbose > 0)


def _unsaid(text: str, *, level: int = 0) -> None:
    del text, level
