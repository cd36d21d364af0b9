"""No run goes beyond its limits, whatever its parallel calls come to cost."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import Usage
from stellwerk.planning.runs import NO_LIMITS, Limits
from stellwerk.providers.budget import Amount, Budget
from tests.strategies import MODEST

CALLS = st.lists(st.tuples(st.integers(1, 500), st.integers(0, 500)), max_size=25)


async def _all(budget: Budget, calls: list[tuple[int, int]]) -> int:
    """Make calls at once that reserve and use tokens; return how many were made."""
    made = 0

    async def call(most: int, used: int) -> None:
        nonlocal made
        async with budget.reserve(most, most) as reservation:
            await asyncio.sleep(0)
            made += 1
            used = min(used, most)
            reservation.settle(Usage(used, 0, used))

    await asyncio.gather(*(call(*each) for each in calls), return_exceptions=True)
    return made


@MODEST
@given(CALLS, st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 20))
def test_the_limits_hold(calls: list[tuple[int, int]], tokens: int, cost: int, most: int):
    """Tokens, cost and calls, all at once."""
    budget = Budget(Limits(cost, most, tokens))
    made = asyncio.run(_all(budget, calls))
    assert budget.spent.tokens <= tokens
    assert budget.spent.micro <= cost
    assert budget.spent.calls == made <= most


@MODEST
@given(CALLS)
def test_without_limits_every_call_is_made(calls: list[tuple[int, int]]):
    """And counted."""
    budget = Budget(NO_LIMITS)
    assert asyncio.run(_all(budget, calls)) == len(calls)
    assert budget.spent == Amount(
        len(calls), *[sum(min(used, most) for most, used in calls)] * 2
    )


def test_a_call_waits_for_what_others_leave():
    """Two calls fit one after the other, though not their reservations together."""
    budget = Budget(Limits(tokens=150))
    assert asyncio.run(_all(budget, [(100, 20), (100, 20), (100, 20)])) == 3


@pytest.mark.parametrize(
    ("limits", "flag", "told"),
    [
        (
            Limits(calls=1),
            "--max-calls",
            "--max-calls 1: 1 used, and the next call may take 1.",
        ),
        (Limits(tokens=99), "--max-tokens", "99: 20 used, and the next call may take 100."),
        (Limits(cost_micro=99), "--max-cost", r"\$0.0001: \$0.0000 used, and"),
    ],
)
def test_the_error_names_the_limit_and_what_is_used(limits: Limits, flag: str, told: str):
    """And says how to go on."""
    budget = Budget(limits, Amount(1, 20, 30))

    async def call() -> None:
        async with budget.reserve(100, 100):
            raise AssertionError("it must not be sent")

    with pytest.raises(ModelError, match=told) as caught:
        asyncio.run(call())
    assert caught.value.kind is FailureKind.BUDGET
    assert caught.value.code == "budget"
    assert flag in caught.value.hint


def test_what_a_call_used_counts_as_its_most_if_nobody_knows():
    """A dropped connection may have been billed; a cancelled call was not made."""

    async def main() -> Amount:
        budget = Budget(NO_LIMITS)
        async with budget.reserve(100, 7):
            pass
        async with budget.reserve(100, 7) as told:
            told.settle(Usage())
        async with budget.reserve(100, 7) as cancelled:
            cancelled.cancel()
        return budget.spent

    assert asyncio.run(main()) == Amount(2, 200, 14)
