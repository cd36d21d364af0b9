"""An older database is upgraded whole or left as it was, with a copy beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk import faults
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import StorageError
from stellwerk.storage.migrate import SCRIPTS, upgrade
from stellwerk.storage.repository import Repository
from stellwerk.storage.schema import HEAD
from stellwerk.storage.sqlite import connect, transaction
from tests.domain.plans import two_routes
from tests.storage.databases import planned, renamed
from tests.storage.older import FIRST, put_back

ROOT = Path(__file__).parents[2]
NEXT = f"{int(HEAD) + 1:04}"
SCRIPT = '''"""The next schema, made up by a test."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{head}"


def upgrade() -> None:
    """Add a table and a column, then do what the test wants."""
    op.create_table("weather", sa.Column("day", sa.String(), primary_key=True))
    with op.batch_alter_table("goals") as batch_op:
        batch_op.add_column(sa.Column("mood", sa.String(), nullable=True))
    op.execute("INSERT INTO weather VALUES ('sunny')")
    {deed}
'''


def scripts_that(deed: str, folder: Path) -> Path:
    """Return a copy of the migrations with one more that ends in a deed."""
    copy = Path(shutil.copytree(SCRIPTS, folder / "migrations"))
    text = SCRIPT.replace("{deed}", deed).replace("{next}", NEXT).replace("{head}", HEAD)
    (copy / "versions" / f"{NEXT}_the_next_schema.py").write_text(text, encoding="utf-8")
    return copy


@pytest.fixture
def old(database: Path) -> Path:
    """Return a database of the present schema, which is the old one here, with a plan."""
    planned(database).close()
    return database


@pytest.fixture
def first(old: Path) -> Path:
    """Return a database of the first schema with a plan in it."""
    put_back(old)
    return old


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    """Return what plain SQLite answers."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def loaded(path: Path) -> Snapshot:
    """Return the plan in a database."""
    with closing(Repository(path)) as repository:
        return repository.load("goal")


def beside(path: Path) -> set[str]:
    """Return the names of the files in the folder of a database."""
    return {file.name for file in path.parent.iterdir()}


TABLES = "SELECT name FROM sqlite_master WHERE name = 'weather'"
VERSION = "SELECT version_num FROM alembic_version"
COPY = f"plans.db.before-upgrade-from-{HEAD}"


def test_an_upgrade_brings_the_schema_and_keeps_the_data(old: Path, tmp_path: Path):
    """The newest schema, every row, and a copy of what was, readable by its owner alone."""
    before = loaded(old)
    backup = upgrade(old, HEAD, scripts_that("pass", tmp_path))
    assert asked(old, VERSION) == [(NEXT,)]
    assert asked(old, "SELECT day FROM weather") == [("sunny",)]
    assert asked(old, "SELECT slug, mood FROM goals") == [("a-goal", None)]
    assert asked(old, "PRAGMA foreign_key_check") == []
    assert backup == old.with_name(COPY)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert loaded(backup) == before
    assert beside(old) == {"plans.db", COPY}


def test_the_first_schema_is_upgraded_when_it_is_opened(first: Path):
    """It is told which schema it was, which it is, and where the copy is."""
    told: list[str] = []
    connect(first, say=told.append).close()
    copy = first.with_name(f"plans.db.before-upgrade-from-{FIRST}")
    assert told == [
        f"Upgraded the database {first} from schema {FIRST} to {HEAD};"
        f" the copy made before is {copy}."
    ]
    assert asked(first, VERSION) == [(HEAD,)]
    assert asked(copy, VERSION) == [(FIRST,)]
    assert loaded(first).plan == two_routes()
    connect(first, say=told.append).close()
    assert len(told) == 1


def test_an_upgrade_keeps_the_permissions_of_the_database(first: Path):
    """Who could read it can read it; the copy is for its owner alone."""
    first.chmod(0o644)
    connect(first).close()
    assert stat.S_IMODE(first.stat().st_mode) == 0o644
    copy = first.with_name(f"plans.db.before-upgrade-from-{FIRST}")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_copy_belongs_to_whom_the_database_belongs_to(first: Path):
    """Also when root opens it, as `sudo` does."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to give a file to somebody else")
    os.chown(first, 65534, 65534)
    connect(first).close()
    copy = first.with_name(f"plans.db.before-upgrade-from-{FIRST}")
    assert (copy.stat().st_uid, copy.stat().st_gid) == (65534, 65534)
    assert first.stat().st_uid == 65534


def test_an_upgrade_that_breaks_leaves_the_old_schema(old: Path, tmp_path: Path):
    """Rolled back whole: no table, no column, no version; and the copy is named."""
    before = loaded(old)
    scripts = scripts_that("raise RuntimeError('power cut')", tmp_path)
    with pytest.raises(StorageError) as caught:
        upgrade(old, HEAD, scripts)
    refusal = f"{old} could not be upgraded from schema {HEAD}: power cut. It is as it was."
    assert refusal in caught.value.message
    assert f"The copy made before is {old.with_name(COPY)}." in caught.value.hint
    assert asked(old, VERSION) == [(HEAD,)]
    assert asked(old, TABLES) == []
    assert loaded(old) == loaded(old.with_name(COPY)) == before


def test_what_sqlite_refuses_in_an_upgrade_is_told_in_its_words(old: Path, tmp_path: Path):
    """And nothing of what went before it is kept."""
    scripts = scripts_that("op.execute('INSERT INTO nowhere VALUES (1)')", tmp_path)
    with pytest.raises(StorageError, match=r"no such table: nowhere\. It is as it was"):
        upgrade(old, HEAD, scripts)
    assert asked(old, TABLES) == []


def test_tries_that_break_make_one_copy(old: Path, tmp_path: Path):
    """The same database is copied once, however often its upgrade breaks."""
    broken = scripts_that("raise RuntimeError", tmp_path / "broken")
    for _ in range(4):
        with pytest.raises(StorageError, match="RuntimeError"):
            upgrade(old, HEAD, broken)
    assert beside(old) == {"plans.db", COPY}
    backup = upgrade(old, HEAD, scripts_that("pass", tmp_path / "mended"))
    assert backup == old.with_name(COPY)
    assert asked(old, VERSION) == [(NEXT,)]


def test_a_copy_of_something_else_is_not_overwritten(old: Path, tmp_path: Path):
    """Written to between two tries, the database gets a second copy."""
    with pytest.raises(StorageError):
        upgrade(old, HEAD, scripts_that("raise RuntimeError", tmp_path / "broken"))
    first = old.with_name(COPY).read_bytes()
    with closing(Repository(old)) as repository:
        renamed(repository, "meanwhile")
    backup = upgrade(old, HEAD, scripts_that("pass", tmp_path / "mended"))
    assert backup == old.with_name(f"{COPY}.2")
    assert old.with_name(COPY).read_bytes() == first
    assert loaded(backup).plan.package("a").title == "meanwhile"


def test_an_upgraded_database_is_upgraded_once(old: Path, tmp_path: Path):
    """Two terminals that both found the old schema do not disturb each other."""
    scripts = scripts_that("pass", tmp_path)
    assert upgrade(old, HEAD, scripts)
    assert upgrade(old, HEAD, scripts) is None
    assert asked(old, "SELECT count(*) FROM weather") == [(1,)]
    assert beside(old) == {"plans.db", COPY}


def test_an_upgraded_database_is_too_new_for_this_version(old: Path, tmp_path: Path):
    """Opened by an older Stellwerk it is refused, and not a byte of it is changed."""
    upgrade(old, HEAD, scripts_that("pass", tmp_path))
    before = old.read_bytes()
    with pytest.raises(StorageError) as caught:
        connect(old)
    assert f"newer Stellwerk (schema {NEXT}; this one reads up to {HEAD})" in str(caught.value)
    assert old.read_bytes() == before
    assert beside(old) == {"plans.db", COPY}


def test_nothing_is_written_into_a_database_that_was_upgraded_meanwhile(
    old: Path, tmp_path: Path
):
    """Who had it open before another version came is told so, and can still read."""
    with closing(Repository(old)) as repository:
        base = repository.load("goal")
        upgrade(old, HEAD, scripts_that("pass", tmp_path))
        with pytest.raises(StorageError, match="upgraded by another Stellwerk while it was"):
            renamed(repository, "too late")
        assert repository.load("goal") == base


def test_an_upgrade_waits_for_who_writes(old: Path, tmp_path: Path):
    """What is being written is in the copy, and in the upgraded database."""
    with closing(connect(old)) as writer:
        with transaction(writer, old):
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                upgrade(old, HEAD, scripts_that("pass", tmp_path / "one"), patience=0.05)
            writer.execute("UPDATE goals SET title = 'written'")
        assert beside(old) == {"plans.db", "plans.db-wal", "plans.db-shm"}
        backup = upgrade(old, HEAD, scripts_that("pass", tmp_path / "two"))
    title = "SELECT title FROM goals"
    assert backup
    assert asked(backup, title) == asked(old, title) == [("written",)]


def test_a_link_is_followed_and_the_copy_lies_beside_the_file(first: Path, tmp_path: Path):
    """Where the database itself is, a copy of it is looked for."""
    link = tmp_path / "link.db"
    link.symlink_to(first)
    connect(link).close()
    assert link.is_symlink()
    assert beside(link) == {"link.db", "stellwerk"}
    assert beside(first) == {"plans.db", f"plans.db.before-upgrade-from-{FIRST}"}


def test_a_path_with_signs_of_an_address_is_a_path(old: Path, tmp_path: Path):
    """`?`, `%` and `#` in a file's name mean nothing special."""
    odd = tmp_path / "50% off?#1.db"
    shutil.copy(old, odd)
    backup = upgrade(odd, HEAD, scripts_that("pass", tmp_path))
    assert backup
    assert asked(odd, VERSION) == [(NEXT,)]
    assert backup.parent == tmp_path
    assert asked(old, VERSION) == [(HEAD,)]


DIE = """
import os, signal, sys
from pathlib import Path
from stellwerk import faults
from stellwerk.storage.sqlite import connect

path, wanted = Path(sys.argv[1]), sys.argv[2]

def die(point):
    if point == wanted:
        os.kill(os.getpid(), signal.SIGKILL)

faults.listen(die)
connect(path)
"""
POINTS = [point for point in faults.POINTS if point.startswith("migrate.")]


def killed(path: Path, point: str) -> bool:
    """Open a database in a process that dies at a point, if it reaches it."""
    done = subprocess.run([sys.executable, "-c", DIE, str(path), point], cwd=ROOT, check=False)
    assert done.returncode in (0, -9)
    return done.returncode == -9


@pytest.mark.parametrize("point", POINTS)
def test_an_upgrade_that_is_killed_is_made_by_the_next_call(first: Path, point: str):
    """At the old schema or the new, with all data; the copy is whole and the only one."""
    assert killed(first, point)
    with closing(sqlite3.connect(f"file:{first}?mode=ro", uri=True)) as left:
        version = FIRST if point != "migrate.committed" else HEAD
        assert left.execute(VERSION).fetchone() == (version,)
        assert left.execute("SELECT count(*) FROM work_packages").fetchone() == (3,)
        assert left.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    killed(first, point)
    assert loaded(first).plan == two_routes()
    copy = f"plans.db.before-upgrade-from-{FIRST}"
    assert beside(first) == {"plans.db", copy}
    assert asked(first.with_name(copy), VERSION) == [(FIRST,)]
    assert asked(first.with_name(copy), "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("point", POINTS[:2])
def test_a_copy_that_was_cut_short_has_no_name_of_a_copy(first: Path, point: str):
    """What is left of it lies in a hidden folder that the next try removes."""
    assert killed(first, point)
    assert not any(name.startswith("plans.db.before") for name in beside(first))
