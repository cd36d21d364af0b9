"""A wish is what somebody typed, cleaned, measured and in a known language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.limits import MAX_CONTEXT, MAX_GOAL_TEXT, MAX_TITLE
from stellwerk.domain.text import clean, one_line
from stellwerk.errors import UsageError
from stellwerk.planning.wish import LANGUAGES, wish_of
from tests.strategies import MODEST


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\x1b[31m\x1b[0m", "\u200b\u202e\x00", "#", "# #", "...", "→ !"]
)
def test_an_empty_goal_is_refused_with_an_example(text: str):
    """Control characters and punctuation alone are no goal."""
    with pytest.raises(UsageError, match="The goal is empty") as caught:
        wish_of(text)
    assert "stellwerk plan" in caught.value.hint


def test_the_first_line_is_the_goal_and_the_rest_its_description():
    """Blank lines around either are nobody's."""
    wish = wish_of("\n\n  Learn   to juggle \n\n\nFive balls.\n\nSoon.\n\n")
    assert (wish.title, wish.description) == ("Learn to juggle", "Five balls.\n\nSoon.")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("# Learn to juggle", "Learn to juggle"),
        ("###   Learn to juggle", "Learn to juggle"),
        ("#1 in juggling", "#1 in juggling"),
        ("#juggling for all", "#juggling for all"),
        ("Learn C#", "Learn C#"),
        ("####### Seven", "####### Seven"),
    ],
)
def test_a_markdown_title_is_a_title(line: str, title: str):
    """But a number sign is not always one."""
    assert wish_of(f"{line}\n\nmore").title == title


def test_control_characters_are_gone():
    """From the goal, its context and the names of people."""
    bad = "\x1b]0;t\x07a\x1b[31mb\x00\u202ec\x9b1m"
    wish = wish_of(f"{bad}\n{bad}", context=bad, people=(bad, "\x00", " "))
    assert (wish.title, wish.description, wish.context, wish.people) == (
        "abc",
        "abc",
        "abc",
        ("abc",),
    )


def test_a_goal_that_is_too_long_is_refused():
    """And so is too much context; what is just not too long is taken."""
    assert wish_of("a" * MAX_GOAL_TEXT).title.endswith("…")
    assert len(wish_of("a", context="b" * MAX_CONTEXT).context) == MAX_CONTEXT
    with pytest.raises(UsageError, match="goal has 20,001 characters; at most 20,000"):
        wish_of("a" * (MAX_GOAL_TEXT + 1))
    with pytest.raises(UsageError, match="goal has 1,000,000 characters"):
        wish_of("a" * 1_000_000)
    with pytest.raises(UsageError, match="context has 200,001 characters"):
        wish_of("a", context="b" * (MAX_CONTEXT + 1))


def test_a_long_first_line_is_cut_and_kept_in_the_description():
    """Nothing that was typed is lost."""
    line = "learn to juggle " * 30
    wish = wish_of(f"{line}\nmore")
    assert len(wish.title) <= MAX_TITLE
    assert wish.title.endswith("…")
    assert wish.description == f"{line.strip()}\n\nmore"


GERMAN = (
    "Winterreifen wechseln",
    "WINTERREIFEN WECHSELN",
    "Spanisch B1 in neun Monaten",
    "Zahnarzttermin machen",
    "Jonglieren lernen",
    "Kuchen backen",
    "Keller aufräumen",
    "Hochzeit mit 80 Gästen",
    "Fahrrad reparieren",
    "Reisepass verlängern",
    "Umzug nach Berlin",
    "Handyvertrag kündigen",
    "marathon laufen",
    "Wohnungssuche",
    "Steuererklärung abgeben",
    "Tomaten ziehen",
    "Italienisch auf A2",
    "Bis Juni fit werden",
    "Rasen mähen",
    "Buch veröffentlichen",
    "Eine App bauen",
    "Klavier spielen lernen",
    "Paket abholen",
    "Firma gründen",
    "Hochzeitsplanung",
    "Fenster putzen",
    "Mit dem Rauchen aufhören",
    "Rom sehen",
    "Geschenk besorgen",
    "Haus bauen",
)
ENGLISH = (
    "Learn to juggle",
    "LEARN GERMAN",
    "Run a marathon",
    "Grow tomatoes",
    "Winter garden",
    "Buy a birthday present",
    "Book a dentist",
    "Spanish in 6 months",
    "Renovate kitchen",
    "Kitchen renovation",
    "Die happy",
    "Visit Berlin",
    "Quit smoking",
    "Fix bike",
    "Sell house",
    "Become a nurse",
    "Wedding for 80 guests",
    "Plant a garden",
    "Feed chicken",
    "Paint the oven",
    "Play chess",
    "Read War and Peace",
    "Finish thesis",
    "Train for a half marathon",
    "Migrate to PostgreSQL",
    "Get fit",
    "Open a kindergarten",
    "Help children",
    "Cook dinner for six",
    "Swim the channel",
)


@pytest.mark.parametrize("goal", GERMAN)
def test_a_short_german_goal_is_german(goal: str):
    """By its verb at the end, its endings, its number words or its umlauts."""
    assert wish_of(goal).language == "de"


@pytest.mark.parametrize("goal", ENGLISH)
def test_a_short_english_goal_is_english(goal: str):
    """Also if it ends like a German verb, or holds a word that German has too."""
    assert wish_of(goal).language == "en"


@pytest.mark.parametrize(
    ("goal", "language"),
    [
        ("Learn Spanish to B1 in 9 months", "en"),
        ("Launch a SaaS product", "en"),
        ("Fluent in Spanish", "en"),
        ("Marathon in 2027", "en"),
        ("Garden", "en"),
        ("旅行", "en"),
        ("Run a marathon under four hours", "en"),
        ("In 9 Monaten Spanisch bis B1 lernen", "de"),
        ("Ein SaaS-Produkt auf den Markt bringen", "de"),
        ("Bäckerei", "de"),
        ("Einen Marathon laufen", "de"),
        ("Haus bauen", "de"),
        ("Die Küche renovieren", "de"),
    ],
)
def test_the_language_is_told_by_small_words_and_umlauts(goal: str, language: str):
    """Words that both languages have decide nothing; in doubt it is English."""
    assert wish_of(goal).language == language


def test_a_language_that_is_given_is_taken():
    """Whatever the words look like; one that no plan is written in is refused."""
    assert wish_of("Haus bauen", language="en").language == "en"
    with pytest.raises(UsageError, match="not written in 'fr' yet") as caught:
        wish_of("Construire", language="fr")
    assert all(language in caught.value.hint for language in LANGUAGES)


def test_an_unknown_size_is_refused():
    """The hint names those there are."""
    with pytest.raises(UsageError, match="no plan size 'huge'") as caught:
        wish_of("a", size="huge")
    assert caught.value.hint == "Use auto, small, standard, detailed."


@MODEST
@given(st.text(max_size=300), st.text(max_size=50))
def test_any_text_is_a_clean_wish_or_refused(text: str, context: str):
    """Title on one line and short enough; only a text without any letter is refused."""
    try:
        wish = wish_of(text, context=context)
    except UsageError:
        wish = wish_of(f"a{text}", context=context)
    assert wish.title == one_line(wish.title)
    assert 0 < len(wish.title) <= MAX_TITLE
    assert wish.description == clean(wish.description)
    assert wish.language in LANGUAGES
