"""Restores: goals out of a backup, whole or not at all, and nothing of others touched."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from stellwerk.errors import ConflictError, NotFoundError, StorageError
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage import tables
from stellwerk.storage.copies.backup import back_up, damage
from stellwerk.storage.copies.comparing import Relation
from stellwerk.storage.copies.ownership import columns_of, owned_tables
from stellwerk.storage.copies.restore import Deed, Policy, Restoration, restore
from stellwerk.storage.repository import Repository
from stellwerk.storage.schema import HEAD
from stellwerk.storage.sqlite import connect
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.storage.damage import asked, changed
from tests.storage.databases import planned
from tests.storage.goals import (
    NAMES,
    adopted,
    edited,
    made,
    noted,
    plan_of,
    rows_in,
    rows_of,
    without,
)
from tests.storage.older import put_back


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a database with three goals."""
    return made(tmp_path_factory.mktemp("three") / "plans.db").read_bytes()


@pytest.fixture
def database(tmp_path: Path, three: bytes) -> Path:
    """Return a database with three goals, alone in its folder."""
    path = tmp_path / "data" / "plans.db"
    path.parent.mkdir()
    path.write_bytes(three)
    return path


@pytest.fixture
def file(database: Path, tmp_path: Path) -> Path:
    """Return a backup of the database as it is now."""
    return back_up(database, tmp_path / "backup.db").file


def deeds(done: Restoration) -> dict[str, Deed]:
    """Return what was done, by the slug in the backup."""
    return {each.seen.slug: each.deed for each in done.goals}


def test_every_table_is_restored_or_known_to_be_none_of_a_goal(database: Path):
    """A table that a later schema adds cannot be forgotten."""
    assert tables.GoalRow.__tablename__ == "goals"
    defined = set(SQLModel.metadata.tables)
    with closing(connect(database)) as connection:
        owned = owned_tables(connection)
        assert set(owned) == defined
        for name, table in owned.items():
            columns = SQLModel.metadata.tables[name].columns
            assert set(table.columns) == set(columns.keys())
            assert set(columns_of(connection, name)) == set(columns.keys())
    assert all(rows for rows in rows_in(database).values()), "the tests see every table"


def test_a_restore_into_a_new_database_gives_back_everything(file: Path, tmp_path: Path):
    """Every row of every table, runs without a goal and selections too."""
    new = tmp_path / "new" / "plans.db"
    done = restore(new, file)
    assert rows_in(new) == rows_in(file)
    assert set(deeds(done).values()) == {Deed.ADDED}
    assert done.saved is None
    assert done.strays > 0
    with closing(connect(new)) as connection:
        assert damage(connection) == ""


def test_a_goal_that_is_gone_comes_back_whole(database: Path, file: Path):
    """With journal, notes and refs; others are left, and so is what is selected."""
    before = rows_of(database, "goal-apple")
    others = rows_of(database, "goal-berry")
    without(database, "apple")
    done = restore(database, file)
    assert deeds(done) == {"apple": Deed.ADDED, "berry": Deed.SAME, "cherry": Deed.SAME}
    assert rows_of(database, "goal-apple") == {**before, "selections": []}
    assert rows_of(database, "goal-berry") == others
    assert done.rows == sum(map(len, before.values())) - len(before["selections"])
    assert done.saved is None


def test_what_was_restored_can_be_worked_with(database: Path, file: Path):
    """Undo and refs go on where the backup was made."""
    without(database, "berry")
    restore(database, file)
    repository = Repository(database)
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(900))
    base = repository.load("goal-berry")
    assert acting.redo(base).after.revision == base.revision + 1
    assert repository.notes("goal-berry")["berry-c"] == "Few words on berry."
    repository.close()


def test_restoring_what_is_here_changes_nothing(database: Path, file: Path):
    """Not a byte; no backup is made."""
    before = rows_in(database)
    done = restore(database, file)
    assert set(deeds(done).values()) == {Deed.SAME}
    assert done.rows == 0
    assert rows_in(database) == before
    assert [path.name for path in database.parent.iterdir()] == ["plans.db"]


def test_goals_that_differ_stop_everything(database: Path, file: Path):
    """Those that are gone too; each is named with both revisions and who is ahead."""
    without(database, "cherry")
    edited(database, "apple", "one more")
    before = rows_in(database)
    with pytest.raises(ConflictError) as caught:
        restore(database, file)
    assert "nothing was changed: apple (revision 7 here, 6 in the backup" in str(caught.value)
    assert "what is here is ahead by 1" in caught.value.message
    assert all(f"{flag} " in caught.value.hint for flag in ("--replace", "--skip", "-g"))
    assert rows_in(database) == before


def test_several_goals_that_differ_are_all_named(database: Path, file: Path):
    """In one error."""
    edited(database, "apple", "x")
    edited(database, "cherry", "y")
    with pytest.raises(ConflictError, match=r"2 goals are here and differ.*apple .*cherry "):
        restore(database, file)


def _ahead(database: Path, file: Path) -> None:
    edited(database, "apple", "here")


def _behind(database: Path, file: Path) -> None:
    edited(file, "apple", "there")
    edited(file, "apple", "there again")


def _parted(database: Path, file: Path) -> None:
    edited(database, "apple", "here")
    edited(file, "apple", "there")
    edited(file, "apple", "there again")


def _undone(database: Path, file: Path) -> None:
    repository = Repository(database)
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(900))
    acting.undo(repository.load("goal-apple"))
    repository.close()


def _other(database: Path, file: Path) -> None:
    with closing(connect(database)) as connection:
        connection.execute("UPDATE ratings SET stars = 5")
        connection.execute("DELETE FROM runs WHERE goal_uid = 'goal-apple'")


@pytest.mark.parametrize(
    ("change", "relation", "told"),
    [
        (_ahead, Relation.AHEAD, "7 here, 6 in the backup: what is here is ahead by 1"),
        (_behind, Relation.BEHIND, "6 here, 8 in the backup: the backup is ahead by 2"),
        (_parted, Relation.PARTED, "7 here, 8 in the backup: they parted after revision 6"),
        (_undone, Relation.AHEAD, "7 here, 6 in the backup: what is here is ahead by 1"),
        (_other, Relation.OTHER, "the journals are one, ratings differ"),
    ],
)
def test_it_is_told_who_is_ahead(
    database: Path, file: Path, change: object, relation: Relation, told: str
):
    """By the journals alone; that an entry was taken back later does not part them."""
    change(database, file)  # type: ignore[operator]
    (apple, *others) = restore(database, file, dry_run=True).goals
    assert apple.seen.relation is relation
    assert told in apple.seen.told
    assert apple.deed is Deed.REFUSED
    assert [each.seen.relation for each in others] == [Relation.SAME, Relation.SAME]


@pytest.mark.parametrize("change", [_ahead, _behind, _parted, _undone, _other])
def test_replacing_puts_the_backup_s_state_in_place(
    database: Path, file: Path, change: object
):
    """After a backup of what was; selections stay, and no other goal is touched."""
    change(database, file)  # type: ignore[operator]
    before = rows_in(database)
    selected = rows_of(database, "goal-apple")["selections"]
    berry = rows_of(database, "goal-berry")
    done = restore(database, file, policy=Policy.REPLACE)
    assert deeds(done) == {"apple": Deed.REPLACED, "berry": Deed.SAME, "cherry": Deed.SAME}
    assert rows_of(database, "goal-apple") == rows_of(file, "goal-apple")
    assert rows_of(database, "goal-apple")["selections"] == selected != []
    assert rows_of(database, "goal-berry") == berry
    assert done.saved is not None
    assert done.saved.file == database.with_name("plans.db.before-restore")
    assert rows_in(done.saved.file) == before
    with closing(connect(database)) as connection:
        assert damage(connection) == ""


def test_replacing_twice_keeps_both_backups(database: Path, file: Path):
    """The names are numbered."""
    for title in ("x", "y"):
        edited(database, "apple", title)
        restore(database, file, policy=Policy.REPLACE)
    names = sorted(path.name for path in database.parent.iterdir())
    assert names == ["plans.db", "plans.db.before-restore", "plans.db.before-restore.2"]


def test_a_replaced_goal_goes_back_as_it_was(database: Path, file: Path):
    """From the backup that the restore made."""
    noted(database, "apple", "Quite other notes.")
    before = rows_in(database)
    saved = restore(database, file, policy=Policy.REPLACE).saved
    assert saved is not None
    restore(database, saved.file, policy=Policy.REPLACE)
    assert rows_in(database) == before


def test_skipping_restores_only_the_others(database: Path, file: Path):
    """What differs stays as it is."""
    edited(database, "apple", "kept")
    apple = rows_of(database, "goal-apple")
    without(database, "cherry")
    done = restore(database, file, policy=Policy.SKIP)
    assert deeds(done) == {"apple": Deed.SKIPPED, "berry": Deed.SAME, "cherry": Deed.ADDED}
    assert rows_of(database, "goal-apple") == apple
    assert rows_of(database, "goal-cherry") == rows_of(file, "goal-cherry")
    assert done.saved is None


def test_one_goal_is_restored_alone(database: Path, file: Path):
    """Named by its slug or the beginning of it; others that differ do not matter then."""
    edited(database, "apple", "kept")
    without(database, "berry")
    without(database, "cherry")
    assert deeds(restore(database, file, goal="ber")) == {"berry": Deed.ADDED}
    slugs = [row[0] for row in asked(database, "SELECT slug FROM goals ORDER BY slug")]
    assert slugs == ["apple", "berry"]
    assert deeds(restore(database, file, goal="goal-cherry")) == {"cherry": Deed.ADDED}


def test_a_goal_that_is_not_in_the_backup_is_told_with_near_ones(database: Path, file: Path):
    """And a beginning that fits several."""
    with pytest.raises(NotFoundError) as caught:
        restore(database, file, goal="aple")
    assert f"There is no goal aple in {file}." in caught.value.message
    assert "Did you mean apple?" in caught.value.hint
    with pytest.raises(NotFoundError, match="could be apple, berry, cherry"):
        restore(database, file, goal="")


def test_a_slug_that_another_goal_has_is_numbered(database: Path, file: Path):
    """The goal comes back under a free one, and everything else of it is as it was."""
    without(database, "apple")
    repository = Repository(database)
    goal = replace(plan_of("new").goal, slug="apple")
    repository.create(goal)
    repository.close()
    done = restore(database, file)
    (apple, *_) = done.goals
    assert (apple.deed, apple.slug, apple.seen.slug) == (Deed.ADDED, "apple-2", "apple")
    mine, theirs = rows_of(database, "goal-apple"), rows_of(file, "goal-apple")
    assert {name for name in mine if mine[name] != theirs[name]} == {"goals", "selections"}
    assert mine["goals"] == [row.replace("'apple'", "'apple-2'") for row in theirs["goals"]]
    again = restore(database, file)
    assert (again.goals[0].deed, again.goals[0].slug) == (Deed.SAME, "apple-2")


def test_slugs_that_were_swapped_are_swapped_back(database: Path, file: Path):
    """Neither is in the way of the other."""
    changed(
        database,
        "UPDATE goals SET slug = 'x', revision = 9 WHERE slug = 'apple'",
        "UPDATE goals SET slug = 'apple', revision = 9 WHERE slug = 'berry'",
        "UPDATE goals SET slug = 'berry' WHERE slug = 'x'",
    )
    done = restore(database, file, policy=Policy.REPLACE)
    assert [each.slug for each in done.goals] == list(NAMES)
    assert rows_in(database) == rows_in(file)


def test_the_order_of_columns_does_not_matter(database: Path, file: Path):
    """An upgraded database may have them in another one than a fresh one."""
    changed(
        database,
        "CREATE TABLE moved (at VARCHAR NOT NULL, author VARCHAR NOT NULL, stars INTEGER"
        " NOT NULL, text TEXT NOT NULL, revision INTEGER NOT NULL, goal_uid VARCHAR NOT NULL"
        " REFERENCES goals (uid), uid VARCHAR NOT NULL PRIMARY KEY)",
        "INSERT INTO moved (uid, goal_uid, revision, author, stars, text, at)"
        " SELECT uid, goal_uid, revision, author, 1, text, at FROM ratings",
        "DROP TABLE ratings",
        "ALTER TABLE moved RENAME TO ratings",
    )
    restore(database, file, policy=Policy.REPLACE)
    assert rows_in(database) == rows_in(file)


def test_a_dry_run_tells_and_does_nothing(database: Path, file: Path):
    """What would be done, whatever is said about goals that differ."""
    edited(database, "apple", "x")
    without(database, "cherry")
    before = rows_in(database)
    for policy, deed in (
        (Policy.REFUSE, Deed.REFUSED),
        (Policy.SKIP, Deed.SKIPPED),
        (Policy.REPLACE, Deed.REPLACED),
    ):
        done = restore(database, file, policy=policy, dry_run=True)
        assert deeds(done) == {"apple": deed, "berry": Deed.SAME, "cherry": Deed.ADDED}
    assert rows_in(database) == before
    assert [path.name for path in database.parent.iterdir()] == ["plans.db"]


def test_the_backup_is_never_changed(database: Path, file: Path):
    """Nor is anything laid beside it, whatever it is."""
    edited(database, "apple", "x")
    before = file.read_bytes()
    restore(database, file, policy=Policy.REPLACE)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["backup.db", "data"]


def test_a_copy_that_lies_with_its_log_is_read_with_it(database: Path, tmp_path: Path):
    """As `cp` copies a database in use, or a killed process leaves it."""
    with closing(connect(database)) as connection:
        connection.execute("UPDATE goals SET title = 'in the log' WHERE slug = 'apple'")
        (tmp_path / "copied.db").write_bytes(database.read_bytes())
        log = database.with_name("plans.db-wal").read_bytes()
        (tmp_path / "copied.db-wal").write_bytes(log)
    new = tmp_path / "new.db"
    restore(new, tmp_path / "copied.db")
    assert "in the log" in str(rows_in(new)["goals"])
    assert (tmp_path / "copied.db-wal").read_bytes() == log


def test_a_backup_of_an_older_schema_is_upgraded_aside(
    database: Path, tmp_path: Path, older: Path
):
    """The file stays as it is; its goal comes in at the present schema."""
    before = older.read_bytes()
    done = restore(database, older)
    assert deeds(done) == {"a-goal": Deed.ADDED}
    assert older.read_bytes() == before
    assert sorted(path.name for path in older.parent.iterdir()) == [older.name]
    assert asked(database, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    repository = Repository(database)
    assert repository.load("goal").plan.packages
    repository.close()


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return a database of the first schema, alone in its folder."""
    path = tmp_path / "old" / "old.db"
    planned(path).close()
    put_back(path)
    return path


def test_planning_runs_do_not_make_a_goal_differ(database: Path, file: Path):
    """A log that went on, or forgot answers, says nothing about the plan."""
    changed(
        database,
        "UPDATE calls SET reply = NULL, request = '', size = 0, reused = 9",
        "UPDATE runs SET status = 'failed'",
    )
    before = rows_in(database)
    assert set(deeds(restore(database, file)).values()) == {Deed.SAME}
    assert rows_in(database) == before


def test_what_is_logged_here_is_never_replaced(database: Path, file: Path):
    """Runs and calls that are gone come back beside the newer ones."""
    edited(database, "apple", "x")
    changed(
        database,
        "INSERT INTO runs SELECT 'new', goal_uid, status, wish, providers, model, offline,"
        " fresh, store, purpose, started_at, finished_at, max_cost_micro, max_calls, max_tokens, error"
        " FROM runs WHERE uid = 'runs-uid'",
        "UPDATE calls SET reused = 9, run_uid = 'new' WHERE run_uid = 'runs-uid'",
        "DELETE FROM runs WHERE uid = 'runs-uid'",
    )
    restore(database, file, policy=Policy.REPLACE)
    runs = asked(database, "SELECT uid FROM runs WHERE goal_uid = 'goal-apple' ORDER BY uid")
    assert runs == [("new",), ("runs-uid",)]
    calls = "SELECT run_uid, reused FROM calls WHERE uid = 'calls-uid'"
    assert asked(database, calls) == [("new", 9)]


def test_a_run_that_stands_elsewhere_by_now_is_left_as_it_is(database: Path, file: Path):
    """Here it belongs to no goal: the goal of the backup is added all the same."""
    changed(database, "UPDATE runs SET goal_uid = NULL, status = 'running'")
    without(database, "apple")
    assert deeds(restore(database, file))["apple"] is Deed.ADDED
    query = "SELECT goal_uid, status FROM runs WHERE uid = 'runs-uid'"
    assert asked(database, query) == [(None, "running")]


def test_a_restore_that_loses_a_call_is_taken_back(database: Path, file: Path):
    """Here a trigger swallows what is written."""
    without(database, "apple")
    changed(
        database,
        "CREATE TRIGGER thief BEFORE INSERT ON calls BEGIN SELECT RAISE(IGNORE); END",
    )
    before = rows_in(database)
    with pytest.raises(StorageError, match="apple came out different in calls; nothing was"):
        restore(database, file)
    assert rows_in(database) == before


def test_a_restored_goal_can_be_added_to_others_of_its_kind(tmp_path: Path, file: Path):
    """Two databases of different goals become one."""
    other = tmp_path / "other.db"
    repository = Repository(other)
    adopted(repository, "date")
    repository.close()
    restore(other, file)
    slugs = [row[0] for row in asked(other, "SELECT slug FROM goals ORDER BY slug")]
    assert slugs == ["apple", "berry", "cherry", "date"]
    assert asked(other, "SELECT count(*) FROM selections") == [(0,)]
