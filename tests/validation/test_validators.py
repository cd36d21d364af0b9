"""Each code of the validators on a plan that deserves it and on one that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given

from stellwerk.domain.goal import Goal
from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS, SIZES, SOURCES
from stellwerk.domain.notes import Part, bulleted, numbered, written
from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.validation.findings import Severity, Subject, Validator
from stellwerk.validation.validators import ALL, findings, line, notes, size
from tests.domain.plans import fork_of
from tests.strategies import Drawn, drawn_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def chain(count: int, packages: int = 1) -> Plan:
    """Return a plan of routes one after the other, a task with packages on each."""
    routes = tuple(
        Route(
            *(f"r{n}", n, f"R{n}", NOW),
            tasks=(
                Task(
                    *(f"t{n}", 1, "T", NOW),
                    packages=tuple(
                        WorkPackage(f"p{n}.{m}", m, "P", NOW) for m in range(1, packages + 1)
                    ),
                ),
            ),
        )
        for n in range(1, count + 1)
    )
    edges = tuple(Edge(f"r{n}", f"r{n + 1}") for n in range(1, count))
    return Plan(Goal("g", "g", "G", NOW), routes, tuple(sorted(edges)))


def codes(validator: Validator, subject: Subject) -> set[str]:
    """Return the codes that a validator reports."""
    return {finding.code for finding in validator(subject)}


def good_notes(steps: int = MIN_STEPS) -> str:
    """Return notes as full as they should be."""
    bodies = {
        Part.SUMMARY: "Why this is done. What comes of it.",
        Part.STEPS: numbered(tuple(f"Step {n} of it" for n in range(steps))),
        Part.CRITERIA: bulleted(tuple(f"Fact {n}" for n in range(MIN_CRITERIA)), "- [ ]"),
        Part.RISKS: bulleted(tuple(f"Risk {n} → answer {n}" for n in range(MIN_RISKS))),
        Part.SOURCES: bulleted(tuple(f"https://example.org/{n}" for n in range(SOURCES[0]))),
        Part.IMAGES: "- https://example.org/a.png",
    }
    return written(bodies, "en")


def test_sw101_counts_the_routes_of_a_size():
    """Three routes are a small plan and not a standard one."""
    plan = chain(3)
    assert "SW101" not in codes(size.check_routes, Subject(plan, size=SIZES["small"]))
    assert "SW101" in codes(size.check_routes, Subject(plan, size=SIZES["standard"]))


def test_sw104_wants_a_decision_whose_ways_meet():
    """A fork with a switch and a merge satisfies it; a chain does not."""
    forked = fork_of(2)
    tail = Route("end", 99, "End", NOW)
    heads = [option.head for option in forked.switches[0].options]
    edges = tuple(sorted((*forked.edges, *(Edge(head, "end") for head in heads))))
    merged = replace(forked, routes=(*forked.routes, tail), edges=edges)
    standard = SIZES["standard"]
    assert "SW104" not in codes(size.check_routes, Subject(merged, size=standard))
    assert "SW104" in codes(size.check_routes, Subject(forked, size=standard))
    assert "SW104" in codes(size.check_routes, Subject(chain(6), size=standard))


def test_sw102_and_sw103_count_tasks_and_packages():
    """Too few packages, an empty route and an overfull task are all told."""
    small = SIZES["small"]
    assert codes(size.check_packages, Subject(chain(3, 2), size=small)) == set()
    assert codes(size.check_packages, Subject(chain(2, 1), size=small)) == {"SW102"}
    empty = replace(chain(3, 2), routes=(*chain(3, 2).routes, Route("x", 9, "X", NOW)))
    assert codes(size.check_packages, Subject(empty, size=small)) == {"SW103"}
    assert codes(size.check_packages, Subject(chain(2, 5), size=small)) == {"SW103"}


def test_without_a_size_nothing_is_counted():
    """A plan that was not asked to have a size has the size it has."""
    for validator in (size.check_routes, size.check_packages):
        assert codes(validator, Subject(chain(40))) == set()


def test_sw203_wants_one_end():
    """A chain has one; a fork that never meets has two."""
    assert codes(line.check_line, Subject(chain(3))) == set()
    assert codes(line.check_line, Subject(fork_of(2))) == {"SW203"}


def test_sw206_wants_probabilities_that_add_up():
    """Two options of 60 % each are too much; of 50 % each are not."""
    for odds, expected in ((0.6, {"SW206"}), (0.5, set())):
        plan = fork_of(2)
        switch = plan.switches[0]
        options = tuple(replace(option, probability=odds) for option in switch.options)
        plan = replace(plan, switches=(replace(switch, options=options),))
        assert codes(line.check_odds, Subject(plan)) == expected


def test_sw301_names_missing_sections_and_sw309_missing_images():
    """Empty notes lack everything; full ones lack nothing."""
    plan = chain(1)
    assert codes(notes.check_notes, Subject(plan, {"p1.1": good_notes()})) == set()
    found = list(notes.check_notes(Subject(plan)))
    assert [finding.code for finding in found] == ["SW301"] * 5 + ["SW309"]
    assert found[-1].severity is Severity.INFO


def test_sw302_names_a_thin_section():
    """One step too few is told with the number that is enough."""
    subject = Subject(chain(1), {"p1.1": good_notes(MIN_STEPS - 1)})
    (finding,) = notes.check_notes(subject)
    assert finding.code == "SW302"
    assert str(MIN_STEPS) in finding.message
    assert finding.ref == "r1.1.1"


@given(drawn=drawn_plans())
def test_validators_never_raise_and_errors_come_first(drawn: Drawn):
    """Any plan that can be stored can be validated, at any size."""
    for chosen in (None, *SIZES.values()):
        found = findings(Subject(drawn.plan, drawn.notes, chosen))
        ranks = [list(Severity).index(finding.severity) for finding in found]
        assert ranks == sorted(ranks)
        assert all(finding.message for finding in found)


def test_codes_are_documented_where_they_are_made():
    """Each validator's docstring names every code it can report."""
    for validator in ALL:
        assert "SW" in (validator.__doc__ or ""), validator
