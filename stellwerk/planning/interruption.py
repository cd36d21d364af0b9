"""Ending a run before its end: by Ctrl-C, however often it is pressed, or by another thread."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any, Final, TypeVar

Result = TypeVar("Result")


class Stop:
    """Ends runs of one thread when another one says so: what Ctrl-C is to a process."""

    def __init__(self) -> None:
        self.requested = False
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None

    def request(self) -> None:
        """End the run that goes on, and each that would begin."""
        with self._lock:
            self.requested = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Let runs of this thread heed it."""
        token = _STOP.set(self)
        try:
            yield
        finally:
            _STOP.reset(token)

    async def watching(self, main: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine in the task that is cancelled."""
        with self._lock:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            if self.requested:
                main.close()
                raise asyncio.CancelledError
            return await main
        finally:
            with self._lock:
                self._loop = self._task = None


_STOP: ContextVar[Stop | None] = ContextVar("_STOP", default=None)
PATIENCE: Final = 2.0
"""For so many seconds after the first Ctrl-C others change nothing."""


def run(main: Coroutine[Any, Any, Result], patience: float = PATIENCE) -> Result:
    """Run a coroutine to its end, as `asyncio.run` does; Ctrl-C cancels it.

    There a second Ctrl-C breaks into the loop wherever it is, which can leave it waiting for
    ever for what it was about to wake. Here others change nothing while the first is heeded,
    and its caller says so.

    Args:
        main: What is run.
        patience: Seconds after which one more Ctrl-C breaks in all the same.

    Raises:
        KeyboardInterrupt: It was cancelled so.
    """
    if stop := _STOP.get():
        try:
            return asyncio.run(stop.watching(main))
        except asyncio.CancelledError:
            if stop.requested:
                raise KeyboardInterrupt from None
            raise
    interrupt = _Interrupt(patience)
    if not interrupt.installed():
        return asyncio.run(main)
    try:
        with asyncio.Runner() as runner:
            return runner.run(interrupt.watching(main))
    except asyncio.CancelledError:
        if interrupt.since is None:
            raise
        raise KeyboardInterrupt from None
    finally:
        if interrupt.since is None:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class _Interrupt:
    """Hears Ctrl-C and cancels one task.

    Args:
        patience: As for `run`.
    """

    def __init__(self, patience: float) -> None:
        self.since: float | None = None
        self._patience = patience
        self._task: asyncio.Task[Any] | None = None

    def installed(self) -> bool:
        """Listen, unless somebody else does or this is no place for it."""
        listening = signal.getsignal(signal.SIGINT)
        free = listening is signal.default_int_handler
        free = free or isinstance(getattr(listening, "__self__", None), _Interrupt)
        if not free or threading.current_thread() is not threading.main_thread():
            return False
        signal.signal(signal.SIGINT, self._heard)
        return True

    async def watching(self, main: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine in the task that is cancelled."""
        self._task = asyncio.current_task()
        return await main

    def _heard(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        now = time.monotonic()
        if self.since is None and self._task is not None and not self._task.done():
            self.since = now
            self._task.cancel()
            self._task.get_loop().call_soon_threadsafe(lambda: None)  # wakes it
        elif self.since is None or now - self.since >= self._patience:
            raise KeyboardInterrupt
