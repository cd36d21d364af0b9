"""Padding: what is too long, asks instead of saying, or could stand in any plan."""

from __future__ import annotations

import pytest

from stellwerk.domain.notes import Part, bulleted, numbered
from stellwerk.validation.findings import Finding, Severity
from stellwerk.validation.validators import padding
from tests.validation.samples import Work, codes, found, subject

CHECK = padding.VALIDATOR
SENTENCE = "On floor three Paul drills eleven holes beside the lift shaft of oak. "
FILLER = "The goal of the work is to define what is needed and to make sure it is done. "


def found_in(part: Part, body: str) -> list[Finding]:
    """Return what is found about notes with one section."""
    return list(CHECK(subject([Work(bodies={part: body})])))


def lines(count: int, length: int = 60) -> tuple[str, ...]:
    """Return lines of a length."""
    return tuple(f"Nail oak board {n} ".ljust(length, "x") for n in range(count))


@pytest.mark.parametrize(
    ("part", "body", "told"),
    [
        (Part.SUMMARY, SENTENCE * 9, "a summary of 9 sentences"),
        (Part.STEPS, numbered(lines(16)), "16 steps"),
        (Part.STEPS, numbered(lines(4, 191)), "steps of 191 characters on average"),
        (
            Part.STEPS,
            numbered((*lines(6), *lines(1, 451))),
            "a line of 451 characters among its steps",
        ),
        (Part.CRITERIA, bulleted(lines(16), "- [ ]"), "16 criteria"),
        (
            Part.CRITERIA,
            bulleted(lines(1, 451), "- [ ]"),
            "a line of 451 characters among its criteria",
        ),
        (Part.SOURCES, "https://www.gov.uk/a " * 334, "7027 characters of notes"),
    ],
)
def test_more_than_anybody_reads_is_told_with_its_number(part: Part, body: str, told: str):
    """It is only information, and costs a little."""
    (finding,) = found_in(part, body)
    assert (finding.code, finding.severity) == ("SW313", Severity.INFO)
    assert finding.message == f"r1.1.1 has {told}."


@pytest.mark.parametrize(
    ("part", "body"),
    [
        (Part.SUMMARY, SENTENCE * 8),
        (Part.SUMMARY, "It is so. " * 20),
        (Part.STEPS, numbered(lines(15, 190))),
        (Part.CRITERIA, bulleted(lines(15, 450), "- [ ]")),
    ],
)
def test_as_much_as_that_is_still_read(part: Part, body: str):
    """Eight sentences, or many short ones; fifteen lines; long lines."""
    assert "SW313" not in [each.code for each in found_in(part, body)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Which florist should we take?", "en", ["SW314"]),
        ("Welche Farbe soll es sein?", "de", ["SW314"]),
        ("Check access: can all six log in?", "en", []),
        ("“Ready?” is answered with yes", "en", []),
        ("Ask the florist whether lilies keep", "en", []),
    ],
)
@pytest.mark.parametrize("part", ["steps", "criteria"])
def test_a_question_is_told_unless_it_belongs_to_a_step(
    part: str, text: str, language: str, expected: list[str]
):
    """What is asked after a colon says what to do before it."""
    assert codes(CHECK, part, text, language) == expected


def test_a_risk_may_be_a_question():
    """Nobody has to do anything about it yet."""
    assert codes(CHECK, "risks", "Does the mast hold? → test it in port") == []


def test_words_that_fit_every_project_are_told_by_their_share():
    """From forty words on: fewer tell nothing."""
    (finding,) = found(CHECK, "summary", FILLER * 3)
    assert finding.code == "SW318"
    assert finding.message == "Only 6% of the words of r1.1.1 are about anything."
    assert finding.quote == (FILLER * 3)[: len(finding.quote)]
    assert codes(CHECK, "summary", FILLER * 2) == []


@pytest.mark.parametrize(("own", "expected"), [(29, ["SW318"]), (30, [])])
def test_three_words_in_ten_are_enough(own: int, expected: list[str]):
    """Counted as often as they stand there."""
    text = " ".join(["mast"] * own + ["the"] * (100 - own))
    assert [each.code for each in found(CHECK, "summary", text)] == expected
