"""The database file: how it is made, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from stellwerk.domain.edits.fields import Rename, Rewrite
from stellwerk.domain.journal import Change
from stellwerk.errors import ConflictError, StorageError
from stellwerk.storage.repository import Repository
from stellwerk.storage.schema import HEAD
from stellwerk.storage.sqlite import APPLICATION_ID, connect, transaction
from tests.domain.plans import NOW, a_goal, two_routes
from tests.storage.databases import planned, renamed


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def refused(path: Path) -> StorageError:
    """Return the error with which a database is refused; its file is left alone."""
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StorageError) as caught:
        Repository(path).goals()
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert (path.read_bytes() if path.is_file() else b"") == before
    return caught.value


def test_a_new_database_is_for_its_owner_alone(database: Path):
    """The folder is made with 0700, the file and what SQLite lays beside it with 0600."""
    repository = planned(database)
    assert mode(database.parent) == 0o700
    assert {file.name: mode(file) for file in database.parent.iterdir()} == {
        "plans.db": 0o600,
        "plans.db-wal": 0o600,
        "plans.db-shm": 0o600,
    }
    repository.close()
    assert [file.name for file in database.parent.iterdir()] == ["plans.db"]


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path):
    """Only what Stellwerk makes is closed to others."""
    tmp_path.chmod(0o755)
    Repository(tmp_path / "plans.db").goals()
    assert mode(tmp_path) == 0o755


def test_a_database_has_the_settings_that_keep_it_whole(database: Path):
    """Write-ahead log, foreign keys, full synchronisation, our mark; Python does the waiting."""
    with closing(connect(database)) as connection:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("foreign_keys", 1),
            ("synchronous", 2),
            ("busy_timeout", 0),
            ("application_id", APPLICATION_ID),
        ):
            assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert version == (HEAD,)


def test_foreign_keys_hold_at_the_end_of_a_transaction(database: Path):
    """A row that names nothing is refused when it is committed, whole."""
    repository = planned(database)
    with closing(connect(database)) as connection:
        lost = "UPDATE work_packages SET task_uid = 'gone' WHERE uid = 'a'"
        with (
            pytest.raises(ConflictError, match="FOREIGN KEY"),
            transaction(connection, database),
        ):
            connection.execute(lost)
        assert not connection.in_transaction
    assert repository.load("goal").plan == two_routes()
    repository.close()


def test_a_transaction_is_taken_back_whole(database: Path):
    """Whatever goes wrong within it, Ctrl-C too."""
    with closing(connect(database)) as connection:
        with suppress(KeyboardInterrupt), transaction(connection, database):
            connection.execute("INSERT INTO selections VALUES ('ada', 'goal')")
            raise KeyboardInterrupt
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM selections").fetchone() == (0,)


def test_a_closed_repository_opens_again_when_asked(database: Path):
    """Closing twice is closing once; what was stored is there."""
    repository = planned(database)
    repository.close()
    repository.close()
    assert repository.load("goal").plan == two_routes()
    repository.close()


def test_a_deleted_row_is_a_damage_and_not_a_silence(database: Path):
    """A write that finds no row to change is refused, and changes nothing."""
    repository = planned(database)
    base = repository.load("goal")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM work_packages WHERE uid = 'a'")
    with pytest.raises(StorageError, match="lacks a row of work_packages it should have"):
        repository.commit("goal", Change(Rename("a", "x"), "ada", NOW), base)
    assert repository.load("goal").revision == base.revision
    repository.close()


def test_an_empty_file_becomes_a_database(tmp_path: Path):
    """As `touch` or a tool for temporary files leaves it."""
    path = tmp_path / "plans.db"
    path.touch()
    repository = planned(path)
    assert repository.load("goal").plan == two_routes()
    repository.close()


def test_a_database_that_was_begun_and_never_made_is_made(tmp_path: Path):
    """Killed between the first write and the schema, the file is not lost."""
    path = tmp_path / "plans.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert path.stat().st_size > 0
    repository = planned(path)
    assert repository.load("goal").plan == two_routes()
    repository.close()


def test_a_path_may_hold_any_sign(tmp_path: Path):
    """`?`, `%`, `#` and blanks in a file's name mean nothing special."""
    path = tmp_path / "50% off?mode=ro#1 ü.db"
    planned(path).close()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def _sql(statements: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(statements)

    return make


def _changed(statement: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        planned(path).close()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)

    return make


def _cut(path: Path) -> None:
    planned(path).close()
    os.truncate(path, 6000)


def _scribbled(path: Path) -> None:
    planned(path).close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3000)


V1 = """
CREATE TABLE goals (id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE route_edges (id INTEGER PRIMARY KEY, source INTEGER, target INTEGER);
CREATE TABLE decisions (id INTEGER PRIMARY KEY, route INTEGER);
CREATE TABLE work_packages (id INTEGER PRIMARY KEY, title TEXT);
"""


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            _changed("UPDATE alembic_version SET version_num = '9999'"),
            f"is from a newer Stellwerk (schema 9999; this one reads up to {HEAD}).",
        ),
        (_changed("DELETE FROM alembic_version"), "from a newer Stellwerk (schema unknown;"),
        (
            _sql("CREATE TABLE recipes (name TEXT)"),
            "but not one of Stellwerk's; it was left alone.",
        ),
        (_sql("PRAGMA application_id = 42"), "but not one of Stellwerk's; it was left alone."),
        (_sql(V1), "is a database of Stellwerk v0.1."),
        (lambda path: path.write_bytes(b"Dear diary, " * 500) and None, "not a database"),
        (lambda path: path.write_bytes(b"hi") and None, "not a database"),
        (_cut, "is damaged or not a database (database disk image is malformed)"),
        (_scribbled, "is damaged or not a database"),
        (lambda path: path.mkdir(), "is not a file, so it cannot be a database."),
        (os.mkfifo, "is not a file, so it cannot be a database."),
    ],
)
def test_what_is_no_database_of_ours_is_left_alone(
    tmp_path: Path, make: Callable[[Path], None], sentence: str
):
    """Refused in a sentence that names it and says what it is; not a byte is changed."""
    path = tmp_path / "plans.db"
    make(path)
    assert sentence in refused(path).message


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path):
    """The folder cannot be made where a file is."""
    (tmp_path / "stellwerk").write_text("a file")
    assert "Not a directory" in refused(tmp_path / "stellwerk" / "plans.db").message


def test_a_folder_in_a_file_is_said(tmp_path: Path):
    """Nor below one."""
    (tmp_path / "a").write_text("a file")
    assert "Not a directory" in refused(tmp_path / "a" / "b" / "plans.db").message


def test_damage_that_is_found_later_is_said_too(database: Path):
    """A page that is read only with the plan."""
    repository = planned(database)
    for number in range(40):
        base = repository.load("goal")
        notes = repository.notes("goal").get("a", "")
        edit = Rewrite("a", notes, str(number) * 2000)
        repository.commit("goal", Change(edit, "ada", NOW), base)
    repository.close()
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xff" * (size // 2))
    with pytest.raises(StorageError, match="damaged or not a database") as caught:
        repository.entries("goal", after=0)
    assert "doctor --repair" in caught.value.hint
    repository.close()


@pytest.mark.parametrize(
    ("statement", "error", "sentence"),
    [
        ("INSERT INTO selections VALUES ('ada', NULL)", ConflictError, "refused a change"),
        ("INSERT INTO nowhere VALUES (1)", StorageError, "cannot be used: no such table"),
        ("INSERT INTO selections VALUES (zeroblob(100000), '')", StorageError, "disk is full"),
    ],
)
def test_what_sqlite_refuses_is_told_in_words(
    database: Path, statement: str, error: type[Exception], sentence: str
):
    """A broken rule is a conflict, a file at its limit a full disk, the rest SQLite's words."""
    with closing(connect(database)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(error, match=sentence), transaction(connection, database):
            connection.execute(statement)
        assert not connection.in_transaction


def test_text_that_is_no_text_is_told_in_words(database: Path):
    """Bytes that are no UTF-8, where somebody else wrote into the file."""
    repository = planned(database)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE routes SET title = CAST(x'ff' AS TEXT)")
    with pytest.raises(StorageError, match="cannot be used: Could not decode"):
        repository.load("goal")
    repository.close()


def test_a_locked_database_is_waited_for_and_then_told(database: Path):
    """Reading goes on meanwhile; who wants to write is told that somebody else has it."""
    planned(database).close()
    repository = Repository(database, busy_seconds=0.05)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert repository.load("goal").plan == two_routes()
        with pytest.raises(StorageError) as caught:
            repository.create(a_goal())
        assert "is locked by another program" in caught.value.message
        assert caught.value.hint == "Close what uses it, then try again."
        other.execute("ROLLBACK")
    renamed(repository, "free again")
    repository.close()
