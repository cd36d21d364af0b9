"""Fenced blocks of Markdown pages, and the commands with their output in console fences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_OPENS = re.compile(r"(?P<indent> *)(?P<mark>`{3,})(?P<info>[^`]*)$")


@dataclass(frozen=True)
class Fence:
    """A fenced block.

    Attributes:
        page: The file it stands in.
        line: Line of its first text line, from 1.
        language: First word of the info string.
        name: Second word: the file a reader is told to save the text as.
        lines: Its text.
    """

    page: Path
    line: int
    language: str
    name: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "".join(f"{line}\n" for line in self.lines)

    @property
    def where(self) -> str:
        """`page:line`, for messages."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A command of a console fence and the output shown below it.

    Attributes:
        where: `page:line`.
        start: Line of the command in the page, from 1.
        text: What is typed after the `$`.
        shown: The output lines of the page.
    """

    where: str
    start: int
    text: str
    shown: tuple[str, ...]


def fences(page: Path) -> Iterator[Fence]:
    """Yield the fenced blocks of a page in order."""
    lines = page.read_text(encoding="utf-8").split("\n")
    at = 0
    while at < len(lines):
        opened = _OPENS.fullmatch(lines[at])
        at += 1
        if not opened:
            continue
        start, closing = at, re.compile(rf" *{opened['mark']} *")
        while not closing.fullmatch(lines[at]):
            at += 1
        language, _, name = opened["info"].strip().partition(" ")
        yield Fence(page, start + 1, language, name, tuple(lines[start:at]))
        at += 1


def commands(fence: Fence) -> Iterator[Command]:
    """Yield the commands of a console fence."""
    starts = [n for n, line in enumerate(fence.lines) if line.startswith("$ ")]
    for start, stop in zip(starts, [*starts[1:], len(fence.lines)], strict=True):
        line = fence.line + start
        where = f"{fence.page.relative_to(ROOT)}:{line}"
        text = fence.lines[start][2:]
        yield Command(where, line, text, tuple(fence.lines[start + 1 : stop]))


def pages(*folders: str) -> list[Path]:
    """Return the pages in some folders of the documentation, in a stable order."""
    return sorted(page for folder in folders for page in (DOCS / folder).glob("*.md"))
