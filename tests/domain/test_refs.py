"""Refs are handed out once, survive undo and redo, and lead to what moved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.compound import moving, new_route, new_task
from stellwerk.domain.edits.items import Move
from stellwerk.domain.edits.lines import Connect
from stellwerk.domain.edits.renumbering import renumbered
from stellwerk.domain.edits.whole import Batch, ReplacePlan
from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Edge, Option, Plan
from stellwerk.domain.refs import PATTERN, RefBook, letters, number_of
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import digest
from stellwerk.errors import EditError, NotFoundError, StellwerkError
from stellwerk.planning.dispatcher import Dispatcher, located
from stellwerk.testing.clock import CountedUids, FrozenClock
from stellwerk.testing.memory_store import MemoryStore
from tests.strategies import MODEST, WISHES, Drawn, drawn_plans, edits


def dispatcher(store: MemoryStore, author: str = "ada") -> Dispatcher:
    """Return a dispatcher whose time and uids repeat."""
    return Dispatcher(store, author, FrozenClock(), CountedUids(1000))


def begun(acting: Dispatcher, drawn: Drawn) -> Snapshot:
    """Return a stored goal with a drawn plan in it."""
    goal = drawn.plan.goal
    base = acting.create(goal)
    fresh = ReplacePlan(base.plan, drawn.plan, {}, drawn.notes)
    return acting.make(base, fresh).after


@MODEST
@given(drawn_plans(max_routes=3, min_routes=1), st.data())
def test_no_ref_is_ever_handed_out_to_two_items(drawn: Drawn, data: st.DataObject):
    """Over edits, undo, redo and stale writes of two people, a ref means one item."""
    store = MemoryStore()
    ada = dispatcher(store)
    bob = Dispatcher(store, "bob", ada.clock, ada.new_uid)
    seen = [begun(ada, drawn)]
    owners = dict(seen[0].plan.index.by_ref)
    texts = {digest(text): text for text in drawn.notes.values()}
    for _ in range(data.draw(st.integers(3, 10))):
        acting = data.draw(st.sampled_from((ada, ada, bob)))
        base = data.draw(st.sampled_from((seen[-1], seen[-1], seen[-1], *seen[-3:])))
        try:
            seen.append(_acted(data, acting, base, texts))
        except StellwerkError:
            continue
        for ref, uid in seen[-1].plan.index.by_ref.items():
            assert owners.setdefault(ref, uid) == uid
        _old_refs_resolve(seen[-1], owners)


def _acted(
    data: st.DataObject, acting: Dispatcher, base: Snapshot, texts: dict[str, str]
) -> Snapshot:
    """Make, undo or redo something on a snapshot, which may be a stale one."""
    deed = data.draw(st.sampled_from(("make", "make", "undo", "redo")))
    if deed != "make":
        return getattr(acting, deed)(base).after
    notes = {p.uid: texts[p.notes] for p in base.plan.packages if p.notes}
    drawn = Drawn(base.plan, base.book, notes, acting.births)
    wish = data.draw(st.sampled_from((*WISHES, "add route", "add task", "move", "move")))
    edit = data.draw(edits(drawn, (wish,)))
    if edit is None:
        raise EditError("Nothing was drawn.")
    texts.update(edit.texts)
    return acting.make(base, edit).after


def _old_refs_resolve(snapshot: Snapshot, owners: dict[str, str]) -> None:
    for ref, uid in owners.items():
        there = uid in snapshot.plan.index.items
        assert snapshot.book.resolve(snapshot.plan, ref) == (uid if there else None)


def _goal() -> Goal:
    return Goal("f" * 32, "a-goal", "A goal", FrozenClock().now)


def _with_route(acting: Dispatcher, base: Snapshot, title: str) -> Snapshot:
    edit = new_route(base.plan, base.book, acting.births, title, after=())
    return acting.make(base, edit).after


def test_an_undone_birth_keeps_its_number():
    """After add, undo, add, the second route is r2; redo is no longer offered."""
    ada = dispatcher(MemoryStore())
    snapshot = _with_route(ada, ada.create(_goal()), "First")
    snapshot = ada.undo(snapshot).after
    assert snapshot.plan == Plan(_goal())
    snapshot = _with_route(ada, snapshot, "Second")
    assert list(snapshot.plan.index.by_ref) == ["r2"]
    with pytest.raises(NotFoundError, match="nothing to redo"):
        ada.redo(snapshot)


def test_redo_restores_uid_and_ref():
    """A birth that was undone and redone is the same item under the same ref."""
    ada = dispatcher(MemoryStore())
    snapshot = _with_route(ada, ada.create(_goal()), "First")
    again = ada.redo(ada.undo(snapshot).after).after
    assert again.plan == snapshot.plan


def test_a_stale_birth_takes_the_next_number_that_is_free():
    """A number stays given away even if its item was undone before the stale write."""
    store = MemoryStore()
    ada, bob = dispatcher(store), Dispatcher(store, "bob", FrozenClock(), CountedUids(9000))
    stale = ada.create(_goal())
    ada.undo(_with_route(ada, stale, "Ada's"))
    _with_route(bob, stale, "Bob's")
    assert located(bob.open(), "r2").title == "Bob's"
    assert [line.says for line in bob.history(bob.open())][-1] == "added r2 Bob's"
    back = ada.redo(ada.open()).after
    assert located(back, "r1").title == "Ada's"


def test_a_moved_item_is_found_under_every_ref_it_had():
    """A task that moved to another route, with its packages, keeps its old refs."""
    ada = dispatcher(MemoryStore())
    snapshot = ada.create(_goal())
    for title in ("First", "Second"):
        snapshot = _with_route(ada, snapshot, title)
    first = located(snapshot, "r1").uid
    task = new_task(snapshot.plan, snapshot.book, ada.births, "Task", first)
    snapshot = ada.make(snapshot, task).after
    uid = located(snapshot, "r1.1").uid
    for to in ("r2", "r1"):
        holder = located(snapshot, to).uid
        moved = moving(snapshot.plan, snapshot.book, uid, holder, 0)
        snapshot = ada.make(snapshot, moved).after
    assert snapshot.plan.ref(uid) == "r1.2"
    assert {located(snapshot, ref).uid for ref in ("r1.1", "r2.1", "R1.2")} == {uid}


def test_an_alias_of_what_is_gone_means_nothing():
    """A former ref of a removed item does not resolve, and never means another item."""
    plan = Plan(_goal())
    assert RefBook({"r": 1}, {"r1": "gone"}).resolve(plan, "r1") is None


def test_a_book_that_nothing_moved_in_keeps_its_aliases():
    """Births alone leave the aliases as they were."""
    book = RefBook({}, {"r9": "x"})
    assert book.following(Plan(_goal()), Plan(_goal())).aliases == {"r9": "x"}


@given(st.integers(1, 10**6))
def test_letters_count_like_columns_of_a_sheet(number: int):
    """`letters` and `number_of` are each other's inverse, and a ref's pattern takes them."""
    assert number_of(letters(number)) == number
    assert PATTERN.fullmatch(f"d1.{letters(number)}")


@pytest.mark.parametrize(
    ("number", "text"), [(0, ""), (1, "a"), (26, "z"), (27, "aa"), (52, "az"), (703, "aaa")]
)
def test_letters_go_on_after_z(number: int, text: str):
    """Option 27 is `aa`."""
    assert letters(number) == text


def test_a_stale_option_gets_the_next_letter_and_other_edits_stay_as_they_are():
    """An option of a switch that was given another one meanwhile, alone or in a batch."""
    option = Option("o", 3, "Third", "h", FrozenClock().now)
    laid = Connect(Edge("r", "h"), option, "s")
    before, now = RefBook({"s": 2}), RefBook({"s": 3})
    moved = Connect(laid.edge, replace(option, number=4), "s")
    assert renumbered(laid, before, now) == moved
    first = Move("a", "elsewhere", 0, 1)
    assert renumbered(first, before, now) == first
    moving_there, moved_on = Move("a", "s", 0, 3), Move("a", "s", 0, 4)
    assert renumbered(moving_there, before, now) == moved_on
    other = Connect(Edge("r", "x"))
    assert renumbered(Batch((laid, other)), before, now) == Batch((moved, other))
    assert renumbered(other, before, now) == other
