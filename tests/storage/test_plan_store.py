"""The contract of every plan store, in memory and on disk alike."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.compound import new_task, removal
from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.fields import Rename, Rewrite, SetGoal
from stellwerk.domain.edits.items import Add, Move, Need
from stellwerk.domain.edits.lines import Connect
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.whole import Batch, ReplacePlan
from stellwerk.domain.excerpt import excerpt_of
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import Change, EntryKind
from stellwerk.domain.plan import Edge, Plan
from stellwerk.domain.refs import RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import PackageLine, Standing, Status, Task, digest
from stellwerk.errors import ConflictError, EditError, NotFoundError, StellwerkError
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.planning.ports import GoalLine, PlanStore
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock
from stellwerk.testing.memory_store import MemoryStore
from tests.domain.plans import NOW, a_goal, a_package, a_route, two_routes
from tests.storage.conftest import Pair
from tests.strategies import MODEST, Drawn, drawn_plans, edits

GOAL = "goal"


def ada(store: PlanStore) -> Dispatcher:
    """Return Ada at a store."""
    return Dispatcher(store, "ada", FrozenClock(), CountedUids(100))


def planned(store: PlanStore) -> Snapshot:
    """Return `two_routes`, stored as the first revision of the goal `goal`."""
    return ada(store).adopt(two_routes(), {}, "planned").after


def committed(store: PlanStore, edit: Edit, base: Snapshot, author: str = "ada") -> Snapshot:
    """Return the plan after an edit that was prepared on a snapshot."""
    return store.commit(GOAL, Change(edit, author, NOW), base)


def taken_back(store: PlanStore, base: Snapshot, author: str = "ada") -> Snapshot:
    """Return the plan after the author's latest standing edit was undone."""
    entry = store.undoable(GOAL, author)
    change = Change(entry.inverse, author, NOW, EntryKind.UNDO, entry.line.revision)
    return store.commit(GOAL, change, base)


def test_an_empty_store_has_nothing(store: PlanStore):
    """No goals, and a goal that is asked for is not found."""
    assert store.goals() == []
    with pytest.raises(NotFoundError, match="no goal with the uid nothing"):
        store.load("nothing")
    with pytest.raises(NotFoundError, match="no goal with the uid nothing"):
        store.commit(
            "nothing", Change(Batch(()), "ada", NOW), Snapshot(Plan(a_goal()), RefBook(), 0)
        )


def test_a_new_goal_has_an_empty_plan(pair: Pair):
    """At revision 0, with nothing in its journal."""
    first, second = pair
    snapshot = first.create(a_goal())
    assert snapshot == Snapshot(Plan(a_goal()), RefBook(), 0)
    assert second.load(GOAL) == snapshot
    assert second.lines(GOAL) == second.entries(GOAL, after=0) == []
    assert second.undoable(GOAL, "ada") is second.redoable(GOAL, "ada") is None
    assert second.notes(GOAL) == {}


def test_a_goal_from_elsewhere_brings_its_refs(pair: Pair):
    """What was handed out there is not handed out again here."""
    book = RefBook({"r": 7, "r1": 2}, {"r5": "r1"})
    assert pair[0].create(a_goal(), book).book == book
    assert pair[1].load(GOAL).book == book


def test_slug_and_uid_of_a_goal_are_unique(pair: Pair):
    """Either one twice is a conflict, and nothing is stored."""
    first, second = pair
    first.create(a_goal())
    with pytest.raises(ConflictError, match="a goal with the slug of a-goal already"):
        second.create(replace(a_goal(), uid="other"))
    with pytest.raises(ConflictError, match="a goal with the uid of other already"):
        second.create(replace(a_goal(), slug="other"))
    assert second.goals() == [GoalLine(a_goal(), 0)]


def test_goals_are_listed_oldest_first(store: PlanStore):
    """Deleted ones too, each with its revision."""
    old = Goal("z", "old", "Old", NOW)
    young = Goal("b", "young", "Young", NOW + timedelta(days=1))
    twin = Goal("a", "twin", "Twin", NOW + timedelta(days=1))
    for goal in (young, old, twin):
        store.create(goal)
    gone = SetGoal(("deleted",), replace(old, deleted=True))
    store.commit("z", Change(gone, "ada", NOW), store.load("z"))
    assert store.goals() == [
        GoalLine(replace(old, deleted=True), 1),
        GoalLine(twin, 0),
        GoalLine(young, 0),
    ]


def test_a_commit_is_seen_through_the_other_door(pair: Pair):
    """Plan, book, revision and journal are what was committed."""
    first, second = pair
    base = planned(first)
    after = committed(first, Rename("a", "x"), base)
    assert after.plan.package("a").title == "x"
    assert second.load(GOAL) == after
    line = second.lines(GOAL)[-1]
    assert (line.revision, line.kind, line.author, line.at) == (2, "edit", "ada", NOW)
    assert line.says == "renamed r1.1.1 Package a to x"
    assert line.touches == Rename("a", "x").touches
    entry = second.entries(GOAL, after=1)[0]
    assert (entry.edit, entry.inverse) == (Rename("a", "x"), Rename("a", "Package a"))


def test_a_stale_edit_of_another_field_is_rebased(pair: Pair):
    """Both edits stand, each in the journal."""
    first, second = pair
    base = planned(first)
    committed(first, Rename("a", "x"), base, "ada")
    after = committed(second, SetStatus("a", Standing(Status.DONE)), base, "bob")
    package = after.plan.package("a")
    assert (package.title, package.status, after.revision) == ("x", Status.DONE, 3)
    assert first.load(GOAL) == after
    assert [line.author for line in first.lines(GOAL)] == ["ada", "ada", "bob"]


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        (Rename("a", "y"), Rename("a", "x"), "Revision 2 is in the way"),
        (Need("a", "b"), Need("b", "a"), "the edit no longer fits: These need each other"),
        (
            ReplacePlan(two_routes(), Plan(a_goal())),
            Rename("a", "x"),
            "Revision 2 is in the way",
        ),
    ],
)
def test_a_stale_edit_that_collides_is_refused_whole(
    pair: Pair, mine: Edit, theirs: Edit, why: str
):
    """The other's edit stands, nothing of the refused one is left."""
    first, second = pair
    base = planned(first)
    after = committed(first, theirs, base, "ada")
    with pytest.raises(ConflictError, match=why):
        committed(second, mine, base, "bob")
    assert second.load(GOAL) == after
    assert len(second.lines(GOAL)) == 2


def test_births_at_the_same_moment_are_numbered_one_after_the_other(pair: Pair):
    """Whoever comes second gets the next refs, whole batches and their edges too."""
    first, second = pair
    base = planned(first)
    committed(first, Add(a_route("x", 3), "goal"), base, "ada")
    births = [
        Add(a_route("y", 3), "goal"),
        Add(a_route("z", 4), "goal"),
        Connect(Edge("y", "z")),
        Add(Task("t", 1, "T", NOW, packages=(a_package("tp", 1),)), "z"),
    ]
    after = committed(second, Batch(tuple(births), "added", "z"), base, "bob")
    assert [after.plan.ref(uid) for uid in ("x", "y", "z", "tp")] == [
        "r3",
        "r4",
        "r5",
        "r5.1.1",
    ]
    assert second.lines(GOAL)[-1].says == "added r5 Route z"
    assert first.load(GOAL) == second.load(GOAL) == after
    moved = committed(first, Move("a", "t", 0, 2), after, "ada")
    again = committed(second, Move("b", "t", 0, 2), after, "bob")
    assert moved.plan.ref("a") == again.plan.ref("a") == "r5.1.2"
    assert again.plan.ref("b") == "r5.1.3"
    assert second.load(GOAL).book.resolve(again.plan, "r1.1.1") == "a"


def test_an_excerpt_is_the_plan_with_lines_for_most_packages(pair: Pair):
    """In full are those that were wanted, and the railway is the same."""
    first, second = pair
    base = planned(first)
    wanted: list[Snapshot] = []

    def first_package(outline: Snapshot) -> list[str]:
        wanted.append(outline)
        return ["a"]

    found = second.excerpt(GOAL, first_package)
    assert wanted == [base._replace(plan=excerpt_of(base.plan, ()), whole=False)]
    assert found == base._replace(plan=excerpt_of(base.plan, {"a"}), whole=False)
    assert found.plan.package("a") == base.plan.package("a")
    assert isinstance(found.plan.package("b"), PackageLine)
    with pytest.raises(NotFoundError):
        second.excerpt("nowhere")


@pytest.mark.parametrize("edit", [Rename("a", "x"), Rename("b", "x"), Need("b", "a")])
def test_an_edit_made_on_an_excerpt_is_made_on_the_whole_plan(pair: Pair, edit: Edit):
    """What the excerpt lacks is read first, and what is stored is the same."""
    first, second = pair
    planned(first)
    excerpt = first.excerpt(GOAL, lambda _: ["a"])
    after = committed(first, edit, excerpt)
    stored = second.load(GOAL)
    assert stored.plan == apply(edit, two_routes())
    assert after.plan in (stored.plan, excerpt_of(stored.plan, {"a"}))
    assert after.revision == stored.revision


def test_an_edit_that_does_not_fit_leaves_everything_as_it_was(store: PlanStore):
    """Refused with the rule it would break."""
    base = planned(store)
    with pytest.raises(EditError, match="circle"):
        committed(store, Need("a", "a"), base)
    assert store.load(GOAL) == base
    assert len(store.lines(GOAL)) == 1


def test_a_slug_that_is_taken_is_refused(store: PlanStore):
    """Renaming a goal to another one's slug changes nothing."""
    base = planned(store)
    store.create(Goal("other", "taken", "Other", NOW))
    with pytest.raises(ConflictError):
        committed(store, SetGoal(("slug",), replace(a_goal(), slug="taken")), base)
    assert store.load(GOAL) == base
    free = committed(store, SetGoal(("slug",), replace(a_goal(), slug="free")), base)
    assert store.goals()[0].goal == free.plan.goal


def test_notes_are_kept_beside_the_plan(pair: Pair):
    """The plan holds digests; the texts are read when asked for, empty ones missing."""
    first, second = pair
    base = planned(first)
    base = committed(first, Rewrite("a", "", "of a"), base)
    base = committed(first, Rewrite("c", "", "of c"), base)
    assert second.load(GOAL).plan.package("a").notes == digest("of a")
    assert second.notes(GOAL) == {"a": "of a", "c": "of c"}
    assert second.notes(GOAL, ["a", "b"]) == {"a": "of a"}
    assert second.notes(GOAL, []) == {}
    base = committed(first, Rewrite("a", "of a", ""), base)
    assert second.notes(GOAL) == {"c": "of c"}
    taken_back(first, base)
    assert second.notes(GOAL) == {"a": "of a", "c": "of c"}


def test_notes_go_and_come_back_with_their_package(store: PlanStore):
    """A removal drops the text from the plan, its undo brings it again."""
    base = committed(store, Rewrite("a", "", "of a"), planned(store))
    after = committed(store, removal(base.plan, "tr1", store.notes(GOAL, ["a", "b"])), base)
    assert store.notes(GOAL) == {}
    back = taken_back(store, after)
    assert store.notes(GOAL) == {"a": "of a"}
    assert back.plan == base.plan == store.load(GOAL).plan


def test_two_packages_may_have_the_same_notes(store: PlanStore):
    """Dropping one text leaves the other, though their digests are one."""
    base = planned(store)
    for uid in ("a", "b"):
        base = committed(store, Rewrite(uid, "", "same"), base)
    committed(store, Rewrite("a", "same", ""), base)
    assert store.notes(GOAL) == {"b": "same"}


def test_notes_of_one_goal_are_not_those_of_another(store: PlanStore):
    """Goals that share a store share nothing else."""
    committed(store, Rewrite("a", "", "of a"), planned(store))
    other = store.create(Goal("other", "other", "Other", NOW))
    assert store.notes("other") == {}
    assert store.notes("other", ["a"]) == {}
    assert other.plan.routes == ()


def test_lines_come_oldest_first_and_entries_newest_first(store: PlanStore):
    """After a revision, or only the newest."""
    base = planned(store)
    for title in ("x", "y", "z"):
        base = committed(store, Rename("a", title), base)
    assert [line.revision for line in store.lines(GOAL)] == [1, 2, 3, 4]
    assert [line.revision for line in store.lines(GOAL, after=2)] == [3, 4]
    assert [line.revision for line in store.lines(GOAL, newest=3)] == [2, 3, 4]
    assert [line.revision for line in store.lines(GOAL, after=3, newest=3)] == [4]
    assert store.lines(GOAL, newest=0) == store.lines(GOAL, after=4) == []
    assert [entry.line.revision for entry in store.entries(GOAL, after=1)] == [4, 3, 2]


def test_undoable_is_the_author_s_latest_standing_edit(store: PlanStore):
    """Others' edits, undos, and what was undone are passed over."""
    base = committed(store, Rename("a", "x"), planned(store))
    base = committed(store, Rename("b", "y"), base, "bob")
    assert store.undoable(GOAL, "ada").line.revision == 2
    assert store.undoable(GOAL, "bob").line.revision == 3
    assert store.undoable(GOAL, "cyd") is None
    taken_back(store, base)
    assert store.undoable(GOAL, "ada").line.revision == 1
    lines = store.lines(GOAL)
    assert (lines[1].undone_by, lines[3].undoes, lines[3].kind) == (4, 2, "undo")


def test_redoable_is_the_latest_undo_no_own_edit_followed(store: PlanStore):
    """A redo can be undone again; an edit of one's own ends the chain."""
    base = committed(store, Rename("a", "x"), planned(store))
    assert store.redoable(GOAL, "ada") is None
    base = taken_back(store, base)
    entry = store.redoable(GOAL, "ada")
    assert (entry.line.revision, entry.inverse) == (3, Rename("a", "x"))
    assert store.redoable(GOAL, "bob") is None
    redo = Change(entry.inverse, "ada", NOW, EntryKind.REDO, 3)
    base = store.commit(GOAL, redo, base)
    assert store.redoable(GOAL, "ada") is None
    assert store.undoable(GOAL, "ada").line.revision == 4
    base = taken_back(store, base)
    assert store.redoable(GOAL, "ada").line.revision == 5
    base = committed(store, Rename("b", "y"), base, "bob")
    assert store.redoable(GOAL, "ada").line.revision == 5
    committed(store, Rename("b", "z"), base)
    assert store.redoable(GOAL, "ada") is None


def test_a_revision_is_taken_back_once(pair: Pair):
    """Two terminals that undo the same edit at once: one is told so."""
    first, second = pair
    base = committed(first, Rename("a", "x"), planned(first))
    entry = second.undoable(GOAL, "ada")
    taken_back(first, base)
    change = Change(entry.inverse, "ada", NOW, EntryKind.UNDO, entry.line.revision)
    with pytest.raises(ConflictError, match="Revision 2 has been taken back already"):
        second.commit(GOAL, change, second.load(GOAL))


def test_a_refused_undo_leaves_its_edit_standing(store: PlanStore):
    """The mark is set with the undo, or not at all."""
    base = committed(store, Rename("a", "x"), planned(store))
    after = committed(store, Rename("a", "y"), base, "bob")
    with pytest.raises(ConflictError, match="Revision 3 is in the way"):
        taken_back(store, base)
    assert store.load(GOAL) == after
    assert store.undoable(GOAL, "ada").line.revision == 2


def test_each_author_selects_a_goal_of_their_own(pair: Pair):
    """Remembered through either door, changed, and forgotten."""
    first, second = pair
    for goal in (a_goal(), Goal("other", "other", "Other", NOW)):
        first.create(goal)
    assert first.selections().get("ada") is None
    first.select("ada", GOAL)
    first.select("bob", "other")
    assert (second.selections().get("ada"), second.selections().get("bob")) == (GOAL, "other")
    second.select("ada", "other")
    assert first.selections().get("ada") == "other"
    first.select("ada", None)
    first.select("cyd", None)
    assert (second.selections().get("ada"), second.selections().get("bob")) == (None, "other")


def test_a_whole_plan_can_be_replaced_and_brought_back(store: PlanStore):
    """With all its notes, both ways."""
    base = committed(store, Rewrite("a", "", "of a"), planned(store))
    noted = replace(a_package("n", 1), notes=digest("of n"))
    new = Plan(a_goal(), (a_route("r9", 9, (noted,)),))
    edit = ReplacePlan(base.plan, new, store.notes(GOAL), {"n": "of n"})
    after = committed(store, edit, base)
    assert store.load(GOAL).plan == after.plan == new
    assert store.notes(GOAL) == {"n": "of n"}
    assert taken_back(store, after).plan == base.plan == store.load(GOAL).plan
    assert store.notes(GOAL) == {"a": "of a"}
    book = store.load(GOAL).book
    assert (book.next("r"), book.next("trr9")) == (10, 1)


def test_a_birth_counts_even_when_it_was_undone(pair: Pair):
    """The book is stored with the plan and only ever grows."""
    first, second = pair
    base = planned(first)
    edit = new_task(base.plan, base.book, ada(first).births, "New", "r1")
    base = taken_back(first, committed(first, edit, base))
    assert second.load(GOAL).book == base.book
    assert base.book.next("r1") == 3


@MODEST
@given(drawn_plans(max_routes=4, min_routes=1), st.data())
def test_both_stores_do_the_same(template: Path, drawn: Drawn, data: st.DataObject):
    """Random edits, undos and stale writes of two people leave equal stores."""
    memory = MemoryStore()
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(template, folder))
        disk = Repository(path)
        twins = _Twins(memory, disk, drawn)
        for _ in range(data.draw(st.integers(3, 8))):
            twins.act(data)
            twins.compare()
        disk.close()
        twins.compare()
        disk.close()


class _Twins:
    """The same story told to two stores."""

    def __init__(self, memory: MemoryStore, disk: Repository, drawn: Drawn) -> None:
        self.births = drawn.births
        self.texts = {digest(text): text for text in drawn.notes.values()}
        self.goal = drawn.plan.goal.uid
        self.stores: tuple[PlanStore, ...] = (memory, disk)
        self.seen = [
            [ada(s).adopt(drawn.plan, drawn.notes, "planned").after] for s in self.stores
        ]

    def act(self, data: st.DataObject) -> None:
        """Let somebody do something on a snapshot, which may be a stale one, in both."""
        author = data.draw(st.sampled_from(("ada", "bob")))
        at = data.draw(st.sampled_from((-1, -1, -1, 0)))
        deed = data.draw(st.sampled_from(("make", "make", "undo", "redo")))
        base = self.seen[0][at]
        notes = {p.uid: self.texts[p.notes] for p in base.plan.packages if p.notes}
        drawn = Drawn(base.plan, base.book, notes, self.births)
        edit = data.draw(edits(drawn)) if deed == "make" else None
        self.texts.update(edit.texts if edit else {})

        def done(store: PlanStore, snapshot: Snapshot) -> Snapshot:
            acting = Dispatcher(store, author, FrozenClock(), CountedUids())
            if deed == "make":
                return acting.make(snapshot, edit).after
            return getattr(acting, deed)(snapshot).after

        if deed != "make" or edit is not None:
            self._both(done, at)

    def _both(self, done: Callable[[PlanStore, Snapshot], Snapshot], at: int) -> None:
        results = [
            _outcome(done, s, seen[at]) for s, seen in zip(self.stores, self.seen, strict=True)
        ]
        assert results[0] == results[1]
        if isinstance(results[0], Snapshot):
            for seen, result in zip(self.seen, results, strict=True):
                seen.append(result)

    def compare(self) -> None:
        """Both stores hold what they returned, and the same."""
        memory, disk = self.stores
        assert disk.load(self.goal) == memory.load(self.goal)
        assert disk.notes(self.goal) == memory.notes(self.goal)
        assert disk.goals() == memory.goals()
        assert disk.lines(self.goal) == memory.lines(self.goal)
        for line in memory.lines(self.goal):
            later = memory.standing(self.goal, after=line.revision)
            assert disk.standing(self.goal, after=line.revision) == later
        assert disk.entries(self.goal, after=0) == memory.entries(self.goal, after=0)
        for author in ("ada", "bob"):
            assert disk.undoable(self.goal, author) == memory.undoable(self.goal, author)
            assert disk.redoable(self.goal, author) == memory.redoable(self.goal, author)


def _outcome(
    done: Callable[[PlanStore, Snapshot], Snapshot], store: PlanStore, base: Snapshot
) -> Snapshot | type[StellwerkError]:
    """Return what came of it, or the class of the refusal."""
    try:
        return done(store, base)
    except StellwerkError as error:
        return type(error)
