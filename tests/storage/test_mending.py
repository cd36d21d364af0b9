"""What becomes of each goal of a damaged database: whole, rebuilt, kept, partial or lost."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from stellwerk.domain.edits.whole import ReplacePlan
from stellwerk.errors import ConflictError, StellwerkError
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repair.judging import State
from stellwerk.storage.repair.salvage import repair
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.storage.damage import Rows, asked, changed, goals, overwrite, pages_of, states
from tests.storage.goals import NAMES, edited, made, notes_of, plan_of, rows_of


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound database with three goals."""
    return made(tmp_path_factory.mktemp("sound") / "plans.db")


@pytest.fixture(scope="module")
def truth(sound: Path) -> dict[str, Rows]:
    """Return every row of every goal of the sound database."""
    return {f"goal-{name}": rows_of(sound, f"goal-{name}") for name in NAMES}


@pytest.fixture
def database(tmp_path: Path, sound: Path) -> Path:
    """Return a copy of the sound database, alone in its folder, to be damaged."""
    path = tmp_path / "plans.db"
    path.write_bytes(sound.read_bytes())
    return path


def test_a_plan_is_made_again_from_its_journal(database: Path, truth: dict[str, Rows]):
    """Where all rows of all packages are gone."""
    overwrite(database, pages_of(database, "work_packages"))
    done = repair(database)
    assert set(states(done).values()) == {State.REBUILT}
    assert done.complete
    assert done.file == database.with_name("plans.db.repaired")
    for uid, rows in truth.items():
        assert rows_of(done.file, uid) == rows
    repository = Repository(done.file)
    assert repository.notes("goal-apple") == notes_of("apple")
    repository.close()


def test_goals_whose_rows_are_gone_come_back_from_their_journals(
    database: Path, truth: dict[str, Rows]
):
    """Under the slugs that the index still has, even if a restore had changed them."""
    changed(database, "UPDATE goals SET slug = 'apple-2' WHERE slug = 'apple'")
    overwrite(database, pages_of(database, "goals"))
    done = repair(database)
    assert set(states(done).values()) == {State.REBUILT}
    assert [goal.slug for goal in done.goals] == ["apple-2", "berry", "cherry"]
    assert done.file
    assert rows_of(done.file, "goal-berry") == truth["goal-berry"]
    assert rows_of(done.file, "goal-apple")["goals"] == [
        truth["goal-apple"]["goals"][0].replace("'apple'", "'apple-2'")
    ]


def test_goals_are_found_without_any_list_of_them(database: Path):
    """By the rows that name them; what is not known of their rows is said."""
    for name in ("goals", "sqlite_autoindex_goals_1", "sqlite_autoindex_goals_2"):
        overwrite(database, pages_of(database, name))
    done = repair(database)
    assert {*states(done)} == {*NAMES}
    assert {*states(done).values()} == {State.KEPT}
    assert done.remarks == ("There may be goals of which nothing could be read.",)
    for name, goal in goals(done).items():
        assert goal.slug == name
        assert goal.checked
        assert goal.remarks == ("The goal's row is lost; its slug may have been another one.",)


def test_goals_that_had_one_slug_each_get_one_of_their_own(tmp_path: Path):
    """A restore had numbered one of them, which no journal knows."""
    path = made(tmp_path / "plans.db", ("apple",))
    changed(path, "UPDATE goals SET slug = 'apple-2'")
    repository = Repository(path)
    other = plan_of("berry")
    other = replace(other, goal=replace(other.goal, slug="apple"))
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(900))
    acting.adopt(other, notes_of("berry"), "planned")
    repository.close()
    for name in ("goals", "sqlite_autoindex_goals_2"):
        overwrite(path, pages_of(path, name))
    done = repair(path)
    assert {*states(done).values()} == {State.KEPT}
    assert sorted(goal.slug for goal in done.goals) == ["apple", "apple-2"]


def test_notes_of_a_package_that_says_it_has_none_are_taken_out(database: Path):
    """And where nothing says what was in them, nothing is made up."""
    changed(
        database,
        "DELETE FROM journal WHERE goal_uid = 'goal-apple'",
        "INSERT INTO notes (uid, goal_uid, text) VALUES ('apple-b', 'goal-apple', 'x')",
    )
    file = repair(database).file
    assert file
    repository = Repository(file)
    assert repository.notes("goal-apple") == notes_of("apple")
    repository.close()


def test_a_plan_without_its_journal_is_kept(database: Path, truth: dict[str, Rows]):
    """It is told which revisions are lost, and that no journal speaks for the plan."""
    overwrite(database, pages_of(database, "journal"))
    done = repair(database)
    assert set(states(done).values()) == {State.KEPT}
    assert not done.complete
    apple = goals(done)["apple"]
    assert apple.missing == (1, 2, 3, 4, 5, 6)
    assert not apple.checked
    assert done.file
    kept = rows_of(done.file, "goal-apple")
    assert {table for table in kept if kept[table] != truth["goal-apple"][table]} == {
        "journal"
    }


def test_what_is_lost_is_named(database: Path):
    """Packages by the names the journal has for them, if only one entry of it is left."""
    changed(database, "DELETE FROM journal WHERE revision = 3 AND goal_uid = 'goal-apple'")
    overwrite(database, pages_of(database, "work_packages"))
    apple = goals(repair(database))["apple"]
    assert apple.state is State.PARTIAL
    assert apple.missing == (3,)
    (loss,) = [loss for loss in apple.losses if loss.table == "work_packages"]
    assert loss.rows == 5
    assert {"r1.1.1 a of apple", "r1.1.2 b of apple", "r1.2.1 c of apple"} <= {*loss.names}


def test_what_names_a_lost_item_is_taken_out(database: Path):
    """Needs, tasks of lost routes, switches without their ways: what is left is a plan."""
    changed(
        database,
        "DELETE FROM journal WHERE goal_uid = 'goal-apple'",
        "DELETE FROM routes WHERE uid = 'apple-r2'",
        "DELETE FROM work_packages WHERE uid = 'apple-a'",
    )
    done = repair(database)
    apple = goals(done)["apple"]
    assert apple.state is State.PARTIAL
    lost = {loss.table: loss for loss in apple.losses}
    assert lost["switches"].names == ("Which?",)
    assert {"tasks", "edges", "options", "notes"} <= lost.keys()
    assert done.file
    repository = Repository(done.file)
    plan = repository.load("goal-apple").plan
    repository.close()
    assert [route.uid for route in plan.routes] == ["apple-r1", "apple-r3"]
    assert [edge.head for edge in plan.edges] == ["apple-r3"]
    assert plan.switches == ()
    assert plan.package("apple-c").needs == ()
    assert states(done)["berry"] is State.WHOLE


def test_a_plan_begins_with_the_newest_entry_that_holds_it_whole(database: Path):
    """Entries before it may be lost: only they are."""
    repository = Repository(database)
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(900))
    base = repository.load("goal-apple")
    notes = repository.notes("goal-apple")
    acting.make(base, ReplacePlan(base.plan, base.plan, notes, notes))
    repository.close()
    edited(database, "apple", "after it")
    changed(
        database,
        "DELETE FROM journal WHERE goal_uid = 'goal-apple' AND revision < 5",
        "DELETE FROM work_packages WHERE goal_uid = 'goal-apple'",
    )
    done = repair(database)
    apple = goals(done)["apple"]
    assert (apple.state, apple.missing) == (State.KEPT, (1, 2, 3, 4))
    assert apple.checked
    assert done.file
    repository = Repository(done.file)
    assert repository.load("goal-apple").plan.package("apple-b").title == "after it"
    assert repository.notes("goal-apple") == notes_of("apple")
    repository.close()


def test_lost_notes_come_back_from_the_journal(database: Path, truth: dict[str, Rows]):
    """By their digests; where the journal has them not, the package says it has none."""
    changed(
        database,
        "UPDATE notes SET text = 'Somebody else wrote this.' WHERE uid = 'apple-a'",
        "DELETE FROM notes WHERE uid IN ('berry-a', 'berry-c')",
        "DELETE FROM journal WHERE goal_uid = 'goal-berry'",
    )
    done = repair(database)
    assert states(done) == {
        "apple": State.REBUILT,
        "berry": State.KEPT,
        "cherry": State.WHOLE,
    }
    (loss, *_) = [loss for loss in goals(done)["berry"].losses if loss.table == "notes"]
    assert {*loss.names} == {"r1.1.1 renamed", "r1.2.1 c of berry"}
    assert done.file
    assert rows_of(done.file, "goal-apple") == truth["goal-apple"]
    repository = Repository(done.file)
    assert repository.load("goal-berry").plan.package("berry-a").notes == ""
    repository.close()


def test_refs_are_counted_anew_where_their_counters_are_lost(database: Path):
    """From the journal, so an item that was removed does not lend its ref to another."""
    overwrite(database, pages_of(database, "ref_counters"))
    done = repair(database)
    apple = goals(done)["apple"]
    assert apple.state is State.KEPT
    assert [loss.table for loss in apple.losses] == ["ref_counters"]
    assert done.file
    repository = Repository(done.file)
    assert repository.load("goal-apple").book.next("apple-t1") == 4
    repository.close()


def test_former_refs_come_back_from_the_journal(database: Path, truth: dict[str, Rows]):
    """The move that made them is in it."""
    overwrite(database, pages_of(database, "ref_aliases"))
    done = repair(database)
    assert done.complete
    assert done.file
    for uid, rows in truth.items():
        assert rows_of(done.file, uid)["ref_aliases"] == rows["ref_aliases"] != []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE work_packages SET status = 'sleeping' WHERE uid = 'apple-a'",
        "UPDATE routes SET born_at = 'yesterday' WHERE uid = 'apple-r1'",
        "UPDATE routes SET kind = 'x' WHERE uid = 'apple-r1'",
        "UPDATE tasks SET title = CAST(x'ff00ff' AS TEXT) WHERE uid = 'apple-t1'",
        "UPDATE people SET weekdays = '[' WHERE uid = 'apple-p'",
        "UPDATE switches SET chosen_uid = 'nowhere' WHERE uid = 'apple-s'",
        "UPDATE goals SET status = 'x' WHERE slug = 'apple'",
        "UPDATE goals SET revision = 2 WHERE slug = 'apple'",
        "DELETE FROM tasks WHERE uid = 'apple-t2'",
    ],
)
def test_values_that_nobody_wrote_are_put_right(
    database: Path, truth: dict[str, Rows], change: str
):
    """No page is broken, and yet the goal cannot be read, or not be trusted."""
    changed(database, change)
    done = repair(database)
    assert states(done)["apple"] is State.REBUILT
    assert done.file
    assert rows_of(done.file, "goal-apple") == truth["goal-apple"]


@pytest.mark.parametrize(
    ("change", "table"),
    [
        (
            "UPDATE work_packages SET status = 'sleeping' WHERE uid = 'apple-d'",
            "work_packages",
        ),
        ("UPDATE people SET weekdays = '[' WHERE uid = 'apple-p'", "people"),
        ("UPDATE switches SET chosen_uid = 'nowhere'", "switches.chosen_uid"),
        (
            "UPDATE work_packages SET needs = 'nothing' WHERE uid = 'apple-d'",
            "work_packages.needs",
        ),
    ],
)
def test_values_that_nobody_wrote_are_lost_without_a_journal(
    database: Path, change: str, table: str
):
    """The rest of the plan is kept."""
    changed(database, "DELETE FROM journal WHERE goal_uid = 'goal-apple'", change)
    done = repair(database)
    apple = goals(done)["apple"]
    assert apple.state is State.PARTIAL
    assert table in [loss.table for loss in apple.losses]
    assert done.file
    repository = Repository(done.file)
    assert len(list(repository.load("goal-apple").plan.packages)) >= 4
    repository.close()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("edit = '{' ", (3,)),
        ("edit = replace(edit, 'number', 'numbre')", (3,)),
        ("inverse = CAST(x'ff' AS TEXT)", (3,)),
        ("kind = 'x'", (3,)),
        ("at = 'noon'", (3,)),
        ("touches = '[1]'", (3,)),
    ],
)
def test_entries_that_nobody_can_read_are_missing(
    database: Path, change: str, told: tuple[int, ...]
):
    """The others stay, and can be listed; in its place one says that it is lost."""
    changed(
        database, f"UPDATE journal SET {change} WHERE revision = 3 AND goal_uid LIKE '%apple'"
    )
    done = repair(database)
    apple = goals(done)["apple"]
    assert (apple.state, apple.missing) == (State.KEPT, told)
    assert done.file
    repository = Repository(done.file)
    lines = repository.lines("goal-apple")
    assert [line.revision for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [line.revision for line in lines if "was lost" in line.says] == [3]
    repository.close()
    again = repair(done.file)
    assert again.file is None
    assert goals(again)["apple"].missing == (3,)


def test_nothing_is_taken_back_over_a_lost_entry(database: Path):
    """Neither by undo nor by looking back: what it had done is not known."""
    changed(database, "DELETE FROM journal WHERE revision = 3 AND goal_uid = 'goal-apple'")
    file = repair(database).file
    assert file
    repository = Repository(file)
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(900))
    base = repository.load("goal-apple")
    assert acting.at_revision(base, 3).package("apple-e").title == "e"
    with pytest.raises(StellwerkError, match="no longer has what this edit is about"):
        acting.at_revision(base, 2)
    acting.undo(base)
    with pytest.raises(ConflictError, match="Revision 3 is in the way"):
        acting.undo(repository.load("goal-apple"))
    repository.close()


def test_an_entry_that_reads_otherwise_than_it_was_made_is_told(database: Path):
    """Its edit still leads to the plan, but what would take it back is not its own."""
    ((inverse,),) = asked(
        database, "SELECT inverse FROM journal WHERE revision = 2 AND goal_uid LIKE '%apple'"
    )
    other = {**json.loads(str(inverse)), "title": "never called that"}
    with closing(sqlite3.connect(database)) as connection, connection:
        query = "UPDATE journal SET inverse = ? WHERE revision = 2 AND goal_uid LIKE '%apple'"
        connection.execute(query, (json.dumps(other),))
    done = repair(database)
    assert done.file is None
    apple = goals(done)["apple"]
    assert apple.state is State.KEPT
    assert apple.remarks == ("These revisions read otherwise than they were made: 2.",)


def test_a_plan_that_differs_from_its_journal_is_kept_and_told(database: Path):
    """Nothing says which of the two is right."""
    changed(database, "UPDATE routes SET title = 'Other' WHERE uid = 'apple-r1'")
    done = repair(database)
    assert done.file is None
    apple = goals(done)["apple"]
    assert (apple.state, apple.checked) == (State.KEPT, False)
    assert "differs from what its journal leads to" in apple.remarks[0]
