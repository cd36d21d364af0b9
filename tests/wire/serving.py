"""Planning servers beside a test that waits: each has a thread and a loop of its own."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from tests.wire.planning_server import ASKED, SENT, Behaviour, Entry, PlanningServer

_PATIENCE = 30.0


@contextmanager
def served(
    behaviour: Behaviour = Behaviour(),  # noqa: B008
    tls: ssl.SSLContext | None = None,
) -> Iterator[PlanningServer]:
    """Serve for a block; the server's journal and behaviour can be looked at and changed."""
    ready: Future[tuple[PlanningServer, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        over = asyncio.Event()
        async with PlanningServer(behaviour, tls) as server:
            ready.set_result((server, asyncio.get_running_loop(), over))
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    server, loop, over = ready.result(_PATIENCE)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(_PATIENCE)


def reached(server: PlanningServer, event: str, count: int, since: int = 0) -> bool:
    """Whether the journal has so many entries of a kind, from one of its lines on."""
    return sum(each.event == event for each in server.entries[since:]) >= count


def awaited(
    met: Callable[[], object],
    what: str = "it",
    seconds: float = _PATIENCE,
    step: float = 0.001,
) -> None:
    """Wait until something is so (AssertionError if it never is)."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"{what} did not come in {seconds:g} s"
        time.sleep(step)


def asked_twice(entries: list[Entry]) -> list[str]:
    """Return the digests of requests that were sent again after their answer was."""
    answered: set[str] = set()
    again: list[str] = []
    for each in entries:
        if each.event == SENT and not each.fault:
            answered.add(each.digest)
        elif each.event == ASKED and each.digest in answered:
            again.append(each.digest)
    return again
