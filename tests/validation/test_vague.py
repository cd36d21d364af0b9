"""Vague lines: no word is their own; a number, a name or a tool is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.validation.lexicon import FILLER, NUMBERS
from stellwerk.validation.validators import vague
from stellwerk.validation.wording import STEM, Topics, content_words, says_nothing
from tests.validation.samples import codes, found

CHECK = vague.VALIDATOR
CODES = {"steps": "SW306", "criteria": "SW307", "risks": "SW310", "summary": "SW312"}
WORDS = st.sampled_from(
    (
        "do",
        "the",
        "research",
        "cake",
        "cakes",
        "Bake-off",
        "20",
        "two",
        "a/b",
        "oven’s",
        "–",
        "ß",
    )
)
LINES = st.lists(WORDS, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("part", "text", "language"),
    [
        ("steps", "Make a plan", "en"),
        ("steps", "Sew the sails", "en"),
        ("steps", "Alles gut vorbereiten", "de"),
        ("steps", "Recherche durchführen", "de"),
        ("criteria", "Everything is ready", "en"),
        ("criteria", "Alle Ziele sind erreicht", "de"),
        ("criteria", "The sails are ready", "en"),
        ("risks", "Delays → start early", "en"),
        ("risks", "Zu wenig Zeit → früher anfangen", "de"),
        ("summary", "It is important to do this well. The sails are needed.", "en"),
    ],
)
def test_a_line_that_fits_every_project_is_told(part: str, text: str, language: str):
    """Whoever repeats only the title says nothing either."""
    assert codes(CHECK, part, text, language) == [CODES[part]]


@pytest.mark.parametrize(
    ("part", "text", "language"),
    [
        ("steps", "Eine Wärmepumpe bestellen", "de"),
        ("steps", "Ask Anna", "en"),
        ("steps", "Run `pytest`", "en"),
        ("steps", "!!!", "en"),
        ("criteria", "All 20 tests pass", "en"),
        ("criteria", "Two people have reviewed it", "en"),
        ("criteria", "Drei Personen haben es geprüft", "de"),
        ("criteria", "The deviation is below 5 %", "en"),
        ("risks", "The mast breaks → plan enough time", "en"),
        ("summary", "It is important to do this well. The mast is of ash.", "en"),
        ("summary", "", "en"),
    ],
)
def test_a_word_or_number_of_its_own_is_enough(part: str, text: str, language: str):
    """German compounds, names, tools; a number makes a criterion countable."""
    assert codes(CHECK, part, text, language) == []


def test_each_line_is_a_finding_with_its_words():
    """As they stand there."""
    (finding,) = found(CHECK, "steps", "Do research")
    assert finding.message == "r1.1.1: “Do research” says nothing of its own."
    assert finding.quote == "Do research"


@given(LINES, LINES)
def test_the_quick_look_agrees_with_the_closer_one(line: str, title: str):
    """Where it sees a word of its own, there is one."""
    taken = content_words(title)
    known = {"", *(word[:STEM] for word in taken)}
    if Topics().beyond(known, line):
        assert not says_nothing(line, taken)


def test_numbers_are_no_filler():
    """Or no line could be made countable by one."""
    assert not NUMBERS & FILLER
