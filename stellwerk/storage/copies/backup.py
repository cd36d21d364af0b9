"""Backups: a copy of the whole database, made while others write, and compared in full."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from shlex import quote
from shutil import copyfile
from typing import Any, Final

from stellwerk.errors import ConflictError, NotFoundError, StorageError, UsageError
from stellwerk.faults import reach
from stellwerk.storage.placing import (
    BESIDE,
    placed,
    private,
    refuse_company,
    settle,
    taken,
    workshop,
)
from stellwerk.storage.sqlite import connect, translated

_SCHEMA: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
_STEP: Final = 1024
"""Pages copied at a time, so that Ctrl-C is heard."""
_ENDED: Final = object()
_TARGETS: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""Errors that are the copy's, for nothing is written to what is copied."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made.

    Attributes:
        file: Where it is.
        size: Of the file, in bytes.
        goals: Goals in it, deleted ones too.
        deleted: How many of them are deleted.
        revisions: Entries in the journals of all goals.
    """

    file: Path
    size: int
    goals: int
    deleted: int
    revisions: int


def back_up(database: Path, file: Path, *, overwrite: bool = False) -> Backup:
    """Copy a database to a file; others may write meanwhile.

    The copy is checked by SQLite, compared with the database row by row as of one moment,
    flushed, and only then given its name.

    Args:
        database: What is copied.
        file: Where to.
        overwrite: Whether the file may take the place of an older one.

    Raises:
        NotFoundError: There is no database.
        UsageError: The file is the database itself.
        ConflictError: There is such a file, or one that is in use.
        StorageError: The database is damaged, or the file cannot be written.
    """
    with translated(database):
        if not database.exists():
            msg = f"There is no database {database}, so there is nothing to back up."
            raise NotFoundError(msg, "`stellwerk doctor` says which database is used.")
    with placed(file):
        target = resolved(file)
        refuse_itself(database, target)
        refuse_target(target, overwrite=overwrite)
        with closing(connect(database)) as source, workshop(target) as folder:
            copy = folder / "copy.db"
            with translated(database), _written(file), one_moment(source):
                found = _copied(source, copy, database)
            reach("backup.checked")
            settle(copy, target, overwrite=overwrite, about="backup")
            return Backup(file, target.stat().st_size, *found)


def back_up_beside(database: Path, suffix: str) -> Backup:
    """Back a database up to a free name beside it: its own with a suffix, and a number."""
    number = 1
    while True:
        ending = suffix if number == 1 else f"{suffix}.{number}"
        try:
            return back_up(database, database.with_name(f"{database.name}{ending}"))
        except ConflictError:
            number += 1


def raw_copy(database: Path, folder: Path) -> Path:
    """Copy a database as it lies there, damaged or not, with its log; nothing is changed.

    Where others use it they are kept from overwriting what is copied.
    """
    copy = folder / "copy.db"
    with _held(database):
        for ending in ("", *BESIDE):
            part = database.with_name(f"{database.name}{ending}")
            if part.exists():
                copyfile(part, folder / f"copy.db{ending}")
    return copy


def resolved(file: Path) -> Path:
    """Return where a file really is; links are followed, for its folder is written to."""
    try:
        return file.resolve()
    except RuntimeError:
        msg = f"{file} is a link that leads back to itself."
        raise UsageError(msg, "Name another file.") from None


def refuse_itself(database: Path, file: Path) -> None:
    """Refuse a file that is the database, or a part of it (UsageError)."""
    for ending in ("", "-shm", *BESIDE):
        own = database.with_name(f"{database.name}{ending}")
        if file == own.resolve() or (own.exists() and file.exists() and file.samefile(own)):
            msg = f"{file} is the database in use, or belongs to it."
            raise UsageError(msg, "Name another file.")


def refuse_target(target: Path, *, overwrite: bool) -> None:
    """Refuse a place where no file can be put.

    Raises:
        UsageError: It is a folder, or no file that can be replaced.
        ConflictError: There is a file, or one that is in use.
    """
    if target.is_dir():
        msg = f"{target} is a folder."
        raise UsageError(msg, f"Name a file in it, as {target / 'stellwerk.backup.db'}.")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is not a file that can be replaced.", "Name another one.")
    if target.exists() and not overwrite:
        raise taken(target)
    refuse_company(target)


@contextmanager
def one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a connection see the database as of one moment, whatever others write."""
    connection.execute("BEGIN")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def refuse_damage(connection: sqlite3.Connection, what: Path) -> None:
    """Refuse a database whose pages or references are broken (StorageError)."""
    found = damage(connection)
    if found:
        raise StorageError(f"The database {what} is damaged: {found}.", salvage_of(what))


def salvage_of(database: Path) -> str:
    """Return what to do about a damaged database."""
    call = f"stellwerk --db {quote(str(database))} doctor --repair"
    return f"`{call}` saves what can be read into a new file."


def damage(connection: sqlite3.Connection, *, quick: bool = False) -> str:
    """Return what is wrong with the pages and references of a database, or nothing."""
    check = "quick_check" if quick else "integrity_check"
    before, connection.text_factory = connection.text_factory, _readable
    try:
        told = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
        if told != "ok":
            return " ".join(str(told).removeprefix("*** in database main ***").split())
        lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not is_damage(error):
            raise
        return str(error)
    finally:
        connection.text_factory = before
    return f"a row of {lost[0]} refers to a row of {lost[2]} that is not there" if lost else ""


def wrong_with(database: Path) -> str:
    """Return what SQLite finds wrong with a database at a quick look, or nothing.

    Raises:
        StorageError: It cannot be opened, for another reason than being damaged.
    """
    try:
        with closing(connect(database)) as connection, translated(database):
            return damage(connection, quick=True)
    except StorageError as error:
        if is_damage(error.__cause__):
            return str(error.__cause__)
        raise


def is_damage(error: BaseException | None) -> bool:
    """Whether an error says that a file is damaged, or not a database at all."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return damaged or isinstance(error, UnicodeDecodeError)


def difference(one: sqlite3.Connection, other: sqlite3.Connection) -> str:
    """Return the name of a table that two databases do not have alike, row by row.

    Every value is compared with its type; texts as their bytes.
    """
    with _exact(one), _exact(other):
        if _differ(one, other, _SCHEMA):
            return "sqlite_master"
        names = one.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for ((name,),) in names:
            table = str(name, "utf-8")
            if _differ(one, other, f'SELECT rowid, * FROM "{table}" ORDER BY rowid'):
                return table
    return ""


def _copied(source: sqlite3.Connection, path: Path, database: Path) -> tuple[int, int, int]:
    """Copy a database that stands still, and check the copy; return what it counts."""
    private(path)
    reach("backup.begun")
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        source.backup(copy, pages=_STEP, progress=lambda *_: None)
        reach("backup.copied")
        copy.execute("PRAGMA journal_mode = DELETE")
        refuse_damage(copy, database)
        if found := difference(source, copy):
            msg = f"The copy of {database} differs from it in {found}; it was thrown away."
            raise StorageError(msg, "Try again; check the disk if it happens again (`dmesg`).")
        goals, deleted = copy.execute("SELECT count(*), total(deleted) FROM goals").fetchone()
        revisions = copy.execute("SELECT count(*) FROM journal").fetchone()[0]
    return goals, int(deleted), revisions


@contextmanager
def _held(database: Path) -> Iterator[None]:
    """Hold a read lock on a database if others may be at it, and if it can be had."""
    log, memory = (database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm"))
    uri = f"{database.absolute().as_uri()}?mode=ro"
    with ExitStack() as stack:
        # A reader of a log that nobody has open would lay a file beside the database.
        if memory.exists() or not (log.exists() or _logs_ahead(database)):
            with suppress(sqlite3.Error):
                connection = sqlite3.connect(uri, uri=True, isolation_level=None)
                stack.enter_context(closing(connection))
                stack.enter_context(one_moment(connection))
        yield


def _logs_ahead(database: Path) -> bool:
    """Whether the file says of itself that it is written by a write-ahead log."""
    with database.open("rb") as file:
        return file.read(20)[18:] == b"\2\2"


@contextmanager
def _written(file: Path) -> Iterator[None]:
    """Turn SQLite's errors about the copy into StorageErrors."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _TARGETS:
            raise
        msg = f"The backup {file} could not be written ({error}); nothing of it is left."
        raise StorageError(msg, "Free some space (`df -h`), or name another place.") from error


@contextmanager
def _exact(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a connection tell texts by their bytes, apart from blobs."""
    before = connection.text_factory
    connection.text_factory = _text
    try:
        yield
    finally:
        connection.text_factory = before


def _readable(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _text(raw: bytes) -> tuple[bytes]:
    return (raw,)


def _differ(one: sqlite3.Connection, other: sqlite3.Connection, query: str) -> bool:
    rows = zip_longest(one.execute(query), other.execute(query), fillvalue=(_ENDED,))
    return any(_typed(mine) != _typed(theirs) for mine, theirs in rows)


def _typed(row: tuple[Any, ...]) -> list[tuple[type, Any]]:
    return [(type(cell), cell) for cell in row]
