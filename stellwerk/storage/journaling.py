"""The journal as rows: entries written, read, and looked through for what stands."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import Any, Final

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.journal import Entry, EntryKind, EntryLine
from stellwerk.domain.values import from_data, to_data
from stellwerk.errors import ConflictError

_LINE: Final = "revision, kind, author, at, says, touches, undoes, undone_by"
_ENTRY: Final = f"SELECT {_LINE}, edit, inverse FROM journal WHERE goal_uid = ?"
_ALL: Final = 2**62


def record(connection: sqlite3.Connection, goal: str, entry: Entry) -> None:
    """Write an entry."""
    line = entry.line
    row = {**to_data(line), "goal_uid": goal, "touches": json.dumps(sorted(line.touches))}
    row["edit"] = json.dumps(to_data(entry.edit), ensure_ascii=False)
    row["inverse"] = json.dumps(to_data(entry.inverse), ensure_ascii=False)
    marks = ", ".join("?" * len(row))
    query = f"INSERT INTO journal ({', '.join(row)}) VALUES ({marks})"
    connection.execute(query, tuple(row.values()))


def take_back(connection: sqlite3.Connection, goal: str, revision: int, by: int) -> None:
    """Mark an entry as undone, unless somebody was faster (ConflictError)."""
    query = (
        "UPDATE journal SET undone_by = ?"
        " WHERE goal_uid = ? AND revision = ? AND undone_by IS NULL"
    )
    if connection.execute(query, (by, goal, revision)).rowcount != 1:
        msg = f"Revision {revision} has been taken back already."
        raise ConflictError(msg, "Look at `stellwerk log`.")
    at: int | None = revision
    while at is not None:
        where = "WHERE goal_uid = ? AND revision = ?"
        flip = f"UPDATE journal SET in_effect = 1 - in_effect {where}"
        connection.execute(flip, (goal, at))
        undoes = f"SELECT undoes FROM journal {where}"
        at = connection.execute(undoes, (goal, at)).fetchone()[0]


def lines(
    connection: sqlite3.Connection, goal: str, after: int, newest: int | None
) -> list[EntryLine]:
    """Return the entries after a revision, oldest first; or only the newest ones."""
    query = (
        f"SELECT {_LINE} FROM journal WHERE goal_uid = ? AND revision > ?"
        " ORDER BY revision DESC LIMIT ?"
    )
    limit = _ALL if newest is None else newest
    rows = connection.execute(query, (goal, after, limit)).fetchall()
    return [_line(row) for row in reversed(rows)]


def standing(connection: sqlite3.Connection, goal: str, after: int) -> list[EntryLine]:
    """Return the entries after a revision that changed what there was then, oldest first."""
    query = (
        f"SELECT {_LINE} FROM journal WHERE goal_uid = ? AND in_effect = 1 AND revision > ?"
        " AND (undoes IS NULL OR undoes <= ?) ORDER BY revision"
    )
    return [_line(row) for row in connection.execute(query, (goal, after, after))]


def entries(connection: sqlite3.Connection, goal: str, after: int) -> list[Entry]:
    """Return whole entries after a revision, newest first."""
    query = f"{_ENTRY} AND revision > ? ORDER BY revision DESC"
    return [_entry(row) for row in connection.execute(query, (goal, after))]


def undoable(connection: sqlite3.Connection, goal: str, author: str) -> Entry | None:
    """Return an author's latest standing edit."""
    query = (
        f"{_ENTRY} AND author = ? AND undone_by IS NULL AND kind <> ?"
        " ORDER BY revision DESC LIMIT 1"
    )
    return _first(connection.execute(query, (goal, author, EntryKind.UNDO)))


def redoable(connection: sqlite3.Connection, goal: str, author: str) -> Entry | None:
    """Return the latest undo of an author that no edit of theirs followed."""
    query = (
        f"{_ENTRY} AND author = ? AND undone_by IS NULL AND kind = ?"
        " AND revision > coalesce((SELECT max(revision) FROM journal"
        " WHERE goal_uid = ? AND author = ? AND kind = ?), 0)"
        " ORDER BY revision DESC LIMIT 1"
    )
    values = (goal, author, EntryKind.UNDO, goal, author, EntryKind.EDIT)
    return _first(connection.execute(query, values))


def _first(rows: sqlite3.Cursor) -> Entry | None:
    row = rows.fetchone()
    return _entry(row) if row else None


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
