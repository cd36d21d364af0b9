"""Planning runs and the call log, in the database of the plans.

Each method is one transaction. What is written is on the disk when it returns, so an answer
that was paid for is there whatever happens next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from stellwerk.errors import StorageError
from stellwerk.faults import reach
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.run_names import named, no_call, no_run
from stellwerk.planning.runs import Call, Contents, Forgotten, Run, RunStatus
from stellwerk.storage.connection import Connection
from stellwerk.storage.rows import Row
from stellwerk.storage.run_locks import held, is_held, sweep
from stellwerk.storage.run_rows import (
    CALLS,
    RUNS,
    call_of,
    call_row,
    moment_cell,
    run_of,
    run_row,
)
from stellwerk.storage.sqlite import BUSY_SECONDS, connect, transaction, translated

MEGABYTE: Final = 1024 * 1024
_CALLS: Final = ", ".join(CALLS)
_FIGURES: Final = ", ".join({"request": "''", "reply": "NULL"}.get(c, c) for c in CALLS)
_FORGETTABLE: Final = (
    "FROM calls JOIN runs ON runs.uid = calls.run_uid"
    " WHERE calls.size > 0 AND runs.status = 'done'"
)
_ANSWERED: Final = "status = 'done' AND reply IS NOT NULL"


class SqlRunLog:
    """Keeps runs and calls in one database file, opened at the first call.

    It is a `RunLog`, a `CallLog` and an `AnswerCache`, for one thread.

    Args:
        path: The database file; made if missing.
        busy_seconds: How long a call waits for somebody else's to end.
        say: Told in a sentence when the database was upgraded.
    """

    def __init__(
        self,
        path: Path,
        *,
        busy_seconds: float = BUSY_SECONDS,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._say = say

    @cached_property
    def _connection(self) -> Connection:
        return connect(self.path, self._busy_seconds, self._say)

    def close(self) -> None:
        """Close the database; the next call opens it again."""
        if (connection := self.__dict__.pop("_connection", None)) is not None:
            connection.close()

    def save(self, run: Run) -> None:
        """Store a run, new or changed."""
        sets = ", ".join(f"{column} = excluded.{column}" for column in RUNS[1:])
        query = f"{_insert('runs', RUNS)} ON CONFLICT (uid) DO UPDATE SET {sets}"
        with self._writing() as connection:
            connection.execute(query, run_row(run))

    def run(self, uid: str) -> Run:
        """Return a run by its uid or the beginning of it, as `runs` does."""
        return named(uid, self.runs())

    def runs(self) -> list[Run]:
        """Return all runs, newest first; a running one that nobody holds is interrupted."""
        query = f"SELECT {', '.join(RUNS)} FROM runs ORDER BY started_at DESC, uid DESC"
        found = [self._seen(run) for run in self._decoded(run_of, query)]
        sweep(self._connection.file)
        return found

    def drop(self, uid: str) -> None:
        """Forget a run and its calls, answers that others could reuse included."""
        with self.hold(uid), self._writing() as connection:
            if not connection.execute("DELETE FROM runs WHERE uid = ?", (uid,)).rowcount:
                raise no_run(uid)

    @contextmanager
    def hold(self, uid: str) -> Iterator[None]:
        """Hold a run while working on it (ConflictError if another process holds it)."""
        with ExitStack() as stack:
            with translated(self.path):
                stack.enter_context(held(self._connection.file, uid))
            yield

    def begin(self, call: Call) -> None:
        """Store a call before its request is sent (NotFoundError without its run)."""
        reach("call.begin")
        with self._writing() as connection:
            run = "SELECT 1 FROM runs WHERE uid = ?"
            if not connection.execute(run, (call.run,)).fetchone():
                raise no_run(call.run)
            connection.execute(_insert("calls", CALLS), call_row(call))
        reach("call.begun")

    def finish(self, uid: str, reply: ModelReply, at: datetime) -> None:
        """Store the answer of a call before anything acts on it."""
        reach("call.finish")
        self._change(uid, lambda call: call.finished(reply, at))
        reach("call.finished")

    def fail(
        self, uid: str, kind: FailureKind, error: str, usage: Usage, raw: str, at: datetime
    ) -> None:
        """Store why a call failed, and the answer as far as there was one."""
        self._change(uid, lambda call: call.failed(kind, error, usage, raw, at))

    def accept(self, uid: str, *, repaired: bool, expires_at: datetime | None) -> None:
        """Mark the answer of a call as made into a draft."""
        self._change(uid, lambda call: call.taken(repaired=repaired, expires_at=expires_at))

    def reused(self, uid: str) -> None:
        """Count that the answer of a call stood in for a call of another run."""
        with self._writing() as connection:
            connection.execute("UPDATE calls SET reused = reused + 1 WHERE uid = ?", (uid,))

    def answered(self, run: str, key: str) -> Call | None:
        """Return the call of a run with a content key that has an answer."""
        return self._one(f"content_key = ? AND {_ANSWERED} AND run_uid = ?", key, run)

    def reusable(self, key: str, at: datetime) -> Call | None:
        """Return the newest accepted call of any run with a key that has not expired."""
        where = f"content_key = ? AND {_ANSWERED} AND accepted = 1 AND expires_at > ?"
        return self._one(where, key, moment_cell(at))

    def settled(self, run: str, question: str) -> Call | None:
        """Return the accepted call of a run for a question, whoever answered it."""
        where = f"run_uid = ? AND question = ? AND {_ANSWERED} AND accepted = 1"
        return self._one(where, run, question)

    def refused(
        self, provider: str, base_url: str, model: str, since: datetime
    ) -> frozenset[str]:
        """Return the modes a model was asked in since then that it does not support."""
        query = (
            "SELECT DISTINCT mode FROM calls WHERE failure = ? AND provider = ?"
            " AND base_url = ? AND model = ? AND started_at >= ?"
        )
        unsupported = FailureKind.UNSUPPORTED.value
        rows = self._all(query, unsupported, provider, base_url, model, moment_cell(since))
        return frozenset(mode for (mode,) in rows)

    def attempts(self, run: str, key: str) -> int:
        """Return how many times a request was sent in a run."""
        query = "SELECT count(*) FROM calls WHERE content_key = ? AND run_uid = ?"
        return int(self._all(query, key, run)[0][0])

    def calls(self, run: str) -> list[Call]:
        """Return the calls of a run, oldest first."""
        query = f"SELECT {_CALLS} FROM calls WHERE run_uid = ? ORDER BY started_at, uid"
        return list(self._decoded(call_of, query, run))

    def figures(self, since: datetime | None = None) -> list[Call]:
        """Return the calls of all runs, oldest first, without requests and answers."""
        query = f"SELECT {_FIGURES} FROM calls WHERE started_at >= ? ORDER BY started_at, uid"
        return list(self._decoded(call_of, query, moment_cell(since) if since else ""))

    def size(self) -> int:
        """Return the bytes of all requests and answers that are kept."""
        return int(self._all("SELECT coalesce(sum(size), 0) FROM calls WHERE size > 0")[0][0])

    def contents(self, at: datetime) -> Contents:
        """Return what the log holds."""
        kept = f"sum(CASE WHEN {_ANSWERED} THEN 1 ELSE 0 END)"
        usable = (
            f"sum(CASE WHEN {_ANSWERED} AND accepted = 1 AND expires_at {{}} ? THEN 1 END)"
        )
        columns = (
            *("count(*)", kept, usable.format(">"), usable.format("<=")),
            *("sum(reused)", "sum(size)", "min(started_at)", "max(started_at)"),
        )
        now = moment_cell(at)
        query = f"SELECT (SELECT count(*) FROM runs), {', '.join(columns)} FROM calls"
        runs, calls, *sums, oldest, newest = self._all(query, now, now)[0]
        if not calls:
            return Contents(runs)
        answers, reusable, expired, reused, size = (int(each or 0) for each in sums)
        first, last = datetime.fromisoformat(oldest), datetime.fromisoformat(newest)
        return Contents(
            *(runs, calls, answers, reusable, expired, reused, size), oldest=first, newest=last
        )

    def prune(self, megabytes: int, keep: Collection[str] = ()) -> Forgotten:
        """Forget the oldest calls of done runs until the log is no larger than that."""
        excess = self.size() - megabytes * MEGABYTE
        if excess <= 0:
            return Forgotten()
        query = f"SELECT calls.uid, calls.size, calls.run_uid {_FORGETTABLE}"
        query += " ORDER BY calls.started_at, calls.uid"
        chosen: list[tuple[str, int]] = []
        with self._writing() as connection:
            for uid, size, run in connection.execute(query).fetchall():
                if excess > 0 and run not in keep:
                    chosen.append((uid, size))
                    excess -= size
            return _forget(connection, chosen)

    def clear(self, at: datetime, *, expired_only: bool = False) -> Forgotten:
        """Forget the calls of done runs; or only those whose answer has expired."""
        query = f"SELECT calls.uid, calls.size {_FORGETTABLE}"
        if expired_only:
            query += " AND calls.expires_at <= ?"
        values = (moment_cell(at),) if expired_only else ()
        with self._writing() as connection:
            return _forget(connection, connection.execute(query, values).fetchall())

    def _seen(self, run: Run) -> Run:
        """Return a run as it stands: who was killed could not say so."""
        if run.status is RunStatus.RUNNING and not is_held(self._connection.file, run.uid):
            return replace(run, status=RunStatus.INTERRUPTED)
        return run

    def _change(self, uid: str, change: Callable[[Call], Call]) -> None:
        """Write what a change makes of a call."""
        with self._writing() as connection:
            query = f"SELECT {_CALLS} FROM calls WHERE uid = ?"
            found = connection.execute(query, (uid,)).fetchone()
            if found is None:
                raise no_call(uid)
            after = call_row(change(self._read(call_of, found)))
            cells = zip(CALLS, found, after, strict=True)
            changed = {column: now for column, then, now in cells if then != now}
            if changed:
                sets = ", ".join(f"{column} = ?" for column in changed)
                query = f"UPDATE calls SET {sets} WHERE uid = ?"
                connection.execute(query, (*changed.values(), uid))

    def _one(self, where: str, *values: str) -> Call | None:
        query = f"SELECT {_CALLS} FROM calls WHERE {where} ORDER BY finished_at DESC, uid DESC"
        return next(self._decoded(call_of, f"{query} LIMIT 1", *values), None)

    def _decoded(
        self, decode: Callable[[Row], Any], query: str, *values: str
    ) -> Iterator[Any]:
        return (self._read(decode, row) for row in self._all(query, *values))

    def _read(self, decode: Callable[[Row], Any], row: Row) -> Any:
        try:
            return decode(row)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            msg = (
                f"The database {self.path} holds a run or a call that makes no sense: {error}."
            )
            raise StorageError(msg, "Go back to a backup: `stellwerk restore`.") from error

    def _all(self, query: str, *values: str) -> list[Any]:
        with translated(self.path):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        with transaction(connection, self.path):
            yield connection


def _insert(table: str, columns: Sequence[str]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def _forget(connection: sqlite3.Connection, chosen: Iterable[tuple[str, int]]) -> Forgotten:
    calls = list(chosen)
    query = "UPDATE calls SET request = '', reply = NULL, size = 0, expires_at = NULL"
    connection.executemany(f"{query} WHERE uid = ?", [(uid,) for uid, _ in calls])
    return Forgotten(len(calls), sum(size for _, size in calls))
