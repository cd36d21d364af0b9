"""Waiting for others: in Python, so Ctrl-C is answered; and nobody waits for ever."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from time import monotonic

import pytest

from stellwerk.errors import StorageError
from stellwerk.storage.connection import pauses
from stellwerk.storage.repository import Repository
from stellwerk.storage.sqlite import connect, transaction
from tests.domain.plans import two_routes
from tests.storage.databases import planned, renamed

ROOT = Path(__file__).parents[2]
HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2].split(";"):
    connection.execute(statement).fetchall()
print("held", flush=True)
sys.stdin.read()
"""
ACT = """
import signal, sys
from pathlib import Path
from stellwerk.storage.sqlite import connect, transaction

signal.signal(signal.SIGINT, signal.default_int_handler)
path = Path(sys.argv[1])
print("begun", flush=True)
if sys.argv[2] == "open":
    connect(path)
else:
    connection = connect(path)
    with transaction(connection, path):
        pass
"""
HAMMER = """
import sys
from pathlib import Path
from time import monotonic
from stellwerk.storage.sqlite import connect, transaction

path, longest = Path(sys.argv[1]), 0.0
connection = connect(path)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[2])):
    begun = monotonic()
    with transaction(connection, path):
        connection.execute(
            "INSERT OR REPLACE INTO selections VALUES (?, 'goal')", (f"{sys.argv[3]}{number}",)
        )
    longest = max(longest, monotonic() - begun)
print(longest)
"""
LOCK = "BEGIN IMMEDIATE"
EXCLUDE = "PRAGMA locking_mode = EXCLUSIVE;BEGIN EXCLUSIVE;SELECT 1"


@contextmanager
def held(path: Path, statements: str) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold a lock of a database for the block, or until it is told."""
    command = (sys.executable, "-c", HOLD, str(path), statements)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.stdin.close()


@pytest.mark.parametrize(
    ("act", "statements"), [("write", LOCK), ("open", EXCLUDE), ("write", EXCLUDE)]
)
def test_ctrl_c_is_answered_while_waiting(database: Path, act: str, statements: str):
    """At once, whoever is waited for and for what."""
    planned(database).close()
    with (
        held(database, statements),
        subprocess.Popen(
            (sys.executable, "-c", ACT, str(database), act),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as process,
    ):
        assert process.stdout.readline() == "begun\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.4)
        begun = monotonic()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=10)[1]
        assert monotonic() - begun < 1
    assert said.endswith("KeyboardInterrupt\n")


@pytest.mark.parametrize("statements", [LOCK, EXCLUDE])
def test_a_lock_that_ends_is_waited_for(database: Path, statements: str):
    """Opening, reading and writing go on as soon as they can."""
    planned(database).close()
    with held(database, statements) as holder:
        timer = threading.Timer(0.3, holder.stdin.close)
        timer.start()
        with closing(Repository(database)) as repository:
            assert repository.load("goal").plan == two_routes()
            renamed(repository, "at last")
        timer.join()


def test_a_lock_that_does_not_end_is_told_in_our_words(database: Path):
    """Not in SQLite's, whether it is in the way of opening, reading or writing."""
    planned(database).close()
    with held(database, EXCLUDE):
        begun = monotonic()
        with pytest.raises(StorageError) as caught:
            Repository(database, busy_seconds=0.2).goals()
        assert 0.2 <= monotonic() - begun < 2
    with closing(Repository(database, busy_seconds=0.1)) as repository:
        assert repository.load("goal").plan == two_routes()
        with held(database, LOCK), pytest.raises(StorageError) as again:
            renamed(repository, "never")
    for error in (caught.value, again.value):
        assert f"{database} is locked by another program, and stayed so" in error.message
        assert "database is locked" not in error.message
        assert error.hint == "Close what uses it, then try again."


def test_who_reads_is_never_in_the_way_of_who_writes(database: Path):
    """Nor the other way round: a reader sees what was there when it began."""
    planned(database).close()
    with closing(Repository(database)) as writer, closing(connect(database)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM journal").fetchone() == (1,)
        renamed(writer, "meanwhile")
        assert reader.execute("SELECT count(*) FROM journal").fetchone() == (1,)
        reader.execute("ROLLBACK")
        assert reader.execute("SELECT count(*) FROM journal").fetchone() == (2,)


def test_a_stale_reader_that_wants_to_write_is_told_at_once(database: Path):
    """No waiting can help it: what it has read is no longer so."""
    planned(database).close()
    with closing(Repository(database)) as writer, closing(connect(database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM journal").fetchone()
        renamed(writer, "meanwhile")
        begun = monotonic()
        with pytest.raises(sqlite3.OperationalError) as caught:
            reader.execute("DELETE FROM selections")
        assert caught.value.sqlite_errorcode == sqlite3.SQLITE_BUSY_SNAPSHOT
        assert monotonic() - begun < 1


def test_everybody_gets_a_turn(database: Path):
    """Four processes that write without a pause: nobody waits long, nobody is refused."""
    planned(database).close()
    with ExitStack() as stack:
        hammers = [
            stack.enter_context(
                subprocess.Popen(
                    (sys.executable, "-c", HAMMER, str(database), "50", name),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
            for name in "abcd"
        ]
        for each in hammers:
            assert each.stdout.readline() == "ready\n", each.communicate()[1]
        for each in hammers:
            each.stdin.write("go\n")
            each.stdin.flush()
        longest = [float(each.communicate(timeout=60)[0]) for each in hammers]
    assert max(longest) < 10
    with closing(connect(database)) as connection:
        count = "SELECT count(*) FROM selections WHERE goal_uid = 'goal'"
        assert connection.execute(count).fetchone() == (200,)


def test_pauses_grow_and_end_in_time():
    """The first is over before it is felt, and no pause outlasts the patience."""
    begun = monotonic()
    count = sum(1 for _ in pauses(0.2))
    assert 0.2 <= monotonic() - begun < 1
    assert 5 <= count <= 60
    assert list(pauses(0)) == []


def test_a_transaction_after_a_wait_sees_what_was_written_meanwhile(database: Path):
    """The one who waited begins where the other ended."""
    planned(database).close()
    with closing(connect(database)) as first, closing(connect(database)) as second:
        writing = transaction(first, database)
        writing.__enter__()
        first.execute("INSERT INTO selections VALUES ('ada', 'goal')")
        done = threading.Timer(0.1, lambda: writing.__exit__(None, None, None))
        done.start()
        with transaction(second, database):
            seen = second.execute("SELECT author FROM selections").fetchall()
        done.join()
    assert seen == [("ada",)]
