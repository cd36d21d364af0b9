"""Salvage: all that can be read is saved, and nothing is said that is not so."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from stellwerk.errors import ConflictError, NotFoundError, StorageError, UsageError
from stellwerk.storage.copies.backup import back_up
from stellwerk.storage.repair.judging import State
from stellwerk.storage.repair.salvage import backups_of, repair
from stellwerk.storage.repository import Repository
from stellwerk.storage.schema import HEAD
from stellwerk.storage.sqlite import connect
from tests.storage.damage import (
    FILLINGS,
    PAGE,
    Rows,
    asked,
    changed,
    destroyed,
    goals,
    overwrite,
    pages_of,
    repaired,
    schema_pages,
    states,
)
from tests.storage.databases import planned
from tests.storage.goals import NAMES, edited, made, rows_in, rows_of
from tests.storage.older import put_back


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


@pytest.mark.parametrize("filling", FILLINGS)
def test_any_page_may_be_destroyed(
    database: Path, sound: Path, truth: dict[str, Rows], filling: str
):
    """Each in turn: every claim holds, and most goals are whole."""
    raw, random = sound.read_bytes(), Random(7)
    tally = dict.fromkeys(State, 0)
    for page in range(1, len(raw) // PAGE + 1, 4 if filling == "letters" else 1):
        database.write_bytes(raw)
        overwrite(database, [page], FILLINGS[filling](random))
        done = repaired(database, truth)
        assert done is not None, page
        for goal in done.goals:
            tally[goal.state] += 1
    assert tally[State.PARTIAL] == tally[State.LOST] == 0
    assert tally[State.WHOLE] + tally[State.REBUILT] > 0.85 * sum(tally.values())


def test_a_file_may_be_cut_anywhere(database: Path, sound: Path, truth: dict[str, Rows]):
    """From nothing but a header to all but the last byte."""
    raw = sound.read_bytes()
    found = []
    for size in (*range(100, len(raw), len(raw) // 25), len(raw) - PAGE, len(raw) - 1):
        database.write_bytes(raw[:size])
        found.append(repaired(database, truth))
    assert found[0] is None
    assert found[-1] is not None
    assert any(each and set(states(each).values()) & {State.KEPT} for each in found)


@pytest.mark.parametrize("seed", range(4))
def test_much_may_be_destroyed_at_once(
    database: Path, sound: Path, truth: dict[str, Rows], seed: int
):
    """Pages, parts of pages, pages in each other's place, bytes here and there."""
    raw, random = sound.read_bytes(), Random(seed)
    for _ in range(12):
        data = bytearray(raw)
        whole_pages = destroyed(data, raw, random)
        database.write_bytes(data)
        repaired(database, truth, pages=whole_pages)


def test_a_sound_database_is_not_repaired(database: Path, truth: dict[str, Rows]):
    """No file is made, and every goal is whole."""
    done = repaired(database, truth)
    assert done is not None
    assert done.file is None
    assert done.damage == ""
    assert done.complete
    assert set(states(done).values()) == {State.WHOLE}
    assert all(goal.checked for goal in done.goals)


def test_rows_that_only_indexes_still_have_are_put_together(database: Path):
    """An edge has nothing that is not in one."""
    overwrite(database, pages_of(database, "edges"))
    changed_ = repair(database)
    assert set(states(changed_).values()) == {State.WHOLE}


def test_a_broken_index_costs_nothing(database: Path, truth: dict[str, Rows]):
    """All of them at once."""
    names = asked(database, "SELECT name FROM sqlite_master WHERE type = 'index'")
    overwrite(database, [page for (name,) in names for page in pages_of(database, str(name))])
    done = repaired(database, truth)
    assert done is not None
    assert {goal.state for goal in done.goals} <= {State.WHOLE, State.KEPT}
    assert done.file is not None
    assert [goal.uid for goal in done.goals] == [f"goal-{name}" for name in NAMES]


@pytest.mark.parametrize("content", [bytes(PAGE), b"Dear diary. " * 342])
def test_a_first_page_is_taken_from_a_fresh_database(
    database: Path, truth: dict[str, Rows], content: bytes
):
    """Where the schema's other pages are left, all is found again."""
    overwrite(database, [1], content[:PAGE])
    done = repaired(database, truth)
    assert done is not None
    assert set(states(done).values()) == {State.WHOLE}


def test_where_the_schema_is_destroyed_backups_are_named(database: Path):
    """And nothing is made."""
    saved = back_up(database, database.with_name("plans.db.before-restore")).file
    overwrite(database, [1, *schema_pages(database)])
    with pytest.raises(StorageError, match=r"Nothing of .* can be read") as caught:
        repair(database)
    assert str(saved) in caught.value.hint
    saved.unlink()
    assert backups_of(database) == []
    with pytest.raises(StorageError) as caught:
        repair(database)
    assert "There is no backup beside it" in caught.value.hint


def test_what_is_in_the_log_is_saved_too(database: Path, tmp_path: Path):
    """Of a database whose process was killed; neither the file nor the log is changed."""
    overwrite(database, pages_of(database, "ratings"))
    other = tmp_path / "killed"
    other.mkdir()
    with closing(connect(database)) as connection:
        connection.execute("UPDATE selections SET author = 'in the log'")
        (other / "plans.db").write_bytes(database.read_bytes())
        log = database.with_name("plans.db-wal").read_bytes()
        (other / "plans.db-wal").write_bytes(log)
    done = repair(other / "plans.db")
    assert done.file
    assert "in the log" in str(rows_in(done.file)["selections"])
    assert (other / "plans.db-wal").read_bytes() == log
    names = sorted(path.name for path in other.iterdir())
    assert names == ["plans.db", "plans.db-wal", "plans.db.repaired"]


def test_a_database_of_an_older_schema_is_repaired_to_the_present_one(tmp_path: Path):
    """Its needs were rows of their own."""
    path = tmp_path / "plans.db"
    planned(path).close()
    made_ = made(tmp_path / "three.db")
    put_back(path)
    put_back(made_)
    for old in (path, made_):
        overwrite(old, pages_of(old, "routes"))
    done = repair(made_)
    assert set(states(done).values()) == {State.REBUILT}
    assert done.file
    assert asked(done.file, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    repository = Repository(done.file)
    assert repository.load("goal-apple").plan.package("apple-c").needs == ("apple-a",)
    repository.close()
    assert repair(path).complete


def test_lost_needs_of_an_older_schema_come_back_from_the_journal(tmp_path: Path):
    """They were a part of the plan, though no table of it is called so any more."""
    path = made(tmp_path / "plans.db")
    put_back(path)
    indexes = "SELECT name FROM sqlite_master WHERE tbl_name = 'needs'"
    for (name,) in asked(path, indexes):
        overwrite(path, pages_of(path, str(name)))
    done = repair(path)
    assert done.file
    repository = Repository(done.file)
    for name in NAMES:
        plan = repository.load(f"goal-{name}").plan
        assert plan.package(f"{name}-c").needs == (f"{name}-a",)
    repository.close()


def test_others_databases_are_not_repaired(tmp_path: Path, database: Path):
    """Sound ones of other programs and of newer versions, in the words of every verb."""
    other = tmp_path / "other.db"
    changed(other, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StorageError, match="but not one of Stellwerk's"):
        repair(other)
    changed(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="is from a newer Stellwerk"):
        repair(database)
    overwrite(database, pages_of(database, "ratings"))
    with pytest.raises(StorageError, match=r"is from a newer Stellwerk \(schema 9999\)"):
        repair(database)
    with pytest.raises(NotFoundError, match="there is nothing to repair"):
        repair(tmp_path / "nothing.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.db", "plans.db"]


def test_the_new_file_has_a_free_name_or_the_given_one(database: Path, tmp_path: Path):
    """No file is ever replaced; the folder has to be there."""
    overwrite(database, pages_of(database, "ratings"))
    assert [repair(database).file for _ in range(2)] == [
        tmp_path / "plans.db.repaired",
        tmp_path / "plans.db.repaired.2",
    ]
    into = tmp_path / "into.db"
    assert repair(database, into).file == into
    with pytest.raises(ConflictError, match="is here already"):
        repair(database, into)
    with pytest.raises(UsageError, match="is the database in use"):
        repair(database, database)
    with pytest.raises(StorageError, match="No such file or directory"):
        repair(database, tmp_path / "no" / "new.db")


def test_the_new_file_is_ready_for_use(database: Path):
    """For its owner alone, with a write-ahead log, sound, and the same when repaired again."""
    overwrite(database, pages_of(database, "notes"))
    file = repair(database).file
    assert file
    assert file.stat().st_mode & 0o777 == 0o600
    assert asked(file, "PRAGMA journal_mode") == [("wal",)]
    again = repair(file)
    assert again.file is None
    assert again.complete
    edited(file, "apple", "goes on")
    assert goals(repair(file))["apple"].revision == 7


def test_a_full_disk_leaves_nothing_behind(database: Path, tmp_path: Path):
    """One clear error."""
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small disk")
    overwrite(database, pages_of(database, "ratings"))
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(StorageError) as caught:
            repair(database, disk / "new.db")
        assert caught.value.hint
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
