"""A run is worked on by one process, the kernel says which, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from stellwerk.errors import ConflictError, NotFoundError, StorageError
from stellwerk.planning.runs import RunStatus
from stellwerk.storage.run_locks import held, is_held
from stellwerk.storage.run_log import SqlRunLog
from tests.storage.calls import a_call, a_run, run_uid

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from stellwerk.errors import ConflictError
from stellwerk.storage.run_log import SqlRunLog

log = SqlRunLog(Path(sys.argv[1]))
try:
    with log.hold(sys.argv[2]):
        print("held", flush=True)
        sys.stdin.readline()
except ConflictError as error:
    print(error.message)
print("let go", flush=True)
sys.stdin.readline()
"""
RACE = """
import sys
from pathlib import Path
from stellwerk.errors import ConflictError
from stellwerk.storage.run_locks import held, is_held

database, count, tally = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
done = 0
while done < count:
    is_held(database, "a")
    try:
        with held(database, "a"):
            tally.write_text(str(int(tally.read_text()) + 1))
            done += 1
    except ConflictError:
        pass
"""


@contextmanager
def holder(path: Path, uid: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process that holds a run until it is told a line."""
    command = (sys.executable, "-c", HOLD, str(path), uid)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def log(database: Path) -> Iterator[SqlRunLog]:
    """Return a log with a run that says it is running."""
    with closing(SqlRunLog(database)) as log:
        log.save(a_run())
        yield log


def litter(path: Path) -> list[str]:
    """Return what lies beside a database and belongs to no database."""
    names = (file.name for file in path.parent.iterdir())
    return [name for name in names if not name.startswith("plans.db")]


def test_two_processes_cannot_hold_a_run(log: SqlRunLog):
    """The second is told who does; when that one lets go it is free, and no file is left."""
    uid = run_uid(1)
    with holder(log.path, uid) as process:
        assert process.stdout.readline() == "held\n"
        assert log.run(uid).status is RunStatus.RUNNING
        with pytest.raises(ConflictError) as caught, log.hold(uid):
            pytest.fail("held twice")
        assert caught.value.message == (
            f"The run 00000001 is being worked on by another process (pid {process.pid})."
        )
        with pytest.raises(ConflictError):
            log.drop(uid)
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "let go\n"
        assert litter(log.path) == []
        assert log.run(uid).status is RunStatus.INTERRUPTED
        with log.hold(uid), holder(log.path, uid) as second:
            told = f"by another process (pid {os.getpid()}).\n"
            assert second.stdout.readline().endswith(told)
    assert litter(log.path) == []


def test_a_kill_releases_a_run(log: SqlRunLog):
    """It is interrupted from then on, and what the killed process left is removed."""
    uid = run_uid(1)
    with holder(log.path, uid) as process:
        assert process.stdout.readline() == "held\n"
        log.begin(a_call())
        process.kill()
        process.wait()
        assert len(litter(log.path)) == 1
        assert log.run(uid).status is RunStatus.INTERRUPTED
        assert litter(log.path) == []
        with log.hold(uid):
            assert log.run(uid).status is RunStatus.RUNNING
    log.drop(uid)
    with pytest.raises(NotFoundError):
        log.run(uid)


def test_what_dead_processes_left_is_removed_by_whoever_works_next(log: SqlRunLog):
    """On whatever run; of those who live nothing is touched."""
    with holder(log.path, run_uid(2)) as dead, holder(log.path, run_uid(3)) as living:
        for process in (dead, living):
            assert process.stdout.readline() == "held\n"
        dead.kill()
        dead.wait()
        assert len(litter(log.path)) == 2
        with log.hold(run_uid(1)):
            assert len(litter(log.path)) == 2
            assert is_held(log.path, run_uid(3))
            assert not is_held(log.path, run_uid(2))


def test_a_lock_is_never_had_by_two(database: Path, tmp_path: Path):
    """Three processes count up one file, each reading and writing it under the lock."""
    database.parent.mkdir()
    tally = tmp_path / "tally"
    tally.write_text("0")
    command = (sys.executable, "-c", RACE, str(database), "150", str(tally))
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
            for _ in range(3)
        ]
        for process in processes:
            stack.callback(process.kill)
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
        for process in processes:
            assert process.communicate(timeout=60)[1] == ""
    assert tally.read_text() == "450"
    assert litter(database) == []


def test_who_only_looks_keeps_nobody_from_holding(database: Path):
    """A look takes a lock for a moment, and whoever wants it waits that long."""
    database.parent.mkdir()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            is_held(database, "a")

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(200):
            with held(database, "a"):
                assert is_held(database, "a")
    finally:
        over.set()
        looking.join()
    assert litter(database) == []


def test_a_lock_lies_beside_the_database_and_not_beside_a_link(log: SqlRunLog, tmp_path: Path):
    """So both names mean one run; and it is for its owner alone."""
    link = tmp_path / "link.db"
    link.symlink_to(log.path)
    with closing(SqlRunLog(link)) as other, other.hold(run_uid(1)):
        assert log.run(run_uid(1)).status is RunStatus.RUNNING
        (lock,) = litter(log.path)
        assert (log.path.parent / lock).stat().st_mode & 0o777 == 0o600
        assert sorted(litter(link)) == ["link.db", log.path.parent.name]


def test_a_uid_of_signs_leads_to_no_other_folder(log: SqlRunLog):
    """A database from elsewhere may hold any."""
    uid = "../../a/b"
    with log.hold(uid):
        assert litter(log.path) == [".plans.db.run-ab.lock"]
        assert is_held(log.path, uid)


def test_a_lock_that_says_nothing_is_held_all_the_same(log: SqlRunLog):
    """Its process is not named then."""
    with log.hold(run_uid(1)):
        (lock,) = litter(log.path)
        (log.path.parent / lock).write_text("")
        with (
            pytest.raises(ConflictError, match=r"by another process\.$"),
            log.hold(run_uid(1)),
        ):
            pytest.fail("held twice")


def test_a_lock_that_cannot_be_made_is_told(log: SqlRunLog):
    """As what it is: the place of the database cannot be written to."""
    (log.path.parent / f".plans.db.run-{run_uid(1)}.lock").symlink_to("elsewhere")
    with pytest.raises(StorageError, match="cannot be used"), log.hold(run_uid(1)):
        pytest.fail("held")
    assert not (log.path.parent / "elsewhere").exists()


def test_what_goes_wrong_in_the_block_is_not_taken_for_the_lock(log: SqlRunLog):
    with pytest.raises(FileNotFoundError, match="mine"), log.hold(run_uid(1)):
        raise FileNotFoundError(2, "mine")
    assert litter(log.path) == []
