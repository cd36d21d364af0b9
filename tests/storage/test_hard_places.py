"""Databases that may not be written to, or not even read; and whose they are."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository
from tests.domain.plans import two_routes
from tests.storage.databases import planned, renamed
from tests.storage.older import put_back

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder that other users can reach, as pytest's own cannot."""
    folder = Path(mkdtemp(prefix="stellwerk-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


UNPRIVILEGED = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
ACT = """
import sys
from pathlib import Path
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.journal import Change
from stellwerk.errors import StellwerkError
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import FrozenClock

repository = Repository(Path(sys.argv[1]))
try:
    base = repository.load("goal")
    print("read", base.plan.package("a").title)
    repository.commit("goal", Change(Rename("a", "x"), "ada", FrozenClock().now), base)
    print("written")
except StellwerkError as error:
    print(type(error).__name__, error.message, error.hint)
finally:
    repository.close()
"""


READ = """
import sys
from pathlib import Path
from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository

repository = Repository(Path(sys.argv[1]))
print(repository.load("goal").plan.package("a").title, flush=True)
sys.stdin.readline()
try:
    repository.load("goal")
except StorageError as error:
    print(error.message)
repository.close()
print(repository.load("goal").plan.package("a").title)
"""
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}


def nobody() -> tuple[str, ...]:
    """Return how Python is run by a user without privileges."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become a user without privileges")
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv, to become a user without privileges")
    command = (*UNPRIVILEGED, sys.executable, "-B", "-c")
    probe = subprocess.run(
        (*command, "import stellwerk.storage.repository"),
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        check=False,
    )
    if probe.returncode:
        pytest.skip("needs a Python and a checkout that every user can read")
    return command


def as_nobody(path: Path) -> list[str]:
    """Return what a user without privileges sees of a database, line by line."""
    done = subprocess.run(
        (*nobody(), ACT, str(path)),
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@contextmanager
def as_nobody_reading(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Let a user without privileges read a database, and again when told."""
    with subprocess.Popen(
        (*nobody(), READ, str(path)),
        env=ENVIRONMENT,
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


READ_ONLY = "cannot be opened for writing. "
THEIRS = " belongs to root, and you are nobody. Ask root, or name another database"


@pytest.mark.parametrize(
    ("folder", "file"), [(0o777, 0o444), (0o555, 0o666), (0o555, 0o444), (0o755, 0o644)]
)
def test_a_read_only_database_can_be_read(shared: Path, folder: int, file: int):
    """Reading works wherever the file can be read; writing is refused in a sentence."""
    path = shared / "plans.db"
    planned(path).close()
    path.chmod(file)
    shared.chmod(folder)
    read, refusal = as_nobody(path)
    assert read == "read Package a"
    assert refusal.startswith("StorageError")
    assert READ_ONLY in refusal
    assert THEIRS in refusal
    assert [entry.name for entry in shared.iterdir()] == ["plans.db"]


def test_a_read_only_database_somebody_writes_to_can_be_read(shared: Path):
    """What stands in the log beside the file is read as well."""
    path = shared / "plans.db"
    repository = planned(path)
    renamed(repository, "fresh from the log")
    for each in shared.iterdir():
        each.chmod(0o644)
    read, refusal = as_nobody(path)
    assert read == "read fresh from the log"
    assert READ_ONLY in refusal
    repository.close()


@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o600), (0o700, 0o666)])
def test_a_database_of_somebody_else_is_refused(shared: Path, folder: int, file: int):
    """Neither the file nor what is in a closed folder can be used."""
    path = shared / "plans.db"
    planned(path).close()
    path.chmod(file)
    shared.chmod(folder)
    (refusal,) = as_nobody(path)
    assert refusal.startswith(f"StorageError The database {path} cannot be")
    assert THEIRS in refusal


def test_a_database_is_not_made_where_nobody_may_write(shared: Path):
    """The folder is named, and what to do."""
    for path in (shared / "plans.db", shared / "below" / "plans.db"):
        (refusal,) = as_nobody(path)
        assert refusal.startswith(f"StorageError The database {path} cannot be used: Perm")


def test_who_owns_what_is_in_the_way_is_said(shared: Path):
    """Also where it is the log that somebody else left beside a database of ours."""
    shared.chmod(0o777)
    path = shared / "plans.db"
    planned(path).close()
    log = path.with_name("plans.db-wal")
    log.write_bytes(b"left by root")
    log.chmod(0o600)
    for each in (shared, path):
        os.chown(each, 65534, 65534)
    (refusal,) = as_nobody(path)
    assert f"{log} belongs to root, and you are nobody. Ask root, or" in refusal


def test_a_log_that_root_writes_belongs_to_whom_the_database_belongs(shared: Path):
    """So its owner can go on after a call of root's that was killed."""
    shared.chmod(0o777)
    path = shared / "plans.db"
    planned(path).close()
    os.chown(path, 65534, 65534)
    command = nobody()
    with closing(Repository(path)) as repository:
        renamed(repository, "by root")
        for each in shared.iterdir():
            assert (each.stat().st_uid, each.stat().st_mode & 0o777) == (65534, 0o600)
        assert command
        assert as_nobody(path) == ["read by root", "written"]


def test_permissions_of_one_s_own_are_said_with_what_would_allow_it(shared: Path):
    """Who made it read-only can undo it."""
    path = shared / "plans.db"
    planned(path).close()
    path.chmod(0o400)
    for each in (shared, path):
        os.chown(each, 65534, 65534)
    read, refusal = as_nobody(path)
    assert read == "read Package a"
    assert "It is yours, and its permissions forbid it (0400)." in refusal
    assert f"Allow it (`chmod u+w {path}`), or name another database" in refusal


@pytest.mark.parametrize(("folder", "file"), [(0o777, 0o444), (0o555, 0o666)])
def test_an_older_database_that_cannot_be_written_to_is_read(
    shared: Path, folder: int, file: int
):
    """Through an upgraded copy in memory; nothing is written, and nothing into that copy."""
    path = shared / "plans.db"
    planned(path).close()
    put_back(path)
    path.chmod(file)
    shared.chmod(folder)
    before = path.read_bytes()
    read, refusal = as_nobody(path)
    assert read == "read Package a"
    assert READ_ONLY in refusal
    assert THEIRS in refusal
    assert path.read_bytes() == before
    assert [entry.name for entry in shared.iterdir()] == ["plans.db"]


def test_who_reads_alone_does_not_read_on_when_the_file_has_changed(shared: Path):
    """Reading a file as if it never changed, pages of two moments would be mixed up."""
    path = shared / "plans.db"
    planned(path).close()
    path.chmod(0o644)
    with as_nobody_reading(path) as process:
        assert process.stdout.readline() == "Package a\n"
        with closing(Repository(path)) as repository:
            renamed(repository, "changed")
        said = process.communicate("again\n")[0].splitlines()
    assert "was changed by another program while it was open for reading alone" in said[0]
    assert said[1] == "changed"


@pytest.fixture
def frozen_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk that is mounted read-only, with a database and others beside it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root and mount, to make a disk")
    mount = ("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk))
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a disk")
    try:
        planned(disk / "plans.db").close()
        shutil.copy(disk / "plans.db", disk / "first.db")
        put_back(disk / "first.db")
        with closing(planned(disk / "hot.db")) as repository:
            renamed(repository, "in the log alone")
            for ending in ("", "-wal"):
                shutil.copy(disk / f"hot.db{ending}", disk / f"cut.db{ending}")
        with closing(sqlite3.connect(disk / "hot.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA cache_size = 1")
            connection.execute("BEGIN")
            connection.execute(
                "UPDATE work_packages SET title = 'half done' || hex(zeroblob(9000))"
            )
            for ending in ("", "-journal"):
                shutil.copy(disk / f"hot.db{ending}", disk / f"half.db{ending}")
        subprocess.run(("mount", "-o", "remount,ro", str(disk)), check=True)
        yield disk
    finally:
        subprocess.run(("umount", "-l", str(disk)), check=True)


@pytest.mark.parametrize("name", ["plans.db", "first.db"])
def test_a_database_on_a_read_only_disk_can_be_read(frozen_disk: Path, name: str):
    """Even by root, and at an older schema; writing is refused with the reason."""
    path = frozen_disk / name
    with closing(Repository(path)) as repository:
        assert repository.load("goal").plan == two_routes()
        with pytest.raises(StorageError) as caught:
            renamed(repository, "never")
        assert "It is on a disk that is mounted read-only." in caught.value.message
        assert "--db FILE" in caught.value.hint
        assert repository.load("goal").plan == two_routes()


@pytest.mark.parametrize(("name", "ending"), [("cut.db", "-wal"), ("half.db", "-journal")])
def test_a_log_that_cannot_be_read_is_not_left_out(frozen_disk: Path, name: str, ending: str):
    """Without it the plan would be another one; both files are named to be copied."""
    path = frozen_disk / name
    with pytest.raises(StorageError) as caught:
        Repository(path).goals()
    assert f"{path} cannot be read here: there are changes in its log" in caught.value.message
    assert f"{path}{ending}" in caught.value.message
    assert caught.value.hint.startswith("Copy both to a folder of your own")
    with closing(Repository(tmp_copy(path, ending))) as repository:
        assert repository.load("goal").plan.package("a").title == "in the log alone"


def tmp_copy(path: Path, log: str) -> Path:
    """Do what the hint says: copy a database and its log to a folder of one's own."""
    folder = path.parent.with_name("copy")
    folder.mkdir()
    for ending in ("", log):
        shutil.copy(f"{path}{ending}", folder)
    return folder / path.name


def test_no_new_database_is_made_on_a_read_only_disk(frozen_disk: Path):
    """The reason is said."""
    with pytest.raises(StorageError) as caught:
        Repository(frozen_disk / "new.db").goals()
    assert "cannot be used: Read-only file system." in caught.value.message
    assert f"Its folder {frozen_disk} is on a disk that is mounted" in caught.value.message
