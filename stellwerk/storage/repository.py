"""The plan store over a DB-API connection: rows read, row changes written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import (
    Change,
    Entry,
    EntryKind,
    EntryLine,
    Snapshot,
    land,
)
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS, RefBook
from stellwerk.domain.values import from_data, to_data
from stellwerk.errors import ConflictError, NotFoundError, StorageError
from stellwerk.planning.ports import GoalLine
from stellwerk.storage.rows import (
    COLUMNS,
    KEYS,
    Row,
    RowChange,
    goal_of,
    goal_row,
    plan_of,
    row_changes,
)
from stellwerk.storage.sqlite import BUSY_SECONDS, connect, transaction, translated

_ORDERED: Final = {"routes": "position", "tasks": "position", "work_packages": "position"}
_NUMBERED: Final = {"switches": "number", "options": "number", "people": "number"}
_LINE: Final = "revision, kind, author, at, says, touches, undoes, undone_by"


class Repository:
    """Stores plans in one database file; opened at the first call.

    Args:
        path: The database file; made if missing.
        busy_seconds: How long a write waits for somebody else's to end.
    """

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        return connect(self.path, self._busy_seconds)

    def close(self) -> None:
        """Close the database; the next call opens it again."""
        if (connection := self.__dict__.pop("_connection", None)) is not None:
            connection.close()

    def goals(self) -> list[GoalLine]:
        """Return every goal, deleted ones too, oldest first."""
        columns = ", ".join(COLUMNS["goals"])
        rows = self._all(f"SELECT {columns}, revision FROM goals ORDER BY created_at, uid")
        return [GoalLine(goal_of(row[:-1]), int(row[-1])) for row in rows]

    def load(self, goal: str) -> Snapshot:
        """Return the plan of a goal as it is now (NotFoundError)."""
        with self._reading():
            return self._load(goal)

    def notes(self, goal: str, packages: Collection[str] | None = None) -> dict[str, str]:
        """Return the notes of some work packages, or of all, by uid."""
        if packages is None:
            return dict(self._all("SELECT uid, text FROM notes WHERE goal_uid = ?", goal))
        query = "SELECT uid, text FROM notes WHERE goal_uid = ? AND uid = ?"
        return dict(row for uid in packages for row in self._all(query, goal, uid))

    def create(self, goal: Goal, book: RefBook = NO_REFS) -> Snapshot:
        """Store a new goal with an empty plan, at revision 0 (ConflictError)."""
        taken = "SELECT uid, slug FROM goals WHERE uid = ? OR slug = ?"
        with self._writing():
            if found := self._all(taken, goal.uid, goal.slug):
                what = "slug" if found[0][1] == goal.slug else "uid"
                msg = f"There is a goal with the {what} of {goal.slug} already."
                raise ConflictError(msg, "Look at `stellwerk list --all`.")
            self._insert("goals", {**_named("goals", goal_row(goal)), "revision": 0})
            self._write_book(goal.uid, NO_REFS, book)
        return Snapshot(Plan(goal), book, 0)

    def commit(self, goal: str, change: Change, base: Snapshot) -> Snapshot:
        """Make a change that was prepared on `base`; return the plan after it."""
        with self._writing():
            revision = self._revision(goal)
            current = base if revision == base.revision else self._load(goal)
            missed = self.lines(goal, after=base.revision) if current is not base else []
            if change.undoes is not None:
                self._take_back(goal, change.undoes, current.revision + 1)
            after, entry = land(current, change, missed)
            self._write(current, after, change.edit.texts)
            self._record(goal, entry)
        return after

    def lines(
        self, goal: str, *, after: int = 0, newest: int | None = None
    ) -> list[EntryLine]:
        """Return the entries after a revision, oldest first; or only the newest ones."""
        query = (
            f"SELECT {_LINE} FROM journal WHERE goal_uid = ? AND revision > ?"
            " ORDER BY revision DESC LIMIT ?"
        )
        limit = 2**62 if newest is None else newest
        return [_line(row) for row in reversed(self._all(query, goal, after, limit))]

    def entries(self, goal: str, *, after: int) -> list[Entry]:
        """Return whole entries after a revision, newest first."""
        query = (
            f"SELECT {_LINE}, edit, inverse FROM journal"
            " WHERE goal_uid = ? AND revision > ? ORDER BY revision DESC"
        )
        return [_entry(row) for row in self._all(query, goal, after)]

    def undoable(self, goal: str, author: str) -> Entry | None:
        """Return an author's latest standing edit."""
        query = (
            f"SELECT {_LINE}, edit, inverse FROM journal WHERE goal_uid = ? AND author = ?"
            " AND undone_by IS NULL AND kind <> ? ORDER BY revision DESC LIMIT 1"
        )
        rows = self._all(query, goal, author, EntryKind.UNDO)
        return _entry(rows[0]) if rows else None

    def redoable(self, goal: str, author: str) -> Entry | None:
        """Return the latest undo of an author that no edit of theirs followed."""
        query = (
            f"SELECT {_LINE}, edit, inverse FROM journal WHERE goal_uid = ? AND author = ?"
            " AND undone_by IS NULL AND kind = ? AND revision > coalesce((SELECT"
            " max(revision) FROM journal WHERE goal_uid = ? AND author = ? AND kind = ?), 0)"
            " ORDER BY revision DESC LIMIT 1"
        )
        mine = (goal, author)
        rows = self._all(query, *mine, EntryKind.UNDO, *mine, EntryKind.EDIT)
        return _entry(rows[0]) if rows else None

    def selected(self, author: str) -> str | None:
        """Return the uid of the author's selected goal."""
        rows = self._all("SELECT goal_uid FROM selections WHERE author = ?", author)
        return str(rows[0][0]) if rows else None

    def select(self, author: str, goal: str | None) -> None:
        """Remember, or forget, the author's goal."""
        with self._writing():
            self._run("DELETE FROM selections WHERE author = ?", author)
            if goal is not None:
                self._insert("selections", {"author": author, "goal_uid": goal})

    def _load(self, goal: str) -> Snapshot:
        columns = ", ".join(COLUMNS["goals"])
        query = f"SELECT {columns}, revision FROM goals WHERE uid = ?"
        found = self._all(query, goal)
        if not found:
            msg = f"There is no goal with the uid {goal}."
            raise NotFoundError(msg, "List goals with `stellwerk list`.")
        tables = {table: self._table(table, goal) for table in COLUMNS if table != "goals"}
        plan = plan_of(goal_of(found[0][:-1]), tables)
        return Snapshot(plan, self._book(goal), int(found[0][-1]))

    def _table(self, table: str, goal: str) -> list[Row]:
        order = _ORDERED.get(table) or _NUMBERED.get(table) or "1"
        columns = ", ".join(COLUMNS[table])
        query = f"SELECT {columns} FROM {table} WHERE goal_uid = ? ORDER BY {order}"
        return self._all(query, goal)

    def _book(self, goal: str) -> RefBook:
        last = self._all("SELECT parent, last FROM ref_counters WHERE goal_uid = ?", goal)
        aliases = self._all("SELECT ref, uid FROM ref_aliases WHERE goal_uid = ?", goal)
        return RefBook(dict(last), dict(aliases))

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

    def _take_back(self, goal: str, revision: int, by: int) -> None:
        """Mark an entry as undone, unless somebody was faster."""
        query = (
            "UPDATE journal SET undone_by = ?"
            " WHERE goal_uid = ? AND revision = ? AND undone_by IS NULL"
        )
        if self._run(query, by, goal, revision).rowcount != 1:
            msg = f"Revision {revision} has been taken back already."
            raise ConflictError(msg, "Look at `stellwerk log`.")

    def _record(self, goal: str, entry: Entry) -> None:
        line = entry.line
        data = to_data(line)
        row = {**data, "touches": json.dumps(sorted(line.touches)), "goal_uid": goal}
        row["edit"] = json.dumps(to_data(entry.edit), ensure_ascii=False)
        row["inverse"] = json.dumps(to_data(entry.inverse), ensure_ascii=False)
        self._insert("journal", row)

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(row))
        self._run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    def _all(self, query: str, *values: Any) -> list[Any]:
        with translated(self.path):
            return self._connection.execute(query, values).fetchall()

    def _run(self, query: str, *values: Any) -> sqlite3.Cursor:
        return self._connection.execute(query, values)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Read several tables as of one moment."""
        with translated(self.path):
            self._run("BEGIN")
            try:
                yield
            finally:
                self._run("ROLLBACK")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        connection = self._connection
        with transaction(connection, self.path):
            yield


def _named(table: str, row: Row) -> dict[str, Any]:
    return dict(zip(COLUMNS[table], row, strict=True))


def _line(row: tuple[Any, ...]) -> EntryLine:
    revision, kind, author, at, says, touches, undoes, undone_by = row
    touched = frozenset((uid, field) for uid, field in json.loads(touches))
    return EntryLine(
        revision=revision,
        kind=EntryKind(kind),
        author=author,
        at=datetime.fromisoformat(at),
        says=says,
        touches=touched,
        undoes=undoes,
        undone_by=undone_by,
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    *line, edit, inverse = row
    return Entry(_line(tuple(line)), _edit(edit), _edit(inverse))


def _edit(text: str) -> Edit:
    return from_data(Edit, json.loads(text))  # type: ignore[type-abstract]
