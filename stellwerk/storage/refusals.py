"""What SQLite and the file system refuse, in words: what happened, why, what to do next."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from shlex import quote
from typing import Final

from stellwerk.errors import ConflictError, StellwerkError, StorageError
from stellwerk.storage.connection import crowded, primary, size

_ANOTHER: Final = "name another database with `--db FILE`"
_ROOM: Final = "Free some space (`df -h`), then try again."
_KEEP: Final = "`stellwerk doctor --repair` saves what can be read into a new file."
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_CLOSED: Final = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}
)
_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_RIGHTS: Final = {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def explained(
    error: sqlite3.Error | OSError | UnicodeDecodeError, path: Path
) -> StellwerkError:
    """Return an error that a database met with as one that tells what to do next."""
    try:
        if isinstance(error, sqlite3.Error):
            return _refused(error, path)
        if isinstance(error, OSError):
            return _unusable(error, path)
    except OSError as unseen:
        # Not even what is in the way can be seen.
        return StorageError(
            f"The database {path} cannot be used: {unseen.strerror or unseen}.",
            f"Check the path, or {_ANOTHER}.",
        )
    msg = f"The database {path} is damaged: it holds text that is none. It was left alone."
    return StorageError(msg, _KEEP)


def _unusable(error: OSError, path: Path) -> StorageError:
    if error.errno in _FULL:
        return _full(path)
    msg = f"The database {path} cannot be used: {error.strerror or error}."
    if error.errno in _FORBIDDEN and (known := obstacle(path)):
        return StorageError(f"{msg} {known[0]}", known[1])
    return StorageError(msg, f"Check the path, or {_ANOTHER}.")


def _refused(error: sqlite3.Error, path: Path) -> StellwerkError:
    """Return what SQLite refused, by its primary result code."""
    code, where = primary(error), f"The database {path}"
    if code in _BUSY:
        msg = f"{where} is locked by another program, and stayed so while we waited."
        return StorageError(msg, "Close what uses it, then try again.")
    if code in {*_CLOSED, sqlite3.SQLITE_IOERR} and (odd := _odd(path)):
        msg = f"{where} cannot be used: {odd} is not a file."
        return StorageError(msg, f"SQLite keeps its log there. Move it away, or {_ANOTHER}.")
    if code in _CLOSED:
        return _closed(path, opening=error.sqlite_errorcode != sqlite3.SQLITE_READONLY)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(path)):
        return _full(path)
    if code == sqlite3.SQLITE_IOERR:
        msg = f"{where} could not be read or written ({error}). Nothing was changed."
        return StorageError(msg, "Check the disk (`df -h`, `dmesg`), then try again.")
    if code in _DAMAGED:
        msg = f"{where} is damaged or not a database ({error}). It was left alone."
        return StorageError(msg, _KEEP)
    if code == sqlite3.SQLITE_CONSTRAINT:
        msg = f"{where} refused a change that does not fit what it holds ({error})."
        return ConflictError(msg, "Look at `stellwerk list --all`, then try again.")
    return StorageError(f"{where} cannot be used: {error}.", f"Check it, or {_ANOTHER}.")


def _full(path: Path) -> StorageError:
    msg = f"The database {path} could not grow: the disk is full. Nothing was changed."
    return StorageError(msg, _ROOM)


def _closed(path: Path, *, opening: bool) -> StorageError:
    """Return why a database cannot be opened, or only be read."""
    if _no_room(path):
        return _full(path)
    found = obstacle(path)
    logs = [Path(f"{os.path.realpath(path)}{end}") for end in ("-wal", "-journal")]
    log = next((each for each in logs if size(each)), None)
    readable = all(os.access(each, os.R_OK) for each in (path, log) if each)
    if found and readable and opening and log:
        msg = f"The database {path} cannot be read here: there are changes in its log {log}."
        hint = f"Copy both to a folder of your own and read the copy, or {_ANOTHER}."
        return StorageError(f"{msg} {found[0]}", hint)
    if found:
        deed = "cannot be opened for writing" if readable else "cannot be read"
        return StorageError(f"The database {path} {deed}. {found[0]}", found[1])
    if opening:
        msg = f"The database {path} cannot be opened."
        return StorageError(msg, f"Look at its folder with `ls -l`, or {_ANOTHER}.")
    msg = f"The database {path} was opened for reading alone. Nothing was changed."
    return StorageError(msg, "Make the call again: it may be written to by now.")


def _beside(file: Path) -> list[Path]:
    """Return what SQLite keeps beside a database."""
    return [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm")]


def _odd(path: Path) -> Path | None:
    """Return what lies in the place of SQLite's log and is no file of its."""
    for beside in _beside(Path(os.path.realpath(path))):
        if beside.is_symlink() or (beside.exists() and not beside.is_file()):
            return beside
    return None


def _no_room(path: Path) -> bool:
    try:
        return crowded(Path(os.path.realpath(path)).parent)
    except OSError:
        return False


def obstacle(path: Path) -> tuple[str, str] | None:
    """Return what keeps this user from a database and what to do, as far as can be seen."""
    file = Path(os.path.realpath(path))
    for above in reversed(file.parents):
        if not os.access(above, os.F_OK):
            return _forbidden(above.parent, "w")
        if not os.access(above, os.X_OK):
            return _forbidden(above, "x")
    wanted = [(file, "r"), (file, "w"), (file.parent, "w")]
    for beside in _beside(file):
        wanted += [(beside, "r"), (beside, "w")]
    for each, right in wanted:
        if os.access(each, os.F_OK) and not os.access(each, _RIGHTS[right]):
            folder = f"Its folder {each}" if each == file.parent else str(each)
            return _forbidden(each, right, "It" if each == file else folder)
    return None


def _forbidden(path: Path, right: str, name: str = "") -> tuple[str, str] | None:
    """Return who or what forbids something, and what to do about it."""
    if os.access(path, _RIGHTS[right]):
        return None
    name = name or f"The folder {path}"
    if right == "w" and os.statvfs(path).f_flag & os.ST_RDONLY:
        return f"{name} is on a disk that is mounted read-only.", f"Copy it, or {_ANOTHER}."
    found = path.stat()
    if found.st_uid == os.geteuid():
        what = f"{name} is yours, and its permissions forbid it ({found.st_mode & 0o777:04o})."
        return what, f"Allow it (`chmod u+{right} {quote(str(path))}`), or {_ANOTHER}."
    owner, me = _user(found.st_uid), _user(os.geteuid())
    return f"{name} belongs to {owner}, and you are {me}.", f"Ask {owner}, or {_ANOTHER}."


def _user(uid: int) -> str:
    from pwd import getpwuid

    try:
        return getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
