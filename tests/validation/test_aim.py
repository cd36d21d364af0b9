"""The aim: somewhere in the plan its goal is mentioned."""

from __future__ import annotations

import pytest

from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Plan, Route
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import aim
from tests.validation.samples import NOW, codes, found

CHECK = aim.VALIDATOR


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Renovate the bathroom :: Learn the subjunctive", "en", ["SW505"]),
        ("Renovate the bathroom :: Ask who is renovating halls", "en", []),
        ("Learn Spanish :: Talk to spaniards", "en", []),
        ("Bad renovieren :: Das Badezimmer ausmessen", "de", []),
        ("Bad renovieren :: Fünfzig Verben lernen", "de", ["SW505"]),
        ("Küchenumbau :: Die KÜCHENZEILE bestellen", "de", []),
        ("Do it :: Sing", "en", []),
        ("2 :: Sing", "en", []),
    ],
)
def test_one_word_of_the_goal_in_any_form_is_enough(
    text: str, language: str, expected: list[str]
):
    """A goal without words of meaning cannot be missed."""
    assert codes(CHECK, "goal", text, language) == expected


def test_it_is_about_the_plan_and_quotes_the_goal():
    """So its ref is empty."""
    (finding,) = found(CHECK, "goal", "Renovate the bathroom :: Sing")
    assert (finding.ref, finding.quote) == ("", "Renovate the bathroom")


def test_a_plan_without_tasks_is_not_asked():
    """It has hardly begun; a route's description counts as well as its title."""
    goal = Goal("goal", "a", "Renovate the bathroom", NOW)
    assert list(CHECK(Subject(Plan(goal, (Route("r1", 1, "Sing", NOW),))))) == []
