"""How a change lands beside others, and what can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.edit import WHOLE, Edit, Touch, apply, clash
from stellwerk.domain.edits.fields import (
    Assign,
    Describe,
    Estimate,
    Rename,
    Resize,
    SetGoal,
    SetPerson,
)
from stellwerk.domain.edits.items import Add, Move, Need, Remove, Unneed
from stellwerk.domain.edits.lines import Choose, Connect, Disconnect, Recommend, Reopen
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.whole import Batch, ReplacePlan
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import (
    Change,
    Entry,
    EntryKind,
    EntryLine,
    land,
    refuse_clash,
    rewound,
)
from stellwerk.domain.plan import Edge, Option, Plan
from stellwerk.domain.refs import RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import Standing, Status
from stellwerk.errors import ConflictError, EditError, NotFoundError
from stellwerk.planning.dispatcher import Dispatcher, Outcome
from stellwerk.testing.clock import CountedUids, FrozenClock
from stellwerk.testing.memory_store import MemoryStore
from tests.domain.plans import NOW, a_goal, a_package, a_person, a_route, fork_of, two_routes
from tests.strategies import MODEST, Step, histories

TOUCHES = st.frozensets(
    st.one_of(
        st.just(WHOLE),
        st.tuples(st.sampled_from("abc"), st.sampled_from(("", "*", "title", "need b"))),
    ),
    max_size=3,
)
DONE = Standing(Status.DONE)


def snapshot_of(plan: Plan) -> Snapshot:
    """Return a plan at revision 0 with the refs it uses."""
    return Snapshot(plan, RefBook().following(Plan(plan.goal), plan), 0)


def landed(snapshot: Snapshot, edit: Edit, *missed: Entry) -> tuple[Snapshot, Entry]:
    """Return what Ada's edit makes of a snapshot."""
    return land(snapshot, Change(edit, "ada", NOW), [entry.line for entry in missed])


@given(TOUCHES, TOUCHES)
def test_a_clash_is_mutual(one: frozenset[Touch], other: frozenset[Touch]):
    """Neither edit is favoured: both see the clash, or none does."""
    assert bool(clash(one, other)) == bool(clash(other, one))


@given(TOUCHES)
def test_what_writes_clashes_with_itself(touches: frozenset[Touch]):
    """Two equal edits clash unless they merely rest on items."""
    assert bool(clash(touches, touches)) == any(field for _, field in touches)


@MODEST
@given(histories())
def test_an_entry_tells_what_landed(steps: tuple[Step, ...]):
    """Revision, author, line, touches, edit and an inverse that rewinds it."""
    now, entries = Snapshot(*_start(steps), 0), list[Entry]()
    for step in steps:
        now, entry = landed(now, step.edit)
        entries.append(entry)
        assert now.plan == step.after.plan
        assert now.book == step.after.book
        assert entry.edit == step.edit
        assert entry.line.touches == step.edit.touches
        assert (entry.line.revision, now.revision) == (len(entries), len(entries))
    assert rewound(now.plan, reversed(entries)) == _start(steps)[0]


def _start(steps: tuple[Step, ...]) -> tuple[Plan, RefBook]:
    return (steps[0].before.plan, steps[0].before.book) if steps else (two_routes(), RefBook())


THIRD = a_route("r3", 3)
OPTION = Option("o4", 4, "Way 4", "h4", NOW)
P, FORK = two_routes(), fork_of(3)
NEEDY = apply(Batch((Need("b", "a"), Assign("b", "ada"))), two_routes())
WIDE = apply(Add(a_route("h4", 9), "goal", 4), fork_of(3))


@pytest.mark.parametrize(
    ("plan", "first", "second"),
    [
        (P, Rename("a", "x"), Resize("a", 2, 2)),
        (P, Rename("a", "x"), Rename("b", "x")),
        (P, SetStatus("a", DONE), Estimate("a", None, 3)),
        (P, SetStatus("a", DONE), Assign("a", "ada")),
        (P, SetGoal(("title",), a_goal()), SetGoal(("prologue",), a_goal())),
        (P, SetPerson(("email",), a_person()), Rename("ada", "Ida")),
        (P, Add(THIRD, "goal", 2), Move("r2", "goal", 0, 2)),
        (P, Add(a_package("n", 3), "tr1"), Rename("tr1", "x")),
        (P, Add(a_package("n", 3), "tr1"), Add(a_package("m", 2), "tr2")),
        (P, Need("b", "a"), SetStatus("a", DONE)),
        (P, Need("c", "a"), Need("c", "b")),
        (P, Connect(Edge("r3", "r1")), Rename("r1", "x")),
        (FORK, Choose("s", "o1"), Recommend("s", "o2")),
        (FORK, Choose("s", "o1"), Rename("o1", "x")),
        (WIDE, Connect(Edge("r", "h4"), OPTION, "s"), Rename("s", "x")),
        (WIDE, Connect(Edge("r", "h4"), OPTION, "s"), Choose("s", "o1")),
        (P, Batch(()), ReplacePlan(P, P)),
    ],
)
def test_edits_of_different_fields_land_in_either_order(plan: Plan, first: Edit, second: Edit):
    """A stale edit is rebased when nothing it touches was changed since."""
    if isinstance(first, Connect) and first.edge.tail == "r3":
        plan = apply(Add(THIRD, "goal"), plan)
    base, results = snapshot_of(plan), list[Plan]()
    for one, other in ((first, second), (second, first)):
        between, entry = landed(base, one)
        results.append(landed(between, other, entry)[0].plan)
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("plan", "first", "second"),
    [
        (P, Rename("a", "x"), Rename("a", "y")),
        (P, SetStatus("a", DONE), SetStatus("a", Standing(Status.DOING))),
        (P, SetGoal(("title", "slug"), a_goal()), SetGoal(("slug",), a_goal())),
        (P, SetPerson(("name",), a_person()), Rename("ada", "Ida")),
        (P, SetPerson(("notes",), a_person()), Describe("ada", "kind")),
        (P, Move("a", "tr2", 0, 2), Move("a", "tr1", 1, 1)),
        (P, Remove(a_person(), "goal"), Rename("ada", "Ida")),
        (P, Remove(a_person(), "goal"), Assign("a", "ada")),
        (P, Remove(P.route("r1").tasks[0], "r1"), SetStatus("a", DONE)),
        (P, Remove(P.route("r1").tasks[0], "r1"), Add(a_package("n", 3), "tr1")),
        (P, Remove(P.package("a"), "tr1"), Need("b", "a")),
        (P, Remove(P.package("b"), "tr1", 1), Move("b", "tr2", 0, 2)),
        (NEEDY, Remove(NEEDY.package("b"), "tr1", 1), Unneed("b", "a")),
        (P, Connect(Edge("r2", "r3")), Remove(THIRD, "goal", 2)),
        (P, Connect(Edge("r2", "r3")), Batch((Connect(Edge("r2", "r3")),))),
        (FORK, Choose("s", "o1"), Choose("s", "o2")),
        (FORK, Choose("s", "o1"), Reopen("s")),
        (FORK, Recommend("s", "o1"), Recommend("s", None, {"o2": 0.5})),
        (
            FORK,
            Choose("s", "o3"),
            Disconnect(Edge("r", "h3"), FORK.switches[0].options[2], "s"),
        ),
        (
            FORK,
            Rename("o3", "x"),
            Disconnect(Edge("r", "h3"), FORK.switches[0].options[2], "s"),
        ),
        (P, ReplacePlan(P, P), Rename("a", "x")),
    ],
)
def test_edits_of_the_same_field_conflict_in_either_order(
    plan: Plan, first: Edit, second: Edit
):
    """The one that comes later is refused, naming the revision that is in the way."""
    if isinstance(first, Connect):
        plan = apply(Add(THIRD, "goal", 2), plan)
    base = snapshot_of(plan)
    for one, other in ((first, second), (second, first)):
        between, entry = landed(base, one)
        with pytest.raises(ConflictError) as caught:
            landed(between, other, entry)
        assert caught.value.message.startswith(f"Revision 1 is in the way ({entry.line.says})")
        assert caught.value.message.endswith("ada changed it at 2026-01-01 09:00 UTC.")


def test_an_edit_that_no_longer_fits_is_a_conflict_when_something_was_missed():
    """No field was touched twice, but two needs made a circle together."""
    base = snapshot_of(two_routes())
    between, entry = landed(base, Need("b", "a"))
    with pytest.raises(ConflictError, match=r"changed meanwhile .* circle: r1\.1\."):
        landed(between, Need("a", "b"), entry)
    with pytest.raises(EditError, match="circle"):
        landed(between, Need("a", "b"))


def test_an_edit_that_never_fitted_is_no_conflict():
    """Where the plan as it was is at hand, it is asked before anybody is blamed."""
    base = snapshot_of(two_routes())
    between, entry = landed(base, Rename("b", "x"))
    change = Change(Need("a", "a"), "ada", NOW)
    with pytest.raises(EditError) as caught:
        land(between, change, [entry.line], base)
    assert not isinstance(caught.value, ConflictError)


def test_two_births_of_one_number_conflict():
    """Two people who both add r3 do not both get it."""
    base = snapshot_of(two_routes())
    between, entry = landed(base, Add(THIRD, "goal", 2))
    with pytest.raises(ConflictError, match="The ref r3 stands 2 times"):
        landed(between, Add(a_route("other", 3), "goal", 2), entry)


def test_what_was_missed_and_touches_nothing_is_no_reason():
    """`refuse_clash` passes over entries of other fields."""
    line = EntryLine(1, EntryKind.EDIT, "bob", NOW, "x", frozenset({("b", "title")}))
    refuse_clash(Rename("a", "x"), [line])
    with pytest.raises(ConflictError, match="bob changed it"):
        refuse_clash(Rename("b", "x"), [line])


def test_a_field_edit_leaves_the_ref_book_alone():
    """Only edits of the plan's shape can give birth or move."""
    base = snapshot_of(two_routes())
    assert landed(base, Rename("a", "x"))[0].book is base.book


def actors() -> tuple[Dispatcher, Dispatcher]:
    """Return Ada and Bob at one store, which holds `two_routes`."""
    store, clock = MemoryStore(), FrozenClock()
    ada = Dispatcher(store, "ada", clock, CountedUids(100))
    ada.adopt(two_routes(), {}, "planned")
    return ada, Dispatcher(store, "bob", clock, ada.new_uid)


def made(who: Dispatcher, edit: Edit) -> Snapshot:
    """Return the plan after somebody's edit of it as it is now."""
    return who.make(who.open(), edit).after


def titles(who: Dispatcher) -> tuple[str, str]:
    """Return the titles of the packages `a` and `b`."""
    plan = who.open().plan
    return plan.package("a").title, plan.package("b").title


def test_undo_takes_back_one_s_own_latest_edit():
    """Somebody else's later edit of another field stays."""
    ada, bob = actors()
    made(ada, Rename("a", "Ada's"))
    made(bob, Rename("b", "Bob's"))
    outcome = ada.undo(ada.open())
    assert outcome.says == "undid: renamed r1.1.1 Package a to Ada's"
    assert titles(ada) == ("Package a", "Bob's")


def test_undo_is_refused_when_a_later_edit_touched_the_same_field():
    """The later edit is named with its revision, author and time."""
    ada, bob = actors()
    made(ada, Rename("a", "Ada's"))
    bob.clock.tick(timedelta(minutes=5))
    made(bob, Rename("a", "Bob's"))
    with pytest.raises(ConflictError) as caught:
        ada.undo(ada.open())
    assert caught.value.message == (
        "Revision 3 is in the way (renamed r1.1.1 Ada's to Bob's);"
        " bob changed it at 2026-01-01 09:05 UTC."
    )
    assert titles(ada) == ("Bob's", "Package b")


def test_undo_of_a_birth_is_refused_when_somebody_built_on_it():
    """A task that holds somebody's package by now is not taken away."""
    ada, bob = actors()
    made(ada, Add(THIRD, "goal", 2))
    made(bob, Connect(Edge("r2", "r3")))
    with pytest.raises(
        ConflictError, match=r"Revision 3 is in the way \(r3 Route r3 needs r2"
    ):
        ada.undo(ada.open())


def test_undo_of_a_removal_is_refused_when_what_it_needs_is_gone():
    """The later removal is named, instead of a rule that would break."""
    ada, bob = actors()
    made(ada, Need("b", "a"))
    plan = made(bob, Rename("c", "x")).plan
    made(ada, Remove(plan.package("b"), "tr1", 1))
    made(bob, Remove(plan.package("a"), "tr1", 0))
    with pytest.raises(ConflictError, match=r"Revision 5 is in the way \(removed r1\.1\.1"):
        ada.undo(ada.open())


def test_undo_passes_over_what_was_taken_back_itself():
    """A later edit that was undone does not stand in the way."""
    ada, bob = actors()
    made(ada, Rename("a", "Ada's"))
    made(bob, Rename("a", "Bob's"))
    bob.undo(bob.open())
    ada.undo(ada.open())
    assert titles(ada) == ("Package a", "Package b")


def test_undo_is_refused_when_the_later_edit_was_brought_back():
    """An edit that was undone and redone stands, and is in the way again."""
    ada, bob = actors()
    made(ada, Rename("a", "Ada's"))
    made(bob, Rename("a", "Bob's"))
    bob.undo(bob.open())
    bob.redo(bob.open())
    with pytest.raises(ConflictError, match="in the way"):
        ada.undo(ada.open())


def test_undo_and_redo_walk_the_whole_history_back_and_forth():
    """Each undo takes one step, each redo brings it again, as often as one likes."""
    ada, _ = actors()
    states = [ada.open().plan, *(made(ada, Rename("a", title)).plan for title in "xyz")]
    for _ in range(2):
        for state in reversed(states[:-1]):
            assert ada.undo(ada.open()).after.plan == state
        for state in states[1:]:
            assert ada.redo(ada.open()).after.plan == state
    assert ada.undo(ada.open()).after.plan == states[-2]


def test_a_new_edit_clears_one_s_own_redo_only():
    """What Bob does meanwhile leaves Ada's redo; what she does herself clears it."""
    ada, bob = actors()
    made(ada, Rename("a", "Ada's"))
    ada.undo(ada.open())
    made(bob, Rename("b", "Bob's"))
    assert ada.redo(ada.open()).says == "redid: renamed r1.1.1 Package a to Ada's"
    ada.undo(ada.open())
    made(ada, Resize("c", 8, 8))
    with pytest.raises(NotFoundError, match="There is nothing to redo on a-goal"):
        ada.redo(ada.open())


def test_redo_is_refused_when_somebody_wrote_there_since():
    """Bringing an edit back follows the same field rule."""
    ada, bob = actors()
    made(ada, Rename("a", "Ada's"))
    ada.undo(ada.open())
    made(bob, Rename("a", "Bob's"))
    with pytest.raises(ConflictError, match=r"renamed r1\.1\.1 Package a to Bob's"):
        ada.redo(ada.open())


def test_nobody_undoes_what_others_did():
    """Without an edit of one's own there is nothing to take back or bring back."""
    _, bob = actors()
    for act in (bob.undo, bob.redo):
        with pytest.raises(NotFoundError):
            act(bob.open())


def test_an_entry_is_taken_back_once():
    """Two people cannot both undo one revision."""
    ada, _ = actors()
    stale = made(ada, Rename("a", "x"))
    entry = ada.store.undoable(stale.plan.goal.uid, "ada")
    change = Change(entry.inverse, "ada", NOW, EntryKind.UNDO, entry.line.revision)
    ada.store.commit(stale.plan.goal.uid, change, stale)
    with pytest.raises(ConflictError, match="Revision 2 has been taken back already"):
        ada.store.commit(stale.plan.goal.uid, change, ada.open())


def test_every_revision_can_be_looked_at():
    """Rewinding the journal gives each plan there ever was."""
    ada, _ = actors()
    states = [Plan(a_goal()), ada.open().plan]
    edits: tuple[Callable[[], Outcome], ...] = (
        lambda: ada.make(ada.open(), Rename("a", "x")),
        lambda: ada.undo(ada.open()),
        lambda: ada.redo(ada.open()),
        lambda: ada.make(ada.open(), Add(THIRD, "goal", 2)),
    )
    states += [edit().after.plan for edit in edits]
    now = ada.open()
    assert [ada.at_revision(now, number) for number in range(len(states))] == states
    assert [line.kind for line in ada.history(now)] == ["edit", "edit", "undo", "redo", "edit"]
    with pytest.raises(NotFoundError, match="has revisions 0 to 5, not 6"):
        ada.at_revision(now, 6)


def test_goals_are_edits_too():
    """Deleting a goal is undone like everything else."""
    ada, _ = actors()
    ada.set_goal(ada.open(), deleted=True)
    assert ada.goals() == []
    gone = ada.open("a-goal", deleted=True)
    back = ada.undo(gone).after.plan.goal
    assert back == a_goal() == replace(gone.plan.goal, deleted=False)
    assert isinstance(back, Goal)
