"""The stretch of time that a text sets itself."""

from __future__ import annotations

import pytest

from stellwerk.domain.spans import span_in


@pytest.mark.parametrize(
    ("text", "told", "days"),
    [
        ("Learn Spanish in 9 months", "9 months", 273),
        ("Learn Spanish within the next two weeks.", "two weeks", 14),
        ("Write a novel in half a year", "half a year", 182),
        ("Write a novel in a year and a half", "a year and a half", 546),
        ("Be done in only ten days", "ten days", 10),
        ("Spanisch in neun Monaten lernen", "neun Monaten", 273),
        ("Innerhalb von 2 Wochen umziehen", "2 Wochen", 14),
        ("Binnen eines Jahres", None, 0),
        ("In einem halben Jahr fit werden", "einem halben Jahr", 182),
        ("Run in the morning", None, 0),
        ("Sleep for nine months", None, 0),
        ("First in 3 weeks, then in 2 years", "3 weeks", 21),
    ],
)
def test_a_text_sets_itself_a_time(text: str, told: str | None, days: float):
    """Months are a twelfth of 52 weeks; what only lasts is no time set."""
    found = span_in(text)
    assert (found.told if found else None) == told
    assert (found.days if found else 0) == pytest.approx(days)
