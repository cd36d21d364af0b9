"""Playbooks: plans in Stellwerk's Markdown with slots, read from a shelf of folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

from stellwerk.plugins.api import (
    Births,
    Document,
    ExchangeError,
    markdown_text,
    read_markdown,
)
from stellwerk_playbooks.front_matter import HEAD, Effort, Way, front_of, text_of
from stellwerk_playbooks.slots import Slot

SHELF: Final = Path(__file__).with_name("playbooks")
GENERAL: Final = "general"
SMALL: Final = "small"
SLOT: Final = re.compile(r"\{\{ *([a-z_]+) *\}\}")
MAX_FILES: Final = 500
MAX_PACKAGES: Final = 1_000
MAX_USES: Final = 2_000
_BOXES: Final = re.compile(r"^ ?[-*+] +\[[ xX]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Playbook:
    """A playbook on the shelf; `document` reads the plan itself.

    Attributes:
        id: Its name, the same in every language.
        language: Of its text.
        version: Counted up by its authors.
        keywords: Words that a goal of its kind ends with.
        examples: Goals it was written for.
        slots: What is filled in.
        path: Its file.
        size: `small` or `standard`.
        effort: Hours of its recommended way; None if as written.
        also: Other ways to say such a goal.
        stamp: Of the file when it was read, so that a change is seen.
    """

    id: str
    language: str
    version: int
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    slots: tuple[Slot, ...]
    path: Path
    size: str = "standard"
    effort: Effort | None = None
    also: tuple[Way, ...] = ()
    stamp: tuple[int, int] = (0, 0)

    @property
    def own(self) -> bool:
        """Whether it is the user's, not one that comes along."""
        return self.path.parent != SHELF

    def text(self) -> str:
        """Return the file's text."""
        return text_of(self.path)

    def document(self, values: Mapping[str, str]) -> Document:
        """Return the plan with its slots filled and fresh uids throughout.

        Raises:
            ExchangeError: The file is not a plan in Stellwerk's Markdown, or no plan that
                anybody can follow: too many slots, too many work packages.
        """
        text = self.text()
        head = HEAD.match(text)
        start = head.end() if head else 0
        self._refuse_flood(text, start)
        safe = {name: markdown_text(value) for name, value in values.items()}
        births = Births(datetime.now(UTC), lambda: uuid4().hex)
        document = read_markdown(
            str(self.path), text[:start] + filled(text[start:], safe), births
        )
        goal = document.plan.goal
        told = replace(
            goal,
            prologue=filled(goal.prologue, values),
            rallying_cry=filled(goal.rallying_cry, values),
        )
        return replace(document, plan=replace(document.plan, goal=told))

    def _refuse_flood(self, text: str, start: int) -> None:
        if len(_BOXES.findall(text, start)) > MAX_PACKAGES:
            msg = f"{self.path} has more than {MAX_PACKAGES:,} work packages."
            raise ExchangeError(msg, "Divide it: nobody follows a plan of that size.")
        if len(SLOT.findall(text)) > MAX_USES:
            raise ExchangeError(f"{self.path} uses slots more than {MAX_USES:,} times.")


class Skipped(NamedTuple):
    """A file of a user's shelf that is left out.

    Attributes:
        path: The file.
        reason: One sentence that names it.
    """

    path: Path
    reason: str


class Shelf(NamedTuple):
    """What lies on the shelf.

    Attributes:
        playbooks: By id and language; a user's one takes the place of ours.
        skipped: Files of the user's folders that could not be read.
    """

    playbooks: tuple[Playbook, ...]
    skipped: tuple[Skipped, ...]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its slots filled; unknown ones stay as they are."""
    return SLOT.sub(lambda found: values.get(found[1], found[0]), text)


@cache
def shelf(folders: tuple[Path, ...] = ()) -> tuple[Playbook, ...]:
    """Return the playbooks in our own folder and in the user's, as they are the first time."""
    return look(folders).playbooks


def look(folders: tuple[Path, ...] = ()) -> Shelf:
    """Return what lies on the shelf, and what had to be left out."""
    found = {(each.id, each.language): each for each in _ours()}
    skipped: list[Skipped] = []
    for path in (path for folder in folders for path in files_in(folder)):
        try:
            playbook = playbook_in(path)
        except ExchangeError as error:
            skipped.append(Skipped(path, error.message))
            continue
        if playbook:
            found[playbook.id, playbook.language] = playbook
    return Shelf(tuple(found[key] for key in sorted(found)), tuple(skipped))


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the Markdown files of a folder; links that lead out of it are left out."""
    try:
        root = folder.resolve()
        names = sorted(
            entry.name for entry in os.scandir(folder) if entry.name.endswith(".md")
        )
    except (OSError, RuntimeError):
        return
    for name in names[:MAX_FILES]:
        path = folder / name
        try:
            inside = path.resolve().is_relative_to(root)
        except (OSError, RuntimeError):
            continue
        if inside:
            yield path


def playbook_in(path: Path) -> Playbook | None:
    """Return the playbook in a file, or None if the file is none.

    Raises:
        ExchangeError: It cannot be read, or its front matter is not as it should be.
    """
    try:
        told = path.stat()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}."
        raise ExchangeError(msg) from error
    return _read(path, (told.st_mtime_ns, told.st_size))


@lru_cache(maxsize=2 * MAX_FILES)
def _read(path: Path, stamp: tuple[int, int]) -> Playbook | None:
    front = front_of(path)
    if front is None:
        return None
    return Playbook(
        id=front.id,
        language=front.language,
        version=front.version,
        keywords=front.keywords,
        examples=front.examples,
        slots=front.slots,
        path=path,
        size=front.size,
        effort=front.effort,
        also=front.also,
        stamp=stamp,
    )


@cache
def _ours() -> tuple[Playbook, ...]:
    return tuple(found for path in files_in(SHELF) if (found := playbook_in(path)))
