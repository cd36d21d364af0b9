"""Order: work that takes up what later work makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import order
from tests.validation.samples import Work, codes, found, subject, told

CHECK = order.VALIDATOR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Test the prototype > Build the prototype", ["SW506"]),
        ("Prototyp testen > Prototyp bauen", ["SW506"]),
        ("Testing the prototype > Building the prototype", ["SW506"]),
        ("Open the bakery > Choose the bakery's ovens", ["SW506"]),
        ("Build the prototype > Test the prototype", []),
        ("Test the prototype > Build the shed", []),
        ("Print the book > Edit the cover", []),
        ("Test the old boiler > Order the spare boiler > Test the new boiler", ["SW506"]),
        ("Paint the fence > Build the fence", []),
        ("Prototype > Build the prototype", []),
        ("Testbericht lesen > Prototyp bauen", []),
    ],
)
def test_deeds_are_told_by_verb_and_thing(text: str, expected: list[str]):
    """Deeds of one phase, of other things, or without a known verb have no order."""
    assert codes(CHECK, "order", text) == expected


def test_across_routes_the_line_decides():
    """And not the order in which they are written."""
    build, test = Work("Build the boat"), Work("Test the boat")
    assert told(CHECK, subject([test], [build])) == ["SW506 r1.1.1"]
    assert told(CHECK, subject([build], [test])) == []
    beside = subject([test], [build]).plan
    assert told(CHECK, Subject(replace(beside, edges=()))) == []


def test_both_are_named_and_the_command_too():
    """With the beginning of the thing."""
    (finding,) = found(CHECK, "order", "Test the boat > Build the boat")
    assert finding.message == (
        "r1.1.1 “Test the boat” stands before r1.1.2 “Build the boat”; both are about “boat…”."
    )
    assert "`stellwerk move`" in finding.hint
    assert finding.quote == "Test the boat"


def test_what_the_whole_plan_is_about_is_no_thing():
    """Or everything would be said about it."""
    many = [Work(f"Test the boat {n}") for n in range(40)]
    assert told(CHECK, subject([*many, Work("Build the boat")])) == []
    assert len(told(CHECK, subject([*many[1:], Work("Build the boat")]))) == 39


def test_a_long_line_of_routes_is_looked_at_as_a_whole():
    """Three hundred routes, of which the last makes what the first takes up."""
    between = [[Work(f"Sew sail {n}")] for n in range(300)]
    plan = subject([Work("Test the boat")], *between, [Work("Build the boat")])
    assert told(CHECK, plan) == ["SW506 r1.1.1"]
