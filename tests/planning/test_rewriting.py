"""What a model writes anew of a stored plan, and all that stays as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.surgery import replaced
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.notes import parse
from stellwerk.domain.work import ThreePoint
from stellwerk.errors import EditError
from stellwerk.planning.drafts import PackageDraft
from stellwerk.planning.keeping import rewritten_notes
from stellwerk.planning.rewriting import draft_of
from stellwerk.validation.findings import Subject
from stellwerk.validation.refining import changed
from tests.planning.drafts import package
from tests.planning.stored import as_asked, ran, stored, writer

LINE = "r1 > r2, r1.1.1-2, r2.1.1 needs r1.1.1, r1.1.2 needs r1.1.1"
BY_HAND = """\
## Budget

900 euros, the bank says.

## Ziele
Summary:

What it is.
And why.

## Steps

1. Take
   a breath
2) Step

```
1. not a step
```

## Definition of Done

- [x] One proof
- [ ] Two proofs
- [X] Three proofs

## Contacts

- Mrs Weber
"""


def rewriting(subject: Subject, uid: str, **changes: Any) -> Subject:
    """Return a plan after a model changed some fields of a work package."""
    writing = writer(subject, lambda _: as_asked(subject, uid, **changes))
    edit = ran(writing.rewritten(uid, ["It is vague."]))
    assert edit is not None
    return changed(subject, edit)


def notes_of(text: str) -> Subject:
    """Return a plan with one work package and its notes."""
    return stored("r1.1.1", {"r1.1.1": text})


def test_an_answer_that_changes_nothing_is_no_edit():
    subject = stored(LINE)
    writing = writer(subject, lambda _: as_asked(subject, "r1.1.1"))
    assert ran(writing.rewritten("r1.1.1", ["It is vague."])) is None


def test_ref_needs_person_status_and_birth_stay():
    subject = stored(f"{LINE}, p1, r1.1.2 = 3 units p1")
    after = rewriting(
        subject, "r1.1.2", key="r9.9.9", needs=["r2.1.1"], title="Throw", length=5
    )
    old, new = subject.plan.package("r1.1.2"), after.plan.package("r1.1.2")
    assert new == replace(old, title="Throw", length=5)


def test_a_criterion_that_stays_word_for_word_stays_ticked():
    subject = notes_of(
        "## Definition of Done\n\n- [x] Five balls fly\n- [X] Ten throws\n- [ ] A\n"
    )
    told = ["Ten throws", "Five balls fly for a minute", "Five balls fly", "A", "B", "C", "D"]
    draft = package("r1.1.1", done_when=told)
    after = parse(rewriting(subject, "r1.1.1", **draft).notes["r1.1.1"])
    assert [text for ticked, text in after.criteria if ticked] == [
        "Ten throws",
        "Five balls fly",
    ]
    assert [text for _, text in after.criteria] == told


@pytest.mark.parametrize("fields", [("title",), ("steps",), ("risks",), ("summary", "steps")])
def test_sections_that_a_draft_did_not_change_stay_letter_by_letter(fields: tuple[str, ...]):
    plan = notes_of(BY_HAND).plan
    asked = draft_of(plan, plan.package("r1.1.1"), BY_HAND)
    new = package("x")
    draft = asked.model_copy(
        update={each: getattr(PackageDraft(**new), each) for each in fields}
    )
    text = rewritten_notes(BY_HAND, asked, draft, "en")
    for title in ("Budget", "Contacts", "Ziele"):
        assert f"## {title}\n" in text
    assert "900 euros, the bank says." in text
    assert "- Mrs Weber" in text
    assert parse(text).criteria == parse(BY_HAND).criteria
    if "steps" in fields:
        assert parse(text).steps == tuple(new["steps"])
        assert text.index("Step 1 of x") < text.index("One proof") < text.index("Weber")
    else:
        assert "2) Step\n\n```\n1. not a step\n```\n" in text
    if "risks" in fields:
        assert text.index("Three proofs") < text.index("Risk 1 of x") < text.index("Weber")


def test_plain_text_is_the_summary_and_is_written_anew_as_one():
    after = rewriting(notes_of("Just throw them."), "r1.1.1", **package("r1.1.1"))
    text = after.notes["r1.1.1"]
    assert "Just throw them." not in text
    assert text.startswith("## Summary\n\nWhat r1.1.1 is. And why.\n\n## Steps\n")


TEXTS = st.lists(
    st.sampled_from(
        [
            *("## Summary\n", "## Steps\n", "Risks:\n", "## Budget\n", "### Sub\n", "a", "\n"),
            *("1. one\n", "- [x] done\n", "- [ ] not\n", "- a → b\n", "```\n", "~~~\n", "  "),
            *("https://a.org/b (c)\n", "# Bilder", "\n\n", "äöü\n", "- https://x.org\n"),
        ]
    ),
    max_size=25,
).map("".join)


@given(text=TEXTS, fields=st.sets(st.sampled_from(["summary", "steps", "done_when", "risks"])))
def test_lines_of_sections_nobody_changed_are_all_there_after(text: str, fields: set[str]):
    """Whatever somebody wrote into notes, a rewriting leaves the rest of it there."""
    subject = stored("r1.1.1", {"r1.1.1": text})
    text = subject.notes.get("r1.1.1", "")
    plan = subject.plan
    asked = draft_of(plan, plan.package("r1.1.1"), text)
    new = PackageDraft(**package("x"))
    draft = asked.model_copy(update={each: getattr(new, each) for each in fields})
    after = rewritten_notes(text, asked, draft, "en")
    strange = [s for s in parse(text).sections if s.part is None and s.heading]
    for section in strange:
        for line in (section.heading + section.body).split("\n"):
            assert line.rstrip() in [each.rstrip() for each in after.split("\n")]
    ticked = {told for done, told in parse(text).criteria if done}
    if "done_when" not in fields:
        assert {told for done, told in parse(after).criteria if done} == ticked
    if not fields:
        assert after == text


def divided(subject: Subject, uid: str, *parts: dict[str, Any]) -> Batch:
    """Return the edit that puts parts where a work package is."""
    edit = ran(
        writer(subject, lambda _: {"packages": list(parts)}).divided(uid, ["Too large."])
    )
    assert isinstance(edit, Batch)
    return edit


def test_a_division_hands_needs_on_both_ways_under_new_refs():
    subject = stored(f"{LINE}, r2.1.1 needs r1.1.2, p1, r1.1.2 = 8 units p1")
    edit = divided(subject, "r1.1.2", package("a"), package("b", needs=["a"]))
    after = changed(subject, edit)
    plan = after.plan
    told = {plan.ref(each.uid): sorted(map(plan.ref, each.needs)) for each in plan.packages}
    assert told == {
        "r1.1.1": [],
        "r1.1.3": ["r1.1.1"],
        "r1.1.4": ["r1.1.3"],
        "r2.1.1": ["r1.1.1", "r1.1.3", "r1.1.4"],
    }
    assert [each.assignee for each in plan.packages] == [None, "p1", "p1", None]
    book = writer(subject, {}).book.following(subject.plan, plan)
    assert book.resolve(plan, "r1.1.2") is None
    assert apply(edit.invert(subject.plan), plan) == subject.plan


def test_what_notes_have_beyond_their_sections_goes_to_the_first_part():
    subject = notes_of(BY_HAND)
    after = changed(subject, divided(subject, "r1.1.1", package("a"), package("b")))
    first, second = (after.notes[each.uid] for each in after.plan.packages)
    assert "900 euros, the bank says." in first
    assert "- Mrs Weber" in first
    assert "Weber" not in second
    assert len(parse(first).steps) == len(parse(second).steps) == 6


def test_proposals_of_one_writer_never_share_a_ref():
    """Two divisions and an extension of one task, made one after the other."""
    subject = stored("r1.1.1-2")
    writing = writer(subject, lambda _: {"packages": [package("a"), package("b")]})
    first = ran(writing.divided("r1.1.1", []))
    second = ran(writing.divided("r1.1.2", []))
    third = ran(writing.extended("r1.1", []))
    for edit in (first, second, third):
        assert edit is not None
        subject = changed(subject, edit)
    refs = sorted(subject.plan.ref(each.uid) for each in subject.plan.packages)
    assert refs == [f"r1.1.{number}" for number in range(3, 9)]


def test_more_work_comes_behind_what_a_task_has():
    subject = stored("r1.1.1, r1.2.1")
    edit = ran(
        writer(
            subject, lambda _: {"packages": [package("a"), package("b", needs=["a"])]}
        ).extended("r1.1", ["Somebody has to catch."])
    )
    assert edit is not None
    plan = changed(subject, edit).plan
    assert [plan.ref(each.uid) for each in plan.packages] == [
        *("r1.1.1", "r1.1.2", "r1.1.3"),
        "r1.2.1",
    ]


def test_hours_and_days_are_taken_over_and_never_lost():
    subject = stored("r1.1.1 = 2/4/9 h")
    kept = rewriting(subject, "r1.1.1", hours=None, title="Throw").plan.package("r1.1.1")
    assert kept.estimate == ThreePoint(2, 4, 9)
    told = rewriting(subject, "r1.1.1", hours={"p10": 3, "p50": 5, "p90": 9}, elapsed_days=4)
    new = told.plan.package("r1.1.1")
    assert (new.estimate, new.elapsed_days) == (ThreePoint(3, 5, 9), 4)


def test_an_item_that_was_changed_meanwhile_is_not_removed():
    """A division prepared on an earlier form of a plan does not fit any more."""
    subject = stored("r1.1.1")
    edit = divided(subject, "r1.1.1", package("a"), package("b"))
    other = replaced(subject.plan, replace(subject.plan.package("r1.1.1"), title="Other"))
    with pytest.raises(EditError, match="has changed since"):
        apply(edit, other)
