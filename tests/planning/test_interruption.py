"""Ctrl-C cancels what is run, once, and lets it end in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from stellwerk.planning.interruption import Stop, run


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Hear Ctrl-C, even where the tests were started deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press(times: int = 1) -> None:
    """Press Ctrl-C."""
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGINT)


async def interrupted(told: list[str], times: int) -> None:
    """Wait for ever; press Ctrl-C at once and again while ending."""
    asyncio.get_running_loop().call_later(0.01, press)
    try:
        await asyncio.sleep(60)
    finally:
        press(times)
        await asyncio.sleep(0.01)
        told.append("ended")


def test_what_comes_of_it_is_returned():
    """And errors come through."""

    async def fine() -> int:
        return 3

    async def wrong() -> int:
        raise KeyError

    assert run(fine()) == 3
    with pytest.raises(KeyError):
        run(wrong())


@pytest.mark.parametrize("times", [0, 1, 5])
def test_ctrl_c_lets_it_end(times: int):
    """However often it is pressed; the next one can be interrupted, too."""
    told: list[str] = []
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run(interrupted(told, times))
    assert told == ["ended", "ended"]


def test_ctrl_c_is_what_it_was_once_the_first_has_been_heeded():
    """Until then it changes nothing for the caller either, who is about to say so."""
    with pytest.raises(KeyboardInterrupt):
        run(interrupted([], 0), patience=0.2)
    press()
    time.sleep(0.25)
    with pytest.raises(KeyboardInterrupt):
        press()


def test_who_waits_too_long_may_break_in():
    """What was ending is left where it is."""
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        run(interrupted(told, 1), patience=0)
    assert told == []


def test_what_cancels_itself_was_not_interrupted():
    """It stays what it is."""

    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run(cancelled())


def test_other_threads_run_without_it():
    """Signals belong to the main one."""
    told: list[str] = []

    async def say() -> None:
        told.append("said")

    thread = threading.Thread(target=lambda: run(say()))
    thread.start()
    thread.join()
    assert told == ["said"]


def test_another_thread_stops_a_run_and_each_that_would_begin():
    """The run may clean up; who is stopped is told as by Ctrl-C."""
    stop, told = Stop(), list[str]()

    async def working() -> None:
        try:
            told.append("began")
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            told.append("ended")

    def work() -> None:
        with stop.heeded():
            for _ in range(2):
                try:
                    run(working())
                except KeyboardInterrupt:
                    told.append("stopped")

    thread = threading.Thread(target=work)
    thread.start()
    while not told:
        time.sleep(0.001)
    stop.request()
    thread.join(10)
    assert told == ["began", "ended", "stopped", "stopped"]


def test_a_stop_that_nobody_requests_changes_nothing():
    """What cancels itself was not stopped."""

    async def fine() -> int:
        return 3

    async def gone() -> None:
        raise asyncio.CancelledError

    with Stop().heeded():
        assert run(fine()) == 3
        with pytest.raises(asyncio.CancelledError):
            run(gone())
