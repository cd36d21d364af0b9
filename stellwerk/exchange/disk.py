"""What is asked of the file system: flushed writes, locked folders, two names swapped."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from stellwerk.faults import reach

PATIENCE: Final = 5.0
"""Seconds that an export waits for another one to the same place."""
_CANNOT: Final = frozenset({errno.EINVAL, errno.EACCES, errno.EPERM, errno.EBADF})
_HERE: Final = -100  # AT_FDCWD
_SWAP: Final = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def write(path: Path, text: str) -> None:
    """Write a new file and flush it to the disk; FileExistsError if there is one."""
    raw = text.encode()
    with path.open("xb") as file:
        file.write(raw)
        file.flush()
        reach("file.written")
        os.fsync(file.fileno())
    reach("file.synced")


def flush(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the file system can."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(handle)


def make(folder: Path) -> None:
    """Make a folder, and those above it that are missing."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        flush(each.parent)


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[bool]:
    """Keep other exports out of a folder meanwhile; a dead process keeps out nobody.

    Yields False where there are no locks, or if another export holds on for too long.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield False
        return
    try:
        yield _taken(handle, monotonic() + patience)
    finally:
        os.close(handle)


def swap(one: Path, other: Path) -> None:
    """Swap what two names mean, in one step (OSError where the system cannot)."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    names = [ctypes.c_char_p(os.fsencode(name)) for name in (one, other)]
    flag = ctypes.c_uint(_SWAP)
    try:
        if sys.platform == "darwin":
            failed = library.renamex_np(*names, flag)
        else:
            here = ctypes.c_int(_HERE)
            failed = library.renameat2(here, names[0], here, names[1], flag)
    except AttributeError:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS)) from None
    if failed:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(one), None, str(other))


def _taken(handle: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > deadline:
                return False
            sleep(0.02)
        except OSError:
            return False
        else:
            return True
