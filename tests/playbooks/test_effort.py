"""A plan from a playbook has the hours that its goal takes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from stellwerk.plugins.api import Document, ModelRequest, ProviderOptions
from stellwerk_playbooks.effort import (
    LARGEST,
    MOST,
    effort_of,
    recommended_hours,
    scaled,
    tidy,
)
from stellwerk_playbooks.front_matter import Effort, front_of
from stellwerk_playbooks.matching import match
from stellwerk_playbooks.playbook import Playbook, playbook_in, shelf
from stellwerk_playbooks.provider import PlaybookProvider
from stellwerk_playbooks.slots import values_of
from tests.playbooks.doubles import playbook_text, shelved

SHELF = shelf()
FRONT = """[playbook]
id = "learn"
examples = ["Learn Spanish"]
[playbook.slots.language]
lead = ["learn"]
default = "the language"
[playbook.slots.level]
kind = "choice"
choices = ["A1", "B1"]
default = "A1"
[playbook.slots.horizon]
kind = "horizon"
default = "4 weeks"
[playbook.effort]
"""


def made(folder: Path, goal: str, effort: str) -> Document:
    """Return the plan for a goal, from a playbook with an effort."""
    path = shelved(folder, "learn.en.md", playbook_text(FRONT + effort))
    playbook = playbook_in(path)
    assert playbook
    values = values_of(goal, playbook.slots, "en")
    return scaled(playbook.document(values), effort_of(playbook, values))


TABLE = "hours = 10\nby = 'level'\ntable = {A1 = 10, B1 = 40}"


@pytest.mark.parametrize(
    ("goal", "effort", "hours"),
    [
        ("Learn Spanish", "hours = 20", 20),
        ("Learn Spanish", TABLE, 10),
        ("Learn Spanish to B1", TABLE, 40),
        ("Learn Spanish", "weekly = 3", 12),
        ("Learn Spanish in 10 weeks", "weekly = 3", 30),
        ("Learn Spanish in half a year", "weekly = 2", 52),
        ("Learn Spanish", "hours = 8.1", 8),
    ],
)
def test_the_recommended_way_comes_to_the_effort(
    tmp_path: Path, goal: str, effort: str, hours: float
):
    """Which a choice decides, or the weeks there are; written down are 8 hours."""
    plan = made(tmp_path, goal, effort).plan
    assert recommended_hours(plan) == pytest.approx(hours, rel=0.05)


def test_unit_and_estimates_are_scaled_alike(tmp_path: Path):
    """Lengths stay, and so does what a unit is worth."""
    plan = made(tmp_path, "Learn Spanish", "hours = 30").plan
    assert plan.goal.unit_hours == 7.5
    for package in plan.packages:
        assert package.length == 1
        assert package.estimate
        assert (package.estimate.p10, package.estimate.p50, package.estimate.p90) == (
            3.8,
            7.5,
            15.0,
        )


@pytest.mark.parametrize(
    ("effort", "factor"), [("hours = 90000", MOST), ("hours = 0.1", 1 / 8)]
)
def test_a_plan_is_stretched_only_so_far(tmp_path: Path, effort: str, factor: float):
    """Beyond that it would be another plan."""
    plan = made(tmp_path, "Learn Spanish", effort).plan
    assert plan.goal.unit_hours == pytest.approx(2 * factor)


def test_no_work_package_grows_beyond_what_should_be_divided():
    """As long as the others can take the rest; C2 is more than all of them together."""
    largest = {}
    for level in ("B1", "C1", "C2"):
        found = match(f"Learn Spanish to {level}", "en", SHELF)
        assert found
        wanted = effort_of(found.playbook, found.values)
        plan = scaled(found.playbook.document(found.values), wanted).plan
        assert recommended_hours(plan) == pytest.approx(wanted, rel=0.05)
        largest[level] = max(package.hours(plan.goal.unit_hours) for package in plan.packages)
    assert largest["B1"] < largest["C1"] == LARGEST < largest["C2"]


def test_hours_have_two_digits():
    assert [tidy(hours) for hours in (1234.5, 87.65, 0.04321, 7.0)] == [1200, 88, 0.043, 7]


def test_an_effort_says_how_it_is_meant(tmp_path: Path):
    path = shelved(tmp_path, "learn.en.md", playbook_text(FRONT + TABLE))
    front = front_of(path)
    assert front
    assert front.effort == Effort(10.0, "level", (("A1", 10.0), ("B1", 40.0)))


def test_of_each_switch_the_recommended_way_counts():
    """The software playbook forks twice."""
    playbook = next(p for p in SHELF if p.id == "launch-a-software-product")
    document = playbook.document({})
    whole = sum(p.hours(document.plan.goal.unit_hours) for p in document.plan.packages)
    assert 0 < recommended_hours(document.plan) < whole
    assert scaled(document, None) is document


def test_learning_a_language_takes_hundreds_of_hours():
    """Nobody reaches B1 in twelve hours, and C1 is more work than A1."""
    hours = {}
    for level in ("A1", "B1", "C1"):
        found = match(f"Learn Spanish to {level} in 9 months", "en", SHELF)
        assert found
        assert found.playbook.id == "learn-a-language"
        wanted = effort_of(found.playbook, found.values)
        plan = scaled(found.playbook.document(found.values), wanted).plan
        hours[level] = recommended_hours(plan)
        assert hours[level] == pytest.approx(wanted, rel=0.05)
    assert hours["A1"] < 200 <= hours["B1"] < hours["C1"]


EFFORTS = [p for p in SHELF if p.effort]


@pytest.mark.parametrize("playbook", EFFORTS, ids=lambda p: f"{p.id}.{p.language}")
def test_every_playbook_keeps_its_effort(playbook: Playbook):
    """For each of its examples, unless that would stretch it too far."""
    for example in playbook.examples[:3]:
        values = values_of(example, playbook.slots, playbook.language)
        wanted = effort_of(playbook, values)
        plan = scaled(playbook.document(values), wanted).plan
        assert wanted
        assert recommended_hours(plan) == pytest.approx(wanted, rel=0.06)


def test_the_provider_answers_with_the_hours_of_the_goal():
    """In what it says of a unit, and of every work package."""
    wish = {"title": "Learn Spanish to B1 in 9 months", "language": "en", "size": "auto"}
    line = answer("decompose", wish["title"], wish)
    hours = sum(
        package["hours"]["p50"]
        for route in line["routes"]
        for task in answer("tasks", route["key"], wish)["tasks"]
        for package in answer("packages", task["key"], wish)["packages"]
    )
    assert hours > 300
    assert line["unit_hours"] > 1


def answer(stage: str, subject: str, wish: dict[str, str]) -> dict[str, Any]:
    """Return what the provider answers to a stage."""
    request = ModelRequest(stage, subject, {"wish": wish}, {}, f"{stage}@1", list)
    provider = PlaybookProvider(ProviderOptions())
    data: dict[str, Any] = asyncio.run(provider.complete(request)).data
    return data
