"""Which rows of which table belong to a goal, as the database itself tells it.

A table belongs to goals if it has the column `goal_uid`, or refers to a table that does.
So a table that a later schema adds is known here without a word.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final, NamedTuple

GOALS: Final = "goals"
_KEY: Final = "goal_uid"
_TABLES: Final = "SELECT name FROM {schema}.sqlite_master WHERE type = 'table' ORDER BY name"


class Owned(NamedTuple):
    """A table whose rows belong to goals.

    Attributes:
        name: Of the table.
        columns: Its columns, in the order of this database.
        where: Condition for the rows of the goal `:goal`, NULL for those of no goal.
            `{schema}` stands in it for a database.
    """

    name: str
    columns: tuple[str, ...]
    where: str


def owned_tables(connection: sqlite3.Connection, schema: str = "main") -> Mapping[str, Owned]:
    """Return the tables whose rows belong to goals, those they refer to first."""
    names = [row[0] for row in connection.execute(_TABLES.format(schema=schema))]
    columns = {name: columns_of(connection, name, schema) for name in names}
    found: dict[str, Owned] = {}
    while new := {
        name: Owned(name, columns[name], where)
        for name in names
        if name not in found and (where := _where(connection, name, columns[name], found))
    }:
        found.update(new)
    return found


def columns_of(
    connection: sqlite3.Connection, table: str, schema: str = "main"
) -> tuple[str, ...]:
    """Return the columns of a table in order."""
    query = f'PRAGMA {schema}.table_info("{table}")'
    return tuple(row[1] for row in connection.execute(query))


def _where(
    connection: sqlite3.Connection,
    table: str,
    columns: tuple[str, ...],
    known: Mapping[str, Owned],
) -> str:
    """Return the condition for a goal's rows, or nothing if the table is not known yet."""
    if table == GOALS:
        return "uid = :goal"
    if _KEY in columns:
        return f"{_KEY} IS :goal"
    for key in connection.execute(f'PRAGMA foreign_key_list("{table}")'):
        parent, column, target = key[2:5]
        if parent in known:
            rows = f"SELECT {target} FROM {{schema}}.{parent} WHERE {known[parent].where}"
            return f"{column} IN ({rows})"
    return ""
