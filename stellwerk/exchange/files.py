"""Files of exports and imports on disk: inside their folder, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import compress
from pathlib import Path
from typing import Final

from stellwerk.errors import ExchangeError, NotFoundError
from stellwerk.exchange.disk import flush, locked, make, swap, write
from stellwerk.exchange.document import MAX_BYTES
from stellwerk.exchange.staging import Swap, Update, beside, replace_folder, sweep
from stellwerk.faults import reach

MAX_FILES: Final = 2_000
_MEGABYTES: Final = MAX_BYTES // 2**20
_ROUTE_FILE: Final = re.compile(r"r\d+-[a-z0-9-]+\.md")
_OURS: Final = 'format = "stellwerk.markdown"'
_LAST: Final = ("index.md", "plan.json")
_DEVICES: Final = ("/dev", "/dev/fd", "/proc/self/fd")


def read_files(path: Path) -> dict[str, str]:
    """Return the files of a folder (Markdown and JSON, links left out), or one file.

    Raises:
        NotFoundError: There is nothing there.
        ExchangeError: It is too large, or not text.
    """
    try:
        if not path.is_dir():
            return {path.name: _text(path)}
        found = [p for p in sorted(path.rglob("*")) if p.suffix in (".md", ".json")]
        inside = [p for p in found if p.is_file() and _within(p, path)]
        if len(inside) > MAX_FILES:
            raise ExchangeError(f"{path} has more than {MAX_FILES:,} files.")
        if sum(p.stat().st_size for p in inside) > MAX_BYTES:
            raise ExchangeError(f"The files in {path} have more than {_MEGABYTES} MB.")
        if not inside:
            raise ExchangeError(f"{path} has no Markdown or JSON file.")
        return {p.relative_to(path).as_posix(): _text(p) for p in inside}
    except FileNotFoundError:
        raise NotFoundError(f"There is no file or folder {path}.") from None
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror or error}.") from error


def write_folder(folder: Path, files: Mapping[str, str], exchange: Swap = swap) -> list[Path]:
    """Write an export into its folder; return the files whose text changed.

    Route files of an earlier Markdown export that are no longer part of it are removed;
    nothing else in the folder is touched.

    The folder is replaced in one step, so that whenever the process or the power dies it
    is the old one or the new one, and on a full disk the old one. Where that cannot be
    done (another system than Linux or macOS, a file system that swaps no names, a parent
    that may not be written), or would hurt (the working directory, a mount point, a
    repository's own folder, somebody else's, one with links on the way or with thousands
    of other files), all texts are flushed to the disk first, then each takes its place in
    one step, `index.md` and `plan.json` last. Whoever dies in between leaves old and new
    files mixed; where the last one is new, all are. The next export mends it.

    Args:
        folder: The folder; made if missing.
        files: Texts by relative name.
        exchange: Swaps two folders.

    Raises:
        ExchangeError: The folder's index is somebody else's, or it cannot be written.
    """
    try:
        _refuse(folder, files)
        real = folder.resolve()
        make(real.parent)
        with _alone(real.parent, *((folder / name).parent for name in files)) as alone:
            update = _update(folder, files)
            changed = [folder / name for name in (*update.texts, *update.gone)]
            whole = alone and _plain(real, changed, folder)
            if changed and not (whole and replace_folder(real, update, exchange)):
                _write_each(folder, update)
    except OSError as error:
        raise ExchangeError(
            f"{folder} cannot be written: {error.strerror or error}."
        ) from error
    return changed


def write_file(path: Path, text: str) -> bool:
    """Write one file in one step; say if its text changed.

    Whenever the process or the power dies, it is the old file or the new one.
    """
    try:
        if _is_device(path):
            path.write_text(text, encoding="utf-8")
            return True
        make(path.parent)
        with _alone(path.parent):
            if _holds(path, text):
                return False
            _write_each(path.parent, Update({path.name: text}, ()))
    except OSError as error:
        raise ExchangeError(f"{path} cannot be written: {error.strerror or error}.") from error
    return True


def _refuse(folder: Path, files: Mapping[str, str]) -> None:
    """Refuse to write where something else is, or out of the folder."""
    if folder.is_symlink() and not folder.exists():
        raise ExchangeError(f"{folder} is a link to nothing.", "Remove it, then export again.")
    if _foreign(folder / "index.md") and "index.md" in files:
        msg = f"{folder / 'index.md'} is not an export of Stellwerk; it was left alone."
        raise ExchangeError(msg, "Export into another folder.")
    for name in files:
        if not _within((target := folder / name).parent, folder):
            msg = f"{target.parent} leads out of {folder}; nothing was written there."
            raise ExchangeError(msg, "Remove the link, then export again.")


def _update(folder: Path, files: Mapping[str, str]) -> Update:
    """Return what an export changes in its folder."""
    texts = {name: text for name, text in files.items() if not _holds(folder / name, text)}
    routes = sorted((folder / "routes").glob("r*.md")) if "index.md" in files else []
    gone = [
        f"routes/{old.name}"
        for old in routes
        if f"routes/{old.name}" not in files and _is_route_file(old, folder)
    ]
    return Update(texts, gone)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == text.encode()


def _is_device(path: Path) -> bool:
    """Whether writing means to send, as to a pipe: nothing is to take its place."""
    special = path.exists() and not (path.is_file() or path.is_dir())
    return special or str(path.absolute().parent) in _DEVICES


def _plain(real: Path, changed: Sequence[Path], folder: Path) -> bool:
    """Whether no link and no detour leads to what changes in a folder."""
    parents = {real / path.relative_to(folder).parent for path in changed}
    return all(parent.resolve() == parent for parent in parents)


def _write_each(folder: Path, update: Update) -> None:
    """Write an update file by file, once all of its texts are on the disk."""
    first = [name for name in update.texts if name not in _LAST]
    last = [name for name in _LAST if name in update.texts]
    places = {name: folder / name for name in (*first, *update.gone, *last)}
    with ExitStack() as stack:
        flushed = {
            name: stack.enter_context(_flushed(folder / name, text))
            for name, text in update.texts.items()
        }
        for name, place in places.items():
            if name in flushed:
                flushed[name].replace(place)
                reach("file.renamed")
            else:
                place.unlink(missing_ok=True)
                reach("file.removed")
        for parent in {path.parent for path in places.values()}:
            flush(parent)


@contextmanager
def _alone(*folders: Path) -> Iterator[bool]:
    """Keep other exports out of folders, and clean up after those that were killed there."""
    with ExitStack() as stack:
        there = sorted({folder.resolve() for folder in folders if folder.is_dir()})
        held = [stack.enter_context(locked(folder)) for folder in there]
        for folder in compress(there, held):
            sweep(folder)
        yield all(held)


@contextmanager
def _flushed(target: Path, text: str) -> Iterator[Path]:
    """Yield a file beside its target that holds a text; remove it if it stays there."""
    make(target.parent)
    path = beside(target)
    try:
        write(path, text)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _foreign(path: Path) -> bool:
    return path.exists() and _OURS not in _text(path)[:4096]


def _is_route_file(path: Path, folder: Path) -> bool:
    """Whether a file is a route's, as we export them: no link, no folder, none of others."""
    named = _ROUTE_FILE.fullmatch(path.name) and _within(path, folder)
    if not named or path.is_symlink() or not path.is_file():
        return False
    return b"<!-- stellwerk r" in path.read_bytes()


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ExchangeError(f"{path} is larger than {_MEGABYTES} MB.")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path} is not UTF-8 text (byte {error.start}).") from error
