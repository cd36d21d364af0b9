"""Estimates: there are some, they agree with lengths, and somebody thought about them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stellwerk.domain.work import ThreePoint
from stellwerk.validation.findings import Aspect
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import estimates
from tests.validation.notation import Example, examples, plan_of, told

CHECK = estimates.VALIDATOR


@pytest.mark.parametrize("example", examples(estimates.__doc__), ids=lambda each: each.text)
def test_the_examples_of_the_docstring_are_true(example: Example):
    """Something is found in the bad ones, nothing in the good ones."""
    assert (not told(CHECK, example.text)) == example.good


def test_the_bad_examples_show_every_code():
    """So nobody has to guess what one looks like."""
    bad = [each.text for each in examples(estimates.__doc__) if not each.good]
    shown = {found.split()[0] for text in bad for found in told(CHECK, text)}
    assert shown == {code.code for code in CHECK.codes}
    assert {code.aspect for code in CHECK.codes} == {Aspect.ESTIMATES}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r1", []),
        ("r1.1.1-2 = 2 units", ["SW401"]),
        ("r1.1.1 = 2 units, r1.1.2 = 2 units 2 h", []),
    ],
)
def test_hours_are_missing_only_if_all_are(text: str, expected: list[str]):
    """And only where there is work."""
    assert told(CHECK, text) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("2 units 8 h", []),
        ("2 units 8.1 h", ["SW402 r1.1.1"]),
        ("8 units 2 h", []),
        ("8 units 1.9 h", ["SW402 r1.1.1"]),
    ],
)
def test_a_factor_of_four_is_still_believed(facts: str, expected: list[str]):
    """Both ways, by the hours in a unit."""
    assert told(CHECK, f"r1.1.1 = {facts}") == expected
    plan = plan_of(f"r1.1.1 = {facts}")
    hours = replace(plan, goal=replace(plan.goal, unit_hours=2.0))
    assert ("SW402 r1.1.1" in told(CHECK, hours)) == (
        facts in {"8 units 2 h", "8 units 1.9 h"}
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r1.1.1-5 = 2 units 2 h", []),
        ("r1.1.1-6 = 2 units 2 h", ["SW403"]),
        ("r1.1.1-5 = 2 units 2 h, r2.1.1 = 2 units grade 4 2 h", []),
        ("r1.1.1-5 = 2 units 2 h, r2.1.1 = 2 units 3 h", []),
    ],
)
def test_one_size_for_all_is_told_from_six_on(text: str, expected: list[str]):
    """Lengths, grades and hours: whoever told them apart by one of these thought of it."""
    assert told(CHECK, text) == expected


@pytest.mark.parametrize(("hours", "expected"), [(80, []), (81, ["SW405 r1.1.1"])])
def test_eighty_hours_are_the_most(hours: int, expected: list[str]):
    """By estimate or by length, while it is still to be done."""
    plan = plan_of(f"r1.1.1 = 8 units {hours} h")
    plan = replace(plan, goal=replace(plan.goal, unit_hours=10.0))
    assert told(CHECK, plan) == expected
    by_length = replace(plan_of("r1.1.1 = 8 units, r1.1.2 = 1 unit 10 h"), goal=plan.goal)
    assert told(CHECK, by_length) == []
    longer = replace(by_length, goal=replace(plan.goal, unit_hours=hours / 8))
    assert [each for each in told(CHECK, longer) if "402" not in each] == expected
    done = plan_of(f"r1.1.1 = 8 units {hours} h done")
    assert "SW405 r1.1.1" not in told(CHECK, done)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r1.1.1-4 = 1 unit 0.25 h, r1.1.5-6 = 1 unit 1 h", []),
        ("r1.1.1-3 = 1 unit 0.24 h, r1.1.4-6 = 1 unit 1 h", []),
        ("r1.1.1-4 = 1 unit 0.24 h, r1.1.5-6 = 1 unit 1 h", ["SW406"]),
        ("r1.1.1-5 = 1 unit 0.24 h", []),
    ],
)
def test_most_being_tiny_is_told_from_six_on(text: str, expected: list[str]):
    """Half of them is not most."""
    assert [each for each in told(CHECK, text) if "SW402" not in each] == expected


def test_where_a_short_unit_makes_work_tiny_the_hint_says_so():
    """Perhaps nobody set it."""
    plan = plan_of("r1.1.1-6 = 1 unit, r2.1.1 = 3 units")
    plan = replace(plan, goal=replace(plan.goal, unit_hours=0.1))
    (finding,) = (each for each in estimates.check(Subject(plan)) if each.code == "SW406")
    assert finding.message == "6 of 7 work packages take less than a quarter of an hour."
    assert "Or is a unit more than 0.1 hours" in finding.hint


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((5.0, 5.0, 5.4), ["SW407 r1.1.1"]),
        ((5.0, 5.0, 5.5), []),
        ((4.0, 4.0, 4.0), []),
        ((4.1, 4.1, 4.1), ["SW407 r1.1.1"]),
    ],
)
def test_work_of_more_than_four_hours_has_its_doubts(
    hours: tuple[float, float, float], expected: list[str]
):
    """A tenth between good and bad luck is the least."""
    plan = plan_of("r1.1.1 = 4 units")
    (route,) = plan.routes
    (task,) = route.tasks
    packages = (replace(task.packages[0], estimate=ThreePoint(*hours)),)
    routes = (replace(route, tasks=(replace(task, packages=packages),)),)
    assert told(CHECK, replace(plan, routes=routes)) == expected


def test_the_words_of_an_estimate_are_quoted():
    """As they can be found in the plan."""
    (finding,) = estimates.check(Subject(plan_of("r1.1.1 = 8 units 9/9/9.5 h")))
    assert finding.quote == "9/9/9.5"
    assert finding.message == (
        "r1.1.1 Package r1.1.1 takes 9 to 9.5 hours: that leaves no room for doubt."
    )
