"""New database files: made in a private folder beside their place, then renamed into it."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final, TypeAlias

from stellwerk.errors import ConflictError, StorageError
from stellwerk.faults import reach

Link: TypeAlias = Callable[[Path, Path], None]
BESIDE: Final = ("-wal", "-journal")
"""What SQLite lays beside a database and takes for a part of whatever has its name."""
_ENDING: Final = ".partial"
_CANNOT: Final = frozenset({errno.EINVAL, errno.EACCES, errno.EPERM, errno.EBADF})
_SHOWN: Final = 40
"""Characters of a file's name in the name of its folder; both together have to fit."""


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """Give a private folder beside a file that is to be made, and remove it in the end.

    Folders that killed processes left for the same file are removed first.
    """
    prefix = f".{target.name[:_SHOWN]}."
    for left in target.parent.glob(f"{escape(prefix)}*{_ENDING}"):
        _sweep(left)
    folder, handle = _claimed(target.parent, prefix)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        os.close(handle)


def settle(
    made: Path, target: Path, *, overwrite: bool, about: str, link: Link = os.link
) -> None:
    """Flush a new file to the disk and rename it to its place, never to be seen half done.

    Args:
        made: The file; beside it nothing of it is left.
        target: Its place.
        overwrite: Whether it may take the place of another file.
        about: What its fault points are called: `backup`, `repair` or `migrate`.
        link: Gives a file a second name.

    Raises:
        ConflictError: Something has the name meanwhile.
    """
    flush(made)
    reach(f"{about}.synced")
    refuse_company(target)
    if overwrite:
        made.replace(target)
    else:
        _name(made, target, link)
    reach(f"{about}.renamed")
    flush(target.parent)
    reach(f"{about}.flushed")


def private(path: Path) -> None:
    """Make an empty file that only its owner can read (FileExistsError)."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def refuse_company(target: Path) -> None:
    """Refuse a name beside which lies what SQLite would read into a new file (ConflictError)."""
    for ending in BESIDE:
        left = target.with_name(f"{target.name}{ending}")
        if os.path.lexists(left):
            msg = f"{left} lies there: {target.name} is in use, or its program was killed."
            hint = f"Close what uses it and try again, or name another file than {target}."
            raise ConflictError(msg, hint)


def taken(target: Path) -> ConflictError:
    """Return the error for a file that is there already."""
    msg = f"{target} is here already; it was left alone."
    return ConflictError(msg, "Name another file, or say --overwrite to replace it.")


@contextmanager
def placed(target: Path) -> Iterator[None]:
    """Turn the file system's errors about a new file into StorageErrors."""
    try:
        yield
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror or error}."
        hint = "Name a file in a folder that you can write to, with space left (`df -h`)."
        raise StorageError(msg, hint) from error


def _name(made: Path, target: Path, link: Link) -> None:
    """Give a file a second name, which fails if there is one; else rename it."""
    try:
        link(made, target)
    except FileExistsError:
        raise taken(target) from None
    except OSError:
        # Some file systems, as of memory cards, have no second names.
        if os.path.lexists(target):
            raise taken(target) from None
        made.replace(target)


def _claimed(parent: Path, prefix: str) -> tuple[Path, int]:
    """Make a folder and hold its lock, which tells others that its maker lives."""
    while True:
        folder = Path(mkdtemp(prefix=prefix, suffix=_ENDING, dir=parent))
        handle = os.open(folder, os.O_RDONLY)
        if _locked(handle) and folder.exists():
            return folder, handle
        os.close(handle)  # another call was sweeping, and took it for a dead one's


def _sweep(folder: Path) -> None:
    """Remove a folder unless the process that made it still lives."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if _locked(handle):
                rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)


def _locked(handle: int) -> bool:
    """Take a lock unless a living process has it; where there are no locks, all are taken."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def flush(path: Path) -> None:
    """Flush a file to the disk, or the names in a folder where the file system can."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT or not path.is_dir():
            raise
    finally:
        os.close(handle)
