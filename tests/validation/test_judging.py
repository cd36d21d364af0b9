"""Judging: what is configured is reported, and nothing of it changes the score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.limits import SIZES
from stellwerk.validation.findings import Code, Finding, Severity, Validator
from stellwerk.validation.judging import Rules, judged
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import ALL
from tests.domain.plans import fork_of
from tests.validation.samples import Work, steps, subject

BAD = subject([Work("Phase 2", steps("Do research", "TODO"))])
CODES = [code.code for validator in ALL for code in validator.codes]
NAMES = st.lists(st.sampled_from((*CODES, "SW3", "SW", "SW30", "X1")), max_size=3).map(tuple)


def reported(rules: Rules, *codes: str) -> list[str]:
    """Return code and severity of what is reported of warnings."""
    found = [Finding(code, Severity.WARNING, "", "It is so.") for code in codes]
    return [f"{each.code} {each.severity}" for each in rules.applied(found)]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rules(), ["SW301", "SW306", "SW502", "acme-1"]),
        (Rules(select=("SW3",)), ["SW301", "SW306"]),
        (Rules(select=("SW306", "acme")), ["SW306", "acme-1"]),
        (Rules(ignore=("SW3",)), ["SW502", "acme-1"]),
        (Rules(select=("SW3",), ignore=("SW306",)), ["SW301"]),
        (Rules(select=("SW306",), ignore=("SW3",)), []),
        (Rules(select=("sw3",)), []),
    ],
)
def test_codes_are_chosen_by_their_beginnings(rules: Rules, expected: list[str]):
    """Whole codes and families; what is ignored is ignored whatever is selected."""
    told = reported(rules, "SW301", "SW306", "SW502", "acme-1")
    assert [each.split()[0] for each in told] == expected
    assert all(rules.wants(code) == (code in expected) for code in ("SW301", "SW502"))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rules(errors=("SW301",)), "error"),
        (Rules(infos=("SW3",)), "info"),
        (Rules(errors=("SW3",), infos=("SW301",)), "info"),
        (Rules(errors=("SW301",), infos=("SW3",)), "error"),
        (Rules(warnings=("SW30",), infos=("SW3",)), "warning"),
        (Rules(errors=("SW5",)), "warning"),
    ],
)
def test_of_several_severities_the_longest_code_decides(rules: Rules, expected: str):
    """A single code is meant more than its family."""
    assert reported(rules, "SW301") == [f"SW301 {expected}"]


def test_errors_come_first_after_severities_were_changed():
    """Otherwise everything stays in its order."""
    rules = Rules(errors=("SW502",), infos=("SW301",))
    assert reported(rules, "SW301", "SW306", "SW502", "SW307") == [
        "SW502 error",
        "SW306 warning",
        "SW307 warning",
        "SW301 info",
    ]


@given(NAMES, NAMES, NAMES, NAMES)
def test_no_rule_changes_a_score(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    errors: tuple[str, ...],
    infos: tuple[str, ...],
):
    """It measures the plan, and not what somebody wants to hear about it."""
    rules = Rules(select, ignore, errors, (), infos)
    assert judged(BAD, rules).score == SCORE


SCORE = judged(BAD).score


def test_validators_of_others_are_reported_and_do_not_count():
    """They are told after Stellwerk's own of that severity."""
    code = Code("acme-1", Severity.WARNING, "It is blue.")
    other = Validator((code,), lambda _: iter([code.at("", "It is blue.")]))
    verdict = judged(BAD, others=(other,))
    assert verdict.score == SCORE
    warnings = [each for each in verdict.findings if each.severity is Severity.WARNING]
    assert warnings[-1].code == "acme-1"
    assert judged(BAD, Rules(ignore=("acme",)), (other,)) == judged(BAD)


def test_findings_of_one_severity_come_in_the_order_of_the_validators():
    """So the first line is the one to read, and a second look finds it where it was."""
    held = Subject(fork_of(2), size=SIZES["detailed"])
    told = [each.code for each in judged(held).findings]
    assert told[:2] == ["SW101", "SW104"]
    order = {code: at for at, each in enumerate(ALL) for code in (c.code for c in each.codes)}
    for severity in Severity:
        same = [
            order[each.code] for each in judged(held).findings if each.severity is severity
        ]
        assert same == sorted(same)
