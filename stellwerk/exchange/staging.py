"""A folder replaced as a whole: staged beside it, then swapped with it in one step.

The staging folder `.{name}.stellwerk-XXXXXXXX` holds a marker that git obeys, a list of
what was there, and the new folder; after the swap that is the old one, until it is removed.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from stellwerk.exchange.disk import flush, swap, write
from stellwerk.faults import reach

MAX_LINKED: Final = 2_000
"""Files and folders that stay as they are in a staged folder; with more it is not staged."""
Swap: TypeAlias = Callable[[Path, Path], None]
Found: TypeAlias = tuple[str, os.stat_result]

_LEFT: Final = re.compile(r"\.(?P<name>.+)\.stellwerk-[0-9a-f]{8}", re.DOTALL)
_MARKER: Final = ".gitignore"
_MARK: Final = "# Stellwerk stages an export here; the next export removes this folder.\n*\n"
_LIST: Final = "list.json"
_FOLDER: Final = "folder"
_BROKEN: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class Update(NamedTuple):
    """What an export changes in a folder: new texts by name, and names that go."""

    texts: Mapping[str, str]
    gone: Collection[str]


def beside(path: Path) -> Path:
    """Return a free hidden name beside a path, by which leftovers are known."""
    return path.with_name(f".{path.name}.stellwerk-{os.urandom(4).hex()}")


def replace_folder(target: Path, update: Update, exchange: Swap = swap) -> bool:
    """Put an update into a folder in one step: nobody ever sees it half done.

    Everything else in the folder stays what it is, hard-linked into its successor. Whoever
    stands in the folder meanwhile, as a shell of another terminal, has to enter it again.

    Args:
        target: The folder, without links on the way; its parent has been locked.
        update: What changes.
        exchange: Swaps two folders.

    Returns:
        False if it cannot be done here, or not kindly; nothing has changed then.

    Raises:
        OSError: The disk is full or broken.
    """
    try:
        there, new = _look(target, update), not target.exists()
        if not _welcome(target, there, update):
            return False
        with _staging(target, there) as staged:
            _fill(staged, target, there, update)
            reach("export.staged")
            if new:
                staged.rename(target)
            else:
                exchange(staged, target)
            reach("export.swapped")
            flush(target.parent)
            flush(staged.parent)
            reach("export.flushed")
    except OSError as error:
        if error.errno in _BROKEN:
            raise
        return False
    reach("export.cleared")
    return True


def sweep(folder: Path) -> None:
    """Remove what killed exports left in a folder that has been locked, and nothing else."""
    for path in list(folder.resolve().iterdir()):
        if left := _LEFT.fullmatch(path.name):
            with suppress(OSError):
                _sweep(path, path.with_name(left["name"]))
                flush(path.parent)


def _sweep(path: Path, target: Path) -> None:
    status = path.lstat()
    if stat.S_ISREG(status.st_mode):
        path.unlink()
    elif stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and _is_staging(path):
        _retire(path, target)


def _look(target: Path, update: Update) -> list[Found]:
    """Return what is in a folder, or as much of it as is too much."""
    limit = MAX_LINKED + len(update.texts) + len(update.gone)
    return list(islice(_found(target), limit + 1)) if target.exists() else []


def _found(folder: Path) -> Iterator[Found]:
    """Yield all that is below a folder, by relative name; a folder before its content."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(folder / below) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                status = entry.stat(follow_symlinks=False)
                yield f"{below}{entry.name}", status
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(f"{below}{entry.name}/")


def _welcome(target: Path, there: Sequence[Found], update: Update) -> bool:
    """Whether a folder can be swapped without harm to who is in it and what it is."""
    if os.path.ismount(target) or _working_directory().is_relative_to(target):
        return False
    names = {name for name, _ in there}
    if len(names - update.texts.keys() - set(update.gone)) > MAX_LINKED:
        return False
    if any(name.rpartition("/")[2] == ".git" for name in names):
        return False
    folders = [status for _, status in there if stat.S_ISDIR(status.st_mode)]
    if target.exists():
        folders.append(target.lstat())
    device = target.parent.stat().st_dev
    return all((each.st_uid, each.st_dev) == (os.geteuid(), device) for each in folders)


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path("/")


@contextmanager
def _staging(target: Path, there: Sequence[Found]) -> Iterator[Path]:
    """Yield an empty folder to fill; in the end remove it, or what was swapped for it."""
    outer = beside(target)
    outer.mkdir(mode=0o700)
    try:
        reach("export.begun")
        write(outer / _MARKER, _MARK)
        staged = outer / _FOLDER
        staged.mkdir()
        known = {name: status.st_ino for name, status in there}
        note = {"staged": staged.stat().st_ino, "known": known}
        write(outer / _LIST, json.dumps(note))
        yield staged
    finally:
        _retire(outer, target)


def _fill(staged: Path, target: Path, there: Sequence[Found], update: Update) -> None:
    """Make the successor of a folder: what stays is linked, what changes is written."""
    changed = {*update.texts, *update.gone}
    for name, status in there:
        if stat.S_ISDIR(status.st_mode):
            (staged / name).mkdir()
        elif name not in changed:
            _link(target / name, staged / name, status)
    reach("export.linked")
    for name, text in update.texts.items():
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
        write(staged / name, text)
    touched = {staged, *((staged / name).parent for name in changed)}
    folders = [name for name, status in _found(staged) if stat.S_ISDIR(status.st_mode)]
    for name in reversed(["", *folders]):
        _dress(target / name, staged / name, touched=staged / name in touched)
        flush(staged / name)


def _link(old: Path, new: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        new.symlink_to(old.readlink())
        times = (status.st_atime_ns, status.st_mtime_ns)
        os.utime(new, ns=times, follow_symlinks=False)
    else:
        os.link(old, new, follow_symlinks=False)


def _dress(old: Path, new: Path, *, touched: bool) -> None:
    """Give a folder the rights of its predecessor, and its times if nothing changed in it."""
    from shutil import copystat

    if not old.is_dir():
        return
    if old.stat().st_gid != new.stat().st_gid:
        os.chown(new, -1, old.stat().st_gid)
    copystat(old, new)
    if touched:
        os.utime(new)


def _is_staging(outer: Path) -> bool:
    """Whether a folder is one of `_staging`, or the beginning of one."""
    names = {path.name for path in outer.iterdir()}
    if not names:
        return True
    if not {_MARKER} <= names <= {_MARKER, _LIST, _FOLDER}:
        return False
    mark = (outer / _MARKER).read_bytes()
    return mark == _MARK.encode() or (len(names) == 1 and _MARK.encode().startswith(mark))


def _retire(outer: Path, target: Path) -> None:
    """Remove a staging folder, as far as everything in it is known or also in the target."""
    staged = outer / _FOLDER
    with suppress(OSError):
        if staged.is_dir() and not staged.is_symlink() and (note := _note(outer)):
            inode, known = note
            swapped = staged.stat().st_ino != inode
            _empty(staged, target, known if swapped else None)
        for remove, path in (
            (Path.rmdir, staged),
            (Path.unlink, outer / _LIST),
            (Path.unlink, outer / _MARKER),
            (Path.rmdir, outer),
        ):
            with suppress(FileNotFoundError):
                remove(path)


def _note(outer: Path) -> tuple[int, Mapping[str, int]] | None:
    """Return the staged folder's inode, and what was known of the old one by name."""
    try:
        note = json.loads((outer / _LIST).read_bytes())
        return note["staged"], note["known"]
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _empty(folder: Path, target: Path, known: Mapping[str, int] | None) -> None:
    """Remove what is in a retired folder: all of it, or what is known.

    What somebody put there between the look around and the swap moves to the target.
    """
    there = list(_found(folder))
    for name, status in [("", folder.lstat()), *there]:
        if stat.S_ISDIR(status.st_mode):
            (folder / name).chmod(stat.S_IMODE(status.st_mode) | 0o700)
    for name, status in reversed(there):
        inode = status.st_ino if known is None else known.get(name)
        if stat.S_ISDIR(status.st_mode):
            if inode is None and _within(target / name, target):
                (target / name).mkdir(parents=True, exist_ok=True)
            with suppress(OSError):
                (folder / name).rmdir()
        elif inode == status.st_ino:
            (folder / name).unlink()
        elif _within(target / name, target):
            _move_on(folder / name, target / name, inode)
        reach("export.removed")


def _within(path: Path, target: Path) -> bool:
    """Whether no link is on the way to something in a folder, the folder included."""
    return path.parent.resolve() == path.parent and not target.is_symlink()


def _move_on(late: Path, place: Path, inode: int | None) -> None:
    """Move a file that came late to its place, unless something else came to it later."""
    if not os.path.lexists(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        late.rename(place)
    elif place.lstat().st_ino == inode:
        late.replace(place)
