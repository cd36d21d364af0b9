"""Figures: one budget, one date, one number of guests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stellwerk.domain.notes import Part
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import figures
from tests.validation.samples import Work, codes, found, subject

CHECK = figures.VALIDATOR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The budget is 3,000 euros. | The total budget is €8000.", ["SW508"]),
        ("The budget is 3,000 euros. | The budget of 3000 € stays.", []),
        (
            "Das Budget beträgt 3.000 Euro. | Das Gesamtbudget von 5.000 Euro reicht.",
            ["SW508"],
        ),
        ("Das Budget beträgt 3.000,00 Euro. | Das Budget von 3000 € bleibt.", []),
        ("The budget is 3,000 euros. | Pay 800 euros of the budget.", []),
        ("The budget is 3,000 euros. | The oven costs 800 euros.", []),
        ("The race is on 14 June. | Rest before the race on 12 July.", ["SW508"]),
        ("The race is on June 14th. | Rest before the race on 14 June.", []),
        ("Die Hochzeit ist am 14. Juni. | Karten für die Hochzeit am 12. Juli", ["SW508"]),
        ("The race is on 14 June. | The exam is on 12 July.", []),
        ("The race is on 14 June. | Send the cards on 2 May.", []),
        ("Cook for 80 guests. | Print cards for all 90 guests.", ["SW508"]),
        ("Essen für 80 Gäste | Karten für 90 Gäste", ["SW508"]),
        ("Cook for 80 guests. | 20 guests come by bus.", []),
        ("Cook for 80 guests. | Rooms for 12 visitors", []),
    ],
)
def test_a_figure_that_is_stated_twice_must_be_the_same(text: str, expected: list[str]):
    """However it is written; parts of it, and other things, have figures of their own."""
    assert codes(CHECK, "figures", text) == expected


def test_both_places_are_told_and_each_thing_once():
    """However often it is contradicted."""
    text = "Cook for 80 guests. | Chairs for 90 guests | Plates for 70 guests"
    (finding,) = found(CHECK, "figures", text)
    assert finding.message == "r1.1.2 says “for 90 guests”, but r1.1.1 “for 80 guests”."
    assert (finding.ref, finding.quote) == ("r1.1.2", "for 90 guests")


def test_the_goal_has_the_first_word():
    """Its title, its description and its prologue, each by itself."""
    plan = subject([Work(bodies={Part.SUMMARY: "The budget is 900 euros."})]).plan
    notes = {"r1.1.1": "The budget is 900 euros."}
    told = replace(plan, goal=replace(plan.goal, description="The budget: 700 euros"))
    (finding,) = CHECK(Subject(told, notes))
    assert finding.message.endswith("but the goal “budget: 700 euros”.")
    apart = replace(plan.goal, description="The budget", prologue="700 euros")
    assert list(CHECK(Subject(replace(plan, goal=apart), notes))) == []


@pytest.mark.parametrize("gap", ["\n", "\t", "\u00a0", "\n\n   "])
def test_white_space_of_any_kind_and_length_is_one_blank(gap: str):
    """A line may break anywhere."""
    text = f"The race is on 14 June. | The race{gap}is on{gap}12 July."
    assert codes(CHECK, "figures", text) == ["SW508"]
