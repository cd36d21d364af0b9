"""Reading plans: whole ones, and excerpts, which cost a fraction of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from stellwerk.domain.excerpt import filled
from stellwerk.domain.goal import Goal
from stellwerk.domain.refs import RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import PackageLine, Status, WorkPackage
from stellwerk.errors import NotFoundError
from stellwerk.storage.rows import COLUMNS, Row, goal_of, package_of, plan_of

_ORDER: Final = {
    **dict.fromkeys(("routes", "tasks", "work_packages"), "position"),
    **dict.fromkeys(("switches", "options", "people"), "number"),
}
_LINES: Final = (
    "SELECT position, task_uid, uid, number, title, status, length, p50_hours, needs,"
    " assignee_uid, waiting_for FROM work_packages WHERE goal_uid = ?"
)
_SMALL: Final = tuple(table for table in COLUMNS if table not in ("goals", "work_packages"))
_new: Final[Any] = tuple.__new__
_STATUS: Final = {status.value: status for status in Status}
_MANY: Final = 500
"""Work packages above which reading all is quicker than picking them one by one."""


def whole(connection: sqlite3.Connection, goal: str) -> Snapshot:
    """Return the plan of a goal (NotFoundError)."""
    packages: dict[Any, list[WorkPackage]] = {}
    for row in _table(connection, "work_packages", goal):
        packages.setdefault(row[1], []).append(package_of(row))
    return _snapshot(connection, goal, packages)


def excerpt(
    connection: sqlite3.Connection, goal: str, wanted: Callable[[Snapshot], Collection[str]]
) -> Snapshot:
    """Return the plan of a goal with the wanted work packages in full (NotFoundError)."""
    lines = _lines(connection, goal)
    outline = _snapshot(connection, goal, lines)._replace(whole=False)
    uids = wanted(outline)
    if not uids:
        return outline
    if len(uids) > _MANY:
        return whole(connection, goal)
    query = f"SELECT {', '.join(COLUMNS['work_packages'])} FROM work_packages WHERE uid = ?"
    rows = [row for uid in uids for row in connection.execute(query, (uid,))]
    return outline._replace(plan=filled(outline.plan, map(package_of, rows)))


def _snapshot(
    connection: sqlite3.Connection, goal: str, packages: Mapping[Any, Sequence[WorkPackage]]
) -> Snapshot:
    found, revision = _goal(connection, goal)
    tables = {table: _table(connection, table, goal) for table in _SMALL}
    return Snapshot(plan_of(found, tables, packages), _book(connection, goal), revision)


def _lines(
    connection: sqlite3.Connection, goal: str, order: str = ""
) -> dict[Any, list[WorkPackage]]:
    """Return the lines of all work packages by task, as written.

    Rows mostly come as they were written, so they are only sorted if some did not.
    """
    by_task: dict[Any, list[Any]] = {}
    before, entries = None, list[Any]()
    rows = connection.execute(_LINES + order, (goal,))
    for position, task, uid, number, title, status, length, p50, needs, who, waiting in rows:
        if task != before:
            before, entries = task, by_task.setdefault(task, [])
        if position != len(entries) and not order:
            return _lines(connection, goal, " ORDER BY position")
        on = tuple(needs.split()) if needs else ()
        line = (uid, number, title, _STATUS[status], length, p50, on, who, waiting)
        entries.append(_new(PackageLine, line))
    return by_task


def _goal(connection: sqlite3.Connection, goal: str) -> tuple[Goal, int]:
    query = f"SELECT {', '.join(COLUMNS['goals'])}, revision FROM goals WHERE uid = ?"
    for row in connection.execute(query, (goal,)):
        return goal_of(row[:-1]), int(row[-1])
    msg = f"There is no goal with the uid {goal}."
    raise NotFoundError(msg, "List goals with `stellwerk list`.")


def _table(connection: sqlite3.Connection, table: str, goal: str) -> list[Row]:
    order = _ORDER.get(table, "1")
    columns = ", ".join(COLUMNS[table])
    query = f"SELECT {columns} FROM {table} WHERE goal_uid = ? ORDER BY {order}"
    return connection.execute(query, (goal,)).fetchall()


def _book(connection: sqlite3.Connection, goal: str) -> RefBook:
    last = connection.execute(
        "SELECT parent, last FROM ref_counters WHERE goal_uid = ?", (goal,)
    )
    aliases = connection.execute(
        "SELECT ref, uid FROM ref_aliases WHERE goal_uid = ?", (goal,)
    )
    return RefBook(dict(last.fetchall()), dict(aliases.fetchall()))
