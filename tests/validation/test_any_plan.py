"""Structure, needs, estimates and people of any plan at all can be looked at."""

from __future__ import annotations

import pytest
from hypothesis import given

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.limits import SIZES
from stellwerk.domain.plan import Plan
from stellwerk.validation.findings import Finding, Validator
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import estimates, graph, line, needs, people, size
from tests.strategies import MODEST, plans

ALL = (
    *(size.STRUCTURE, size.VALIDATOR, line.VALIDATOR, graph.VALIDATOR),
    *(needs.VALIDATOR, estimates.VALIDATOR, people.VALIDATOR),
)


def named(found: list[Finding]) -> set[tuple[str, str, str]]:
    """Return what tells findings apart before and after an edit."""
    return {(each.code, each.ref, each.message) for each in found}


def all_of(subject: Subject) -> list[Finding]:
    """Return what all of them find."""
    return [each for validator in ALL for each in validator(subject)]


@MODEST
@given(plan=plans())
def test_they_never_raise_and_keep_to_their_codes(plan: Plan):
    """At any size; refs are those of the plan, and every message is a sentence."""
    refs = {"", *plan.index.by_ref}
    for chosen in (None, *SIZES.values()):
        for validator in ALL:
            for each in validator(Subject(plan, size=chosen)):
                assert each.code in {code.code for code in validator.codes}
                assert each.ref in refs
                assert each.message.endswith(".")
                assert each.hint


@MODEST
@given(plan=plans())
def test_each_fix_mends_its_finding_and_brings_no_other(plan: Plan):
    """One by one."""
    before = all_of(Subject(plan))
    for each in before:
        if each.fix is not None:
            after = named(all_of(Subject(apply(each.fix, plan))))
            assert (each.code, each.ref, each.message) not in after
            gone_or_known = {(code, ref) for code, ref, _ in named(before)}
            assert {(code, ref) for code, ref, _ in after} <= gone_or_known


@pytest.mark.parametrize("validator", ALL, ids=lambda each: each.codes[0].code)
def test_codes_cost_something_where_they_count(validator: Validator):
    """And stand for one thing each."""
    for code in validator.codes:
        assert (code.cost > 0) == (code.aspect is not None)
        assert code.says.endswith(".")
    every = [code.code for each in ALL for code in each.codes]
    assert len(every) == len(set(every))
