"""Standards: files with rules that every plan should keep, named in the settings."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stellwerk.domain.text import clean
from stellwerk.errors import ConfigError
from stellwerk.planning.context.passage import Passage, Sort

MAX_FILE: Final = 64_000
"""Bytes that a file of standards may have."""
_NAMED: Final = "`context.standards` names it."


def standards(files: Sequence[Path], project: Path | None = None) -> list[Passage]:
    """Return the texts of some files.

    Args:
        files: As the settings name them.
        project: The folder that a file within it must not lead out of, whoever made a link
            of it since the settings were trusted.

    Raises:
        ConfigError: A file is missing, no text, too large, or leads out of the project.
    """
    root = Path(os.path.realpath(project)) if project else None
    found = [
        Passage(Sort.STANDARDS, _name(path, project), text, weight=-float(number))
        for number, path in enumerate(files)
        if (text := _text(path, project, root))
    ]
    return list(found)


def _text(path: Path, project: Path | None, root: Path | None) -> str:
    real = Path(os.path.realpath(path))
    if project and root and _within(path, project) and not real.is_relative_to(root):
        msg = f"{path} leads out of the project, to {real}."
        raise ConfigError(msg, f"{_NAMED} Put a copy into the project, or name {real} itself.")
    raw = _bytes(path, real)
    if len(raw) > MAX_FILE:
        msg = f"{path} has more than {MAX_FILE:,} bytes."
        raise ConfigError(msg, f"{_NAMED} Name a file with the rules alone.")
    try:
        return clean(raw.decode("utf-8-sig").replace("\r\n", "\n")).strip()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        msg = f"{path}:{line}: the text is not UTF-8."
        raise ConfigError(msg, f"{_NAMED} Save it as UTF-8.") from error


def _bytes(path: Path, real: Path) -> bytes:
    """Return the bytes of a regular file; a pipe or device is not waited for."""
    try:
        number = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(number, "rb") as file:  # noqa: PTH123  (a descriptor has no path)
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise ConfigError(f"{path} is no file.", _NAMED)
            return file.read(MAX_FILE + 1)
    except IsADirectoryError:
        raise ConfigError(f"{path} is a folder.", f"{_NAMED} Name a file in it.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        msg = f"{path} cannot be read: {why}."
        raise ConfigError(msg, f"{_NAMED} Make it readable, or take it out.") from error


def _within(path: Path, project: Path) -> bool:
    """Whether a path is within a folder as it is written, links not followed."""
    written = Path(os.path.abspath(path))  # noqa: PTH100  (resolve would follow links)
    return written.is_relative_to(os.path.abspath(project))  # noqa: PTH100


def _name(path: Path, project: Path | None) -> str:
    if project and _within(path, project):
        return os.path.relpath(path, project)
    return path.name
