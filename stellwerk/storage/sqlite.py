"""All that is SQLite's own: opening a database file, its settings, its error codes."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from stellwerk.errors import ConflictError, StorageError
from stellwerk.faults import reach
from stellwerk.storage.schema import HEAD, KNOWN, frozen_schema

APPLICATION_ID: Final = 0x53544C32  # "STL2"
BUSY_SECONDS: Final = 20.0
_HEADER: Final = 100
"""Bytes of SQLite's file header; SQLite itself takes a shorter file for an empty one."""
_STELLWERK_V1: Final = frozenset({"goals", "route_edges", "decisions"})
_READ_ONLY: Final = (
    "Check its permissions with `ls -l`, or name another database with `--db FILE`."
)


def connect(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open a Stellwerk database; a missing one is made, an older one upgraded.

    The connection is in autocommit mode; `transaction` groups writes.

    Args:
        path: The database file.
        busy_seconds: How long a write waits for somebody else's to end.

    Raises:
        StorageError: The file is not Stellwerk's, is newer, broken or cannot be reached.
    """
    with translated(path):
        _claim(path)
        connection = _opened(path, busy_seconds)
        try:
            if _blank(connection):
                _create(connection, busy_seconds)
            version = _version(connection, path)
        except BaseException:
            connection.close()
            raise
        if version == HEAD:
            return connection
        connection.close()
        _upgrade(path, version)
        return _opened(path, busy_seconds)


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Run a block as one write transaction; any exception takes all of it back."""
    with translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            reach("store.begun")
            yield
            reach("store.written")
            connection.execute("COMMIT")
            reach("store.committed")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's errors into StorageErrors."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(error, path) from error
    except UnicodeDecodeError as error:
        msg = f"The database {path} is damaged: it holds text that is none. It was left alone."
        raise StorageError(
            msg, "Keep a copy of it; use `--db FILE` for another one."
        ) from error
    except OSError as error:
        msg = f"The database {path} cannot be used: {error.strerror or error}."
        raise StorageError(msg, _READ_ONLY) from error


def _claim(path: Path) -> None:
    """Make the file, readable by its owner alone, if there is none."""
    with suppress(FileExistsError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        msg = f"{path} is not a file, so it cannot be a database."
        raise StorageError(msg, "Name the database file itself with `--db FILE`.")
    if path.exists() and 0 < path.stat().st_size < _HEADER:
        msg = f"{path} is not a database: it is too short for one. It was left alone."
        raise StorageError(msg, "Name another file with `--db FILE`.")
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _opened(path: Path, busy_seconds: float) -> sqlite3.Connection:
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    mode = "rw" if writable else "ro"
    if not writable and not path.with_name(f"{path.name}-wal").exists():
        # Without a log beside it, the file is all there is, and no lock can be taken.
        mode = "ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _upgrade(path: Path, version: str) -> None:
    if version not in KNOWN:
        msg = f"The database {path} is from a newer Stellwerk (schema {version})."
        raise StorageError(msg, "Upgrade Stellwerk: `pip install --upgrade stellwerk`.")
    from stellwerk.storage.migrate import upgrade

    upgrade(path, version)


def _blank(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever stored: a new file, or one whose making was cut short."""
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    return not owner and not connection.execute("SELECT 1 FROM sqlite_master").fetchone()


def _create(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Make the schema, unless another process was faster."""
    _log_ahead(connection, monotonic() + busy_seconds)
    connection.execute("BEGIN IMMEDIATE")
    made = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not made:
        for statement in frozen_schema().split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("COMMIT")


def _log_ahead(connection: sqlite3.Connection, deadline: float) -> None:
    """Switch to the write-ahead log; SQLite itself does not wait for others here."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.005)
        else:
            return


def _version(connection: sqlite3.Connection, path: Path) -> str:
    """Return the schema's version, or refuse a database that is somebody else's."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else "unknown"
    tables = {
        row[0]
        for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
    }
    if tables >= _STELLWERK_V1:
        msg = f"{path} is a database of Stellwerk v0.1."
        raise StorageError(msg, "Give Stellwerk 2 a database of its own: `--db FILE`.")
    msg = f"{path} is an SQLite database, but not one of Stellwerk's; it was left alone."
    raise StorageError(msg, "Name another file with `--db FILE`.")


def _explained(error: sqlite3.Error, path: Path) -> Exception:
    """Return the error in words, by SQLite's primary result code."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    where = f"The database {path}"
    match primary:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            msg = f"{where} is locked by another program, and stayed so while we waited."
            return StorageError(msg, "Close what uses it, then try again.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return StorageError(f"{where} cannot be opened for writing.", _READ_ONLY)
        case sqlite3.SQLITE_FULL:
            msg = f"{where} could not grow: the disk is full. Nothing was changed."
            return StorageError(msg, "Free some space (`df -h`), then try again.")
        case sqlite3.SQLITE_IOERR:
            msg = f"{where} could not be read or written ({error}). Nothing was changed."
            return StorageError(msg, "Check the disk (`df -h`, `dmesg`), then try again.")
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            msg = f"{where} is damaged or not a database ({error}). It was left alone."
            return StorageError(msg, "Keep a copy of it; use `--db FILE` for another one.")
        case sqlite3.SQLITE_CONSTRAINT:
            msg = f"{where} refused a change that does not fit what it holds ({error})."
            return ConflictError(msg, "Look at `stellwerk list --all`, then try again.")
    return StorageError(f"{where} cannot be used: {error}.", _READ_ONLY)
