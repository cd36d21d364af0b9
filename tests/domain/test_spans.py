"""The stretch of time that a text sets itself."""

from __future__ import annotations

import pytest

from stellwerk.domain.spans import number_of, span_in, weeks_of


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


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("12", "en", 12),
        ("2,5", "de", 2.5),
        ("1.200", "de", 1200),
        ("twenty-one", "en", 21),
        ("two hundred and fifty", "en", 250),
        ("three thousand five hundred", "en", 3500),
        ("a dozen", "en", 12),
        ("a half", "en", 0.5),
        ("half a hundred", "en", 50),
        ("a great many", "en", None),
        ("neun", "de", 9),
        ("einundzwanzig", "de", 21),
        ("tausend", "de", 1000),
        ("zweihundertfünfzig", "de", 250),
        ("dreitausendzweihundert", "de", 3200),
        ("hundertundeins", "de", None),
        ("vieltausend", "de", None),
        ("zweiundviel", "de", None),
    ],
)
def test_number_words_are_read_in_two_languages(
    text: str, language: str, number: float | None
):
    """Words that are none are no number, not a part of one."""
    assert number_of(text, language) == number


@pytest.mark.parametrize(
    ("span", "language", "weeks"),
    [
        ("two weeks", "en", 2),
        ("two and a half weeks", "en", 2.5),
        ("a couple of weeks", "en", 2),
        ("a few weeks", "en", 3),
        ("ein paar Wochen", "de", 2),
        ("anderthalb Jahre", "de", 78),
        ("nine minutes", "en", None),
        ("weeks", "en", None),
        ("many weeks", "en", None),
    ],
)
def test_a_stretch_of_time_is_counted_in_weeks(span: str, language: str, weeks: float | None):
    """What has no number or no unit is none."""
    assert weeks_of(span, language) == weeks
