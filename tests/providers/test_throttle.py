"""Fewer calls at once after a 429, slowly more again; never more than allowed."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.providers.throttle import Throttle
from stellwerk.testing.clock import LeapingClock
from tests.strategies import MODEST


def test_no_more_calls_run_at_once_than_allowed():
    """The others wait for a slot."""
    peak = running = 0

    async def call(throttle: Throttle) -> None:
        nonlocal peak, running
        async with throttle.slot():
            running += 1
            peak = max(peak, running)
            await asyncio.sleep(0)
            running -= 1

    async def main() -> None:
        throttle = Throttle(3, LeapingClock())
        await asyncio.gather(*(call(throttle) for _ in range(20)))

    asyncio.run(main())
    assert peak == 3


def test_one_provider_that_is_rushed_slows_all_its_calls():
    """None is sent before the time it asked for has passed."""

    async def main() -> tuple[float, list[float]]:
        clock = LeapingClock()
        throttle = Throttle(4, clock)
        async with throttle.slot() as since:
            throttle.slow(since, 12.0)
        until = clock.seconds + 12.0
        begun = []
        for _ in range(3):
            async with throttle.slot():
                begun.append(clock.seconds)
        return until, begun

    until, begun = asyncio.run(main())
    assert all(at >= until for at in begun)


def test_a_burst_of_429_slows_once():
    """Calls that were sent before the slowing do not slow again."""

    async def main() -> list[int]:
        throttle = Throttle(10, LeapingClock())
        async with throttle.slot() as one, throttle.slot() as other:
            throttle.slow(one)
            first = throttle.limit
            throttle.slow(other)
        async with throttle.slot() as later:
            throttle.slow(later)
        return [first, throttle.limit]

    assert asyncio.run(main()) == [7, 4]


@MODEST
@given(st.integers(1, 20), st.lists(st.booleans(), max_size=60))
def test_the_limit_stays_between_one_and_the_most(most: int, calls: list[bool]):
    """Whatever comes; and calls that go well bring it back."""

    async def main() -> None:
        throttle = Throttle(most, LeapingClock())
        for well in calls:
            async with throttle.slot() as since:
                throttle.ease() if well else throttle.slow(since)
            assert 1 <= throttle.limit <= most
        for _ in range(most * most + 1):
            throttle.ease()
        assert throttle.limit == most

    asyncio.run(main())


def test_a_long_wait_is_not_waited_for_with_a_slot():
    """Whoever asks decides whether to wait, and the slot is free again."""

    async def main() -> tuple[ModelError, list[float]]:
        clock = LeapingClock()
        throttle = Throttle(1, clock)
        async with throttle.slot() as since:
            throttle.slow(since, 3600.0)
        with pytest.raises(ModelError) as caught:
            async with throttle.slot():
                raise AssertionError("it must not be sent")
        clock.seconds += 3600
        async with throttle.slot():
            return caught.value, clock.waits

    error, waits = asyncio.run(main())
    assert (error.kind, error.retry_after) == (FailureKind.RATE_LIMITED, 3600.0)
    assert waits == []
