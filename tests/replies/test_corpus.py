"""Every broken reply of the corpus becomes the draft it means, or the exact failure."""

from __future__ import annotations

from collections import Counter

import pytest

from stellwerk.domain.plan import Plan
from stellwerk.planning.composing import skeleton
from stellwerk.planning.drafts import Draft, StructureDraft
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.structured import draft_of
from stellwerk.planning.wish import Wish
from tests.replies.corpus import Case, at, cases

CASES = cases()
GOOD = [case for case in CASES if not case.failure]
BAD = [case for case in CASES if case.failure]
USAGE = Usage(input_tokens=7, output_tokens=5)


def reply(case: Case) -> ModelReply:
    """Return the reply of a case."""
    return ModelReply(
        text=case.text, model="m1", finish_reason=case.finish, usage=USAGE, request_id="q1"
    )


def test_the_corpus_has_many_causes_and_no_cause_twice():
    """Each file is there for a reason of its own."""
    causes = Counter(case.cause for case in CASES)
    assert len(causes) >= 120
    assert set(causes.values()) == {1}
    assert all(case.facts for case in GOOD)
    assert all(case.problems and not case.facts for case in BAD)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_reply_that_can_be_read_becomes_the_draft_it_means(case: Case):
    """Every fact of it, whether it was repaired, and what was changed."""
    made = draft_of(case.kind, reply(case), "x", case.where)
    data = made.draft.model_dump()
    assert {pointer: at(data, pointer) for pointer in case.facts} == case.facts
    assert [at(data, pointer) for pointer in case.absent] == [None] * len(case.absent)
    assert made.repaired is case.repaired
    if case.notes is not None:
        assert list(made.notes) == case.notes
    again = draft_of(case.kind, ModelReply(data=data, model="m1"), "x", case.where)
    assert (again.draft, again.notes) == (made.draft, ())
    assert_makes_a_plan(made.draft)


def assert_makes_a_plan(draft: Draft) -> None:
    """A structure keeps every hard invariant."""
    if isinstance(draft, StructureDraft):
        assert isinstance(skeleton(Wish("Juggle"), draft), Plan)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_reply_that_cannot_be_read_fails_with_its_kind_and_exact_problems(case: Case):
    """With the raw text, its usage and a sentence for people."""
    with pytest.raises(ModelError) as caught:
        draft_of(case.kind, reply(case), "x", case.where)
    error = caught.value
    assert error.kind is FailureKind[case.failure]
    assert list(error.problems) == case.problems
    assert (error.raw, error.usage, error.request_id) == (case.text, USAGE, "q1")
    assert error.message.startswith("The answer of m1 to x ")
    assert error.message.endswith(".")
    assert len(error.message) < 700
