"""The horizon: effort fits the time there is, and the size of the goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Plan
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import horizon
from tests.validation.samples import NOW, Work, codes, found, subject

CHECK = horizon.VALIDATOR


def planned(goal: str, count: int, hours: float) -> Plan:
    """Return a plan of some work packages that take so many hours in all."""
    return subject([Work(hours=hours / count)] * count, goal=goal).plan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sing in 9 weeks :: 4 hours", ["SW504"]),
        ("Sing in 9 weeks :: 5 hours", []),
        ("Sing in 7 weeks :: 1 hours", []),
        ("Sing in 2 weeks :: 121 hours", ["SW504"]),
        ("Sing in 2 weeks :: 120 hours", []),
        ("Sing in 3 days :: 90 hours", []),
        ("Spanisch lernen bis B1 in neun Monaten :: 12 hours", ["SW504"]),
        ("Spanisch lernen bis B1 in neun Monaten :: 400 hours", []),
        ("Sing :: 2000 hours", []),
    ],
)
def test_hours_are_held_against_the_time_that_the_goal_names(text: str, expected: list[str]):
    """Sixty a week are the most, half of one the least where there are months."""
    assert codes(CHECK, "effort", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Run a marathon :: 24 hours", ["SW504"]),
        ("Run a marathon :: 25 hours", []),
        ("Eine Firma gründen :: 12 hours", ["SW504"]),
        ("Buy a present :: 61 hours", ["SW504"]),
        ("Ein Geschenk kaufen :: 61 hours", ["SW504"]),
        ("Buy a present :: 60 hours", []),
        ("Buy a house :: 300 hours", []),
        ("Book a dentist :: 3 hours", []),
        ("Buy all that the choir needs for its journey to Oslo :: 300 hours", []),
        ("Sing in a choir :: 3 hours", []),
    ],
)
def test_hours_are_held_against_the_kind_of_goal(text: str, expected: list[str]):
    """Large goals and errands are told by their words; most goals are neither."""
    assert codes(CHECK, "effort", text) == expected


def test_work_packages_are_counted_too():
    """A large goal has some, an errand not many."""
    few, many = planned("Run a marathon", 3, 90.0), planned("Buy a present", 13, 13.0)
    reasons = [each.message for plan in (few, many) for each in CHECK(Subject(plan))]
    assert [told.partition(": ")[2] for told in reasons] == [
        "a goal with “marathon” in it takes more than its 3 work packages.",
        "an errand takes fewer than 13 work packages.",
    ]
    assert list(CHECK(Subject(planned("Buy a present", 12, 13.0)))) == []


def test_a_target_date_beats_what_the_words_say():
    """And a past one leaves a day."""
    plan = planned("Sing in 9 weeks", 6, 70.0)
    soon = replace(plan, goal=replace(plan.goal, target_date=date(2026, 1, 8)))
    past = replace(plan, goal=replace(plan.goal, target_date=date(2020, 1, 1)))
    assert [each.code for each in CHECK(Subject(soon))] == ["SW504"]
    assert list(CHECK(Subject(past))) == []
    assert list(CHECK(Subject(plan))) == []


def test_several_people_have_several_weeks():
    """Each of them sixty hours."""
    plan = planned("Sing in 2 weeks", 6, 200.0)
    helped = replace(plan, people=tuple(Person(f"p{n}", n, "Ada", NOW) for n in (1, 2)))
    assert [each.code for each in CHECK(Subject(plan))] == ["SW504"]
    assert list(CHECK(Subject(helped))) == []


def test_the_goal_is_quoted():
    """The finding is about the plan as a whole."""
    (finding,) = found(CHECK, "effort", "Run a marathon :: 12 hours")
    assert (finding.ref, finding.quote) == ("", "Run a marathon")
    assert finding.message.startswith("“Run a marathon” is planned with 12 hours: ")
