"""Files of exports and imports on disk: inside their folder, whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from stellwerk.errors import ExchangeError, NotFoundError
from stellwerk.exchange.document import MAX_BYTES

MAX_FILES: Final = 2_000
_MEGABYTES: Final = MAX_BYTES // 2**20
_ROUTE_FILE: Final = re.compile(r"r\d+-[a-z0-9-]+\.md")
_OURS: Final = 'format = "stellwerk.markdown"'


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


def write_folder(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write an export into its folder; return the files whose text changed.

    Route files of an earlier Markdown export that are no longer part of it are removed;
    nothing else in the folder is touched.

    Raises:
        ExchangeError: The folder's index is somebody else's, or it cannot be written.
    """
    try:
        if _foreign(folder / "index.md") and "index.md" in files:
            msg = f"{folder / 'index.md'} is not an export of Stellwerk; it was left alone."
            raise ExchangeError(msg, "Export into another folder.")
        targets = {_inside(folder, name): text for name, text in files.items()}
        changed = [target for target, text in targets.items() if _write(target, text)]
        for old in sorted((folder / "routes").glob("r*.md")) if "index.md" in files else ():
            if f"routes/{old.name}" not in files and _is_route_file(old, folder):
                old.unlink()
                changed.append(old)
    except OSError as error:
        raise ExchangeError(
            f"{folder} cannot be written: {error.strerror or error}."
        ) from error
    return changed


def write_file(path: Path, text: str) -> bool:
    """Write one file atomically; say if its text changed."""
    try:
        return _write(path, text)
    except OSError as error:
        raise ExchangeError(f"{path} cannot be written: {error.strerror or error}.") from error


def _write(path: Path, text: str) -> bool:
    """Write beside the target, flush to disk, then rename over it."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def _inside(folder: Path, name: str) -> Path:
    """Return where a file goes; a link on the way out of the folder is refused."""
    target = folder / name
    if not _within(target.parent, folder):
        msg = f"{target.parent} leads out of {folder}; nothing was written there."
        raise ExchangeError(msg, "Remove the link, then export again.")
    return target


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


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
