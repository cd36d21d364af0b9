"""Bringing an older database up to date: a copy first, then all or nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from filecmp import cmp
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection as Engaged
from sqlalchemy import StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from stellwerk.errors import StorageError
from stellwerk.faults import reach
from stellwerk.storage.connection import Connection, opened
from stellwerk.storage.placing import flush, private, settle, workshop

SCRIPTS: Final = Path(__file__).parent / "migrations"
_STEP: Final = 1024
"""Pages copied at a time, so that Ctrl-C is heard."""


def upgrade(
    path: Path, old: str, scripts: Path = SCRIPTS, patience: float = 20.0
) -> Path | None:
    """Upgrade a database file to the newest revision of the scripts.

    Nobody else can write from before the copy until the end. The whole upgrade is one
    transaction: interrupted, it leaves the old schema.

    Args:
        path: The file itself, not a link to it.
        old: The revision it was found at.
        scripts: The folder of migrations.
        patience: Seconds to wait for somebody else's write to end.

    Returns:
        The copy beside the file, made before anything was changed; or nothing, if somebody
        else has upgraded the database meanwhile.

    Raises:
        StorageError: It failed; the database is as it was, and the copy is named.
        sqlite3.Error: It could not be begun, for the database cannot be written to.
    """
    copy: Path | None = None
    try:
        with closing(opened(path, path, patience)) as connection, _whole(connection) as whole:
            reach("migrate.begun")
            if _version(connection) != old:
                return None
            # Refused at once where it cannot be written to, before anything is made.
            connection.execute("UPDATE alembic_version SET version_num = version_num")
            copy = _copied(path, old, patience)
            _migrate(whole, scripts)
    except Exception as error:
        if copy is None:
            raise
        raise _failed(error, path, old, copy) from error
    reach("migrate.committed")
    return copy


def upgraded_view(path: Path, file: Path, patience: float) -> Connection:
    """Return an upgraded copy in memory of a database that cannot be upgraded itself."""
    view = sqlite3.connect(
        ":memory:", isolation_level=None, check_same_thread=False, factory=Connection
    )
    view.path, view.file, view.frozen = path, file, True
    _copy(path, file, view, patience)
    with _whole(view) as whole:
        _migrate(whole, SCRIPTS)
    view.execute("PRAGMA query_only = ON")
    view.watch()
    return view


def configuration(connection: Engaged | None, scripts: Path = SCRIPTS) -> Config:
    """Return Alembic's configuration for a connection and a folder of migrations."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["on_version_apply"] = _stepped
    return config


@contextmanager
def _whole(connection: Connection) -> Iterator[Engaged]:
    """Lend a connection to SQLAlchemy for one write transaction."""
    connection.execute("PRAGMA foreign_keys = OFF")  # tables are made anew under their rows
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    # SQLite's driver commits before DDL of its own accord; we open the transaction.
    @event.listens_for(engine, "begin")
    def begin(_: Engaged) -> None:
        connection.execute("BEGIN IMMEDIATE")

    with engine.begin() as whole:
        yield whole


def _migrate(whole: Engaged, scripts: Path) -> None:
    command.upgrade(configuration(whole, scripts), "head")
    reach("migrate.written")


def _copied(path: Path, old: str, patience: float) -> Path:
    """Copy the database beside it; return a copy that is there already if it is the same."""
    stem = f"{path.name}.before-upgrade-from-{old}"
    with workshop(path.with_name(stem)) as folder:
        made = folder / "copy.db"
        private(made)
        with closing(sqlite3.connect(made)) as copy:
            _copy(path, path, copy, patience)
        _give(made, path)
        reach("migrate.copied")
        number, target = 1, path.with_name(stem)
        while os.path.lexists(target):
            if _same(made, target):
                with suppress(OSError):
                    flush(path.parent)
                reach("migrate.flushed")
                return target
            number += 1
            target = path.with_name(f"{stem}.{number}")
        settle(made, target, overwrite=False, about="migrate")
        return target


def _copy(path: Path, file: Path, copy: sqlite3.Connection, patience: float) -> None:
    """Copy a database as of one moment, hearing Ctrl-C every few pages."""
    with closing(opened(path, file, patience)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=_STEP, progress=lambda *_: None)


def _same(made: Path, other: Path) -> bool:
    try:
        return cmp(made, other, shallow=False)
    except OSError:
        return False


def _failed(error: Exception, path: Path, old: str, copy: Path) -> StorageError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    told = str(cause) or type(cause).__name__
    msg = f"The database {path} could not be upgraded from schema {old}: {told}. It is as it was."
    return StorageError(
        msg, f"The copy made before is {copy}. Try again, and report what `--debug` shows."
    )


def _give(copy: Path, path: Path) -> None:
    """Let the copy belong to whom the database belongs to, where root makes it."""
    if os.geteuid() == 0:
        owner = path.stat()
        os.chown(copy, owner.st_uid, owner.st_gid)


def _version(connection: Connection) -> str:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def _stepped(**_: Any) -> None:
    reach("migrate.step")
