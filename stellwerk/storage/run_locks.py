"""Locks of planning runs: one process works on a run, and others can see that it lives.

A lock is the kernel's, on a file beside the database; `kill -9` releases it. The file goes
with the lock. One that a killed process left is removed by whoever sees it next.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from itertools import chain
from pathlib import Path
from typing import Final

from stellwerk.errors import ConflictError
from stellwerk.planning.runs import SHOWN
from stellwerk.storage.connection import pauses

_PATIENCE: Final = 0.5
"""Seconds to try for: somebody who only looks at a lock has it for far less."""
_NAME: Final = 40
"""Characters of the database's name in that of a lock."""


@contextmanager
def held(database: Path, uid: str) -> Iterator[None]:
    """Hold the lock of a run for a block.

    Args:
        database: The database file itself, not a link to it.
        uid: The run.

    Raises:
        ConflictError: Somebody holds it.
        OSError: There can be no such file.
    """
    sweep(database)
    path = _place(database.absolute(), uid)
    handle = _taken(path)
    if handle is None:
        raise refusal(uid, _pid(path))
    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        _let_go(handle, path)


def is_held(database: Path, uid: str) -> bool:
    """Whether a living process holds the lock of a run."""
    return _look(_place(database, uid))


def sweep(database: Path) -> None:
    """Remove what killed processes left of their locks."""
    for left in database.parent.glob(f"{escape(_prefix(database))}*.lock"):
        _look(left)


def refusal(uid: str, pid: int | None) -> ConflictError:
    """Return the error for a run that somebody holds."""
    who = f" (pid {pid})" if pid else ""
    msg = f"The run {uid[:SHOWN]} is being worked on by another process{who}."
    return ConflictError(msg, "Wait until it ends, or stop it; then try again.")


def _prefix(database: Path) -> str:
    return f".{database.name[:_NAME]}.run-"


def _place(database: Path, uid: str) -> Path:
    name = "".join(char for char in uid if char.isalnum())
    return database.with_name(f"{_prefix(database)}{name}.lock")


def _taken(path: Path) -> int | None:
    """Return an open file with its lock, or nothing if somebody else has it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    for _ in chain((None,), pauses(_PATIENCE)):
        handle = os.open(path, flags, 0o600)
        if _locked(handle, fcntl.LOCK_EX) and _is_at(handle, path):
            return handle
        os.close(handle)
    return None


def _look(path: Path) -> bool:
    """Whether somebody holds a lock; what a dead process left of one is removed."""
    while True:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except PermissionError:
            return True
        except OSError:
            return False
        try:
            if not _locked(handle, fcntl.LOCK_SH):
                return True
            # Another one may have the name meanwhile: it has to be looked at instead.
            if _is_at(handle, path):
                if _locked(handle, fcntl.LOCK_EX):
                    _let_go(handle, path, close=False)
                return False
        finally:
            os.close(handle)


def _let_go(handle: int, path: Path, *, close: bool = True) -> None:
    """Remove a file whose lock is held, then release the lock.

    In this order, whoever waits for the lock gets that of a file without a name, and
    notices; and nobody removes the file of somebody else.
    """
    with suppress(OSError):
        if _is_at(handle, path):
            path.unlink()
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_UN)
    if close:
        os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    """Whether an open file is the one at a path."""
    try:
        there = path.lstat()
    except FileNotFoundError:
        return False
    mine = os.fstat(handle)
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


def _locked(handle: int, kind: int) -> bool:
    """Take a lock unless it is taken; where there are no locks, all can be had."""
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _pid(path: Path) -> int | None:
    """Return the process that a lock says it belongs to."""
    try:
        return int(path.read_bytes()[:20])
    except (OSError, ValueError):
        return None
