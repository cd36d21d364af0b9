"""Placeholders: what was to be written later, and what only looks like it."""

from __future__ import annotations

import pytest

from stellwerk.domain.notes import Part
from stellwerk.validation.validators import placeholders
from tests.validation.samples import Work, codes, found, subject

CHECK = placeholders.VALIDATOR


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Pay TBD euros", "en"),
        ("FIXME", "en"),
        ("Ring XXX", "en"),
        ("Lorem ipsum dolor sit amet", "en"),
        ("The colour is to be determined", "en"),
        ("To be defined", "en"),
        ("Write to [insert name]", "en"),
        ("Write to [your landlord's address]", "en"),
        ("Ring <your number>", "en"),
        ("Ask about {{goal}}", "en"),
        ("Der Rest folgt noch", "de"),
        ("Die Adresse wird noch ergänzt", "de"),
        ("Das Datum wird nachgetragen", "de"),
        ("An [hier Namen einsetzen] schreiben", "de"),
    ],
)
@pytest.mark.parametrize("part", ["steps", "title"])
def test_what_was_to_be_written_later_is_told(text: str, language: str, part: str):
    """In notes and in titles."""
    assert codes(CHECK, part, text, language) == ["SW303"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Write [group] on the card", "en"),
        ("Choose [A] or [B]", "en"),
        ("Put the list into todo.txt", "en"),
        ("Agree on what is to be done by whom", "en"),
        ("The yeast has to be stirred in", "en"),
        ("Order the shirt in size XX", "en"),
        ("Write `{name}` where the guest stands", "en"),
        ("Press <Enter> twice", "en"),
        ("Methodos und Toto grüßen", "de"),
        ("Die Ergänzung zum Vertrag lesen", "de"),
        ("Der Zug folgt dem Güterzug noch am Abend", "de"),
        ("Das [Formular 12] ausfüllen", "de"),
    ],
)
def test_what_only_looks_like_a_placeholder_is_none(text: str, language: str):
    """Brackets with words of the plan, file names, whole words of other meaning."""
    assert codes(CHECK, "steps", text, language) == []
    assert codes(CHECK, "title", text, language) == []


def test_a_criterion_s_box_is_no_placeholder():
    """Neither empty nor ticked."""
    bodies = {Part.CRITERIA: "- [ ] The lamp burns\n- [x] The door locks"}
    assert list(CHECK(subject([Work(bodies=bodies)]))) == []


def test_the_line_is_quoted_and_the_mark_is_told():
    """So one finds it; one finding a work package is enough."""
    (told,) = found(CHECK, "steps", "Pay TBD euros to TBA")
    assert told.message == "r1.1.1 has a placeholder: “TBD”."
    assert told.quote == "1. Pay TBD euros to TBA"


@pytest.mark.parametrize(
    "text", ["TODO", "Lorem Ipsum", "[Insert x]", "<ADD y>", "Folgt noch"]
)
def test_the_quick_look_sees_all_that_the_pattern_sees(text: str):
    """Whatever its case."""
    assert codes(CHECK, "steps", text) == ["SW303"]
