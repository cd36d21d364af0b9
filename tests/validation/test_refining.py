"""Which proposals may stand: none that does harm, none that touches what is protected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.edit import WHOLE, Edit
from stellwerk.domain.edits.fields import Rename, Rewrite
from stellwerk.domain.edits.items import Need
from stellwerk.domain.edits.whole import Batch
from stellwerk.validation.findings import Subject
from stellwerk.validation.judging import Verdict, judged
from stellwerk.validation.refining import Proposal, Refined, changed, refined
from stellwerk.validation.score import Score
from tests.planning.stored import stored
from tests.strategies import Drawn, drawn_plans, edits

WORTH: Final[Mapping[str, float]] = {"good": 0.2, "bad": -0.2, "awful": -0.5, "even": 0.0}


def judge(subject: Subject) -> Verdict:
    """Score a plan by the last words of its titles."""
    words = [each.title.split()[-1] for each in subject.plan.packages]
    return Verdict((), Score(round(0.5 + sum(WORTH.get(word, 0) for word in words), 4), ()))


def weighed(*edits: Edit, protected: frozenset[tuple[str, str]] = frozenset()) -> Refined:
    """Return what may stand of some edits of a plan of 90 work packages."""
    subject = stored("r1.1.1-90")
    proposed = [Proposal("test", edit, f"Reason {at}.") for at, edit in enumerate(edits)]
    return refined(subject, judge(subject), proposed, judge, protected)


def rename(number: int, word: str) -> Rename:
    """Return an edit that changes what a work package is worth."""
    return Rename(f"r1.1.{number}", f"Do {word}")


def test_what_lowers_the_score_is_left_out_and_named():
    found = weighed(rename(1, "good"), rename(2, "bad"), rename(3, "even"))
    assert [each.reason for each in found.standing] == ["Reason 0.", "Reason 2."]
    ((dropped, why),) = found.dropped
    assert (dropped.reason, why) == ("Reason 1.", "The quality would fall from 0.70 to 0.50.")
    assert found.verdict.score.value == 0.7


def test_what_does_not_fit_is_left_out_with_the_reason():
    found = weighed(Need("r1.1.2", "r1.1.1"), Need("r1.1.1", "r1.1.2"))
    assert len(found.standing) == 1
    ((_, why),) = found.dropped
    assert "circle" in why


def test_an_edit_stands_whole_or_not_at_all():
    half = Batch((rename(1, "good"), Rename("gone", "x")))
    found = weighed(half)
    assert found.standing == ()
    assert found.subject.plan.package("r1.1.1").title == "Package r1.1.1"


@pytest.mark.parametrize("protected", [("r1.1.1", "title"), ("r1.1.1", "*"), WHOLE])
def test_what_is_protected_is_left_alone(protected: tuple[str, str]):
    found = weighed(rename(1, "good"), protected=frozenset({protected}))
    assert found.standing == ()
    assert found.dropped[0][1] == "It would change what a person wrote or began."


def test_resting_on_something_protected_is_no_touch():
    found = weighed(Need("r1.1.2", "r1.1.1"), protected=frozenset({("r1.1.1", "*")}))
    assert len(found.standing) == 1


def test_of_a_hundred_proposals_only_the_harmful_are_left_out():
    """They are weighed in halves, not one by one; the score never falls on the way."""
    several = [rename(n, "bad" if n % 40 == 7 else "even") for n in range(1, 91)]
    found = weighed(*several)
    assert [each.edit.uid for each, _ in found.dropped if isinstance(each.edit, Rename)] == [
        *("r1.1.7", "r1.1.47", "r1.1.87"),
    ]
    assert len(found.standing) == 87


@given(words=st.lists(st.sampled_from(sorted(WORTH)), min_size=1, max_size=80), data=st.data())
def test_whatever_is_accepted_never_lowers_the_score(
    words: Sequence[str], data: st.DataObject
):
    """Not even some of what stands, weighed again without the rest."""
    found = weighed(*(rename(at, word) for at, word in enumerate(words, 1)))
    assert found.verdict.score.value >= 0.5
    assert found.verdict.score == judge(found.subject).score
    some = [each for each in found.standing if data.draw(st.booleans())]
    subject = stored("r1.1.1-90")
    again = refined(subject, judge(subject), some, judge)
    assert again.verdict.score.value >= 0.5


@given(drawn=drawn_plans(), data=st.data())
def test_notes_stay_with_their_work_whatever_is_changed(drawn: Drawn, data: st.DataObject):
    edit = data.draw(edits(drawn))
    if edit is None:
        return
    after = changed(Subject(drawn.plan, drawn.notes), edit)
    known = {*drawn.notes.values(), *edit.texts.values()}
    for package in after.plan.packages:
        assert bool(package.notes) == (package.uid in after.notes)
        assert after.notes.get(package.uid, "") in {*known, ""}


def test_a_rewriting_and_its_way_back_bring_the_first_text_again():
    subject = stored("r1.1.1", {"r1.1.1": "old\n"})
    there = Rewrite("r1.1.1", "old\n", "new\n")
    after = changed(subject, there)
    assert after.notes == {"r1.1.1": "new\n"}
    assert changed(after, there.invert(subject.plan)).notes == subject.notes


def test_our_own_judge_agrees_with_itself_on_what_stands():
    subject = stored("r1 > r2, r1.1.1, r2.1.1 needs r1.1.1")
    edit = Rename("r1.1.1", "Tbd")
    found = refined(subject, judged(subject), [Proposal("test", edit, "Why.")], judged)
    assert found.verdict.score == judged(found.subject).score
