"""The score ranks plans as they were labelled.

The score was calibrated on the tuning half. The held-out half was looked at once; rules that
were changed since then may know it, so its figure is a bound against decay, and no new proof.
"""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from stellwerk.validation.findings import Severity
from tests.quality.corpus import HERE, Labelled, corpus, verdict

PLANS = corpus()
GOOD = [each for each in PLANS if each.good]
HELD_OUT = 0.95
"""Share of pairs that must stay in order."""

every_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda each: each.name)
every_good_plan = pytest.mark.parametrize("plan", GOOD, ids=lambda each: each.name)


def pairs(*, held_out: bool) -> list[tuple[Labelled, Labelled]]:
    """Return every (good, bad) pair of a half."""
    half = [each for each in PLANS if each.held_out is held_out]
    return list(product([p for p in half if p.good], [p for p in half if not p.good]))


def reversed_pairs(*, held_out: bool) -> list[str]:
    """Return the pairs of a half in which the good plan does not rank above the bad one."""
    return [
        f"{good.name} {verdict(good).score.value} <= {bad.name} {verdict(bad).score.value}"
        for good, bad in pairs(held_out=held_out)
        if verdict(good).score.value <= verdict(bad).score.value
    ]


@every_plan
def test_every_plan_is_readable_and_says_why_it_has_its_label(plan: Labelled):
    """It has work, and its label a kind and a reason."""
    assert list(plan.document().plan.packages)
    assert plan.kind
    assert plan.why.endswith(".")


def test_every_file_has_one_label():
    """And every label a file."""
    assert sorted(each.stem for each in (HERE / "plans").glob("*.md")) == sorted(
        each.name for each in PLANS
    )
    assert len({each.name for each in PLANS}) == len(PLANS)


def test_halves_and_labels_are_even():
    """As many good plans in one half as in the other, and as many bad ones."""
    counts = Counter((each.held_out, each.good) for each in PLANS)
    assert counts[True, True] == counts[False, True] >= 10
    assert counts[True, False] == counts[False, False] >= 10
    languages = Counter(each.document().plan.goal.language for each in GOOD)
    assert languages["de"] >= 3


def test_in_the_tuning_half_every_good_plan_ranks_above_every_bad_one():
    """That is what the score was calibrated to."""
    assert reversed_pairs(held_out=False) == []


def test_in_the_held_out_half_nearly_every_pair_is_in_order():
    """At least 95 of 100."""
    wrong, count = reversed_pairs(held_out=True), len(pairs(held_out=True))
    share = 1 - len(wrong) / count
    assert share >= HELD_OUT, f"{share:.1%} of {count} pairs; wrong: {wrong}"


@every_good_plan
def test_a_good_plan_has_no_error_and_a_handful_of_warnings(plan: Labelled):
    """Fewer than it has work packages, and never more than nine."""
    found = Counter(finding.severity for finding in verdict(plan).findings)
    packages = sum(1 for _ in plan.document().plan.packages)
    assert found[Severity.ERROR] == 0
    assert found[Severity.WARNING] <= min(9, packages - 1)


def test_a_good_plan_passes_the_threshold_at_which_plans_are_refined():
    """None is sent back for being terse, short or German."""
    assert min(verdict(plan).score.value for plan in GOOD) >= 0.7
