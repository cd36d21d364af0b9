"""Language: notes speak that of their plan."""

from __future__ import annotations

import pytest

from stellwerk.domain.notes import Part
from stellwerk.validation.validators import language
from tests.validation.samples import Work, codes, found, steps, subject, told

CHECK = language.VALIDATOR


@pytest.mark.parametrize(
    ("line", "plan", "expected"),
    [
        ("Das Team und die Band sind mit dem Bus nach Graz gefahren", "en", ["SW507"]),
        ("Reserva el salón con las mesas para los invitados del domingo", "en", ["SW507"]),
        ("Ask the band for the list of songs that they play", "de", ["SW507"]),
        ("Buy “Der Prozess” by Kafka at the shop", "en", []),
        ("Read “Die Leiden des jungen Werther” to the end of it", "en", []),
        ("Die Aufgabe „the end of the world“ singen und das Lied aufnehmen", "de", []),
        ("Das Release-Management mit dem Team für das Backend abstimmen", "de", []),
        ("Ask the band for the list", "fr", ["SW507"]),
        ("Ask the band for the list of songs that they play", "sv", []),
        ("Das ist mit dem Bus für die Band", "xx", []),
    ],
)
def test_a_line_in_another_language_is_told_and_a_borrowed_word_is_not(
    line: str, plan: str, expected: list[str]
):
    """A title of a book, terms of a trade; plans in a language it does not know are left alone."""
    assert codes(CHECK, "steps", line, plan) == expected


def test_the_foreign_line_is_quoted_with_its_language():
    """The first of them, where the rest speaks the plan's."""
    own = "Ask the band for the list of songs that they play in the hall"
    other = "Das Team und die Band sind mit dem Bus da"
    (finding,) = CHECK(subject([Work("Sing", steps(own, other))]))
    assert finding.message == f"r1.1.1 speaks German in a plan in English: “{other}”."
    assert finding.quote == other


def test_a_note_as_a_whole_may_tell_what_none_of_its_lines_does():
    """Five words that mark a language, over all of them."""
    lines = ("Brot und Käse", "Für Anna", "Mit Paul", "Nicht Otto", "Das Boot")
    assert told(CHECK, subject([Work("Sing", steps(*lines))])) == ["SW507 r1.1.1"]
    assert told(CHECK, subject([Work("Sing", steps(*lines[:4]))])) == []


def test_risks_are_not_asked():
    """They are short and full of borrowed words."""
    bodies = {Part.RISKS: "- Das Team und die Band sind mit dem Bus weg → der Zug und das Rad"}
    assert told(CHECK, subject([Work("Sing", bodies)])) == []
    assert found(CHECK, "steps", "Das Team und die Band sind mit dem Bus da")


@pytest.mark.parametrize(
    ("text", "least", "expected"),
    [
        ("the cat and the dog", 3, "en"),
        ("the cat and a dog", 3, ""),
        ("the cat and the Hund und die Katze der", 3, ""),
        ("der Hund und die Katze", 3, "de"),
        ("le chat et les chiens avec une souris", 3, "fr"),
        ("", 0, ""),
    ],
)
def test_a_language_is_told_by_half_more_words_than_any_other(
    text: str, least: int, expected: str
):
    """And by enough of them."""
    assert language.spoken_in(text, least) == expected
