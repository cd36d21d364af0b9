"""What rules propose without a model, and that none of it does harm."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stellwerk.domain.edits.edit import Touch, apply
from stellwerk.domain.edits.surgery import replaced
from stellwerk.domain.invariants import broken_rules
from stellwerk.domain.notes import parse
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import Standing, Status, ThreePoint, digest
from stellwerk.errors import EditError
from stellwerk.validation.findings import Finding, Severity, Subject
from stellwerk.validation.judging import judged
from stellwerk.validation.refiners import ALL, dependencies, granularity
from stellwerk.validation.refiners.granularity import merged
from stellwerk.validation.refining import Material, Proposal, Refiner, changed, proposals
from tests.planning.stored import stored
from tests.strategies import Drawn, drawn_plans

SMALL = Finding("SW406", Severity.WARNING, "", "Most of it is small.")


def proposed(
    subject: Subject,
    refiner: Refiner,
    *more: Finding,
    protected: frozenset[Touch] = frozenset(),
) -> Sequence[Proposal]:
    """Return what a refiner proposes without a model."""
    findings = (*judged(subject).findings, *more)
    material = Material(subject, findings, None, protected)
    return asyncio.run(proposals([refiner], material))


def says(subject: Subject, refiner: Refiner, *more: Finding) -> list[str]:
    """Return what it proposes in words."""
    made = proposed(subject, refiner, *more)
    return [each.edit.says(subject.plan, apply(each.edit, subject.plan)) for each in made]


def small(text: str, **notes: str) -> Subject:
    """Return a plan all of whose work takes minutes."""
    subject = stored(text, {name.replace("_", "."): text for name, text in notes.items()})
    plan = replace(subject.plan, goal=replace(subject.plan.goal, unit_hours=0.1))
    return Subject(plan, subject.notes)


def test_a_redundant_edge_goes():
    subject = stored("r1 > r2 > r3, r1 > r3, r1.1.1, r2.1.1, r3.1.1")
    (line,) = [each for each in says(subject, dependencies.REFINER) if "r1" in each]
    assert "r3" in line


def test_a_redundant_need_goes():
    text = "r1.1.1-3, r1.1.2 needs r1.1.1, r1.1.3 needs r1.1.2, r1.1.3 needs r1.1.1"
    told = says(stored(text), dependencies.REFINER)
    assert told == ["r1.1.3 Package r1.1.3 no longer needs r1.1.1 Package r1.1.1"]


def test_a_need_across_routes_brings_its_edge():
    subject = stored(
        "r1 > r2, r1 > r3, r1.1.1, r2.1.1, r3.1.1 needs r2.1.1, r2 > r4, r3 > r4, r4.1.1"
    )
    (edit,) = [
        each.edit
        for each in proposed(subject, dependencies.REFINER)
        if "Connect" in repr(each)
    ]
    after = apply(edit, subject.plan)
    assert {(edge.tail, edge.head) for edge in after.edges} > {("r2", "r3")}


def titled(subject: Subject, **titles: str) -> Subject:
    """Return a plan with other titles."""
    plan = subject.plan
    for name, title in titles.items():
        package = plan.package(name.replace("_", "."))
        plan = replaced(plan, replace(package, title=title))
    return Subject(plan, subject.notes)


BACKWARDS = titled(
    stored("r1.1.1-3"), r1_1_1="Test the prototype", r1_1_2="Build the prototype"
)


def test_neighbours_the_wrong_way_round_are_turned():
    (each,) = proposed(BACKWARDS, dependencies.REFINER)
    after = apply(each.edit, BACKWARDS.plan)
    titles = [package.title for package in after.packages]
    assert titles[:2] == ["Build the prototype", "Test the prototype"]
    assert "Test the prototype" in each.reason


def test_only_what_a_finding_names_is_turned():
    """Feedback about something else, or about one item, moves nothing."""
    material = Material(BACKWARDS, (SMALL,))
    assert asyncio.run(proposals([dependencies.REFINER], material)) == ()


@pytest.mark.parametrize("status", [Status.DONE, Status.DOING])
def test_begun_work_is_not_moved(status: Status):
    plan = BACKWARDS.plan
    begun = replaced(plan, replace(plan.package("r1.1.1"), standing=Standing(status)))
    assert proposed(Subject(begun, BACKWARDS.notes), dependencies.REFINER) == ()


def test_crumbs_beside_each_other_become_one():
    subject = small("r1.1.1-5")
    told = says(subject, granularity.MERGING, SMALL)
    assert told == [
        "merged r1.1.2 Package r1.1.2 into r1.1.1 Package r1.1.1; Package r1.1.2",
        "merged r1.1.4 Package r1.1.4 into r1.1.3 Package r1.1.3; Package r1.1.4",
    ]


def test_crumbs_of_two_people_or_begun_or_protected_stay_apart():
    two = small("p1, p2, r1.1.1 = 1 units p1, r1.1.2 = 1 units p2")
    assert proposed(two, granularity.MERGING, SMALL) == ()
    begun = small("r1.1.1 = 1 units done, r1.1.2")
    assert proposed(begun, granularity.MERGING, SMALL) == ()
    mine = frozenset({("r1.1.2", "title")})
    assert proposed(small("r1.1.1-2"), granularity.MERGING, SMALL, protected=mine) == ()


def test_a_merger_takes_over_needs_hours_days_and_grade():
    plan = small(
        "r1.1.1-2, r1.2.1 needs r1.1.2, r1.1.2 needs r1.1.1, r1.1.2 = 3 units grade 7"
    ).plan
    hours = ThreePoint(0.1, 0.1, 0.2)
    for uid, days in (("r1.1.1", 2), ("r1.1.2", 3)):
        package = replace(
            plan.package(uid), estimate=hours, elapsed_days=days, notes=digest("")
        )
        plan = replaced(plan, package)
    one, other = plan.package("r1.1.1"), plan.package("r1.1.2")
    edit = merged(plan, one, other, {})
    after = apply(edit, plan)
    new = after.package("r1.1.1")
    assert (new.length, new.grade, new.elapsed_days) == (4, 7, 5)
    assert new.estimate == ThreePoint(0.2, 0.2, 0.4)
    assert after.package("r1.2.1").needs == ("r1.1.1",)
    assert new.needs == ()
    assert apply(edit.invert(plan), after) == plan


def test_hours_of_one_are_not_told_as_hours_of_both():
    plan = small("r1.1.1 = 1/2/3 h, r1.1.2 = 4 units", r1_1_1="", r1_1_2="").plan
    after = apply(merged(plan, plan.package("r1.1.1"), plan.package("r1.1.2"), {}), plan)
    assert after.package("r1.1.1").estimate is None


def test_notes_of_both_stand_in_a_merger():
    one = "Before all.\n\n## Steps\n\n1. a\n2. b\n\n## Budget\n\n9 euros\n"
    other = "## Steps\n\n1. c\n\n## Definition of Done\n\n- [x] d\n\n## Contacts\n\nMrs Weber\n\n## Budget\n\nsome more\n"
    subject = small("r1.1.1-2", r1_1_1=one, r1_1_2=other)
    (each,) = proposed(subject, granularity.MERGING, SMALL)
    text = changed(subject, each.edit).notes["r1.1.1"]
    notes = parse(text)
    assert notes.steps == ("a", "b", "c")
    assert notes.criteria == ((True, "d"),)
    assert text.startswith(
        "Before all.\n\n## Steps\n\n1. a\n2. b\n3. c\n\n## Budget\n\n9 euros"
    )
    assert text.count("## Contacts\n\nMrs Weber") == 1
    assert (
        text.index("9 euros") < text.index("some more") < text.index("## Definition of Done")
    )


def test_without_a_model_nobody_proposes_words():
    subject = stored("r1.1.1", {"r1.1.1": ""})
    material = Material(subject, judged(subject).findings)
    names = {each.refiner for each in asyncio.run(proposals(ALL, material))}
    assert "boilerplate" not in names


def crumbs(plan: Plan) -> Plan:
    """Return a plan whose work is so small that it is merged."""
    goal = replace(plan.goal, unit_hours=0.001)
    plan = replace(plan, goal=goal, checked=False)
    for package in tuple(plan.packages):
        plan = replaced(plan, replace(package, estimate=None, standing=Standing(), length=1))
    return plan


@settings(max_examples=150, deadline=None)
@given(drawn=drawn_plans(min_routes=1), tiny=st.booleans())
def test_any_proposal_on_any_plan_does_no_harm(drawn: Drawn, tiny: bool):
    """It keeps the invariants and the notes, and is taken back exactly."""
    subject = Subject(crumbs(drawn.plan) if tiny else drawn.plan, drawn.notes)
    findings = (*judged(subject).findings, SMALL)
    for each in asyncio.run(proposals(ALL, Material(subject, findings))):
        try:
            after = changed(subject, each.edit)
        except EditError:
            continue
        assert broken_rules(after.plan) == ()
        assert apply(each.edit.invert(subject.plan), after.plan) == subject.plan
        assert each.reason
        old = {
            line.lstrip(" 0123456789.)").strip()
            for t in subject.notes.values()
            for line in t.split("\n")
        }
        new = {
            line.lstrip(" 0123456789.)").strip()
            for t in after.notes.values()
            for line in t.split("\n")
        }
        assert {line for line in old if not line.startswith("#")} <= new


@settings(max_examples=60, deadline=None)
@given(drawn=drawn_plans(min_routes=1))
def test_a_merger_of_crumbs_always_fits(drawn: Drawn):
    """Except where the two wait for each other by way of others."""
    subject = Subject(crumbs(drawn.plan), drawn.notes)
    for each in asyncio.run(proposals([granularity.MERGING], Material(subject, (SMALL,)))):
        try:
            after = changed(subject, each.edit)
        except EditError as error:
            why = error.message
        else:
            why = "circle"
            assert len(list(after.plan.packages)) == len(list(subject.plan.packages)) - 1
        assert "circle" in why
