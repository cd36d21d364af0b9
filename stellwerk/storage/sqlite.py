"""All that is SQLite's own: finding or making a database, its transactions, its errors."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from stellwerk.errors import StorageError
from stellwerk.faults import reach
from stellwerk.storage.connection import Connection, opened, primary, size
from stellwerk.storage.schema import HEAD, KNOWN, frozen_schema

APPLICATION_ID: Final = 0x53544C32  # "STL2"
BUSY_SECONDS: Final = 20.0
_HEADER: Final = 100
"""Bytes of SQLite's file header; SQLite itself takes a shorter file for an empty one."""
_STELLWERK_V1: Final = frozenset({"goals", "route_edges", "decisions"})
_ANOTHER: Final = "Name another file with `--db FILE`."


def connect(
    path: Path,
    busy_seconds: float = BUSY_SECONDS,
    say: Callable[[str], None] = lambda _: None,
) -> Connection:
    """Open a Stellwerk database; a missing one is made, an older one upgraded.

    The connection is in autocommit mode; `transaction` groups writes.

    Args:
        path: The database file, or a symbolic link to it.
        busy_seconds: How long a call waits for somebody else's to end.
        say: Told in a sentence that the database was upgraded, and where its copy is.

    Raises:
        StorageError: The file is not Stellwerk's, is newer, broken or cannot be reached.
    """
    with translated(path):
        file = _claimed(path)
        connection = opened(path, file, busy_seconds)
        try:
            version = _version(connection) or _created(connection)
        except BaseException:
            connection.close()
            raise
        if version == HEAD:
            return connection
        connection.close()
        return _upgraded(path, file, version, busy_seconds, say)


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Run a block as one write transaction; any exception takes all of it back.

    Raises:
        StorageError: The database is gone, or another than the one that was opened.
    """
    with translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            _refuse_strangers(connection, path)
            reach("store.begun")
            yield
            reach("store.written")
            connection.execute("COMMIT")
            reach("store.committed")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if isinstance(connection, Connection) and (astray := connection.astray):
            msg = f"The database {path} {astray}, so the last change may not be in it."
            raise StorageError(msg, "Look at `stellwerk log`, and make it again if need be.")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's errors into StorageErrors."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        from stellwerk.storage.refusals import explained

        raise explained(error, path) from error


def _refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse to write into files that nobody finds again, or into another schema."""
    if isinstance(connection, Connection):
        connection.refuse(gone=True)
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if found != (HEAD,):
        msg = f"The database {path} was upgraded by another Stellwerk while it was open."
        raise StorageError(f"{msg} Nothing was written.", "Start again with that Stellwerk.")


def _claimed(path: Path) -> Path:
    """Return the real file behind a path, made for its owner alone if there is none.

    Links are followed here, for SQLite lays its log beside the file, not beside the link.
    """
    file = Path(os.path.realpath(path)) if path.is_symlink() else path
    try:
        found = file.stat()
    except FileNotFoundError:
        _make(path, file)
        return file
    if not stat.S_ISREG(found.st_mode):
        msg = f"{path} is not a file, so it cannot be a database."
        raise StorageError(msg, "Name the database file itself with `--db FILE`.")
    if found.st_size == 0:
        _refuse_orphan(path, file)
    elif found.st_size < _HEADER:
        msg = f"{path} is not a database: it is too short for one. It was left alone."
        raise StorageError(msg, _ANOTHER)
    return file


def _make(path: Path, file: Path) -> None:
    """Make an empty file, unless another process is faster."""
    _refuse_orphan(path, file)
    if file is not path and not file.parent.is_dir():
        msg = f"{path} is a link to {file}, and there is no such folder."
        raise StorageError(msg, f"Make the folder, or put right the link {path}.")
    with suppress(FileExistsError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with suppress(OSError):
        from stellwerk.storage.placing import flush

        flush(file.parent)
    reach("open.claimed")


def _refuse_orphan(path: Path, file: Path) -> None:
    """Refuse to begin anew beside the log of a database that went away.

    SQLite would throw the log away, and with it changes that were told to be made.
    """
    log = file.with_name(f"{file.name}-wal")
    if size(log) and not size(file):  # in this order: a database is there before its log
        msg = f"The database {path} is gone, but its log {log} is there, with changes in it."
        hint = "Put the database back beside its log, or move the log away to begin anew."
        raise StorageError(msg, hint)


def _version(connection: Connection) -> str:
    """Return the schema's version, or nothing for a blank file; refuse somebody else's."""
    if _owner(connection) == APPLICATION_ID:
        return _schema(connection)
    reach("open.unowned")
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    owner = _owner(
        connection
    )  # once more: what names are there, another process may have made
    if owner == APPLICATION_ID:
        return _schema(connection)
    if not owner and not names:
        return ""
    if names >= _STELLWERK_V1:
        msg = f"{connection.path} is a database of Stellwerk v0.1."
        raise StorageError(msg, "Give Stellwerk 2 a database of its own: `--db FILE`.")
    msg = f"{connection.path} is an SQLite database, but not one of Stellwerk's"
    raise StorageError(f"{msg}; it was left alone.", _ANOTHER)


def _owner(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _schema(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else "unknown"


def _created(connection: Connection) -> str:
    """Make the schema, unless another process was faster; return its version."""
    connection.execute("PRAGMA journal_mode = WAL")
    reach("open.logging")
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        for statement in frozen_schema().split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    reach("open.written")
    connection.execute("COMMIT")
    reach("open.created")
    connection.watch()
    return _schema(connection)


def _upgraded(
    path: Path, file: Path, version: str, patience: float, say: Callable[[str], None]
) -> Connection:
    """Upgrade a database and open it; where it cannot be written to, upgrade what is read."""
    if version not in KNOWN:
        msg = f"The database {path} is from a newer Stellwerk (schema {version}"
        msg = f"{msg}; this one reads up to {HEAD}). It was left alone."
        raise StorageError(msg, "Upgrade Stellwerk: `pip install --upgrade stellwerk`.")
    from stellwerk.storage.migrate import upgrade, upgraded_view

    try:
        copy = upgrade(file, version, patience=patience)
    except sqlite3.OperationalError as error:
        if primary(error) not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL):
            raise
        say(f"The database {path} is from an older Stellwerk and can only be read here.")
        return upgraded_view(path, file, patience)
    if copy:
        told = f"Upgraded the database {path} from schema {version} to {HEAD}"
        say(f"{told}; the copy made before is {copy}.")
    return opened(path, file, patience)
