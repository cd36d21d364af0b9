"""Repeats: lines that stand in several work packages, word for word or but for the title."""

from __future__ import annotations

import pytest

from stellwerk.domain.notes import Part
from stellwerk.validation.validators import repeats
from tests.validation.samples import Work, codes, found, steps, subject, told

CHECK = repeats.VALIDATOR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bake :: Wash both hands with soap | Cook :: Wash both hands with soap", ["SW304"]),
        (
            "Bake :: Wash both hands with soap | Cook :: wash both hands – with soap!",
            ["SW304"],
        ),
        (
            "Backen :: Beide Hände gründlich waschen | Kochen :: Beide Hände gründlich waschen",
            ["SW304"],
        ),
        ("Bake :: Wash your hands | Cook :: Wash your hands", []),
        ("Bake :: Wash both hands with soap | Cook :: Wash both hands with sand", []),
        (
            "Bake bread :: Put the bread on the table | Cook soup :: Put the soup on the table",
            ["SW305"],
        ),
        (
            "Brot backen :: Das Brot auf den Tisch stellen | Suppe kochen :: Das Suppe auf den Tisch stellen",
            ["SW305"],
        ),
        (
            "Bake bread :: Put the bread on the table | Cook soup :: Put the soup on the stove",
            [],
        ),
        (
            "Bake bread :: Put the bread on the table | Cook soup :: Put the cups on the table",
            [],
        ),
        (" :: Put the bread on the table | :: Put the soup on the table", []),
    ],
)
def test_only_lines_of_four_words_and_more_that_say_the_same_are_told(
    text: str, expected: list[str]
):
    """Case and punctuation make no difference, any other word does."""
    assert codes(CHECK, "packages", text) == expected


def test_a_line_twice_in_one_work_package_is_not_told():
    """That is not this validator's matter."""
    line = "Wash both hands with soap"
    assert told(CHECK, subject([Work(bodies=steps(line, line))])) == []


def test_every_kind_of_line_is_compared_with_every_other():
    """A sentence of a summary, a step, a criterion, a risk and what is done about it."""
    line = "Both hands are washed with soap"
    kinds = [
        {Part.SUMMARY: f"It begins here. {line}."},
        {Part.STEPS: f"1. {line}"},
        {Part.CRITERIA: f"- [ ] {line}"},
        {Part.RISKS: f"- {line}"},
        {Part.RISKS: f"- Dirt → {line}"},
    ]
    works = [Work(f"Dish {at}", bodies) for at, bodies in enumerate(kinds)]
    expected = [f"SW304 r1.1.{n}" for n in range(2, 6)]
    assert told(CHECK, subject(works)) == expected


def test_one_finding_speaks_for_all_lines_of_a_work_package():
    """And counts them, so that a plan of copies loses all."""
    text = "Wash both hands with soap", "Dry both hands with a towel"
    first, second = Work("Bake", steps(*text)), Work("Cook", steps(*text))
    (finding,) = CHECK(subject([first, second]))
    assert (finding.ref, finding.count, finding.quote) == ("r1.1.2", 2, text[0])
    assert finding.message == (
        f"r1.1.2 shares 2 lines with r1.1.1 word for word: “{text[0]}” and 1 more."
    )


def test_the_first_of_several_is_named():
    """However many there are."""
    line = "Wash both hands with soap"
    several = found(CHECK, "packages", " | ".join(f"Dish {n} :: {line}" for n in range(3)))
    assert [(each.ref, "with r1.1.1 " in each.message) for each in several] == [
        ("r1.1.2", True),
        ("r1.1.3", True),
    ]
