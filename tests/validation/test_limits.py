"""Validators draw the line exactly where `domain.limits` draws it, on both sides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stellwerk.domain.limits import (
    MIN_CRITERIA,
    MIN_RISKS,
    MIN_STEPS,
    SIZES,
    SOURCES,
    PlanSize,
)
from stellwerk.domain.notes import HEADINGS, Part, bulleted, numbered, written
from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.domain.work import Task
from stellwerk.validation.findings import Finding, Severity, Subject
from stellwerk.validation.validators import findings, line, notes, size
from tests.domain.plans import NOW, a_goal, a_package, fork_of

TINY = PlanSize("tiny", (2, 3), (2, 4), 2, 2, 1, needs_switch=False)


def plan_of(*shape: tuple[int, ...]) -> Plan:
    """Return a chain of routes, each given by the number of packages in its tasks."""
    routes = tuple(
        Route(
            *(f"r{at}", at, f"Route {at}", NOW),
            tasks=tuple(
                Task(
                    *(f"t{at}.{task}", task, "T", NOW, ""),
                    tuple(a_package(f"p{at}.{task}.{n}", n) for n in range(1, count + 1)),
                )
                for task, count in enumerate(counts, 1)
            ),
        )
        for at, counts in enumerate(shape, 1)
    )
    edges = (Edge(f"r{at}", f"r{at + 1}") for at in range(1, len(shape)))
    return Plan(a_goal(), routes, tuple(sorted(edges)))


@pytest.mark.parametrize(("count", "found"), [(1, 1), (2, 0), (3, 0), (4, 1)])
def test_the_number_of_routes(count: int, found: int):
    """Both ends of the range are good."""
    told = list(size.check_routes(Subject(plan_of(*[(1,)] * count), size=TINY)))
    assert [(each.code, each.severity) for each in told] == [("SW101", Severity.ERROR)] * found


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (((1,),), ["SW102"]),
        (((1,), (1,)), []),
        (((2,), (2,)), []),
        (((2, 1), (2,)), ["SW102"]),
        (((1, 1), (1, 1)), []),
        (((1, 1, 1),), ["SW103 r1"]),
        (((), (1, 1)), ["SW103 r1"]),
        (((0,), (1, 1)), ["SW103 r1.1"]),
        (((3,),), ["SW103 r1.1"]),
    ],
)
def test_the_number_of_packages_and_tasks(
    shape: tuple[tuple[int, ...], ...], expected: list[str]
):
    """Of the plan, of a route and of a task; the finding names the one that it means."""
    told = size.check_packages(Subject(plan_of(*shape), size=TINY))
    assert [f"{each.code} {each.ref}".strip() for each in told] == expected


@pytest.mark.parametrize("chosen", SIZES.values(), ids=SIZES)
def test_a_plan_of_each_size_can_be_had(chosen: PlanSize):
    """The ranges leave room for one: no size contradicts itself."""
    low, high = chosen.routes
    most = high * chosen.tasks_per_route * chosen.packages_per_task
    assert low <= high
    assert low <= chosen.packages[1]
    assert chosen.packages[0] <= most
    assert not chosen.needs_switch or low >= 4


def merged(odds: tuple[float | None, float | None] = (None, None)) -> Plan:
    """Return a decision whose two ways meet again."""
    plan = fork_of(2)
    end = Route("end", 9, "End", NOW)
    edges = tuple(sorted((*plan.edges, Edge("h1", "end"), Edge("h2", "end"))))
    (switch,) = plan.switches
    options = tuple(
        replace(option, probability=each)
        for option, each in zip(switch.options, odds, strict=True)
    )
    switches = (replace(switch, options=options),)
    return replace(plan, routes=(*plan.routes, end), edges=edges, switches=switches)


def test_a_merge_without_a_decision_is_not_enough():
    """A fork whose ways are all needed is no choice."""
    demanding = TINY._replace(routes=(2, 5), needs_switch=True)
    assert list(size.check_routes(Subject(merged(), size=demanding))) == []
    fork = replace(merged(), switches=())
    (finding,) = size.check_routes(Subject(fork, size=demanding))
    assert (finding.code, finding.severity) == ("SW104", Severity.ERROR)
    assert finding.hint


def test_one_end_is_enough_and_two_are_named():
    """With ref and title."""
    assert list(line.check_line(Subject(merged()))) == []
    assert list(line.check_line(Subject(Plan(a_goal())))) == []
    (finding,) = line.check_line(Subject(fork_of(2)))
    assert finding.message == "The line has several ends: r2 Route h1, r3 Route h2."


@pytest.mark.parametrize(
    ("odds", "found"),
    [
        ((0.1, 0.9), 0),
        ((None, 1.0), 0),
        ((None, None), 0),
        ((0.7, 0.30000000001), 0),
        ((0.7, 0.4), 1),
    ],
)
def test_odds_add_up_to_one_at_most(odds: tuple[float | None, float | None], found: int):
    """Up to what floating point makes of them."""
    told = list(line.check_odds(Subject(merged(odds))))
    assert [(each.code, each.ref) for each in told] == [("SW206", "d1")] * found


def full(language: str = "en", **fewer: int) -> str:
    """Return notes with just enough of everything, or one less of something."""
    counts = {"steps": MIN_STEPS, "criteria": MIN_CRITERIA, "risks": MIN_RISKS}
    counts |= {"sources": SOURCES[0], "images": 1}
    counts = {name: count - fewer.get(name, 0) for name, count in counts.items()}
    lines = {
        "steps": numbered(tuple(f"Do {at}" for at in range(counts["steps"]))),
        "criteria": bulleted(tuple(f"Has {at}" for at in range(counts["criteria"])), "- [ ]"),
        "risks": bulleted(tuple(f"Rain {at} → roof {at}" for at in range(counts["risks"]))),
        "sources": bulleted(tuple(f"https://a.org/{at}" for at in range(counts["sources"]))),
        "images": bulleted(tuple(f"https://a.org/{at}.png" for at in range(counts["images"]))),
    }
    bodies = {Part.SUMMARY: "What. Why.", **{Part(name): text for name, text in lines.items()}}
    return written(bodies, language)


def told_of(text: str) -> list[Finding]:
    """Return what is found about a package with those notes."""
    return list(notes.check_notes(Subject(plan_of((1,)), {"p1.1.1": text})))


@pytest.mark.parametrize("language", HEADINGS)
def test_notes_with_just_enough_of_everything_are_good(language: str):
    """In every language."""
    assert told_of(full(language)) == []


@pytest.mark.parametrize(
    ("part", "least"),
    [
        ("steps", MIN_STEPS),
        ("criteria", MIN_CRITERIA),
        ("risks", MIN_RISKS),
        ("sources", SOURCES[0]),
    ],
)
def test_one_less_is_thin_and_none_is_missing(part: str, least: int):
    """With the number there is and the number there should be."""
    (thin,) = told_of(full(**{part: 1}))
    assert (thin.code, thin.severity, thin.ref) == ("SW302", Severity.WARNING, "r1.1.1")
    assert thin.message == f"r1.1.1 has {least - 1} {part}; at least {least} make it workable."
    (missing,) = told_of(full(**{part: least}))
    assert (missing.code, missing.message) == ("SW301", f"r1.1.1 has no {part}.")


def test_a_risk_without_what_softens_it_does_not_count():
    """It is only half a risk."""
    (thin,) = told_of(full().replace("Rain 0 → roof 0", "Rain 0"))
    assert (thin.code, thin.message[:18]) == ("SW302", f"r1.1.1 has {MIN_RISKS - 1} risks")


def test_a_summary_and_an_image_are_asked_for():
    """The first is a warning, the second only information."""
    text = full(images=1)
    (image,) = told_of(text)
    assert (image.code, image.severity) == ("SW309", Severity.INFO)
    (summary,) = told_of(full().replace("What. Why.", ""))
    assert (summary.code, summary.severity) == ("SW301", Severity.WARNING)
    assert summary.message == "r1.1.1 has no summary."


def test_findings_come_by_severity_and_then_by_validator():
    """So the first line is the one to read."""
    subject = Subject(fork_of(2), size=SIZES["detailed"])
    assert [each.code for each in findings(subject)] == [
        *("SW101", "SW104", "SW203", "SW102"),
        *(["SW103"] * 3),
    ]
