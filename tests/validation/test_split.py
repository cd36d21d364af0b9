"""Split: work that is not divided, or given hours that its steps cannot fill."""

from __future__ import annotations

import pytest

from stellwerk.validation.validators import split
from tests.validation.samples import Work, codes, found, steps, subject, told

CHECK = split.VALIDATOR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Found it :: 41 hours", ["SW107"]),
        ("Found it :: 40 hours", []),
        ("Found it :: 60 hours | Open it :: 39 hours", ["SW107"]),
        ("Found it :: 60 hours | Open it :: 40 hours", []),
        ("9 x Sew :: 1 hours", ["SW108"]),
        ("8 x Sew :: 1 hours", []),
        ("8 x Sew :: 1 hours > Sell :: 1 hours", []),
        ("Water :: 31 hours, 6 steps | Build :: 31 hours", ["SW408"]),
        ("Water :: 30 hours, 3 steps | Build :: 31 hours", []),
        ("Water :: 35 hours, 7 steps | Build :: 31 hours", []),
    ],
)
def test_limits_are_where_they_are_drawn(text: str, expected: list[str]):
    """A week and six tenths of all; nine work packages; thirty hours and five for each step."""
    assert codes(CHECK, "split", text) == expected


def test_hard_work_may_take_its_time():
    """And work without steps is told by others."""
    hard = Work("Write it", steps("Write", "Read"), 36.0, grade=5)
    none = Work("Read it", None, 36.0)
    assert told(CHECK, subject([hard, none])) == []


def test_the_largest_is_named_with_its_hours_and_the_way_out():
    """As a command."""
    (finding,) = found(CHECK, "split", "Found it :: 90 hours | Open it :: 10 hours")
    assert finding.message == "r1.1.1 Found it holds 90 of the plan's 100 hours."
    assert "`stellwerk expand r1.1.1`" in finding.hint
