"""A database with three goals that has a row in every table, and what is in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from stellwerk.domain.edits.fields import Describe, Rename, Rewrite
from stellwerk.domain.edits.items import Add, Move
from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.plan import Edge, Option, Plan, Route, Switch
from stellwerk.domain.work import Task, WorkPackage, digest
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.copies.ownership import columns_of, owned_tables
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock

NOW = FrozenClock().now
NAMES = ("apple", "berry", "cherry")
LONG = "Long words. " * 600
"""Notes that fill more than a page of a database."""
_VALUES = {"INTEGER": 3, "FLOAT": 0.5, "BLOB": b"\0\1\2"}


def notes_of(name: str) -> dict[str, str]:
    """Return the notes of a goal's plan by uid."""
    return {f"{name}-a": f"{name}: {LONG}", f"{name}-c": f"Few words on {name}."}


def plan_of(name: str) -> Plan:
    """Return a plan of three routes, four packages, a switch with two options, a person."""
    texts = notes_of(name)

    def package(letter: str, number: int, *needs: str) -> WorkPackage:
        uid = f"{name}-{letter}"
        note = digest(texts.get(uid, ""))
        return WorkPackage(uid, number, f"{letter} of {name}", NOW, notes=note, needs=needs)

    tasks = (
        Task(f"{name}-t1", 1, "First", NOW, packages=(package("a", 1), package("b", 2))),
        Task(f"{name}-t2", 2, "Second", NOW, packages=(package("c", 1, f"{name}-a"),)),
    )
    after = (Task(f"{name}-t3", 1, "Third", NOW, packages=(package("d", 1),)),)
    routes = (
        Route(f"{name}-r1", 1, "Begin", NOW, tasks=tasks),
        Route(f"{name}-r2", 2, "One way", NOW, tasks=after),
        Route(f"{name}-r3", 3, "Other way", NOW),
    )
    options = tuple(
        Option(f"{name}-o{way}", way, f"Way {way}", f"{name}-r{way + 1}", NOW)
        for way in (1, 2)
    )
    edges = tuple(Edge(f"{name}-r1", f"{name}-r{number}") for number in (2, 3))
    switch = Switch(f"{name}-s", 1, f"{name}-r1", "Which?", NOW, options=options)
    person = Person(f"{name}-p", 1, "Mira", NOW)
    return Plan(
        Goal(f"goal-{name}", name, name.title(), NOW), routes, edges, (switch,), (person,)
    )


def adopted(repository: Repository, name: str) -> None:
    """Store a goal with five revisions, the last of them an undo."""
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(100))
    base = acting.adopt(plan_of(name), notes_of(name), f"planned {name}").after
    new = WorkPackage(f"{name}-e", 3, "e", NOW)
    for edit in (
        Rename(f"{name}-a", "renamed"),
        Add(new, f"{name}-t1", 2),
        Move(f"{name}-e", f"{name}-t2", 1, 2),
        Choose(f"{name}-s", f"{name}-o1"),
    ):
        base = acting.make(base, edit).after
    acting.undo(base)


def made(path: Path, names: tuple[str, ...] = NAMES) -> Path:
    """Make a database of goals with a row in every table."""
    repository = Repository(path)
    for name in names:
        adopted(repository, name)
    repository.select("ada", f"goal-{names[0]}")
    repository.close()
    fill(path, f"goal-{names[0]}")
    return path


def fill(path: Path, goal: str) -> None:
    """Put a row into every table that has none, and a planning run that made no goal."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in owned_tables(connection).values():
            if not connection.execute(f"SELECT 1 FROM {table.name}").fetchone():
                _insert(connection, table.name, _made_up(connection, table.name, goal))
        stray = {"uid": "stray", "goal_uid": None, "run_uid": "stray"}
        for table in ("runs", "calls"):
            row = _made_up(connection, table, goal)
            own = {name: value for name, value in stray.items() if name in row}
            _insert(connection, table, {**row, **own})


def without(path: Path, name: str) -> None:
    """Remove a goal for good, as nothing of ours does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM goals WHERE slug = ?", (name,))
        connection.execute("DELETE FROM runs WHERE goal_uid = ?", (f"goal-{name}",))
        connection.commit()


def edited(path: Path, name: str, title: str) -> None:
    """Rename an item of a goal, which makes a revision."""
    repository = Repository(path)
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(500))
    acting.make(repository.load(f"goal-{name}"), Rename(f"{name}-b", title))
    repository.close()


def noted(path: Path, name: str, text: str) -> None:
    """Rewrite notes and a description of a goal, which makes two revisions."""
    repository = Repository(path)
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(500))
    base = repository.load(f"goal-{name}")
    was = repository.notes(f"goal-{name}").get(f"{name}-a", "")
    base = acting.make(base, Rewrite(f"{name}-a", was, text)).after
    acting.make(base, Describe(f"{name}-r1", text))
    repository.close()


def rows_in(path: Path) -> dict[str, list[str]]:
    """Return every row of every table, its columns by name, in no order."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = [row[0] for row in connection.execute(query)]
        return {table: _rows(connection, table, "TRUE", {}) for table in tables}


def rows_of(path: Path, goal: str) -> dict[str, list[str]]:
    """Return every row that belongs to a goal, by table."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: _rows(
                connection, table.name, table.where.format(schema="main"), {"goal": goal}
            )
            for table in owned_tables(connection).values()
        }


def _rows(
    connection: sqlite3.Connection, table: str, where: str, values: Mapping[str, Any]
) -> list[str]:
    columns = sorted(columns_of(connection, table))
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"
    rows = connection.execute(query, values)
    return sorted(repr(dict(zip(columns, row, strict=True))) for row in rows)


def _made_up(connection: sqlite3.Connection, table: str, goal: str) -> dict[str, Any]:
    """Return a row of a table, its values made up by their types."""
    row: dict[str, Any] = {}
    for _, name, kind, _, _, _ in connection.execute(f"PRAGMA table_info({table})"):
        row[name] = _VALUES.get(kind, f"{table}-{name}")
        if name == "at" or name.endswith("_at"):
            row[name] = NOW.isoformat()
    known = {"goal_uid": goal, "run_uid": "runs-uid"}
    return row | {name: value for name, value in known.items() if name in row}


def _insert(connection: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    query = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
    connection.execute(query, tuple(row.values()))
