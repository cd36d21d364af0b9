"""The score: five parts, what each lost and why, and no finding that makes a plan better."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.goal import Goal
from stellwerk.domain.notes import Part, bulleted
from stellwerk.domain.plan import Plan
from stellwerk.validation.findings import Aspect, Code, Finding, Per, Severity
from stellwerk.validation.judging import judged
from stellwerk.validation.score import WEIGHTS, Score, reviewed, scored
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import ALL
from tests.validation.samples import NOW, Work, subject

BODIES = {
    Part.STEPS: "1. Cut linen\n2. Sew it",
    Part.CRITERIA: bulleted(("It holds",), "- [ ]"),
    Part.RISKS: "- Rain → roof",
}
PLAN = subject([Work("Sew the sails", BODIES), Work("Paint the hull", BODIES)], [Work("Row")])
CODES = tuple(code for validator in ALL for code in validator.codes)
ROOM = {
    Per.PLAN: 1,
    Per.ROUTE: 2,
    Per.PACKAGE: 3,
    Per.SECTION: 12,
    Per.STEP: 4,
    Per.CRITERION: 2,
    Per.RISK: 2,
    Per.LINE: 8,
}


def of(code: Code, count: int = 1) -> Finding:
    """Return a finding of a code that speaks for some lines."""
    return code.at("", "It is so.", count=count)


def a_code(aspect: Aspect = Aspect.COHERENCE, cost: float = 0.5, per: Per = Per.STEP) -> Code:
    """Return a code."""
    return Code(f"X{cost}{per}", Severity.WARNING, "It is so.", aspect, cost, per)


def values(score: Score) -> dict[Aspect, float]:
    """Return the value of each part."""
    return {part.aspect: part.value for part in score.parts}


def lost(score: Score) -> float:
    """Return what coherence lost."""
    return round(1.0 - values(score)[Aspect.COHERENCE], 4)


def test_a_plan_of_which_nothing_is_said_is_perfect():
    """Each part is whole, in the order of the weights, which sum to one."""
    score = scored(PLAN, [], CODES)
    assert score.value == 1.0
    assert [(part.aspect, part.weight) for part in score.parts] == list(WEIGHTS.items())
    assert all(part.value == 1.0 and part.losses == () for part in score.parts)
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert set(WEIGHTS) == set(Aspect)


def test_a_plan_without_work_packages_is_worth_nothing():
    """However good its routes are."""
    empty = Subject(Plan(Goal("goal", "a", "A goal", NOW)))
    assert scored(empty, [], CODES).value == 0.0
    assert judged(empty).score.value == 0.0


@pytest.mark.parametrize("per", Per)
def test_a_finding_costs_its_share_of_what_could_have_it(per: Per):
    """Of routes, work packages, sections, lines of each kind."""
    code = a_code(cost=0.5, per=per)
    score = scored(PLAN, [of(code)], [code])
    (loss,) = values_of(score)
    assert (loss.found, loss.of, loss.lost) == (1, ROOM[per], pytest.approx(0.5 / ROOM[per]))
    assert lost(score) == pytest.approx(0.5 / ROOM[per], abs=1e-4)


def values_of(score: Score) -> tuple[object, ...]:
    """Return what coherence lost by which code."""
    return next(part.losses for part in score.parts if part.aspect is Aspect.COHERENCE)


def test_more_findings_than_could_be_cost_no_more_than_all():
    """A code never takes more than its cost, nor all codes more than there is."""
    code = a_code(cost=0.5)
    assert lost(scored(PLAN, [of(code)] * 9, [code])) == 0.5
    heavy = a_code(cost=4.0, per=Per.PLAN)
    assert lost(scored(PLAN, [of(code)] * 9 + [of(heavy)], [code, heavy])) == 1.0


def test_a_finding_that_speaks_for_several_lines_counts_for_all_of_them():
    """So repeated lines cost as much in one finding as in many."""
    code = a_code()
    assert scored(PLAN, [of(code, 3)], [code]) == scored(PLAN, [of(code)] * 3, [code])


def test_losses_are_told_the_greatest_first():
    """Whoever wants a better plan begins there."""
    small, great = a_code(cost=0.1), a_code(cost=0.7)
    score = scored(PLAN, [of(small), of(great)], [small, great])
    assert [loss.code for loss in values_of(score)] == [great, small]


def test_codes_that_are_not_counted_cost_nothing():
    """Nor do those of no part."""
    code = a_code()
    free = Code("X1", Severity.ERROR, "It is so.")
    assert scored(PLAN, [of(code), of(free)], [free]).value == 1.0


def test_what_is_not_written_is_not_specific():
    """Specificity keeps the share of sections that are there."""
    missing = next(code for code in CODES if code.code == "SW301")
    score = scored(PLAN, [of(missing)] * 6, CODES)
    assert values(score)[Aspect.SPECIFICITY] == 0.5
    assert values(score)[Aspect.COMPLETENESS] == 0.5
    assert values(scored(PLAN, [of(missing)] * 12, CODES))[Aspect.SPECIFICITY] == 0.0


def test_the_score_is_the_weighted_sum_of_its_parts():
    """As published."""
    score = judged(subject([Work("Phase 2", BODIES)])).score
    expected = sum(part.weight * part.value for part in score.parts)
    assert score.value == pytest.approx(expected, abs=1e-4)
    for part in score.parts[:2]:
        assert part.value == pytest.approx(
            max(0.0, 1.0 - sum(loss.lost for loss in part.losses)), abs=1e-4
        )


FINDINGS = st.lists(
    st.builds(of, st.sampled_from([code for code in CODES if code.aspect]), st.integers(1, 9)),
    max_size=12,
)


@given(FINDINGS, FINDINGS)
def test_a_finding_more_makes_no_part_better(some: list[Finding], more: list[Finding]):
    """Whatever it is."""
    before, after = parts(some), parts([*some, *more])
    assert all(after[aspect] <= value for aspect, value in before.items())
    assert all(0.0 <= value <= 1.0 for value in after.values())


def parts(findings: Iterable[Finding]) -> dict[Aspect, float]:
    """Return the value of each part after some findings."""
    return values(scored(PLAN, findings, CODES))


@given(FINDINGS, st.floats(-2, 3))
def test_a_review_lowers_coherence_and_nothing_else(some: list[Finding], penalty: float):
    """By the share it says, from nothing to all."""
    score = scored(PLAN, some, CODES)
    after = reviewed(score, penalty)
    assert after.value <= score.value
    kept = 1.0 - min(max(penalty, 0.0), 1.0)
    for old, new in zip(score.parts, after.parts, strict=True):
        if old.aspect is Aspect.COHERENCE:
            assert new.value == pytest.approx(old.value * kept, abs=1e-4)
            assert new.value <= old.value
        else:
            assert new == old
