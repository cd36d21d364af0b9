"""The database file: how it is made, and what is said when it cannot be used."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest

from stellwerk.domain.edits.fields import Rename, Rewrite
from stellwerk.domain.journal import Change
from stellwerk.domain.plan import Plan
from stellwerk.errors import ConflictError, StorageError
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repository import Repository
from stellwerk.storage.schema import HEAD
from stellwerk.storage.sqlite import APPLICATION_ID, connect, transaction
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.domain.plans import NOW, a_goal, two_routes

ROOT = Path(__file__).parents[2]


def planned(path: Path) -> Repository:
    """Return a repository with `two_routes` in it."""
    repository = Repository(path)
    Dispatcher(repository, "ada", FrozenClock(), CountedUids(100)).adopt(two_routes(), {}, "x")
    return repository


def renamed(repository: Repository, title: str) -> None:
    """Give the package `a` a title."""
    base = repository.load("goal")
    repository.commit("goal", Change(Rename("a", title), "ada", NOW), base)


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
    """Write-ahead log, foreign keys, full synchronisation, our mark and version."""
    with closing(connect(database)) as connection:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("foreign_keys", 1),
            ("synchronous", 2),
            ("busy_timeout", 20_000),
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
            "is from a newer Stellwerk (schema 9999).",
        ),
        (_changed("DELETE FROM alembic_version"), "from a newer Stellwerk (schema unknown)."),
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
    assert "Keep a copy" in caught.value.hint
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


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder that other users can reach, as pytest's own cannot."""
    folder = Path(mkdtemp(prefix="stellwerk-test-"))
    folder.chmod(0o755)
    yield folder
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


def as_nobody(path: Path) -> list[str]:
    """Return what a user without privileges sees of a database, line by line."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become a user without privileges")
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv, to become a user without privileges")
    command = (*UNPRIVILEGED, sys.executable, "-B", "-c")
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    probe = subprocess.run(
        (*command, "import stellwerk.storage.repository"),
        env=environment,
        cwd="/",
        capture_output=True,
        check=False,
    )
    if probe.returncode:
        pytest.skip("needs a Python and a checkout that every user can read")
    done = subprocess.run(
        (*command, ACT, str(path)),
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


READ_ONLY = "cannot be opened for writing. Check its permissions with `ls -l`"


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
    assert "--db FILE" in refusal


def test_a_database_is_not_made_where_nobody_may_write(shared: Path):
    """The folder is named, and what to do."""
    for path in (shared / "plans.db", shared / "below" / "plans.db"):
        (refusal,) = as_nobody(path)
        assert refusal.startswith(f"StorageError The database {path} cannot be used: Perm")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root and mount, to make a small disk")
    mount = ("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk))
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield disk
    subprocess.run(("umount", str(disk)), check=True)


def fill(disk: Path) -> Path:
    """Return a file that takes all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler


def test_a_full_disk_loses_nothing(small_disk: Path):
    """The write is refused and said; what was acknowledged stays; with room it goes on."""
    path = small_disk / "plans.db"
    repository = planned(path)
    renamed(repository, "acknowledged")
    filler = fill(small_disk)
    base = repository.load("goal")
    change = Change(Rewrite("a", "", "long " * 100_000), "ada", NOW)
    with pytest.raises(StorageError, match=r"Nothing was changed\.") as caught:
        repository.commit("goal", change, base)
    assert "disk" in f"{caught.value.message} {caught.value.hint}"
    assert "df -h" in caught.value.hint
    assert repository.load("goal") == base
    repository.close()
    assert repository.load("goal") == base
    filler.unlink()
    after = repository.commit("goal", change, base)
    assert repository.load("goal") == after
    assert after.plan.package("a").title == "acknowledged"
    repository.close()


def test_a_database_that_cannot_be_made_on_a_full_disk_is_made_later(small_disk: Path):
    """Half a schema is no schema: with room again the same file serves."""
    filler = fill(small_disk)
    path = small_disk / "plans.db"
    with pytest.raises(StorageError, match="disk"):
        Repository(path).goals()
    filler.unlink()
    repository = Repository(path)
    assert repository.create(a_goal()).plan == Plan(a_goal())
    repository.close()
