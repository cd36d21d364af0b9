"""Playbooks: plans in Stellwerk's Markdown with slots, read from a shelf of folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from stellwerk.plugins.api import (
    Births,
    Document,
    ExchangeError,
    markdown_text,
    one_line,
    read_markdown,
)

SHELF: Final = Path(__file__).with_name("playbooks")
GENERAL: Final = "general"
_SLOT: Final = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_MAX_BYTES: Final = 2 * 1024 * 1024
_HEAD: Final = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slot:
    """A blank that is filled from the goal's words.

    Attributes:
        name: As in `{{name}}`.
        lead: Verbs that the wanted phrase follows (German: stands before).
        default: What stands there if the goal does not say.
    """

    name: str
    lead: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook on the shelf; `document` reads the plan itself.

    Attributes:
        id: Its name, the same in every language.
        language: Of its text.
        version: Counted up by its authors.
        keywords: Words that a goal of its kind contains.
        examples: Goals it was written for.
        slots: What is filled in.
        path: Its file.
    """

    id: str
    language: str
    version: int
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    slots: tuple[Slot, ...]
    path: Path

    def text(self) -> str:
        """Return the file's text."""
        return _text(self.path)

    def document(self, values: Mapping[str, str]) -> Document:
        """Return the plan with its slots filled and fresh uids throughout.

        Raises:
            ExchangeError: The file is not a plan in Stellwerk's Markdown.
        """
        text = self.text()
        head = _HEAD.match(text)
        start = head.end() if head else 0
        safe = {name: markdown_text(value) for name, value in values.items()}
        births = Births(datetime.now(UTC), lambda: uuid4().hex)
        document = read_markdown(
            str(self.path), text[:start] + _filled(text[start:], safe), births
        )
        goal = document.plan.goal
        told = replace(
            goal,
            prologue=_filled(goal.prologue, values),
            rallying_cry=_filled(goal.rallying_cry, values),
        )
        return replace(document, plan=replace(document.plan, goal=told))


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda found: values.get(found[1], found[0]), text)


@cache
def shelf(folders: tuple[Path, ...] = ()) -> tuple[Playbook, ...]:
    """Return the playbooks in our own folder and in the user's, by id and language.

    A user's playbook takes the place of ours with the same id and language.
    """
    found: dict[tuple[str, str], Playbook] = {}
    for folder in (SHELF, *folders):
        for playbook in _in_folder(folder):
            found[playbook.id, playbook.language] = playbook
    return tuple(found[key] for key in sorted(found))


def _in_folder(folder: Path) -> Iterator[Playbook]:
    root = folder.resolve()
    for path in sorted(folder.glob("*.md")):
        if path.resolve().is_relative_to(root) and (playbook := _described(path)):
            yield playbook


def _described(path: Path) -> Playbook | None:
    """Return the playbook of a file, or None if the file is not one."""
    import tomllib

    head = _HEAD.match(_text(path))
    try:
        front = tomllib.loads(head[1]) if head else {}
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{path}: the front matter is not TOML: {error}.") from error
    told = front.get("playbook")
    if not isinstance(told, dict):
        return None
    try:
        return Playbook(
            id=_word(told["id"]),
            language=one_line(str(front.get("language", "en"))),
            version=int(told.get("version", 1)),
            keywords=_words(told.get("keywords", [])),
            examples=_words(told.get("examples", [])),
            slots=tuple(_slots(told.get("slots", {}))),
            path=path,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        msg = f"{path}: the [playbook] table is not as it should be ({error!r})."
        raise ExchangeError(msg, "See docs/reference/markdown.md.") from error


def _slots(table: Mapping[str, Any]) -> Iterator[Slot]:
    for name, told in table.items():
        yield Slot(name, _words(told.get("lead", [])), str(told.get("default", "")))


def _words(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("a list of strings is expected")
    return tuple(one_line(value) for value in values)


def _word(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", value):
        raise ValueError(f"the id {value!r} is not lower-case words and hyphens")
    return value


def _text(path: Path) -> str:
    if not path.is_file():
        raise ExchangeError(f"{path} cannot be read: it is no file.")
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise ExchangeError(f"{path} is larger than a playbook can be.")
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ExchangeError(f"{path} cannot be read: {error}.") from error
