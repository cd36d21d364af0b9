"""A connection to a database file: how it is opened, how it waits, what it watches.

It waits for others in Python rather than in SQLite, so Ctrl-C is answered while it does. It
notices when the file at its path, or what SQLite lays beside it, is another one by now.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from stellwerk.errors import StorageError

ROOM: Final = 64 * 1024
"""Bytes that SQLite takes beside a database to write to it, at the least."""
_ORDINARY: Final = "rw"
_ALONE: Final = "rw, alone"
_WATCHING: Final = "ro"
_FROZEN: Final = "ro&immutable=1"
_HOPEFUL: Final = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY),
    }
)
"""Errors of opening in one way after which another may work."""
_FIRST_PAUSE: Final = 0.001
_LONGEST_PAUSE: Final = 0.005

Seen = tuple[int, ...]
"""What tells a file from any other, and a frozen one from what it was."""


class Connection(sqlite3.Connection):
    """An SQLite connection in autocommit mode.

    Attributes:
        path: What the user calls the database.
        file: The real file, symbolic links followed.
        patience: Seconds to wait for others before a statement is refused as busy.
        frozen: Whether it reads the file as if it never changed, and cannot write.
    """

    path: Path
    file: Path
    patience: float = 0.0
    frozen: bool = False
    _place: Path
    _seen: Seen | None = None
    _beside: tuple[tuple[Path, Seen], ...] = ()

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement, waiting for others if need be.

        Raises:
            StorageError: Another file is in the place of the one that was opened.
        """
        if self._seen and not self.in_transaction:
            self.refuse(gone=False)
        try:
            return super().execute(sql, parameters)
        except sqlite3.OperationalError as error:
            if not _busy(error):
                raise
            refusal = error
        for _ in pauses(self.patience):
            try:
                return super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                if not _busy(error):
                    raise
        raise refusal

    def watch(self, seen: Seen | None = None) -> None:
        """Remember which files are open: the one seen at the path, and those beside it."""
        # Absolute: a process may change its folder and means the same database.
        self._place = self.path.absolute()
        ends = ("-wal", "-shm") if not self.frozen else ()
        file = self.file.absolute()
        beside = [file.with_name(f"{file.name}{end}") for end in ends]
        self._beside = tuple((each, at) for each in beside if (at := _seen(each)))
        self._seen = seen or _seen(self._place, whole=self.frozen)

    def close(self) -> None:
        """Close the connection; the log of a database that was moved is merged into it first.

        SQLite leaves such a log where the database was, for whatever comes there next.
        """
        with suppress(sqlite3.Error, OSError):
            if self._seen and not self.frozen and _seen(self._place) != self._seen:
                super().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        super().close()

    @property
    def astray(self) -> str:
        """What became of the files that are open, or nothing if they are where they were."""
        if self._seen is None:
            return ""
        found = _seen(self._place, whole=self.frozen)
        if found is None:
            return "was moved or deleted while it was open"
        if found[:2] != self._seen[:2]:
            return "was replaced by another file while it was open"
        if found != self._seen:
            return "was changed by another program while it was open for reading alone"
        if any(_seen(path) != seen for path, seen in self._beside):
            return "lost the log that SQLite keeps beside it while it was open"
        return ""

    def refuse(self, *, gone: bool) -> None:
        """Refuse to go on with files that are not where they were (StorageError).

        Args:
            gone: Whether that holds where there is no file any more; it can still be read.
        """
        if not gone and _seen(self._place, whole=self.frozen) in (None, self._seen):
            return
        if astray := self.astray:
            msg = f"The database {self.path} {astray}. Nothing was written."
            hint = "See what is there now with `stellwerk list`, then make the call again."
            raise StorageError(msg, hint)


def size(path: Path) -> int:
    """Return the bytes of a file; none if there is no file."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def crowded(folder: Path) -> bool:
    """Whether the disk of a folder lacks the room for what SQLite lays beside a database."""
    disk = os.statvfs(folder)
    return disk.f_blocks > 0 and disk.f_bavail * disk.f_frsize < ROOM


def pauses(seconds: float) -> Iterator[None]:
    """Sleep a little longer each time, until the time is up."""
    from random import random

    end, pause = monotonic() + seconds, _FIRST_PAUSE
    while (left := end - monotonic()) > 0:
        sleep(min(left, pause * (0.5 + random())))  # noqa: S311  (only to be out of step)
        pause = min(pause * 2, _LONGEST_PAUSE)
        yield


def opened(path: Path, file: Path, patience: float) -> Connection:
    """Open a database in the best way there is.

    Args:
        path: What the user calls it.
        file: The real file, symbolic links followed.
        patience: Seconds to wait for others.

    Raises:
        sqlite3.Error: There is no way.
    """
    refusal: sqlite3.Error | None = None
    for way in _ways(file):
        try:
            return _opened(path, file, way, patience)
        except sqlite3.OperationalError as error:
            if primary(error) not in _HOPEFUL:
                raise
            if primary(error) == sqlite3.SQLITE_BUSY and way != _ALONE:
                raise
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def _ways(file: Path) -> Iterator[str]:
    """Yield the ways to open a database, the best first.

    A file without a log beside it is all there is, and can be read as if it never changed:
    that takes neither a lock nor room on the disk. With a log, and alone at the database,
    SQLite can do without the index that it shares with others, which takes room.
    """
    quiet = not any(size(file.with_name(f"{file.name}{end}")) for end in ("-wal", "-journal"))
    if not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        yield from (_FROZEN, _WATCHING) if quiet else (_WATCHING,)
        return
    full = crowded(file.parent)
    if not full:
        yield _ORDINARY
    yield _FROZEN if quiet else _ALONE
    if full:
        yield _ORDINARY


def _opened(path: Path, file: Path, way: str, patience: float) -> Connection:
    uri = f"{file.absolute().as_uri()}?mode={way.partition(',')[0]}"
    seen = _seen(path, whole=way == _FROZEN)
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=0.0,
        isolation_level=None,
        check_same_thread=False,
        factory=Connection,
    )
    try:
        connection.path, connection.file = path, file
        connection.frozen = way == _FROZEN
        connection.patience = 0.0 if way == _ALONE else patience
        if way == _ALONE:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # the first that reads the file
        connection.patience = patience
        connection.watch(seen)
    except BaseException:
        connection.close()
        raise
    return connection


def primary(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code of an error; 0 if it is not one of SQLite's own."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _busy(error: sqlite3.OperationalError) -> bool:
    """Whether waiting may help."""
    stale = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY_SNAPSHOT
    return primary(error) == sqlite3.SQLITE_BUSY and not stale


def _seen(path: Path, *, whole: bool = False) -> Seen | None:
    """Return what tells a file from any other, or nothing if there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if whole:
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    return found.st_dev, found.st_ino
