"""The graph: broken rules are told, and edges that say nothing new go without a trace."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.lines import Disconnect
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Edge, Plan
from stellwerk.domain.railway import railway_of
from stellwerk.errors import PlanError
from stellwerk.validation.findings import Finding, Severity
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import graph
from tests.strategies import MODEST, plans
from tests.validation.journeys import assert_same_journey
from tests.validation.notation import Example, examples, plan_of, told


def redundant(plan: Plan) -> list[Finding]:
    """Return what is found about the edges of a plan."""
    return list(graph.check(Subject(plan)))


def mended(plan: Plan, findings: list[Finding]) -> Plan:
    """Return a plan after the fixes of findings, all at once."""
    return apply(Batch(tuple(each.fix for each in findings if each.fix)), plan)


@pytest.mark.parametrize("example", examples(graph.__doc__), ids=lambda each: each.text)
def test_the_examples_of_the_docstring_are_true(example: Example):
    """Something is found in the bad ones, nothing in the good ones."""
    assert (not told(graph.VALIDATOR, example.text)) == example.good


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("r1 > r2 > r3 > r4, r1 > r4", ["SW205 r4"]),
        ("r1 > r2 > r3, r1 > r3, r1 > r4, r2 > r4", ["SW205 r3", "SW205 r4"]),
        ("r1 > r2 > r4, r1 > r3 > r4, r1 > r4", ["SW205 r4"]),
        ("r1 > r2 > r4, r1 > r3 > r4", []),
        ("r1 ? r2 | r3, r2 > r3", []),
        ("r1 > r2, r2 ? r3 | r4, r3 > r4, r1 > r4", []),
        ("r1 > r2 > r3 ? r4 | r5, r1 > r3", ["SW205 r3"]),
    ],
)
def test_an_edge_is_redundant_if_a_longer_way_no_switch_can_close_leads_along(
    text: str, expected: list[str]
):
    """An option never is, nor is what only an option implies."""
    assert sorted(told(graph.VALIDATOR, text)) == expected


def test_a_redundant_edge_is_told_with_the_way_that_implies_it():
    """Its fix lifts the edge, and its hint is the command that does the same."""
    (finding,) = redundant(plan_of("r1 > r2 > r3, r1 > r3"))
    assert finding.message == "r3 Route r3 comes after r1 Route r1 by way of r2 already."
    assert finding.hint == "`stellwerk unlink r3 --needs r1` loses nothing."
    assert finding.fix == Disconnect(Edge("r1", "r3"))
    assert (finding.quote, finding.severity) == ("Route r3", Severity.INFO)


def test_every_broken_rule_is_an_error():
    """A circle is one of them."""
    with pytest.raises(PlanError) as caught:
        plan_of("r1 > r2 > r1")
    (finding,) = graph.broken(caught.value.rules)
    assert (finding.code, finding.severity, finding.ref) == ("SW200", Severity.ERROR, "")
    assert "r2 Route r2 -> r1 Route r1 -> r2 Route r2" in finding.message
    assert finding.hint
    assert graph.broken(()) == ()
    assert [each.message for each in graph.broken(("One.", "Two."))] == ["One.", "Two."]


def test_a_long_line_is_looked_through_without_recursion():
    """Two thousand routes, each with an edge past the next one."""
    links = ", ".join(f"r{n} > r{n + 1} > r{n + 2}, r{n} > r{n + 2}" for n in range(1, 2000))
    assert len(redundant(plan_of(links))) == 1999


@MODEST
@given(plan=plans(), seed=st.integers(0, 2**16))
def test_without_redundant_edges_work_becomes_ready_in_the_same_order(plan: Plan, seed: int):
    """However the switches are set, now and from the beginning; and nothing is left to mend."""
    after = mended(plan, redundant(plan))
    assert redundant(after) == []
    before_it, after_it = railway_of(plan), railway_of(after)
    assert after_it == before_it
    assert_same_journey(plan, after, seed)


@MODEST
@given(plan=plans())
def test_the_redundant_edges_are_those_of_the_transitive_reduction(plan: Plan):
    """Each of them by itself is implied by the others, and no other is."""
    open_ways: Mapping[str, list[str]] = {
        uid: [] if uid in plan.index.switch_at else list(heads)
        for uid, heads in plan.index.after.items()
    }
    expected = {
        Edge(tail, head)
        for tail, heads in open_ways.items()
        for head in heads
        if any(_leads(open_ways, other, head) for other in heads if other != head)
    }
    assert {each.fix.edge for each in redundant(plan) if each.fix} == expected  # type: ignore[attr-defined]


def _leads(ways: Mapping[str, list[str]], tail: str, head: str) -> bool:
    return tail == head or any(_leads(ways, each, head) for each in ways[tail])
