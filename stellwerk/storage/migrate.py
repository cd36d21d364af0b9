"""Bringing an older database up to date: a backup first, then all or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DBAPIError

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(path: Path, old: str, scripts: Path = SCRIPTS) -> Path:
    """Upgrade the database file to the newest revision of the scripts.

    The whole upgrade is one transaction: interrupted, it leaves the old schema.

    Returns:
        The backup copy beside the file, made before anything was changed.

    Raises:
        sqlite3.Error: The database refused; it is as it was.
    """
    backup = _backed_up(path, old)
    engine = create_engine(URL.create("sqlite", database=str(path)))
    # SQLite's driver commits before DDL of its own accord; we open the transaction.
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            command.upgrade(configuration(connection, scripts), "head")
    except DBAPIError as error:
        raise error.orig or error from error
    finally:
        engine.dispose()
    return backup


def configuration(connection: Connection | None, scripts: Path = SCRIPTS) -> Config:
    """Return Alembic's configuration for a connection and a folder of migrations."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _backed_up(path: Path, old: str) -> Path:
    """Copy the database, consistently, to a free name beside it."""
    stem = f"{path.name}.before-upgrade-from-{old}"
    backup = path.with_name(stem)
    number = 1
    while not _claimed(backup):
        number += 1
        backup = path.with_name(f"{stem}.{number}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as copy:
        source.backup(copy)
    return backup


def _claimed(path: Path) -> bool:
    """Make an empty file that only its owner can read, unless somebody was faster."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    return True
