"""An older database is upgraded whole or left as it was, with a backup beside it."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.errors import StorageError
from stellwerk.storage.migrate import SCRIPTS, upgrade
from stellwerk.storage.repository import Repository
from stellwerk.storage.sqlite import connect, translated
from tests.domain.plans import two_routes
from tests.storage.databases import planned

SECOND = '''"""A second schema, made up by a test."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a table and a column, then do what the test wants."""
    op.create_table("weather", sa.Column("day", sa.String(), primary_key=True))
    with op.batch_alter_table("goals") as batch_op:
        batch_op.add_column(sa.Column("mood", sa.String(), nullable=True))
    op.execute("INSERT INTO weather VALUES ('sunny')")
    {deed}
'''


def scripts_that(deed: str, folder: Path) -> Path:
    """Return a copy of the migrations with a second one that ends in a deed."""
    copy = Path(shutil.copytree(SCRIPTS, folder / "migrations"))
    text = SECOND.replace("{deed}", deed)
    (copy / "versions" / "0002_a_second_schema.py").write_text(text, encoding="utf-8")
    return copy


@pytest.fixture
def old(database: Path) -> Path:
    """Return a database of the first schema with a plan in it."""
    planned(database).close()
    return database


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    """Return what plain SQLite answers."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


TABLES = "SELECT name FROM sqlite_master WHERE name = 'weather'"
VERSION = "SELECT version_num FROM alembic_version"


def test_an_upgrade_brings_the_schema_and_keeps_the_data(old: Path, tmp_path: Path):
    """The newest schema, every row, and a backup of what was, readable by its owner alone."""
    before = Repository(old).load("goal")
    backup = upgrade(old, "0001", scripts_that("pass", tmp_path))
    assert asked(old, VERSION) == [("0002",)]
    assert asked(old, "SELECT day FROM weather") == [("sunny",)]
    assert asked(old, "SELECT slug, mood FROM goals") == [("a-goal", None)]
    assert asked(old, "PRAGMA foreign_key_check") == []
    assert backup == old.with_name("plans.db.before-upgrade-from-0001")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    kept = Repository(backup)
    assert kept.load("goal") == before
    kept.close()


def test_an_upgrade_that_breaks_leaves_the_old_schema(old: Path, tmp_path: Path):
    """Rolled back whole: no table, no column, no version, and the data as it was."""
    scripts = scripts_that("raise RuntimeError('power cut')", tmp_path)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(old, "0001", scripts)
    assert asked(old, VERSION) == [("0001",)]
    assert asked(old, TABLES) == []
    assert old.with_name("plans.db.before-upgrade-from-0001").exists()
    repository = Repository(old)
    assert repository.load("goal").plan == two_routes()
    repository.close()


def test_an_upgrade_can_be_tried_again(old: Path, tmp_path: Path):
    """After a broken try the next one succeeds, and its backup overwrites none."""
    with pytest.raises(RuntimeError):
        upgrade(old, "0001", scripts_that("raise RuntimeError", tmp_path / "broken"))
    backup = upgrade(old, "0001", scripts_that("pass", tmp_path / "mended"))
    assert backup.name == "plans.db.before-upgrade-from-0001.2"
    assert asked(old, VERSION) == [("0002",)]


def test_an_upgraded_database_is_upgraded_once(old: Path, tmp_path: Path):
    """Two terminals that both found the old schema do not disturb each other."""
    scripts = scripts_that("pass", tmp_path)
    upgrade(old, "0001", scripts)
    upgrade(old, "0001", scripts)
    assert asked(old, "SELECT count(*) FROM weather") == [(1,)]


def test_an_upgraded_database_is_too_new_for_this_version(old: Path, tmp_path: Path):
    """Opened by an older Stellwerk it is refused, and left as it is."""
    upgrade(old, "0001", scripts_that("pass", tmp_path))
    with pytest.raises(StorageError, match=r"from a newer Stellwerk \(schema 0002\)"):
        connect(old)


def test_an_error_of_the_database_is_told_as_one(old: Path, tmp_path: Path):
    """What SQLite refuses during an upgrade reads like everywhere else."""
    scripts = scripts_that("op.execute('INSERT INTO nowhere VALUES (1)')", tmp_path)
    with pytest.raises(StorageError, match="no such table: nowhere"), translated(old):
        upgrade(old, "0001", scripts)
    assert asked(old, TABLES) == []


def test_a_path_with_signs_of_an_address_is_a_path(old: Path, tmp_path: Path):
    """`?`, `%` and `#` in a file's name mean nothing special."""
    odd = tmp_path / "50% off?#1.db"
    shutil.copy(old, odd)
    backup = upgrade(odd, "0001", scripts_that("pass", tmp_path))
    assert asked(odd, VERSION) == [("0002",)]
    assert backup.parent == tmp_path
    assert asked(old, VERSION) == [("0001",)]
