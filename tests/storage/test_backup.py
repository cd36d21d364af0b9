"""Backups: whole, as of one moment, checked, and never half of one under the name."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from stellwerk.errors import (
    ConflictError,
    NotFoundError,
    StellwerkError,
    StorageError,
    UsageError,
)
from stellwerk.storage import placing
from stellwerk.storage.copies.backup import (
    back_up,
    back_up_beside,
    damage,
    difference,
    one_moment,
    raw_copy,
    wrong_with,
)
from stellwerk.storage.repository import Repository
from stellwerk.storage.sqlite import connect
from tests.storage.goals import edited, made, rows_in


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a database with three goals."""
    path = made(tmp_path_factory.mktemp("three") / "plans.db")
    return path.read_bytes()


@pytest.fixture
def database(tmp_path: Path, three: bytes) -> Path:
    """Return a database with three goals, alone in its folder."""
    path = tmp_path / "data" / "plans.db"
    path.parent.mkdir()
    path.write_bytes(three)
    return path


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def refused(database: Path, file: Path, error: type[Exception]) -> str:
    """Return why a backup is refused; nothing is left of it."""
    before = names(file.parent) if file.parent.is_dir() else []
    with pytest.raises(error) as caught:
        back_up(database, file)
    assert (names(file.parent) if file.parent.is_dir() else []) == before
    assert caught.value.hint  # type: ignore[attr-defined]
    return caught.value.message  # type: ignore[attr-defined]


def test_a_backup_has_every_row_of_every_table(database: Path, tmp_path: Path):
    """One file, for its owner alone, without a log; it says what is in it."""
    file = tmp_path / "backup.db"
    done = back_up(database, file)
    assert rows_in(file) == rows_in(database)
    assert (done.goals, done.deleted, done.revisions) == (3, 0, 18)
    assert done.size == file.stat().st_size
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes()[18:20] == b"\1\1"
    assert names(tmp_path) == ["backup.db", "data"]


def test_a_backup_is_a_database_like_any_other(database: Path, tmp_path: Path):
    """It can be opened and worked with."""
    file = tmp_path / "backup.db"
    back_up(database, file)
    edited(file, "apple", "in the backup")
    repository = Repository(file)
    assert repository.load("goal-apple").plan.package("apple-b").title == "in the backup"
    repository.close()


def test_what_is_in_the_log_is_backed_up(database: Path, tmp_path: Path):
    """Rows that are committed and not yet in the file itself."""
    with closing(connect(database)) as connection:
        connection.execute("UPDATE goals SET title = 'in the log' WHERE slug = 'apple'")
        assert database.with_name("plans.db-wal").stat().st_size
        back_up(database, tmp_path / "backup.db")
    assert "in the log" in str(rows_in(tmp_path / "backup.db")["goals"])


def test_others_write_while_a_backup_is_made(database: Path, tmp_path: Path):
    """Nobody waits, and what is copied is one moment: a transaction is in it whole or not."""
    stop = threading.Event()
    written = []

    def write() -> None:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            while not stop.is_set():
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE goals SET revision = revision + 1")
                connection.execute("COMMIT")
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(8):
            back_up(database, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()
    assert len(written) > 8
    revisions = []
    for number in range(8):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as connection:
            found = connection.execute("SELECT DISTINCT revision FROM goals").fetchall()
            assert len(found) == 1
            revisions.append(found[0][0])
    assert revisions == sorted(revisions)
    assert revisions[-1] > revisions[0]


def test_an_existing_file_is_kept_unless_told_otherwise(database: Path, tmp_path: Path):
    """Replaced, it is the new backup; whoever had the old one open still has the old one."""
    file = tmp_path / "backup.db"
    file.write_text("old")
    assert "is here already" in refused(database, file, ConflictError)
    assert file.read_text() == "old"
    with file.open() as held:
        back_up(database, file, overwrite=True)
        assert held.read() == "old"
    assert rows_in(file) == rows_in(database)


def test_a_link_is_followed(database: Path, tmp_path: Path):
    """The backup is where the link leads to, and the link stays."""
    (tmp_path / "disk").mkdir()
    link = tmp_path / "backup.db"
    link.symlink_to(tmp_path / "disk" / "real.db")
    back_up(database, link)
    assert link.is_symlink()
    assert rows_in(tmp_path / "disk" / "real.db") == rows_in(database)


def test_a_link_to_itself_is_refused(database: Path, tmp_path: Path):
    """Before anything is made."""
    link = tmp_path / "backup.db"
    link.symlink_to(link)
    with pytest.raises(StellwerkError):
        back_up(database, link)
    assert names(tmp_path) == ["backup.db", "data"]


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_the_database_itself_is_never_the_backup(database: Path, ending: str):
    """Nor what lies beside it, whatever is said."""
    file = database.with_name(f"plans.db{ending}")
    before = database.read_bytes()
    with pytest.raises(UsageError, match="is the database in use, or belongs to it"):
        back_up(database, file, overwrite=True)
    assert database.read_bytes() == before


def test_another_name_of_the_database_is_the_database(database: Path, tmp_path: Path):
    """A hard link or a symbolic one."""
    hard, soft = tmp_path / "hard.db", tmp_path / "soft.db"
    os.link(database, hard)
    soft.symlink_to(database)
    for file in (hard, soft):
        with pytest.raises(UsageError, match="is the database in use"):
            back_up(database, file, overwrite=True)


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
@pytest.mark.parametrize("there", [True, False])
def test_a_name_that_sqlite_would_read_a_log_to_is_refused(
    database: Path, tmp_path: Path, ending: str, there: bool
):
    """A new file beside an old log would be changed by it when it is opened."""
    file = tmp_path / "backup.db"
    if there:
        file.write_text("old")
    (tmp_path / f"backup.db{ending}").write_text("log")
    with pytest.raises(ConflictError, match="is in use, or its program was killed"):
        back_up(database, file, overwrite=True)
    assert file.exists() is there


def test_places_where_no_file_can_be_are_told(database: Path, tmp_path: Path):
    """A folder, a missing folder, a name that is too long, something that is no file."""
    assert "is a folder" in refused(database, tmp_path, UsageError)
    missing = refused(database, tmp_path / "no" / "b.db", StorageError)
    assert "No such file or directory" in missing
    assert "File name too long" in refused(database, tmp_path / ("x" * 300), StorageError)
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in refused(database, tmp_path / "pipe", UsageError)


def test_a_missing_database_is_not_made_to_be_backed_up(tmp_path: Path):
    """An empty backup would be worse than none."""
    with pytest.raises(NotFoundError, match="so there is nothing to back up"):
        back_up(tmp_path / "plans.db", tmp_path / "backup.db")
    assert names(tmp_path) == []


def test_a_full_disk_leaves_nothing_behind(database: Path, tmp_path: Path):
    """One clear error; a file that was there stays."""
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        (disk / "backup.db").write_text("old")
        with pytest.raises(StorageError, match="could not be written"):
            back_up(database, disk / "backup.db", overwrite=True)
        assert names(disk) == ["backup.db"]
        assert (disk / "backup.db").read_text() == "old"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def _page(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'work_packages'"
        page = connection.execute(query).fetchone()[0]
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


def _index(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_tasks_goal_uid'")


def _orphan(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM routes WHERE uid = 'apple-r1'")


@pytest.mark.parametrize("harm", [_page, _index, _orphan])
def test_a_damaged_database_is_not_backed_up_but_told(
    database: Path, tmp_path: Path, harm: Callable[[Path], None]
):
    """A broken page, a page that nothing uses, a row that leads nowhere."""
    harm(database)
    said = refused(database, tmp_path / "backup.db", StorageError)
    assert "damaged" in said
    assert wrong_with(database) or harm is _index


def test_a_sound_database_has_nothing_wrong_with_it(database: Path):
    """Neither at a quick look nor at a full one."""
    assert wrong_with(database) == ""
    with closing(connect(database)) as connection:
        assert damage(connection) == ""


def test_what_cannot_be_opened_for_another_reason_is_not_called_damaged(tmp_path: Path):
    """A folder in its place, for one."""
    with pytest.raises(StorageError, match="is not a file"):
        wrong_with(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE goals SET title = title || ' '",
        "UPDATE routes SET title = CAST(title AS BLOB)",
        "DELETE FROM selections",
        "INSERT INTO selections VALUES ('bob', 'goal-apple')",
        "CREATE TABLE more (name TEXT)",
    ],
)
def test_any_difference_of_two_databases_is_found(database: Path, tmp_path: Path, change: str):
    """A letter, a type, a row less, a row more, a table."""
    other = tmp_path / "other.db"
    other.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(database)) as one, closing(sqlite3.connect(other)) as two:
        assert difference(one, two) == ""
        two.execute(change)
        assert difference(one, two) != ""
        assert one.execute("SELECT slug FROM goals").fetchone() == ("apple",)
        two.rollback()


def test_one_moment_ends_even_if_the_block_breaks(database: Path):
    """Nothing is left open that would keep others from tidying up."""
    with closing(connect(database)) as connection:
        with suppress(ZeroDivisionError), one_moment(connection):
            1 / 0  # noqa: B018
        assert not connection.in_transaction


def test_backups_beside_a_database_are_numbered(database: Path):
    """None is ever replaced."""
    files = [back_up_beside(database, ".before-restore").file.name for _ in range(3)]
    first = "plans.db.before-restore"
    assert files == [first, f"{first}.2", f"{first}.3"]


def test_a_raw_copy_has_the_log_and_changes_nothing(database: Path, tmp_path: Path):
    """Of a database in use, of one whose process was killed, and of one at rest."""
    at_rest = raw_copy(database, tmp_path)
    assert at_rest.read_bytes() == database.read_bytes()
    assert names(database.parent) == ["plans.db"]
    with closing(connect(database)) as connection:
        connection.execute("UPDATE goals SET title = 'in the log' WHERE slug = 'apple'")
        in_use = tmp_path / "in-use"
        in_use.mkdir()
        assert "in the log" in str(rows_in(raw_copy(database, in_use)))
        log = database.with_name("plans.db-wal").read_bytes()
        file = database.read_bytes()
    killed = tmp_path / "killed"
    killed.mkdir()
    (killed / "plans.db").write_bytes(file)
    (killed / "plans.db-wal").write_bytes(log)
    (killed / "copy").mkdir()
    copy = raw_copy(killed / "plans.db", killed / "copy")
    assert names(killed) == ["copy", "plans.db", "plans.db-wal"]
    assert "in the log" in str(rows_in(copy))


def test_the_folder_of_a_living_process_is_left_alone(tmp_path: Path):
    """Two backups to one file do not take each other's ground away."""
    target = tmp_path / "backup.db"
    with placing.workshop(target) as first, placing.workshop(target) as second:
        assert first.is_dir()
        assert second.is_dir()
        assert first != second
    assert names(tmp_path) == []


def test_only_folders_of_the_same_file_are_swept(tmp_path: Path):
    """Other files keep theirs, and a file or link of such a name is no folder of ours."""
    kept = [".other.db.x.partial", ".backup.db.x"]
    for name in kept:
        (tmp_path / name).mkdir()
    (tmp_path / ".backup.db.file.partial").write_text("not ours")
    (tmp_path / ".backup.db.link.partial").symlink_to(tmp_path / kept[0])
    (tmp_path / ".backup.db.dead.partial").mkdir()
    (tmp_path / ".backup.db.dead.partial" / "copy.db").write_text("half")
    with placing.workshop(tmp_path / "backup.db"):
        pass
    assert names(tmp_path) == sorted(
        [*kept, ".backup.db.file.partial", ".backup.db.link.partial"]
    )


def test_a_folder_with_a_lock_is_not_swept(tmp_path: Path):
    """The lock is what tells the living from the dead."""
    held = tmp_path / ".backup.db.held.partial"
    held.mkdir()
    handle = os.open(held, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with placing.workshop(tmp_path / "backup.db"):
        pass
    assert held.is_dir()
    os.close(handle)
    with placing.workshop(tmp_path / "backup.db"):
        pass
    assert not held.exists()


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path):
    """The name is looked at again in the moment it is taken."""
    made_, target = tmp_path / "made.db", tmp_path / "target.db"
    made_.write_text("new")
    target.write_text("somebody's")
    with pytest.raises(ConflictError, match="is here already"):
        placing.settle(made_, target, overwrite=False, about="backup")
    assert target.read_text() == "somebody's"


def test_where_a_file_has_one_name_only_it_is_renamed(tmp_path: Path):
    """As on memory cards; a file that came meanwhile is not replaced there either."""
    made_, target = tmp_path / "made.db", tmp_path / "target.db"

    def refuse(one: Path, other: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    made_.write_text("new")
    placing.settle(made_, target, overwrite=False, about="backup", link=refuse)
    assert target.read_text() == "new"
    assert not made_.exists()
    made_.write_text("newer")
    with pytest.raises(ConflictError, match="is here already"):
        placing.settle(made_, target, overwrite=False, about="backup", link=refuse)
    assert target.read_text() == "new"


def test_a_private_file_is_for_its_owner_and_new(tmp_path: Path):
    """Never one that somebody else has put there."""
    placing.private(tmp_path / "new.db")
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        placing.private(tmp_path / "new.db")
