"""Backups, restores and repairs whose process dies: all of it is there, or nothing."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.faults import POINTS
from stellwerk.storage.copies.backup import back_up, damage
from stellwerk.storage.copies.restore import Policy, restore
from stellwerk.storage.repair.salvage import repair
from stellwerk.storage.sqlite import connect
from tests.storage.damage import overwrite, pages_of
from tests.storage.goals import edited, made, rows_in, rows_of, without

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from stellwerk import faults
from stellwerk.storage.copies.backup import back_up
from stellwerk.storage.copies.restore import Policy, restore
from stellwerk.storage.repair.salvage import repair

def listen(point):
    if point == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)

database, file = Path(sys.argv[3]), Path(sys.argv[4])
faults.listen(listen)
match sys.argv[2]:
    case "backup":
        back_up(database, file, overwrite=True)
    case "restore":
        restore(database, file, policy=Policy.REPLACE)
    case "repair":
        repair(database)
"""


def points(*beginnings: str) -> list[str]:
    """Return the fault points whose names begin so."""
    return [point for point in POINTS if point.startswith(beginnings)]


def killed(deed: str, point: str, database: Path, file: Path) -> None:
    """Do something in a process that dies at a point."""
    command = [sys.executable, "-c", KILLED, point, deed, str(database), str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


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


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def left(folder: Path) -> list[Path]:
    """Return the folders that dead processes left."""
    return [path for path in folder.iterdir() if path.name.endswith(".partial")]


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("point", points("backup."))
def test_a_killed_backup_leaves_none_or_a_whole_one(
    database: Path, tmp_path: Path, point: str, old: bool
):
    """Or the old one; the next backup removes what else was left."""
    file, before = tmp_path / "backup.db", rows_in(database)
    if old:
        file.write_text("old")
    killed("backup", point, database, file)
    if point in ("backup.renamed", "backup.flushed"):
        assert rows_in(file) == before
    elif old:
        assert file.read_text() == "old"
    else:
        assert not file.exists()
    assert rows_in(database) == before
    (folder,) = left(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    back_up(database, file, overwrite=True)
    assert names(tmp_path) == ["backup.db", "data"]
    assert rows_in(file) == before


@pytest.mark.parametrize("point", points("restore.", "store."))
def test_a_killed_restore_leaves_all_or_nothing(database: Path, tmp_path: Path, point: str):
    """The database opens and is as before or as after, and the next restore does it all."""
    file = back_up(database, tmp_path / "backup.db").file
    edited(database, "apple", "x")
    without(database, "cherry")
    before = rows_in(database)
    killed("restore", point, database, file)
    found = rows_in(database)
    with closing(connect(database)) as connection:
        assert damage(connection) == ""
    assert found == (rows_in(file) if point == "store.committed" else before)
    restore(database, file, policy=Policy.REPLACE)
    assert rows_in(database) == rows_in(file)
    assert left(database.parent) == []


@pytest.mark.parametrize("point", points("backup."))
def test_a_restore_killed_at_its_backup_leaves_what_was(
    database: Path, tmp_path: Path, point: str
):
    """The copy of what will be replaced is made before anything is."""
    file = back_up(database, tmp_path / "backup.db").file
    edited(database, "apple", "x")
    before = rows_in(database)
    killed("restore", point, database, file)
    assert rows_in(database) == before
    saved = restore(database, file, policy=Policy.REPLACE).saved
    assert saved is not None
    assert rows_in(saved.file) == before
    assert left(database.parent) == []


@pytest.mark.parametrize("point", points("repair."))
def test_a_killed_repair_leaves_no_file_or_a_whole_one(
    database: Path, tmp_path: Path, point: str
):
    """The damaged one stays as it is; the next repair removes what else was left."""
    apple = rows_of(database, "goal-apple")
    overwrite(database, pages_of(database, "work_packages"))
    before = database.read_bytes()
    killed("repair", point, database, tmp_path)
    file = database.with_name("plans.db.repaired")
    assert file.exists() is (point in ("repair.renamed", "repair.flushed"))
    if file.exists():
        assert rows_of(file, "goal-apple") == apple
    assert database.read_bytes() == before
    again = repair(database)
    assert again.file
    assert rows_of(again.file, "goal-apple") == apple
    assert left(database.parent) == []
