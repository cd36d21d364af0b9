"""Databases as older versions left them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from stellwerk.storage.migrate import configuration
from stellwerk.storage.sqlite import APPLICATION_ID

FIRST = "0001"
_OURS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
_NEEDS = "SELECT uid, needs, goal_uid FROM present.work_packages WHERE needs <> ''"
_COMMON = (
    "SELECT name FROM pragma_table_info(?1, 'main')"
    " INTERSECT SELECT name FROM pragma_table_info(?1, 'present')"
)
_LATER_GONE = (
    "SELECT name FROM pragma_table_info(?1, 'main') WHERE \"notnull\" AND name NOT IN"
    " (SELECT name FROM pragma_table_info(?1, 'present'))"
)
"""Columns of the first schema that no later one has; they hold their own name here."""


def put_back(path: Path) -> None:
    """Put a database back to the first schema, with all that it holds."""
    made = path.with_name(f"{path.name}.made")
    engine = create_engine(f"sqlite:///{made}")
    with engine.begin() as connection:
        command.upgrade(configuration(connection), FIRST)
    engine.dispose()
    with closing(sqlite3.connect(made)) as old:
        old.execute("ATTACH ? AS present", (str(path),))
        for (table,) in old.execute(_OURS).fetchall():
            common = [name for (name,) in old.execute(_COMMON, (table,))]
            if common:
                gone = [name for (name,) in old.execute(_LATER_GONE, (table,))]
                columns = ", ".join([*common, *gone])
                sources = ", ".join([*common, *(f"'{name}'" for name in gone)])
                query = f"INSERT INTO main.{table} ({columns}) SELECT {sources}"
                old.execute(f"{query} FROM present.{table} ORDER BY rowid")
        for uid, needs, goal in old.execute(_NEEDS).fetchall():
            old.executemany(
                "INSERT INTO needs (uid, on_uid, goal_uid) VALUES (?, ?, ?)",
                [(uid, on, goal) for on in needs.split()],
            )
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.commit()
        old.execute("DETACH present")
        old.execute("PRAGMA journal_mode = WAL")
    made.chmod(path.stat().st_mode)
    made.replace(path)
