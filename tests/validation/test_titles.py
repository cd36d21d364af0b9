"""Titles: no two items of one kind have the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import titles
from tests.validation.samples import Work, codes, found, subject, told

CHECK = titles.VALIDATOR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Book the hall | book the hall!", ["SW502"]),
        ("Saal buchen | Saal: buchen", ["SW502"]),
        ("Week 1 | Week 2", []),
        ("Book the hall | Book a hall", []),
        ("Straße fegen | Strasse fegen", []),
        ("??? | !!!", []),
        (" | ", []),
    ],
)
def test_case_and_punctuation_make_no_difference(text: str, expected: list[str]):
    """Any word and any number does; titles without words are not compared."""
    assert codes(CHECK, "titles", text) == expected


def test_items_of_different_kinds_may_share_a_title():
    """A route with one task is often named as that is; routes and tasks must not be twins."""
    plan = subject([Work("Sail")], [Work("Row")]).plan
    one, two = plan.routes
    same = replace(plan, routes=(replace(one, title="Sail"), two))
    assert told(CHECK, Subject(same)) == []
    twins = replace(plan, routes=(replace(one, title="Sail"), replace(two, title="sail")))
    assert told(CHECK, Subject(twins)) == ["SW502 r2"]


def test_the_first_of_them_is_named():
    """And the command that mends the other."""
    several = found(CHECK, "titles", "Sail | Sail | Sail")
    assert [each.message for each in several] == [
        f"r1.1.{n} has the title of r1.1.1: “Sail”." for n in (2, 3)
    ]
    assert "`stellwerk rename r1.1.2 TITLE`" in several[0].hint
