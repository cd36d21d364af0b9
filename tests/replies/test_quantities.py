"""Quantities are read to their end, or not at all."""

from __future__ import annotations

import pytest

from stellwerk.planning.replies import quantities, scalars


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("1.234,5", 1234.5, 1234.5),
        ("1,234.5", 1234.5, 1234.5),
        ("0,75", 0.75, 0.75),
        ("0.750", 0.75, 0.75),
        ("1.234", 1.234, 1234),
        ("1,234", 1234, 1.234),
        ("12.345.678", 12345678, 12345678),
        ("1'000", 1000, 1000),
        (" +5 ", 5, 5),
        ("-3,5", -3.5, -3.5),
        (".5", 0.5, 0.5),
        ("7.", 7, 7),
        ("1,2,3", None, None),
        ("1.2.345", None, None),
        ("1.2,5", None, None),
        ("1e5", None, None),
        ("1..2", None, None),
        ("", None, None),
        ("-", None, None),
        ("9" * 101, None, None),
    ],
)
def test_numbers_are_read_as_both_languages_write_them(
    text: str, english: float | None, german: float | None
):
    """They differ in one case alone."""
    assert quantities.number(text) == english
    assert quantities.number(text, "de") == german


@pytest.mark.parametrize(
    ("text", "hours", "days"),
    [
        ("30 Minuten", 0.5, 30 / 1440),
        ("90min", 1.5, 90 / 1440),
        ("1 h 30 min", 1.5, 90 / 1440),
        ("1 h, 30 min", 1.5, 90 / 1440),
        ("1,5 Std.", 1.5, 1.5 / 24),
        ("eine Stunde", 1, 1 / 24),
        ("a day", 8, 1),
        ("ca. 2 Arbeitstage", 16, 2),
        ("2-4 Tage", 24, 3),
        ("2 bis 4 Tage", 24, 3),
        ("1 week", 40, 7),
        ("1 Woche und 2 Tage", 56, 9),
        ("2 months", 320, 60),
        ("PT1H30M", 1.5, 90 / 1440),
        ("P1W", 40, 7),
        ("P", None, None),
        ("3", None, None),
        ("h", None, None),
        ("half a day", None, None),
        ("3 hours per week", None, None),
        ("2 days (16 h)", None, None),
        ("-2 days", None, None),
        ("1,2,3 h", None, None),
        ("", None, None),
        ("1 h" + " " * 200, None, None),
    ],
)
def test_times_are_working_hours_or_calendar_days(
    text: str, hours: float | None, days: float | None
):
    """A week has forty hours of work and seven days."""
    assert quantities.hours(text) == pytest.approx(hours)
    assert quantities.calendar_days(text) == pytest.approx(days)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("60 %", 0.6),
        ("12,5 Prozent", 0.125),
        ("about 60%", 0.6),
        ("2/10", 0.2),
        ("7 von 10", 0.7),
        ("7 out of 10", 0.7),
        ("1 in 4", 0.25),
        ("5/0", None),
        ("0.6", None),
        ("60 % or more", None),
        ("", None),
    ],
)
def test_shares_are_parts_of_one(text: str, share: float | None):
    """In per cent or as a fraction; a number alone is no share."""
    assert quantities.share(text) == share


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("~5", 5),
        ("ca. 3 Einheiten", 3),
        ("Length: 4 units", 4),
        ("2-3", 2.5),
        ("2 to 4", 3),
        ("8 apples", None),
        ("short", None),
        ("3 4", None),
        ("x" * 101, None),
    ],
)
def test_words_that_say_nothing_stand_around_a_number(text: str, number: float | None):
    """Any other word makes it something else."""
    assert quantities.plain_number(text) == number


def test_halves_are_rounded_up():
    """Not to the even neighbour."""
    assert [scalars.rounded(value) for value in (0.4, 0.5, 1.5, 2.5, -0.5)] == [
        0,
        1,
        2,
        3,
        0,
    ]
