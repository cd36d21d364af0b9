"""Clocks that go back, stand still or are far off change no order and no count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest

from stellwerk.domain.difference import differences
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.edits.items import Add
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import EntryKind
from stellwerk.domain.railway import railway_of
from stellwerk.domain.work import Standing, Status
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.planning.ports import PlanStore
from stellwerk.testing.clock import CountedUids
from tests.domain.plans import NOW, a_package, two_routes
from tests.storage.conftest import Pair

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
DST = datetime(2026, 10, 25, tzinfo=UTC)
CLOCKS = {
    "back": [NOW - timedelta(days=number) for number in range(6)],
    "still": [NOW],
    "first and last": [LAST, FIRST],
    "tiny steps": [NOW, NOW + timedelta(microseconds=1), NOW],
    "an hour twice": [DST + timedelta(minutes=30), DST + timedelta(minutes=90)],
    "leap day": [datetime(2028, 2, 29, tzinfo=UTC), datetime(2028, 2, 28, tzinfo=UTC)],
}


@pytest.fixture(params=CLOCKS.values(), ids=CLOCKS)
def acting(request: pytest.FixtureRequest, store: PlanStore) -> Dispatcher:
    """Return Ada, whose clock shows one odd time after the other."""
    times = cycle(request.param)
    return Dispatcher(store, "ada", lambda: next(times), CountedUids(100))


def made(acting: Dispatcher) -> list[str]:
    """Plan a goal and rename a package four times; return its titles by revision."""
    base = acting.adopt(two_routes(), {}, "planned").after
    titles = ["", "Package a"]
    for title in ("one", "two", "three", "four"):
        base = acting.make(base, Rename("a", title)).after
        titles.append(title)
    return titles


def test_the_journal_is_in_the_order_of_revisions(acting: Dispatcher):
    """And keeps the times as they were shown, to the microsecond."""
    made(acting)
    lines = acting.history(acting.open())
    assert [line.revision for line in lines] == [1, 2, 3, 4, 5]
    assert [line.says.rpartition(" to ")[2] for line in lines[1:]] == [
        *("one", "two", "three", "four")
    ]
    newest = acting.history(acting.open(), newest=2)
    assert newest == lines[-2:]
    assert all(line.at.utcoffset() == timedelta(0) for line in lines)


def test_an_older_revision_is_what_was_then(acting: Dispatcher):
    """Whatever time each of them bears."""
    titles = made(acting)
    base = acting.open()
    for revision in range(1, base.revision + 1):
        plan = acting.at_revision(base, revision)
        assert plan.package("a").title == titles[revision]
    (found,) = differences(acting.at_revision(base, 2), acting.at_revision(base, 4))
    assert (found.old, found.new) == ("one", "three")


def test_undo_and_redo_take_the_latest_revision_not_the_latest_time(acting: Dispatcher):
    """Back to the beginning, and forth again."""
    titles = made(acting)
    base = acting.open()
    for revision in (4, 3, 2, 1):
        base = acting.undo(base).after
        assert base.plan.package("a").title == titles[revision]
    for revision in (2, 3, 4, 5):
        base = acting.redo(base).after
        assert base.plan.package("a").title == titles[revision]
    kinds = [line.kind for line in acting.history(base)]
    assert kinds == [EntryKind.EDIT] * 5 + [EntryKind.UNDO] * 4 + [EntryKind.REDO] * 4


def test_a_stale_edit_is_rebased_or_refused_by_revision(acting: Dispatcher, pair: Pair):
    """Two terminals whose clocks disagree see the same order."""
    base = acting.adopt(two_routes(), {}, "planned").after
    bob = Dispatcher(pair[1], "bob", lambda: FIRST, CountedUids(900))
    acting.make(base, Rename("a", "hers"))
    bob.make(base, Rename("b", "his"))
    lines = bob.history(acting.open())
    assert [(line.revision, line.author) for line in lines] == [
        *((1, "ada"), (2, "ada"), (3, "bob"))
    ]


def test_refs_are_handed_out_in_the_order_of_births(acting: Dispatcher):
    """Not in the order of the times of birth."""
    base = acting.adopt(two_routes(), {}, "planned").after
    for number, uid in enumerate(("x", "y", "z"), 3):
        package = replace(a_package(uid, number), born_at=acting.births.now)
        base = acting.make(base, Add(package, "tr1")).after
    refs = [base.plan.ref(uid) for uid in ("a", "b", "x", "y", "z")]
    assert refs == ["r1.1.1", "r1.1.2", "r1.1.3", "r1.1.4", "r1.1.5"]


@pytest.mark.parametrize(
    ("started", "finished"),
    [(NOW, NOW - timedelta(hours=3)), (LAST, FIRST), (None, NOW), (NOW, NOW)],
)
def test_work_that_ended_before_it_began_counts_like_any_other(
    store: PlanStore, started: datetime | None, finished: datetime
):
    """Progress and what comes next follow the status; times are kept as they are."""
    acting = Dispatcher(store, "ada", lambda: NOW, CountedUids(100))
    base = acting.adopt(two_routes(), {}, "planned").after
    done = Standing(Status.DONE, started_at=started, finished_at=finished, spent_hours=1.5)
    base = acting.make(base, SetStatus("a", done)).after
    assert store.load("goal").plan.package("a").standing == done
    railway = railway_of(store.load("goal").plan)
    assert railway.ready == ("b",)
    assert acting.undo(base).after.plan == two_routes()


@pytest.mark.parametrize("at", [FIRST, LAST, NOW + timedelta(microseconds=7)])
def test_any_time_is_stored_and_comes_back(store: PlanStore, at: datetime):
    """In the goal, its items and its journal."""
    acting = Dispatcher(store, "ada", lambda: at, CountedUids(100))
    base = acting.create(Goal("far", "far", "Far", at))
    acting.adopt(two_routes(), {}, "planned")
    edit: Edit = SetStatus("a", Standing(Status.DOING, started_at=at))
    acting.make(acting.open("a-goal"), edit)
    assert store.load("far").plan.goal.created_at == base.plan.goal.created_at == at
    assert store.load("goal").plan.package("a").standing.started_at == at
    assert acting.history(acting.open("a-goal"))[-1].at == at


def listed(store: PlanStore, *goals: Goal) -> list[str]:
    """Store goals; return their slugs in the order they are listed."""
    for goal in goals:
        store.create(goal)
    return [line.goal.slug for line in store.goals()]


def test_goals_are_listed_by_when_they_were_made_whatever_they_were_stored(store: PlanStore):
    """Also where the clock went back between two of them, or a goal came from elsewhere."""
    times = (NOW, NOW - timedelta(hours=1), FIRST, LAST)
    goals = [Goal(f"u{at}", f"g{at}", "G", time) for at, time in enumerate(times)]
    assert listed(store, *goals) == ["g2", "g1", "g0", "g3"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_goals_of_one_moment_are_listed_in_one_order(store: PlanStore, order: tuple[int, ...]):
    """However they were stored."""
    goals = [Goal(f"u{at}", f"g{at}", "G", NOW) for at in order]
    assert listed(store, *goals) == ["g0", "g1", "g2"]


def test_a_full_second_comes_before_its_parts(store: PlanStore):
    """Times are compared as times, not as the text they are stored as."""
    later = Goal("a", "later", "Later", NOW + timedelta(microseconds=500_000))
    sooner = Goal("b", "sooner", "Sooner", NOW)
    assert listed(store, later, sooner) == ["sooner", "later"]
