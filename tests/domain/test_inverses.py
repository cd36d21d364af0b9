"""Every edit can be taken back exactly, alone, in a row and as a batch."""

from __future__ import annotations

from hypothesis import given, settings

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.values import EDITS
from tests.strategies import MODEST, Step, histories, kinds_in


@MODEST
@given(histories())
def test_inverses_in_reverse_order_give_the_plan_back(steps: tuple[Step, ...]):
    """Any legal edits followed by their inverses leave the plan exactly as it was."""
    for step in reversed(steps):
        inverse = step.edit.invert(step.before.plan)
        assert apply(inverse, step.after.plan) == step.before.plan


@MODEST
@given(histories())
def test_the_inverse_of_an_inverse_makes_the_edit_again(steps: tuple[Step, ...]):
    """Redo is exact: inverting the inverse gives the plan after the edit."""
    for step in steps:
        inverse = step.edit.invert(step.before.plan)
        again = inverse.invert(step.after.plan)
        assert apply(again, step.before.plan) == step.after.plan


@MODEST
@given(histories())
def test_a_batch_does_what_its_edits_do_and_takes_all_of_it_back(steps: tuple[Step, ...]):
    """A batch of legal edits ends where they end, and its inverse where they began."""
    if not steps:
        return
    start, end = steps[0].before.plan, steps[-1].after.plan
    batch = Batch(tuple(step.edit for step in steps), "all of it")
    assert apply(batch, start) == end
    assert apply(batch.invert(start), end) == start


@MODEST
@given(histories())
def test_an_inverse_brings_every_text_the_plan_had(steps: tuple[Step, ...]):
    """What an edit drops, its inverse carries: no digest is left without its text."""
    for step in steps:
        inverse = step.edit.invert(step.before.plan)
        kept = set(step.after.notes.values()) | set(inverse.texts.values())
        assert set(step.before.notes.values()) <= kept


@MODEST
@given(histories())
def test_an_inverse_touches_what_the_edit_touched(steps: tuple[Step, ...]):
    """The field rule sees an undo where the edit was: the written fields are the same."""
    for step in steps:
        inverse = step.edit.invert(step.before.plan)
        assert _written(inverse.touches) == _written(step.edit.touches)


@MODEST
@given(histories())
def test_an_edit_says_one_line_about_itself(steps: tuple[Step, ...]):
    """Every edit, batches too, has words for the history."""
    for step in steps:
        said = step.edit.says(step.before.plan, step.after.plan)
        assert len(said.splitlines()) == 1, said


def test_every_class_of_edit_comes_up():
    """The strategy draws every edit there is, so the properties above hold for all."""
    seen = set[str]()

    @settings(MODEST, max_examples=150, derandomize=True, database=None)
    @given(histories())
    def look(steps: tuple[Step, ...]) -> None:
        for step in steps:
            seen.update(kinds_in(step.edit))

    look()
    assert seen == set(EDITS)


def _written(touches: frozenset[tuple[str, str]]) -> set[tuple[str, str]]:
    return {touch for touch in touches if touch[1]}
