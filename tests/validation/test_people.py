"""People: nobody has more to do than time, and somebody does something."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.goal import Absence, Person
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import people
from tests.domain.plans import a_person
from tests.validation.notation import Example, examples, plan_of, told

CHECK = people.VALIDATOR
DAYS = st.dates(date(2025, 12, 1), date(2026, 3, 1))
OFF = st.lists(st.builds(Absence, DAYS, DAYS), max_size=4).map(tuple)
WEEKDAYS = st.lists(st.integers(1, 7), max_size=9).map(tuple)


@pytest.mark.parametrize("example", examples(people.__doc__), ids=lambda each: each.text)
def test_the_examples_of_the_docstring_are_true(example: Example):
    """Something is found in the bad ones, nothing in the good ones."""
    assert (not told(CHECK, example.text)) == example.good


def test_the_bad_examples_show_every_code():
    """So nobody has to guess what one looks like."""
    bad = [each.text for each in examples(people.__doc__) if not each.good]
    shown = {found.split()[0] for text in bad for found in told(CHECK, text)}
    assert shown == {code.code for code in CHECK.codes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p1 = 1 h, r1.1.1 = 900 h p1", []),
        ("until 2026-01-07, p1, r1.1.1 = 40 h p1", []),
        ("until 2026-01-07, p1, r1.1.1 = 40.5 h p1", ["SW410 p1"]),
        ("until 2026-01-07, p1 = 0 h, r1.1.1 = 1 h p1", ["SW410 p1"]),
        ("until 2025-12-01, p1, r1.1.1 = 1 h p1", ["SW410 p1"]),
        ("until 2026-01-07, p1, p2, r1.1.1 = 30 h p1, r1.1.2 = 30 h p2", []),
        ("until 2026-01-07, p1, r1.1.1 = 30 h p1, r1.1.2 = 30 h p1", ["SW410 p1"]),
        ("until 2026-01-07, p1, r1.1.1 = 30 h p1, r1.1.2 = 30 h p1 diverted", []),
        ("until 2026-01-07, p1, r1.1.1 = 30 h p1, r1.1.2 = 30 h p1 done", ["SW410 p1"]),
        ("until 2026-01-07, p1, r1 ? r2 | r3, r2.1.1 = 30 h p1, r3.1.1 = 30 h p1", []),
    ],
)
def test_hours_are_held_against_the_time_until_the_target(text: str, expected: list[str]):
    """Forty a week unless somebody says otherwise; of two ways the expected one."""
    assert told(CHECK, text) == expected


def test_the_message_tells_both_numbers():
    """And the hint both ways out."""
    plan = plan_of("until 2026-01-07, p1 = 20 h, r1.1.1 = 21.04 h p1")
    (finding,) = people.check(Subject(plan))
    numbers = "p1 Person p1 is assigned 21 hours until 2026-01-07, and has 20."
    assert finding.message == numbers
    assert "`stellwerk edit p1 --capacity HOURS`" in finding.hint
    assert finding.quote == "Person p1"


def test_absences_are_off_once_however_often_they_are_told():
    """Days that overlap, lie outside or run backwards are not counted twice."""
    week = date(2026, 1, 5), date(2026, 1, 11)
    off = (
        Absence(date(2026, 1, 6), date(2026, 1, 7)),
        Absence(date(2026, 1, 7), date(2026, 1, 8)),
        Absence(date(2026, 1, 9), date(2026, 1, 8)),
        Absence(date(2026, 1, 10), date.max),
        Absence(date.min, date(2025, 12, 31)),
    )
    person = replace(a_person(), capacity_hours=20.0, absences=off)
    assert people.hours_of(person, *week) == 8.0


@pytest.mark.parametrize(
    ("count", "assigned", "expected"), [(9, "", []), (10, "", ["SW411"]), (10, "p1", [])]
)
def test_nobody_being_assigned_is_told_from_ten_on(
    count: int, assigned: str, expected: list[str]
):
    """A single work package with somebody's name is enough; without people nothing is said."""
    text = f"r1.1.1-{count}, r1.1.1 = {assigned or '1 unit'}"
    assert told(CHECK, f"p1, {text}") == expected
    if not assigned:
        assert told(CHECK, text) == []


@given(first=DAYS, last=DAYS, weekdays=WEEKDAYS, off=OFF)
def test_hours_are_those_of_the_days_counted_one_by_one(
    first: date, last: date, weekdays: tuple[int, ...], off: tuple[Absence, ...]
):
    """Whoever works seven hours a week on one day works seven hours that day."""
    person = Person("p", 1, "P", a_person().born_at, capacity_hours=7.0, weekdays=weekdays)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    worked = sum(
        day.isoweekday() in weekdays and not any(o.first <= day <= o.last for o in off)
        for day in days
    )
    expected = worked * 7.0 / len(set(weekdays)) if weekdays else 0.0
    found = people.hours_of(replace(person, absences=off), first, last)
    assert found == pytest.approx(expected)
