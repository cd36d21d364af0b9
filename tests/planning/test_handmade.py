"""What a person wrote or began is theirs, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stellwerk.domain.edits.edit import WHOLE, Edit, clash
from stellwerk.domain.edits.fields import Assign, Rename, Resize, Rewrite
from stellwerk.domain.edits.items import Add, Need
from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.whole import Batch, ReplacePlan
from stellwerk.domain.goal import Source, SourceKind
from stellwerk.domain.journal import Change, EntryKind
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import Standing, Status, WorkPackage
from stellwerk.planning.handmade import REFINED, handmade
from stellwerk.testing.clock import FrozenClock
from stellwerk.testing.memory_store import MemoryStore
from tests.validation.notation import plan_of

NOW = FrozenClock().now
MODEL = Source(SourceKind.MODEL, "openai", "m")
LINE = "r1 > r2, r1.1.1-3, r2.1.1, p1"


def made(source: Source = MODEL, text: str = LINE) -> Plan:
    """Return a plan as it is before anybody touches it."""
    plan = plan_of(text)
    return replace(plan, goal=replace(plan.goal, source=source))


def history(plan: Plan, edits: Sequence[Edit | EntryKind]) -> tuple[MemoryStore, Snapshot]:
    """Return a store in which a plan was planned and edited, undone and redone."""
    store, goal = MemoryStore(), plan.goal
    empty = Snapshot(Plan(goal), NO_REFS, 0)
    birth = ReplacePlan(empty.plan, plan, {}, {}, "planned “A goal”")
    now = store.create(goal, empty.book, Change(birth, "Ada", NOW))
    for edit in edits:
        if isinstance(edit, EntryKind):
            found = (
                store.undoable(goal.uid, "Ada")
                if edit is EntryKind.UNDO
                else store.redoable(goal.uid, "Ada")
            )
            assert found is not None
            change = Change(found.inverse, "Ada", NOW, edit, found.line.revision)
        else:
            change = Change(edit, "Ada", NOW)
        now = store.commit(goal.uid, change, now)
    return store, now


def theirs(
    *edits: Edit | EntryKind, source: Source = MODEL, text: str = LINE
) -> frozenset[tuple[str, str]]:
    """Return what counts as handmade after some edits."""
    plan = made(source, text)
    store, now = history(plan, edits)
    return handmade(now.plan, store.lines(plan.goal.uid))


def test_of_a_fresh_plan_nothing_is():
    assert theirs() == frozenset()


def test_a_field_that_somebody_wrote_is_and_its_neighbours_are_not():
    found = theirs(Rename("r1.1.1", "Throw"), Need("r1.1.2", "r1.1.1"))
    assert clash(Resize("r1.1.1", 2, 2).touches, found) is None
    assert clash(Rename("r1.1.1", "Catch").touches, found) == ("r1.1.1", "title")
    assert clash(Need("r1.1.2", "r1.1.1").touches, found) is not None


def test_work_that_is_ticked_or_begun_is_as_a_whole():
    for status in (Status.DONE, Status.DOING, Status.WAITING, Status.DIVERTED):
        found = theirs(SetStatus("r1.1.1", Standing(status, waiting_for="x", reason="y")))
        assert clash(Rename("r1.1.1", "Catch").touches, found) is not None, status
        assert clash(Rename("r1.1.2", "Catch").touches, found) is None


def test_how_work_stands_is_no_handwriting():
    """Whoever was assigned, and what was ticked and reopened again."""
    todo = SetStatus("r1.1.1", Standing())
    found = theirs(Assign("r1.1.2", "p1"), SetStatus("r1.1.1", Standing(Status.DONE)), todo)
    assert clash(Rewrite("r1.1.1", "", "x").touches, found) is None
    assert clash(Rewrite("r1.1.2", "", "x").touches, found) is None
    line = "r1 ? r2 | r3, r1.1.1, r2.1.1, r3.1.1"
    assert theirs(Choose("d1", "d1.a"), text=line) == frozenset()


def test_what_somebody_added_is():
    package = WorkPackage("mine", 9, "Mine", NOW)
    found = theirs(Add(package, "r1.1", 0))
    assert clash(Rename("mine", "Yours").touches, found) is not None
    assert clash(Rename("r1.1.1", "Yours").touches, found) is None


def test_what_was_taken_back_is_not_until_it_is_brought_back():
    rename = Rename("r1.1.1", "Throw")
    assert theirs(rename, EntryKind.UNDO) == frozenset()
    assert theirs(rename, EntryKind.UNDO, EntryKind.REDO) == {("r1.1.1", "title")}


def test_a_refinement_is_not_nor_one_that_was_brought_back():
    refined = Batch((Rename("r1.1.1", "Throw"),), f"{REFINED}renamed r1.1.1")
    assert theirs(refined) == frozenset()
    assert theirs(refined, EntryKind.UNDO) == frozenset()
    assert theirs(refined, EntryKind.UNDO, EntryKind.REDO) == frozenset()


def test_a_plan_of_nobody_s_making_is_as_a_whole():
    assert theirs(source=Source()) == {WHOLE}


def test_a_plan_that_was_replaced_by_an_import_is_as_a_whole():
    """Somebody edited an export and read it back: who knows what they wrote."""
    plan = made()
    other = replace(plan, edges=())
    assert theirs(ReplacePlan(plan, other, {}, {}, "replaced the plan by plan.md")) == {WHOLE}
