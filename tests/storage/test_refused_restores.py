"""What no restore takes, or goes into: refused in a sentence, and left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk.errors import NotFoundError, StorageError, UsageError
from stellwerk.storage.copies.backup import back_up
from stellwerk.storage.copies.restore import restore
from tests.storage.damage import changed, overwrite, pages_of
from tests.storage.goals import made, rows_in


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


def test_what_is_no_backup_is_refused_and_left_alone(database: Path, tmp_path: Path):
    """Nothing there, a folder, an empty file, a text, another program's, a newer one."""
    newer = tmp_path / "newer.db"
    newer.write_bytes(database.read_bytes())
    changed(newer, "UPDATE alembic_version SET version_num = '9999'")
    other = tmp_path / "other.db"
    changed(other, "CREATE TABLE recipes (name TEXT)")
    text, empty, folder = tmp_path / "text", tmp_path / "empty", tmp_path / "folder"
    text.write_text("Dear diary, " * 1000)
    empty.touch()
    folder.mkdir()
    before = rows_in(database)
    for path, error, told in (
        (tmp_path / "nothing.db", NotFoundError, "is not there"),
        (folder, NotFoundError, "is not a file"),
        (empty, StorageError, "is empty"),
        (text, StorageError, "is damaged or not a database"),
        (other, StorageError, "but not one of Stellwerk's"),
        (newer, StorageError, "is from a newer Stellwerk (schema 9999"),
    ):
        with pytest.raises(error) as caught:
            restore(database, path)
        assert told in caught.value.message
        assert str(path) in caught.value.message
        assert "copy.db" not in caught.value.message
        assert caught.value.hint
    assert rows_in(database) == before
    assert [path.name for path in database.parent.iterdir()] == ["plans.db"]


def test_a_missing_backup_makes_no_database(tmp_path: Path):
    """What cannot be restored leaves no trace."""
    with pytest.raises(NotFoundError):
        restore(tmp_path / "plans.db", tmp_path / "backup.db")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_backup_is_refused(database: Path, file: Path):
    """With a word on how to save what can be read of it."""
    overwrite(file, pages_of(file, "notes"))
    before = rows_in(database)
    with pytest.raises(StorageError, match="is damaged") as caught:
        restore(database, file)
    assert f"stellwerk --db {file} doctor --repair" in caught.value.hint
    assert rows_in(database) == before


def test_a_damaged_database_is_not_restored_into(database: Path, file: Path):
    """It would not be sound afterwards either."""
    overwrite(database, pages_of(database, "notes"))
    raw = database.read_bytes()
    with pytest.raises(StorageError, match="is damaged") as caught:
        restore(database, file)
    assert "doctor --repair" in caught.value.hint
    assert database.read_bytes() == raw


def test_the_database_itself_is_no_backup(database: Path):
    """Under whatever name."""
    with pytest.raises(UsageError, match="is the database in use"):
        restore(database, database)


def test_a_backup_that_cannot_be_read_is_told(database: Path, tmp_path: Path):
    """In the file system's words."""
    with pytest.raises(StorageError, match="could not be read: File name too long"):
        restore(database, tmp_path / ("x" * 300))
