"""Files of prompts: where ours are, how the user's are read, and what their head must say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

from stellwerk.domain.text import clean
from stellwerk.planning.templating import fault

MAX_FILE: Final = 64_000
"""Bytes that a prompt or an example may have."""
_HERE: Final = Path(__file__).parents[1]
_FOLDERS: Final = (_HERE / "prompts", _HERE.parent / "prompts")
_FRONT: Final = re.compile(r"\+\+\+\n(?P<toml>.*?)^\+\+\+\n", re.DOTALL | re.MULTILINE)
_SPLIT: Final = re.compile(r"^---[ \t]*\n", re.MULTILINE)
_FIELDS: Final = {
    "id": str,
    "version": int,
    "stage": str,
    "inputs": list,
    "optional": list,
    "languages": list,
}
_NEEDED: Final = ("id", "version", "stage", "inputs")
_KINDS: Final = {str: "a text", int: "a whole number", list: "a list of texts"}


@cache
def our_folder() -> Path:
    """Return the folder with the prompts that come with Stellwerk."""
    return next(folder for folder in _FOLDERS if folder.is_dir())


@cache
def our_files() -> frozenset[str]:
    """Return the names of our prompts and examples, as in `examples/tasks.en.md`."""
    ours = our_folder()
    return frozenset(path.relative_to(ours).as_posix() for path in ours.rglob("*.md"))


def our_text(name: str) -> str:
    """Return the text of one of our files."""
    return (our_folder() / name).read_text(encoding="utf-8")


def own_text(folder: Path, name: str) -> str | None:
    """Return the text of a file in the user's folder; None if there is none.

    Raises:
        ConfigError: It is no readable UTF-8 file of a sensible size within the folder.
    """
    path = folder / name
    if not path.is_symlink() and not path.exists():
        return None
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            hint = "Put a copy of the file into the folder."
            raise fault(f"{path} leads out of the folder, to {real}.", hint)
        if not real.is_file():
            raise fault(f"{path} is no file.", "Move it out of the folder.")
        with real.open("rb") as file:
            raw = file.read(MAX_FILE + 1)
    except OSError as error:
        hint = "Make it readable, or move it out of the folder."
        raise fault(f"{path} cannot be read: {error.strerror}.", hint) from error
    if len(raw) > MAX_FILE:
        hint = "Say it shorter: models follow a short prompt better."
        raise fault(f"{path} has more than {MAX_FILE:,} bytes.", hint)
    try:
        return clean(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise fault(f"{path}:{line}: the text is not UTF-8.", "Save it as UTF-8.") from error


def head_of(path: Path, text: str) -> dict[str, Any]:
    """Return the fields of the front matter of a prompt.

    Raises:
        ConfigError: There is none, or it lacks a field, or has one of another kind.
    """
    front = _FRONT.match(text)
    if front is None:
        raise fault(
            f"{path}:1: the front matter between two lines `+++` is missing.",
            f"`stellwerk prompts show {path.stem}` prints ours: begin with a copy of it.",
        )
    head = _toml(path, front["toml"])
    for name, value in head.items():
        if name not in _FIELDS:
            _refuse(path, text, name, f"there is no field `{name}`", _FIELDS)
        texts = not isinstance(value, list) or all(isinstance(each, str) for each in value)
        if type(value) is not _FIELDS[name] or not texts:
            _refuse(path, text, name, f"`{name}` is not {_KINDS[_FIELDS[name]]}")
    for name in _NEEDED:
        if name not in head:
            raise fault(f"{path}:1: the front matter has no `{name}`.")
    return head


def check_head(
    path: Path, text: str, head: Mapping[str, Any], stage: str, inputs: Collection[str]
) -> None:
    """Refuse the front matter of a user's prompt that does not fit its place (ConfigError).

    Args:
        path: The file; its name is what `id` has to be.
        text: Its text.
        head: The fields of the front matter.
        stage: The stage it has to be for.
        inputs: What that stage gives.
    """
    for name, wanted in (("id", path.stem), ("stage", stage)):
        if head[name] != wanted:
            _refuse(path, text, name, f"`{name}` is {head[name]!r}, not {wanted!r}")
    if head["version"] < 1:
        _refuse(path, text, "version", "`version` is less than 1")
    for name in ("inputs", "optional"):
        for each in head.get(name, ()):
            if each not in inputs:
                _refuse(path, text, name, f"the stage {stage} gives no {each!r}", inputs)


def parts_of(path: Path, text: str) -> tuple[str, str]:
    """Return the system part and the user part of a prompt.

    Each is led by as many empty lines as there are before it, so that line numbers hold.

    Raises:
        ConfigError: There is no line `---` between them.
    """
    front = _FRONT.match(text)
    start = front.end() if front else 0
    line = _SPLIT.search(text, start)
    if line is None:
        raise fault(
            f"{path}:{text.count(chr(10)) + 1}: the line `---` between the system part and"
            " the user part is missing.",
            "Rules stand above that line, the goal and other data below it.",
        )
    above, below = text.count("\n", 0, start), text.count("\n", 0, line.end())
    return "\n" * above + text[start : line.start()], "\n" * below + text[line.end() :]


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) + 1 if found else text.count("\n") + 1
        told = re.sub(r" \(at .*\)", "", str(error)).rstrip(".")
        raise fault(f"{path}:{line}: the front matter is not TOML: {told}.") from error


def _refuse(
    path: Path, text: str, name: str, what: str, known: Collection[str] = ()
) -> NoReturn:
    """Raise the error about a field of a front matter, with its line."""
    lines = text.split("\n")
    starts = (n for n, line in enumerate(lines, 1) if line.split("=")[0].strip() == name)
    hint = f"There are: {', '.join(known)}." if known else ""
    raise fault(f"{path}:{next(starts, 1)}: {what}.", hint)
