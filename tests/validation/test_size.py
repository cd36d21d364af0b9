"""Sizes: the limits are where `domain.limits` draws them, and nothing is empty."""

from __future__ import annotations

import pytest

from stellwerk.domain.limits import SIZES, PlanSize
from stellwerk.validation.findings import Aspect, Severity
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import size
from tests.validation.notation import Example, examples, plan_of, told

TINY = PlanSize("tiny", (2, 3), (2, 4), 2, 2, 1, needs_switch=False)
ALL = (size.STRUCTURE, size.VALIDATOR)
MEETING = "r1 ? r2 | r3, r2 > r4, r3 > r4"


def counted(text: str) -> list[str]:
    """Return what is found in a plan that was asked to be tiny."""
    subject = Subject(plan_of(text), size=TINY)
    return [f"{each.code} {each.ref}".strip() for check in ALL for each in check(subject)]


@pytest.mark.parametrize("example", examples(size.__doc__), ids=lambda each: each.text[:40])
def test_the_examples_of_the_docstring_are_true(example: Example):
    """Something is found in the bad ones, nothing in the good ones."""
    found = [each for check in ALL for each in told(check, example.text, example.part)]
    assert (not found) == example.good


def test_the_bad_examples_show_every_code():
    """So nobody has to guess what one looks like."""
    bad = [each for each in examples(size.__doc__) if not each.good]
    shown = {
        found.split()[0]
        for each in bad
        for check in ALL
        for found in told(check, each.text, each.part)
    }
    assert shown == {code.code for check in ALL for code in check.codes}


@pytest.mark.parametrize(("count", "found"), [(1, 1), (2, 0), (3, 0), (4, 1)])
def test_both_ends_of_the_range_of_routes_are_good(count: int, found: int):
    """And one more or less is an error."""
    text = " > ".join(f"r{n}" for n in range(1, count + 1))
    subject = Subject(plan_of(text), size=TINY)
    codes = [(each.code, each.severity) for each in size.check_routes(subject)]
    assert codes == [("SW101", Severity.ERROR)] * found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r1.1.1", ["SW101", "SW102"]),
        ("r1 > r2, r1.1.1, r2.1.1", []),
        ("r1 > r2, r1.1.1-2, r2.1.1-2", []),
        ("r1 > r2, r1.1.1-2, r1.2.1, r2.1.1-2", ["SW102"]),
        ("r1 > r2, r1.1.1, r1.2.1, r2.1.1", []),
        ("r1 > r2, r1.1.1, r1.2.1, r1.3.1, r2.1.1", ["SW106 r1"]),
        ("r1 > r2, r1.1.1-3, r2.1.1", ["SW106 r1.1"]),
        ("r1 > r2, r1.1.1-2", ["SW103 r2"]),
        ("r1 > r2, r1.1.1-2, r2.1", ["SW103 r2.1"]),
    ],
)
def test_work_packages_and_tasks_are_counted(text: str, expected: list[str]):
    """Of the plan, of a route and of a task; the finding names the one that it means."""
    assert counted(text) == expected


def test_without_a_size_only_what_is_empty_is_told():
    """A plan that was not asked to have a size has the size it has."""
    long = " > ".join(f"r{n}" for n in range(1, 41))
    packages = ", ".join(f"r{n}.1.1-9" for n in range(1, 41))
    assert [each for check in ALL for each in told(check, f"{long}, {packages}")] == []
    assert told(size.VALIDATOR, "r1 > r2, r1.1") == ["SW103 r1.1", "SW103 r2"]


def test_what_is_empty_is_incomplete_and_what_is_crowded_badly_built():
    """They lower different parts of the score."""
    assert size.EMPTY.aspect is Aspect.COMPLETENESS
    assert size.CROWDED.aspect is Aspect.STRUCTURE
    (finding,) = size.check_packages(Subject(plan_of("r1.1.1, r1.2")))
    assert finding.message == "r1.2 Task r1.2 has no work package."
    assert finding.quote == "Task r1.2"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (MEETING, []),
        ("r1 ? r2 | r3, r2 > r3", []),
        ("r1 ? r2 | r3 | r4, r2 > r5, r4 > r5", []),
        ("r1 ? r2 | r3, r2 > r4, r3 > r5", ["SW104"]),
        ("r1 > r2 > r4, r1 > r3 > r4", ["SW104"]),
        ("r1 > r3, r2 > r3 ? r4 | r5", ["SW104"]),
        ("r1 > r2", ["SW104"]),
    ],
)
def test_a_decision_is_one_if_its_ways_meet(text: str, found: list[str]):
    """A fork whose ways are all needed is no choice, nor is a merge before the decision."""
    demanding = TINY._replace(routes=(1, 9), needs_switch=True)
    told_of = list(size.check_routes(Subject(plan_of(text), size=demanding)))
    assert [each.code for each in told_of] == found
    assert all(each.severity is Severity.ERROR and each.hint for each in told_of)


def test_decisions_are_counted_in_a_row_and_not_in_all():
    """Two beside each other are one level, and ways that meet do not lower it."""
    roomy = TINY._replace(routes=(1, 99))
    beside = plan_of("r1 > r2 ? r3 | r4, r1 > r5 ? r6 | r7")
    assert list(size.check_routes(Subject(beside, size=roomy))) == []
    behind = plan_of(f"{MEETING}, r4 ? r5 | r6")
    (finding,) = size.check_routes(Subject(behind, size=roomy))
    assert (finding.code, finding.ref, finding.quote) == ("SW105", "d2", "Which way?")


@pytest.mark.parametrize(("depth", "found"), [(10, []), (11, ["SW105 d11"])])
def test_ten_decisions_in_a_row_are_the_most_without_a_size(depth: int, found: list[str]):
    """Nobody looks through more."""
    links = ", ".join(f"r{n} ? r{n + 1} | r{n + 2}" for n in range(1, depth + 1))
    assert told(size.STRUCTURE, links) == found


@pytest.mark.parametrize("chosen", SIZES.values(), ids=SIZES)
def test_a_plan_of_each_size_can_be_had(chosen: PlanSize):
    """The ranges leave room for one: no size contradicts itself."""
    low, high = chosen.routes
    most = high * chosen.tasks_per_route * chosen.packages_per_task
    assert low <= high
    assert low <= chosen.packages[1]
    assert chosen.packages[0] <= most
    assert not chosen.needs_switch or low >= 4


def test_one_is_told_as_one():
    """Numbers and words agree."""
    (finding,) = size.check_routes(Subject(plan_of("r1"), size=TINY))
    assert finding.message == "The plan has 1 route; tiny plans have 2-3."
    (finding,) = size.check_packages(Subject(plan_of("r1.1.1"), size=TINY))
    assert finding.message == "The plan has 1 work package; tiny plans have 2-4."
