"""Decisions: options that are alternatives, with work and trade-offs of their own."""

from __future__ import annotations

import pytest

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.fields import Rename
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import decisions
from tests.validation.samples import codes, decision, found

CHECK = decisions.VALIDATOR


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Go :: dry | Go! :: wet", "two options are called “Go”"),
        ("Train :: cheap | Plane :: Cheap.", "“Train” and “Plane” have the same trade-off"),
        ("Yes :: it rains | No :: it is dry", "its options only say yes or no"),
        ("Ja, weiter :: Regen | Nein :: trocken", "its options only say yes or no"),
        ("Good option :: quick | Best option :: easy", "no option says what it is about"),
        ("Train :: | Plane ::", "no option says what it gains or costs"),
    ],
)
def test_a_decision_between_no_alternatives_is_told_with_the_reason(text: str, why: str):
    """The switch's question is quoted."""
    (finding,) = found(CHECK, "options", text)
    assert finding.message == f"d1 Which way? decides nothing: {why}."
    assert (finding.ref, finding.quote) == ("d1", "Which way?")


@pytest.mark.parametrize(
    "text",
    [
        "Train :: slow, cheap | Plane :: quick, dear",
        "Zug :: langsam, billig | Flug :: schnell, teuer",
        "Train :: slow | Plane ::",
        "Yes, by train :: slow | Plane :: quick",
        "Stop at Graz :: a night more | Linz :: a longer day",
        "Option A :: oak, lasts longer | Option B :: pine, costs half",
    ],
)
def test_options_that_differ_are_alternatives(text: str):
    """One trade-off is enough, and names may be poor if trade-offs are not."""
    assert codes(CHECK, "options", text) == []


def test_an_option_without_work_is_fine_unless_none_has_any():
    """Not to do it is an alternative."""
    options = ("Train", "slow"), ("Plane", "quick")
    (finding,) = CHECK(decision(*options, work=False))
    assert finding.message.endswith("no option has any work.")


def test_options_with_the_same_work_are_one():
    """However they are called."""
    subject = decision(("Train", "slow"), ("Plane", "quick"))
    first = next(subject.plan.route("r2").packages).title
    twin = apply(Rename("r3.1.1", first), subject.plan)
    (finding,) = CHECK(Subject(twin))
    assert finding.message.endswith("“Train” and “Plane” mean the same work.")
