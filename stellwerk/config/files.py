"""Reading and replacing small files without surprises: bounded, whole, one at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from stellwerk.errors import ConfigError

LIMIT: Final = 256 * 1024
PRIVATE: Final = 0o600
SHARED: Final = 0o666


def read_small(path: Path) -> bytes | None:
    """Return the content of a file of at most `LIMIT` bytes; `None` if there is none.

    Raises:
        ConfigError: It is no file, is larger, or cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ConfigError(f"{path} is not a file.", "Move it away, or name another.")
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}."
        raise ConfigError(msg, "Check it with `ls -l`.") from error
    if len(content) > LIMIT:
        msg = f"{path} is larger than {LIMIT // 1024} KB, so it is not read."
        raise ConfigError(msg, "Is it the right file?")
    return content


def replace(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file as a whole or not at all; a symbolic link stays and its target changes.

    Args:
        path: The file; its folder is made if missing, for its owner alone.
        content: All of its new content.
        mode: Its permissions; without them those it had, else the usual ones.

    Raises:
        ConfigError: It cannot be written; the file is as it was.
    """
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write(fresh, content, _mode(target) if mode is None else mode)
            fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}."
        raise ConfigError(msg, "Check the permissions and the space of its folder.") from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other Stellwerk processes from changing files beside `path` meanwhile.

    Where a system or file system has no locks, the block simply runs.
    """
    folder = Path(os.path.realpath(path)).parent
    handle = -1
    try:
        with suppress(OSError, ImportError):
            import fcntl

            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if handle >= 0:
            os.close(handle)


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(handle, "wb") as file:  # noqa: PTH123 - the handle carries the permissions
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode != SHARED:
        path.chmod(mode)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return SHARED


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
