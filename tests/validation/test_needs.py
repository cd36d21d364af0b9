"""Needs: none leads astray, none says what is known anyway, none goes across unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.items import Unneed
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import railway_of
from stellwerk.validation.findings import Finding
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import graph, needs
from tests.strategies import MODEST, plans
from tests.validation.journeys import assert_same_journey, travelled, untouched
from tests.validation.notation import Example, examples, plan_of, told


def found_in(plan: Plan, *codes: str) -> list[Finding]:
    """Return what is found about the needs of a plan, of some codes."""
    return [each for each in needs.check(Subject(plan)) if not codes or each.code in codes]


def mended(plan: Plan) -> Plan:
    """Return a plan after the fixes of its needs, all at once."""
    fixes = [each.fix for each in found_in(plan) if each.fix]
    return apply(Batch(tuple(fixes)), plan)


@pytest.mark.parametrize("example", examples(needs.__doc__), ids=lambda each: each.text)
def test_the_examples_of_the_docstring_are_true(example: Example):
    """Something is found in the bad ones, nothing in the good ones."""
    assert (not told(needs.VALIDATOR, example.text)) == example.good


def test_the_bad_examples_show_every_code():
    """So nobody has to guess what one looks like."""
    bad = [each.text for each in examples(needs.__doc__) if not each.good]
    shown = {found.split()[0] for text in bad for found in told(needs.VALIDATOR, text)}
    assert shown == {code.code for code in needs.VALIDATOR.codes}


FORKED = "r1 ? r2 | r3, r2 > r4, r3 > r4"
BESIDE = "r1 > r2 > r4, r1 > r3 > r4"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{FORKED}, r4.1.1 needs r2.1.1", ["SW208 r4.1.1"]),
        (f"{FORKED}, r3.1.1 needs r2.1.1", ["SW208 r3.1.1"]),
        (f"{FORKED}, r2.1.1 needs r1.1.1", ["SW209 r2.1.1"]),
        (f"{FORKED}, r4.1.1 needs r1.1.1", ["SW209 r4.1.1"]),
        (f"{FORKED}, r2 > r5 > r4, r5.1.1 needs r2.1.1", ["SW209 r5.1.1"]),
        (
            "r1 ? r2 | r3 | r4, r2 > r5, r3 > r5, r5 > r6, r4 > r6, r4.1.1 needs r5.1.1",
            ["SW208 r4.1.1"],
        ),
        (f"{BESIDE}, r3.1.1 needs r2.1.1", ["SW210 r3.1.1"]),
        (f"{BESIDE}, r4.1.1 needs r2.1.1", ["SW209 r4.1.1"]),
        ("r1 > r3, r2 > r3, r2.1.1 needs r1.1.1", ["SW210 r2.1.1"]),
        (
            f"{BESIDE}, r3.1.2 needs r3.1.1, r3.1.1 needs r2.1.1, r3.1.2 needs r2.1.1",
            ["SW210 r3.1.1", "SW209 r3.1.2"],
        ),
        (
            f"{BESIDE}, r2 > r5 > r4, r3.1.1 needs r5.1.1, r3.1.1 needs r2.1.1",
            ["SW209 r3.1.1", "SW210 r3.1.1"],
        ),
        ("r1 ? r2 | r3, r2 > r5, r4 > r5 > r6, r3 > r6, r5.1.1 needs r1.1.1", []),
        (
            "r1.1.4 needs r1.1.3, r1.1.3 needs r1.1.2, r1.1.2 needs r1.1.1, r1.1.4 needs r1.1.1",
            ["SW209 r1.1.4"],
        ),
        ("r1 > r2, r2.1.1 = done, r2.1.1 needs r1.1.1", []),
        (f"{FORKED}, r2.1.1 = done, r4.1.1 needs r2.1.1", []),
    ],
)
def test_each_need_is_told_once_by_what_matters_most(text: str, expected: list[str]):
    """First whether its way may not be taken, then whether it is known, then its place."""
    assert told(needs.VALIDATOR, text) == expected


def test_a_way_that_is_decided_is_taken_or_closed():
    """What is behind it may be needed, or never will be there."""
    plan = plan_of(f"{FORKED}, r4.1.1 needs r2.1.1")
    (switch,) = plan.switches
    taken = replace(plan, switches=(replace(switch, chosen="d1.a"),))
    assert found_in(taken, "SW208") == []
    closed = replace(plan, switches=(replace(switch, chosen="d1.b"),))
    (finding,) = found_in(closed)
    assert "on a way that is closed" in finding.message
    (finding,) = found_in(plan)
    assert "on a way that may not be taken" in finding.message
    assert finding.hint.startswith("`stellwerk unlink r4.1.1 --needs r2.1.1`")


def test_a_redundant_need_is_told_with_what_implies_it():
    """Routes or other needs; its fix drops the need."""
    (finding,) = found_in(plan_of("r1 > r2, r2.1.1 needs r1.1.1"))
    assert "comes after r1.1.1 Package r1.1.1 by the order of the routes" in finding.message
    assert finding.fix == Unneed("r2.1.1", "r1.1.1")
    chain = "r1.1.3 needs r1.1.2, r1.1.2 needs r1.1.1, r1.1.3 needs r1.1.1"
    (finding,) = found_in(plan_of(chain))
    assert "by its other needs" in finding.message
    assert finding.quote == "Package r1.1.1"


def test_what_was_diverted_hands_no_need_on():
    """Nobody knows whether what it needed is there."""
    chain = "r1.1.3 needs r1.1.2, r1.1.2 needs r1.1.1, r1.1.3 needs r1.1.1"
    assert found_in(plan_of(f"{chain}, r1.1.2 = diverted")) == []


def test_what_may_be_closed_hands_no_need_on():
    """If the branch is not taken, only the need itself holds work back."""
    fork = "r1 > r3 ? r4 | r5, r4 > r6, r5 > r6, r1 > r2 > r6, r1 > r7 > r6"
    needing = "r2.1.1 needs r4.1.1, r4.1.1 needs r7.1.1, r2.1.1 needs r7.1.1"
    assert told(needs.VALIDATOR, f"{fork}, {needing}") == [
        *("SW208 r2.1.1", "SW210 r2.1.1", "SW210 r4.1.1")
    ]
    same = needing.replace("r4", "r2.2")
    assert "SW209 r2.1.1" in told(
        needs.VALIDATOR, f"{fork}, {same.replace('2.2.1.1', '2.2.1')}"
    )


def test_a_long_chain_and_a_package_that_needs_all_are_looked_through():
    """Without recursion; of the great one's needs only the last says anything."""
    chain = [f"r1.1.{n + 1} needs r1.1.{n}" for n in range(1, 1500)]
    star = [f"r1.2.1 needs r1.1.{n}" for n in range(1, 1501)]
    found = found_in(plan_of(", ".join([*chain, *star])))
    assert {each.ref for each in found} == {"r1.2.1"}
    assert len(found) == 1499


@MODEST
@given(plan=plans(), seed=st.integers(0, 2**16))
def test_without_redundant_needs_work_becomes_ready_in_the_same_order(plan: Plan, seed: int):
    """As it stands, and from the beginning, together with the redundant edges."""
    after = mended(plan)
    assert found_in(after, "SW209") == []
    assert {(each.code, each.ref) for each in found_in(after)} <= {
        (each.code, each.ref) for each in found_in(plan)
    }
    assert railway_of(after) == railway_of(plan)
    plan = untouched(plan)
    after = mended(plan)
    edges = [each.fix for each in graph.check(Subject(plan)) if each.fix]
    assert_same_journey(plan, apply(Batch(tuple(edges)), after), seed)


@MODEST
@given(plan=plans())
def test_no_need_is_told_astray_whose_way_is_always_taken(plan: Plan):
    """There is a setting of the switches in which its work is travelled and it is not."""
    assume(len(plan.switches) <= 4)
    plan = untouched(plan)
    settings = travelled(plan)
    for finding in found_in(plan, "SW208"):
        uid = plan.index.by_ref[finding.ref]
        here = plan.route_of(uid).uid
        there = [plan.route_of(need).uid for need in plan.package(uid).needs]
        assert any(here in live and not live.issuperset(there) for live in settings)


@MODEST
@given(plan=plans())
def test_every_need_whose_way_some_single_decision_closes_is_told(plan: Plan):
    """If one switch can be set so that the way there is never open, it is said."""
    plan = untouched(plan)
    told_of = {(each.ref, each.quote) for each in found_in(plan, "SW208")}
    for switch in plan.switches:
        for option in switch.options:
            chosen = replace(switch, chosen=option.uid)
            switches = tuple(chosen if s.uid == switch.uid else s for s in plan.switches)
            set_so = travelled_any(replace(plan, switches=switches))
            for package in plan.packages:
                here = plan.route_of(package.uid).uid
                for need in package.needs:
                    if here in set_so and plan.route_of(need).uid not in set_so:
                        named = plan.ref(package.uid), plan.package(need).title
                        assert named in told_of


def travelled_any(plan: Plan) -> set[str]:
    """Return the routes that may be travelled as the switches are set."""
    railway = railway_of(plan)
    return {uid for uid, signal in railway.signals.items() if signal != "closed"}
