"""Mending what was salvaged: plans out of their journals, and nothing that leads nowhere.

All of it is done in the new database, whose foreign keys are off meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from stellwerk.domain.goal import Goal
from stellwerk.domain.invariants import broken_rules
from stellwerk.domain.plan import Plan, Switch
from stellwerk.domain.refs import NO_REFS, RefBook
from stellwerk.domain.work import Task, WorkPackage, digest
from stellwerk.errors import StellwerkError
from stellwerk.storage.copies.ownership import GOALS, columns_of
from stellwerk.storage.journaling import record
from stellwerk.storage.reading import whole
from stellwerk.storage.repair.replaying import MEANINGLESS, gap
from stellwerk.storage.rows import COLUMNS, KEYS, RowChange, goal_of, goal_row, row_changes
from stellwerk.storage.schema import frozen_schema

_KEYED: Final = "PRAGMA foreign_key_check"
_ANY: Final = Goal("0", "a", "A", datetime(2000, 1, 1, tzinfo=UTC))
"""A goal for rows to be looked at alone."""


class Gone(NamedTuple):
    """A row that is not in the new database, and what is known of it."""

    table: str
    known: Mapping[str, Any]


def goal_here(connection: sqlite3.Connection, uid: str) -> tuple[Goal, int] | None:
    """Return a goal and its revision, if its row is there and makes sense."""
    query = f"SELECT {', '.join(COLUMNS[GOALS])}, revision FROM goals WHERE uid = ?"
    row = connection.execute(query, (uid,)).fetchone()
    with suppress(*MEANINGLESS):
        return (goal_of(row[:-1]), int(row[-1])) if row else None
    return None


def plan_here(connection: sqlite3.Connection, uid: str) -> Plan | None:
    """Return the plan of a goal, if its rows make one and it keeps the invariants."""
    try:
        plan = whole(connection, uid).plan
        return None if broken_rules(plan) else plan
    except (*MEANINGLESS, StellwerkError):
        return None


def insert(
    connection: sqlite3.Connection, table: str, row: Mapping[str, Any], *, new: bool = True
) -> bool:
    """Insert a row unless another one has its key; return whether it went in."""
    verb = "INSERT" if new else "INSERT OR IGNORE"
    marks = ", ".join("?" * len(row))
    query = f"{verb} INTO {table} ({', '.join(row)}) VALUES ({marks})"
    return connection.execute(query, tuple(row.values())).rowcount > 0


def rebuild(
    connection: sqlite3.Connection, plan: Plan, texts: Mapping[str, str], revision: int
) -> None:
    """Put a plan in the place of all rows of it."""
    uid = plan.goal.uid
    connection.execute("DELETE FROM goals WHERE uid = ?", (uid,))
    for table in (*COLUMNS, "notes"):
        if table != GOALS:
            connection.execute(f"DELETE FROM {table} WHERE goal_uid = ?", (uid,))
    taken = {row[0] for row in connection.execute("SELECT slug FROM goals")}
    row = dict(zip(COLUMNS[GOALS], goal_row(plan.goal), strict=True))
    row["slug"] = free_slug(plan.goal.slug, taken)
    insert(connection, GOALS, {**row, "revision": revision})
    for change in row_changes(Plan(plan.goal), plan):
        _write(connection, change, uid)
    for package in plan.packages:
        if package.notes in texts:
            note = {"uid": package.uid, "goal_uid": uid, "text": texts[package.notes]}
            insert(connection, "notes", note)


def free_slug(slug: str, taken: set[str]) -> str:
    """Return a slug, numbered if another goal has it."""
    free, number = slug, 1
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def mend_notes(
    connection: sqlite3.Connection, plan: Plan, texts: Mapping[str, str]
) -> tuple[list[Gone], int]:
    """Make every note what its work package says it is; return those that are lost.

    Args:
        connection: The new database.
        plan: As it is there.
        texts: What the journal holds, by digest.

    Returns:
        Notes that are lost, and how many were taken from the journal.
    """
    uid = plan.goal.uid
    there = dict(
        connection.execute("SELECT uid, text FROM notes WHERE goal_uid = ?", (uid,)).fetchall()
    )
    lost, taken = list[Gone](), 0
    for package in plan.packages:
        if digest(there.pop(package.uid, "")) == package.notes:
            continue
        connection.execute("DELETE FROM notes WHERE uid = ?", (package.uid,))
        if package.notes in texts:
            taken += 1
            note = {"uid": package.uid, "goal_uid": uid, "text": texts[package.notes]}
            insert(connection, "notes", note)
        elif package.notes:
            lost.append(Gone("notes", {"uid": package.uid}))
            query = "UPDATE work_packages SET notes = '' WHERE uid = ?"
            connection.execute(query, (package.uid,))
    for stray in there:
        connection.execute("DELETE FROM notes WHERE uid = ?", (stray,))
    return lost, taken


def mend_journal(connection: sqlite3.Connection, uid: str, missing: Iterable[int]) -> bool:
    """Put an entry wherever one is missing that says so, and that nothing is undone over.

    Returns:
        Whether there was such a place.
    """
    mended = False
    created = "SELECT created_at FROM goals WHERE uid = :goal"
    for revision in missing:
        values = {"goal": uid, "revision": revision}
        entry = "FROM journal WHERE goal_uid = :goal AND revision"
        if connection.execute(f"SELECT 1 {entry} = :revision", values).fetchone():
            continue
        query = f"SELECT coalesce((SELECT max(at) {entry} < :revision), ({created}))"
        at = connection.execute(query, values).fetchone()[0]
        record(connection, uid, gap(revision, datetime.fromisoformat(at)))
        mended = True
    return mended


def mend_book(connection: sqlite3.Connection, plan: Plan, book: RefBook) -> int:
    """Count the refs that are known to be handed out; return what had to be written."""
    uid = plan.goal.uid
    book = NO_REFS.following(Plan(plan.goal), plan) if book is NO_REFS else book
    written = 0
    for parent, last in book.last.items():
        written += connection.execute(
            "INSERT INTO ref_counters (goal_uid, parent, last) VALUES (?, ?, ?)"
            " ON CONFLICT (goal_uid, parent) DO UPDATE SET last = excluded.last"
            " WHERE excluded.last > last",
            (uid, parent, last),
        ).rowcount
    for ref, item in book.aliases.items():
        row = {"goal_uid": uid, "ref": ref, "uid": item}
        written += insert(connection, "ref_aliases", row, new=False)
    return written


def broken_goals(connection: sqlite3.Connection) -> set[str]:
    """Return the uids of goals with rows that refer to rows that are not there."""
    found = connection.execute(_KEYED).fetchall()
    rows = [_row(connection, table, rowid) for table, rowid, _, _ in found]
    return {str(row["goal_uid"]) for row in rows if row.get("goal_uid")}


def drop_dangling(connection: sqlite3.Connection) -> list[Gone]:
    """Remove what leads nowhere until nothing does; what may lead nowhere is emptied."""
    gone = []
    while found := connection.execute(_KEYED).fetchall():
        for table, rowid, _, key in found:
            keys = connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
            column = next(row[3] for row in keys if row[0] == key)
            shape = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            known = _row(connection, table, rowid)
            if any(name == column and not needed for _, name, _, needed, _, _ in shape):
                query = f"UPDATE {table} SET {column} = NULL WHERE rowid = ?"
                connection.execute(query, (rowid,))
                gone.append(Gone(f"{table}.{column}", known))
            elif known:
                connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
                gone.append(Gone(table, known))
    return gone


def drop_senseless(connection: sqlite3.Connection, uid: str) -> list[Gone]:
    """Remove rows of a plan whose values nobody wrote, each looked at alone."""
    gone = []
    with closing(_empty()) as alone:
        for table in COLUMNS:
            query = f"SELECT rowid FROM {table} WHERE goal_uid = ?"
            rows = connection.execute(query, (uid,)).fetchall() if table != GOALS else []
            for (rowid,) in rows:
                known = _row(connection, table, rowid)
                if not _makes_sense(alone, table, known):
                    connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
                    gone.append(Gone(table, known))
    return gone


def mend_plan(connection: sqlite3.Connection, uid: str) -> list[Gone]:
    """Take out of a plan what names items that it has no more; return what that was."""
    try:
        plan = whole(connection, uid).plan
    except (*MEANINGLESS, StellwerkError):
        return []
    mended, gone = sound(plan)
    for change in row_changes(plan, mended):
        _write(connection, change, uid)
    return gone


def sound(plan: Plan) -> tuple[Plan, list[Gone]]:
    """Return a plan without what names items that it does not have, and what that was."""
    gone = list[Gone]()
    routes = {route.uid for route in plan.routes}
    edges = tuple(edge for edge in plan.edges if {edge.tail, edge.head} <= routes)
    gone += [Gone("edges", {"uid": edge.head}) for edge in plan.edges if edge not in edges]
    switches = []
    for switch in plan.switches:
        ways = sorted(edge.head for edge in edges if edge.tail == switch.route)
        heads = sorted(option.head for option in switch.options)
        if len(heads) < 2 or heads != ways:
            gone.append(Gone("switches", {"uid": switch.uid, "title": switch.title}))
            continue
        switches.append(_choosable(switch, gone))
    known = {package.uid for package in plan.packages}
    people = {person.uid for person in plan.people}

    def kept(package: WorkPackage) -> WorkPackage:
        needs = tuple(need for need in package.needs if need in known)
        assignee = package.assignee if package.assignee in people else None
        if needs == package.needs and assignee == package.assignee:
            return package
        what = "needs" if needs != package.needs else "assignee_uid"
        gone.append(Gone(f"work_packages.{what}", {"uid": package.uid}))
        return replace(package, needs=needs, assignee=assignee)

    def task_with(task: Task) -> Task:
        return replace(task, packages=tuple(map(kept, task.packages)))

    changed = tuple(
        replace(route, tasks=tuple(map(task_with, route.tasks))) for route in plan.routes
    )
    mended = replace(
        plan, routes=changed, edges=edges, switches=tuple(switches), checked=False
    )
    return mended, gone


def _row(connection: sqlite3.Connection, table: str, rowid: int) -> dict[str, Any]:
    columns = columns_of(connection, table)
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE rowid = ?"
    row = connection.execute(query, (rowid,)).fetchone()
    return dict(zip(columns, row, strict=True)) if row else {}


def _empty() -> sqlite3.Connection:
    """Return a database in memory that holds the goal `_ANY` and nothing else."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(frozen_schema())
    row = dict(zip(COLUMNS[GOALS], goal_row(_ANY), strict=True))
    insert(connection, GOALS, {**row, "revision": 0})
    return connection


def _makes_sense(alone: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> bool:
    """Whether a row can be read as a part of a plan."""
    insert(alone, table, {**row, "goal_uid": _ANY.uid})
    try:
        whole(alone, _ANY.uid)
    except MEANINGLESS:
        return False
    finally:
        alone.execute(f"DELETE FROM {table}")
    return True


def _choosable(switch: Switch, gone: list[Gone]) -> Switch:
    """Return a switch without choices of what is not there, which are noted as gone."""
    for column, name in (("chosen_uid", "chosen"), ("recommended_uid", "recommended")):
        if getattr(switch, name) is not None and switch.option(getattr(switch, name)) is None:
            known = {"uid": switch.uid, "title": switch.title}
            gone.append(Gone(f"switches.{column}", known))
            switch = replace(switch, **{name: None})  # type: ignore[arg-type]
    return switch


def _write(connection: sqlite3.Connection, change: RowChange, goal: str) -> None:
    """Make a change of a row, whatever refers to it."""
    keys = COLUMNS[change.table][: KEYS.get(change.table, 1)]
    where = " AND ".join(f"{column} = ?" for column in keys)
    if change.values is None:
        connection.execute(f"DELETE FROM {change.table} WHERE {where}", change.key)
    elif change.new:
        insert(connection, change.table, {**change.values, "goal_uid": goal})
    else:
        sets = ", ".join(f"{column} = ?" for column in change.values)
        query = f"UPDATE {change.table} SET {sets} WHERE {where}"
        connection.execute(query, (*change.values.values(), *change.key))
