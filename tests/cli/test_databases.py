"""Databases that are locked, broken, somebody else's, unwritable or on a full disk."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from stellwerk.bootstrap import build
from stellwerk.cli.desk import Desk
from stellwerk.cli.main import invoke
from stellwerk.config.discovery import load
from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository
from stellwerk.storage.schema import HEAD
from tests.cli.terminal import GOAL, Answer, Program, Terminal

ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="needs root to become somebody else")
needs_setpriv = pytest.mark.skipif(
    shutil.which("setpriv") is None, reason="setpriv is not installed"
)
READING = (("list",), ("show",), ("map",), ("next",), ("log",), ("export",))
WRITING = (("start", "r1.1.1"), ("rename", "r1", "X"), ("plan", "Fly"), ("undo",))


def changed(path: Path, *statements: str) -> None:
    """Change a database behind Stellwerk's back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@contextmanager
def locked(path: Path) -> Iterator[Callable[[], None]]:
    """Hold the write lock of a database from another process; yield what ends it."""
    code = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [shutil.which("python3") or "python3", "-c", code, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin
    assert holder.stdout
    with holder:
        assert holder.stdout.readline() == "locked\n"
        yield holder.stdin.close
        holder.stdin.close()


def refused(terminal: Terminal, *args: str) -> Answer:
    """Make a call that the database refuses; it must say so without a word of bugs."""
    answer = terminal(*args, code=1)
    assert answer.out == ""
    assert answer.err.startswith("Error: ")
    assert "→" in answer.err
    assert "bug of ours" not in answer.err
    return answer


def test_a_fresh_database_is_private_and_made_on_the_way(terminal: Terminal):
    terminal("list")
    assert terminal.database.stat().st_mode & 0o777 == 0o600
    assert terminal.database.parent.stat().st_mode & 0o777 == 0o700


def test_a_locked_database_can_be_read(planned: Terminal, program: Program):
    with locked(planned.database):
        for args in READING:
            assert program(*args).out


def test_a_locked_database_says_who_is_in_the_way_and_keeps_everything(planned: Terminal):
    settings = load(planned.folder, planned.environ, {})
    repository = Repository(planned.database, busy_seconds=0.1)
    desk = Desk()
    desk.__dict__["stellwerk"] = build(settings, planned.environ, store=repository)
    before = planned.dump()
    with locked(planned.database), pytest.raises(StorageError) as refusal:
        invoke(["start", "r1.1.1"], desk)
    repository.close()
    assert "is locked by another program" in refusal.value.message
    assert refusal.value.hint == "Close what uses it, then try again."
    assert planned.dump() == before
    assert "Started" in planned("start", "r1.1.1").out


def test_a_lock_that_ends_in_time_is_waited_for(planned: Terminal, program: Program):
    with locked(planned.database) as release, ExitStack() as stack:
        process = stack.enter_context(program.running("start", "r1.1.1"))
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        release()
    assert planned.json("show", "r1.1.1")["item"]["status"] == "doing"


@pytest.mark.parametrize(
    "data", [b"xx", b"x" * 10_000, b"SQLite format 3\x00" + b"\xff" * 5_000]
)
def test_what_is_no_database_is_left_alone(terminal: Terminal, data: bytes):
    terminal.write("file.db", data)
    for args in (*READING, *WRITING):
        answer = refused(terminal, "--db", "file.db", *args)
        assert "file.db" in answer.err
        assert (terminal.folder / "file.db").read_bytes() == data


def test_a_database_with_broken_pages_says_so(planned: Terminal):
    with closing(sqlite3.connect(planned.database)) as connection:
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'work_packages'"
        ).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(planned.database.read_bytes())
    data[(page - 1) * size : page * size] = b"\xee" * size
    planned.database.write_bytes(data)
    for args in (("show",), ("next",), ("start", "r1.1.1")):
        answer = refused(planned, *args)
        assert "is damaged or not a database" in answer.err
        assert "doctor --repair" in answer.err


def test_a_database_with_a_schema_that_is_not_text_says_so(planned: Terminal):
    with closing(sqlite3.connect(planned.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = planned.database.read_bytes()
    planned.database.write_bytes(
        data.replace(b"CREATE TABLE goals", b"CREATE T\xe0\x20LE goals")
    )
    refused(planned, "list")


@pytest.mark.parametrize("args", [*READING, *WRITING], ids=lambda args: args[0])
def test_a_database_of_somebody_else_is_left_alone(terminal: Terminal, args: tuple[str, ...]):
    path = terminal.folder / "theirs.db"
    changed(path, "CREATE TABLE theirs (x)", "INSERT INTO theirs VALUES (1)")
    before = path.read_bytes()
    answer = refused(terminal, "--db", "theirs.db", *args)
    assert "but not one of Stellwerk's; it was left alone" in answer.err
    assert path.read_bytes() == before


def test_a_database_of_the_first_stellwerk_is_left_alone(terminal: Terminal):
    path = terminal.folder / "v1.db"
    tables = ("goals", "route_edges", "decisions")
    changed(path, *(f"CREATE TABLE {table} (x)" for table in tables))
    assert "is a database of Stellwerk v0.1" in refused(terminal, "--db", "v1.db", "list").err


@pytest.mark.parametrize("args", [*READING, *WRITING], ids=lambda args: args[0])
def test_a_database_of_a_newer_stellwerk_is_left_alone(
    planned: Terminal, args: tuple[str, ...]
):
    changed(planned.database, "UPDATE alembic_version SET version_num = '9999'")
    before = planned.dump()
    answer = refused(planned, *args)
    assert f"newer Stellwerk (schema 9999; this one reads up to {HEAD})" in answer.err
    assert "pip install --upgrade stellwerk" in answer.err
    assert planned.dump() == before


def test_a_folder_is_no_database(planned: Terminal):
    assert "is not a file" in refused(planned, "--db", ".", "list").err
    assert "/dev/null is not a file" in refused(planned, "--db", "/dev/null", "list").err


def test_a_missing_folder_is_made_and_a_file_in_the_way_named(planned: Terminal):
    planned("--db", "a/b/c.db", "list")
    assert (planned.folder / "a/b/c.db").is_file()
    planned.write("file", "x")
    assert "file" in refused(planned, "--db", "file/c.db", "list").err
    assert "name" in refused(planned, "--db", "x" * 300, "list").err


@contextmanager
def somebody_else(planned: Terminal) -> Iterator[tuple[Terminal, Program]]:
    """Yield a terminal and the program for a user without any rights, in folders of root's."""
    with tempfile.TemporaryDirectory(prefix="stellwerk-") as name:
        root = Path(name)
        root.chmod(0o755)
        (root / "home").mkdir(mode=0o755)
        (root / "work").mkdir(mode=0o755)
        theirs = Terminal(root / "home", root / "work")
        theirs.keep(planned.database)
        for path in (theirs.database.parent, theirs.database.parent.parent):
            path.chmod(0o755)
        theirs.database.chmod(0o444)
        program = Program(theirs)
        program.command = (
            *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
            *Program.command,
        )
        covered = [name for name in theirs.environ if name.startswith("COV")]
        for variable in covered:
            del theirs.environ[variable]
        yield theirs, program


@needs_root
@needs_setpriv
def test_a_read_only_database_can_be_read_and_refuses_changes(planned: Terminal):
    with somebody_else(planned) as (theirs, program):
        before = theirs.database.read_bytes()
        for args in (("list",), ("next",), ("show", "r1.1.1")):
            assert program(*args).out
        for args in (("start", "r1.1.1"), ("plan", "Fly", "-q")):
            answer = program(*args, code=1)
            assert "cannot be opened for writing" in answer.err
            assert "It belongs to root, and you are nobody." in answer.err
            assert "name another database with `--db FILE`" in answer.err
        assert theirs.database.read_bytes() == before


@needs_root
@needs_setpriv
def test_an_unwritable_folder_is_named(planned: Terminal):
    with somebody_else(planned) as (theirs, program):
        new = theirs.database.parent / "new.db"
        answer = program("--db", str(new), "list", code=1)
        assert f"The database {new} cannot be used: Permission denied." in answer.err
        assert "Permission denied" in program("export", "-o", "plan.md", code=1).err
        assert "Permission denied" in program("init", code=1).err
        theirs.database.chmod(0o000)
        answer = program("list", code=1)
        assert str(theirs.database) in answer.err


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder that is a disk of two megabytes."""
    if not ROOT:
        pytest.skip("needs root to mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def filled(disk: Path) -> Path:
    """Fill a disk to its last byte; return the file that takes the room."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


def test_a_full_disk_changes_nothing_and_frees_up_again(planned: Terminal, small_disk: Path):
    database = small_disk / "plans.db"
    with closing(sqlite3.connect(planned.database)) as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(planned.database, database)
    planned("--db", str(database), "start", "r1.1.1")
    ballast = filled(small_disk)
    for args in (("done", "r1.1.1"), ("plan", "Fly", "-q"), ("rename", "r1", "X" * 200)):
        answer = refused(planned, "--db", str(database), *args)
        assert "the disk is full" in answer.err or "disk I/O error" in answer.err
        assert "Nothing was changed." in answer.err
        assert "df -h" in answer.err
    ballast.unlink()
    shown = planned("--db", str(database), "show", "r1.1.1", "--json").data
    assert shown["item"]["status"] == "doing"
    assert planned("--db", str(database), "done", "r1.1.1").out.startswith("Finished")


def test_a_full_disk_can_be_read_from(planned: Terminal, program: Program, small_disk: Path):
    database = small_disk / "plans.db"
    shutil.copy(planned.database, database)
    filled(small_disk)
    planned.environ["STELLWERK_DB"] = str(database)
    for args in READING:
        assert program(*args).out == planned("--db", str(planned.database), *args).out
    assert {path.name for path in small_disk.iterdir()} == {"plans.db", "ballast"}


def test_a_read_only_disk_can_be_read_from_and_says_why_it_cannot_be_written_to(
    planned: Terminal, program: Program, small_disk: Path
):
    database = small_disk / "plans.db"
    shutil.copy(planned.database, database)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    planned.environ["STELLWERK_DB"] = str(database)
    for args in READING:
        assert program(*args).out
    for args in WRITING[:3]:
        answer = program(*args, code=1)
        assert f"The database {database} cannot be opened for writing." in answer.err
        assert "It is on a disk that is mounted read-only." in answer.err
    new = program("--db", str(small_disk / "new.db"), "list", code=1)
    assert "Read-only file system" in new.err


def test_a_full_disk_leaves_older_exports_whole(planned: Terminal, small_disk: Path):
    planned("export", "-o", str(small_disk / "plan.md"))
    old = (small_disk / "plan.md").read_bytes()
    planned("rename", "r1", "Ask people")
    filled(small_disk)
    answer = planned("export", "-o", str(small_disk / "plan.md"), code=1)
    assert "No space left on device" in answer.err
    assert (small_disk / "plan.md").read_bytes() == old
    assert [path.name for path in small_disk.iterdir() if path.name != "ballast"] == [
        "plan.md"
    ]


def test_two_databases_do_not_know_of_each_other(planned: Terminal):
    planned("--db", "other.db", "plan", "Fly", "-q")
    assert [goal["slug"] for goal in planned.json("list")["goals"]] == [GOAL]
