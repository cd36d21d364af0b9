"""Running something asynchronous from where a loop may be running already."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from threading import Thread
from typing import Any, Final, TypeVar

T = TypeVar("T")
_GRACE: Final = 0.7


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine, run by a loop of its own in a thread of its own.

    If the wait for it is interrupted, it is cancelled; nothing waits longer for it than
    a moment.
    """
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="links", daemon=True)
    thread.start()
    try:
        return asyncio.run_coroutine_threadsafe(work, loop).result()
    finally:
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(_wind_up(), loop).result(_GRACE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_GRACE)
        if not thread.is_alive():
            loop.close()


async def _wind_up() -> None:
    """End whatever is still under way."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()
