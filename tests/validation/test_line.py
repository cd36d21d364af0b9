"""The line: no route stands alone, branches come back, and there is one end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.lines import Connect
from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import line
from tests.strategies import MODEST, plans
from tests.validation.notation import Example, examples, plan_of, told


@pytest.mark.parametrize("example", examples(line.__doc__), ids=lambda each: each.text)
def test_the_examples_of_the_docstring_are_true(example: Example):
    """Something is found in the bad ones, nothing in the good ones."""
    assert (not told(line.VALIDATOR, example.text)) == example.good


def test_the_bad_examples_show_every_code():
    """So nobody has to guess what one looks like."""
    bad = [each.text for each in examples(line.__doc__) if not each.good]
    shown = {found.split()[0] for text in bad for found in told(line.VALIDATOR, text)}
    assert shown == {code.code for code in line.VALIDATOR.codes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r1", []),
        ("r1, r2", ["SW201 r1", "SW201 r2"]),
        ("r1 > r2, r3", ["SW201 r3"]),
        ("r1 > r2, r3 > r4", ["SW203"]),
        ("r1 > r3, r2 > r3", []),
    ],
)
def test_a_route_alone_is_told_where_there_are_others(text: str, expected: list[str]):
    """Its end is not told a second time; two lines beside each other have two ends."""
    assert told(line.VALIDATOR, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r1 ? r2 | r3", ["SW202 r2"]),
        ("r1 ? r2 | r3, r2 > r4 > r5", ["SW202 r3"]),
        ("r1 ? r2 | r3, r3 > r4 > r5, r2 > r6", ["SW202 r6"]),
        ("r1 ? r2 | r3 | r4, r2 > r5, r3 > r5", ["SW202 r4"]),
        ("r1 ? r2 | r3, r2 > r4, r2 > r5, r3 > r5", ["SW202 r4"]),
        ("r1 > r2, r1 > r3 ? r4 | r5", ["SW202 r4", "SW202 r5"]),
        ("r1 > r2, r1 > r3, r3 ? r4 | r5, r4 > r6, r5 > r6", ["SW203"]),
        ("r1 ? r2 | r3, r2 > r3", []),
    ],
)
def test_ends_that_a_decision_can_close_are_dead_ends(text: str, expected: list[str]):
    """The goal's end is the one that is always reached, or else has most before it."""
    assert told(line.VALIDATOR, text) == expected


def test_a_dead_end_is_told_with_the_option_that_leads_there():
    """And with the command that leads it back."""
    (finding,) = line.check(Subject(plan_of("r1 ? r2 | r3, r2 > r4, r3 > r5 > r6")))
    way = "The way of d1.a Way d1.a ends at r4 Route r4 without meeting the line again."
    assert finding.message == way
    assert "`stellwerk link r6 --needs r4`" in finding.hint
    assert finding.quote == "Route r4"


def test_one_end_is_enough_and_two_are_named():
    """With ref and title; of many, the first five."""
    (finding,) = line.check(Subject(plan_of("r1 > r2, r1 > r3")))
    assert finding.message == "The line has several ends: r2 Route r2, r3 Route r3."
    assert "`stellwerk link r3 --needs r2`" in finding.hint
    many = ", ".join(f"r1 > r{n}" for n in range(2, 10))
    (finding,) = line.check(Subject(plan_of(many)))
    assert finding.message.endswith("r6 Route r6 and 3 more.")


@pytest.mark.parametrize(
    ("odds", "found"),
    [
        ((0.1, 0.9), []),
        ((None, 1.0), []),
        ((None, None), []),
        ((0.7, 0.30000000001), []),
        ((0.7, 0.4), ["SW206 d1"]),
    ],
)
def test_odds_add_up_to_one_at_most(odds: tuple[float | None, float | None], found: list[str]):
    """Up to what floating point makes of them."""
    plan = plan_of("r1 ? r2 | r3, r2 > r4, r3 > r4")
    (switch,) = plan.switches
    options = tuple(
        replace(option, probability=each)
        for option, each in zip(switch.options, odds, strict=True)
    )
    plan = replace(plan, switches=(replace(switch, options=options),))
    assert told(line.VALIDATOR, plan) == found


@MODEST
@given(plan=plans())
def test_linking_as_the_hints_say_leaves_one_end(plan: Plan):
    """One finding after the other: each link mends one, and no plan needs many."""
    for _ in range(3 * len(plan.routes)):
        found = [each for each in line.check(Subject(plan)) if each.code in {"SW202", "SW203"}]
        if not found:
            break
        words = found[0].hint.split("`")[1].split()
        edge = Edge(plan.index.by_ref[words[4]], plan.index.by_ref[words[2]])
        plan = apply(Connect(edge), replace(plan, routes=_without_needs(plan)))
    ends = [r for r in plan.routes if not plan.index.after[r.uid] and plan.index.before[r.uid]]
    assert len(ends) <= 1


def _without_needs(plan: Plan) -> tuple[Route, ...]:
    """Return the routes without what could close a circle."""
    return tuple(replace(route, tasks=()) for route in plan.routes)
