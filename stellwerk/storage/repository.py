"""The plan store over a DB-API connection: plans read, row changes written.

What only some calls need (the journal, the edits it can hold) is imported by those calls:
people read and tick many times a day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stellwerk.domain.excerpt import fits
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS, RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import ConflictError, StorageError
from stellwerk.planning.ports import GoalLine
from stellwerk.storage import reading
from stellwerk.storage.connection import Connection
from stellwerk.storage.rows import COLUMNS, KEYS, RowChange, goal_of, goal_row, row_changes
from stellwerk.storage.sqlite import BUSY_SECONDS, connect, transaction, translated

if TYPE_CHECKING:
    from stellwerk.domain.goal import Goal
    from stellwerk.domain.journal import Change, Entry, EntryLine
    from stellwerk.storage.quality import SqlQualityLog


class Repository:
    """Stores plans in one database file; opened at the first call.

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

    @property
    def quality(self) -> SqlQualityLog:
        """The quality scores of its plans."""
        from stellwerk.storage.quality import SqlQualityLog

        return SqlQualityLog(self._reading, self._writing)

    def close(self) -> None:
        """Close the database; the next call opens it again."""
        if (connection := self.__dict__.pop("_connection", None)) is not None:
            connection.close()

    def goals(self) -> list[GoalLine]:
        """Return every goal, deleted ones too, oldest first."""
        columns = ", ".join(COLUMNS["goals"])
        rows = self._all(f"SELECT {columns}, revision FROM goals")
        found = [GoalLine(goal_of(row[:-1]), int(row[-1])) for row in rows]
        return sorted(found, key=lambda line: (line.goal.created_at, line.goal.uid))

    def load(self, goal: str) -> Snapshot:
        """Return the plan of a goal as it is now (NotFoundError)."""
        with self._reading() as connection:
            return reading.whole(connection, goal)

    def excerpt(
        self, goal: str, wanted: Callable[[Snapshot], Collection[str]] = lambda _: ()
    ) -> Snapshot:
        """Return an excerpt of the plan of a goal as it is now (NotFoundError)."""
        with self._reading() as connection:
            return reading.excerpt(connection, goal, wanted)

    def notes(self, goal: str, packages: Collection[str] | None = None) -> dict[str, str]:
        """Return the notes of some work packages, or of all, by uid."""
        if packages is None:
            return dict(self._all("SELECT uid, text FROM notes WHERE goal_uid = ?", goal))
        query = "SELECT uid, text FROM notes WHERE goal_uid = ? AND uid = ?"
        return dict(row for uid in packages for row in self._all(query, goal, uid))

    def create(
        self, goal: Goal, book: RefBook = NO_REFS, first: Change | None = None
    ) -> Snapshot:
        """Store a new goal, with the change that fills its plan if given (ConflictError)."""
        taken = "SELECT uid, slug FROM goals WHERE uid = ? OR slug = ?"
        empty = Snapshot(Plan(goal), book, 0)
        with self._writing():
            if found := self._all(taken, goal.uid, goal.slug):
                what = "slug" if found[0][1] == goal.slug else "uid"
                msg = f"There is a goal with the {what} of {goal.slug} already."
                raise ConflictError(msg, "Look at `stellwerk list --all`.")
            row = zip(COLUMNS["goals"], goal_row(goal), strict=True)
            self._insert("goals", {**dict(row), "revision": 0})
            self._write_book(goal.uid, NO_REFS, book)
            return self._land(empty, first) if first else empty

    def commit(self, goal: str, change: Change, base: Snapshot) -> Snapshot:
        """Make a change that was prepared on `base`; return the plan after it."""
        from stellwerk.storage import journaling

        with self._writing() as connection:
            revision = self._revision(goal)
            current, missed = base, []
            if revision != base.revision:
                missed = journaling.lines(connection, goal, base.revision, None)
            if missed or revision < 0 or not (base.whole or fits(change.edit, base.plan)):
                current = reading.whole(connection, goal)
                change = change.rebased(base.book, current.book)
            if change.undoes is not None:
                journaling.take_back(connection, goal, change.undoes, current.revision + 1)
            return self._land(current, change, missed, base)

    def lines(
        self, goal: str, *, after: int = 0, newest: int | None = None
    ) -> list[EntryLine]:
        """Return the entries after a revision, oldest first; or only the newest ones."""
        from stellwerk.storage import journaling

        with translated(self.path):
            return journaling.lines(self._connection, goal, after, newest)

    def standing(self, goal: str, *, after: int) -> list[EntryLine]:
        """Return the entries after a revision that changed what there was then."""
        from stellwerk.storage import journaling

        with self._reading() as connection:
            return journaling.standing(connection, goal, after)

    def entries(self, goal: str, *, after: int) -> list[Entry]:
        """Return whole entries after a revision, newest first."""
        from stellwerk.storage import journaling

        with translated(self.path):
            return journaling.entries(self._connection, goal, after)

    def undoable(self, goal: str, author: str) -> Entry | None:
        """Return an author's latest standing edit."""
        from stellwerk.storage import journaling

        with translated(self.path):
            return journaling.undoable(self._connection, goal, author)

    def redoable(self, goal: str, author: str) -> Entry | None:
        """Return the latest undo of an author that no edit of theirs followed."""
        from stellwerk.storage import journaling

        with translated(self.path):
            return journaling.redoable(self._connection, goal, author)

    def selections(self) -> dict[str, str]:
        """Return the uid of the goal each author selected."""
        return dict(self._all("SELECT author, goal_uid FROM selections"))

    def select(self, author: str, goal: str | None) -> None:
        """Remember, or forget, the author's goal."""
        with self._writing():
            self._run("DELETE FROM selections WHERE author = ?", author)
            if goal is not None:
                self._insert("selections", {"author": author, "goal_uid": goal})

    def _land(
        self,
        now: Snapshot,
        change: Change,
        missed: Sequence[EntryLine] = (),
        base: Snapshot | None = None,
    ) -> Snapshot:
        from stellwerk.domain.journal import land
        from stellwerk.storage import journaling

        after, entry = land(now, change, missed, base)
        self._write(now, after, change.edit.texts)
        journaling.record(self._connection, after.plan.goal.uid, entry)
        return after

    def _revision(self, goal: str) -> int:
        rows = self._all("SELECT revision FROM goals WHERE uid = ?", goal)
        return int(rows[0][0]) if rows else -1

    def _write(self, before: Snapshot, after: Snapshot, texts: Mapping[str, str]) -> None:
        goal = after.plan.goal.uid
        changes = row_changes(before.plan, after.plan)
        for change in sorted(changes, key=lambda change: change.values is None):
            self._apply(change, goal)
            digest = (change.values or {}).get("notes")
            if change.table == "work_packages" and digest is not None:
                self._run("DELETE FROM notes WHERE uid = ?", change.key[0])
                if digest:
                    row = {"uid": change.key[0], "goal_uid": goal, "text": texts[str(digest)]}
                    self._insert("notes", row)
        self._write_book(goal, before.book, after.book)
        self._run("UPDATE goals SET revision = ? WHERE uid = ?", after.revision, goal)

    def _apply(self, change: RowChange, goal: str) -> None:
        keys = COLUMNS[change.table][: KEYS.get(change.table, 1)]
        where = " AND ".join(f"{column} = ?" for column in keys)
        if change.values is None:
            self._run(f"DELETE FROM {change.table} WHERE {where}", *change.key)
        elif change.new:
            self._insert(change.table, {**change.values, "goal_uid": goal})
        else:
            sets = ", ".join(f"{column} = ?" for column in change.values)
            query = f"UPDATE {change.table} SET {sets} WHERE {where}"
            if self._run(query, *change.values.values(), *change.key).rowcount != 1:
                msg = f"The database {self.path} lacks a row of {change.table} it should have."
                raise StorageError(msg, "Nothing was changed. Run `stellwerk doctor`.")

    def _write_book(self, goal: str, before: RefBook, after: RefBook) -> None:
        if before is after:
            return
        for parent, last in after.last.items() - before.last.items():
            self._run(
                "INSERT INTO ref_counters (goal_uid, parent, last) VALUES (?, ?, ?)"
                " ON CONFLICT (goal_uid, parent) DO UPDATE SET last = excluded.last",
                *(goal, parent, last),
            )
        for ref, uid in after.aliases.items() - before.aliases.items():
            self._run(
                "INSERT INTO ref_aliases (goal_uid, ref, uid) VALUES (?, ?, ?)"
                " ON CONFLICT (goal_uid, ref) DO UPDATE SET uid = excluded.uid",
                *(goal, ref, uid),
            )

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(row))
        self._run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    def _all(self, query: str, *values: Any) -> list[Any]:
        with translated(self.path):
            return self._connection.execute(query, values).fetchall()

    def _run(self, query: str, *values: Any) -> sqlite3.Cursor:
        return self._connection.execute(query, values)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Read several tables as of one moment."""
        with translated(self.path):
            connection = self._connection
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        with transaction(connection, self.path):
            yield connection
