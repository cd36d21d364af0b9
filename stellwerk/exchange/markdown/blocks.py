"""Markdown as a flat run of blocks: headings, top-level list items, and other text.

markdown-it finds the blocks (so a `#` in a code fence is no heading); the text itself is
taken from the source lines, unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from stellwerk.errors import ExchangeError
from stellwerk.exchange.markdown.markers import Fields, split, toml

GENERATED: Final = ("<!-- stellwerk generated -->", "<!-- stellwerk end -->")
_FRONT: Final = re.compile(
    r"\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_DEEPEST: Final = 40
_AT_LINE: Final = re.compile(r"\(at line (\d+),")
_BOX: Final = re.compile(r"\[(?P<mark>[ xX])\](?:[ \t]+|$)")


class Kind(Enum):
    """What a block is."""

    HEADING = auto()
    ITEM = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block of a Markdown file.

    Attributes:
        kind: Heading, list item or other text.
        name: Of the file.
        start: Line it starts at, from 0.
        source: Its lines, blank ones at the end left out.
        text: Title of a heading, first line of an item; empty for other text.
        level: Of a heading, 1..6.
        ref: Of its marker, if it has one.
        fields: Of its marker.
        ticked: State of an item's checkbox; None without one.
        body: Source below the first line of an item, its indentation taken off.
    """

    kind: Kind
    name: str
    start: int
    source: str
    text: str = ""
    level: int = 0
    ref: str | None = None
    fields: Fields | None = None
    ticked: bool | None = None
    body: str = ""

    @property
    def where(self) -> str:
        """`file:line`, for errors."""
        return f"{self.name}:{self.start + 1}"

    @property
    def stop(self) -> int:
        """The line after its last one, from 0."""
        return self.start + self.source.count("\n") + 1


def front_matter(name: str, text: str) -> tuple[dict[str, Any], str]:
    """Return (front matter, the rest), the rest with its line numbers kept.

    Raises:
        ExchangeError: The front matter is not TOML.
    """
    found = _FRONT.match(text)
    if not found:
        return {}, text
    try:
        table = toml(found["toml"])
    except ValueError as error:
        line = int(told[1]) + 1 if (told := _AT_LINE.search(str(error))) else 1
        msg = f"{name}:{line}: the front matter is not TOML: {error}."
        raise ExchangeError(msg) from error
    return table, "\n" * found[0].count("\n") + text[found.end() :]


def blocks(name: str, text: str) -> Iterator[Block]:
    """Yield the blocks of a file, generated parts left out.

    Every line that is not blank belongs to exactly one block.
    """
    lines = list(_written(name, text))
    line = 0
    for block in _structure(name, lines):
        yield from _text(name, lines, line, block.start)
        yield block
        line = block.stop
    yield from _text(name, lines, line, len(lines))


def swallows(text: str) -> bool:
    """Whether a text at the beginning of a file hides a heading below it (an open fence)."""
    if "```" not in text and "~~~" not in text:
        return False
    return _parser().parse(f"{text}\n\n# x")[-1].type != "heading_close"


def _structure(name: str, lines: list[str]) -> Iterator[Block]:
    """Yield the headings and the items of top-level bullet lists."""
    tokens = _parser().parse("\n".join(lines))
    depth, outermost = 0, ""
    for at, token in enumerate(tokens):
        outermost = token.type if depth == 0 else outermost
        depth += token.nesting
        if not token.map:
            continue
        if token.type == "list_item_open" and depth == 2 and outermost == "bullet_list_open":
            yield _item(name, lines, *token.map)
        elif token.type == "heading_open" and depth == 1 and token.markup.startswith("#"):
            yield _heading(name, token.map[0], len(token.markup), tokens[at + 1], lines)


def _written(name: str, text: str) -> Iterator[str]:
    """Yield the lines, those of generated parts as empty ones."""
    begin, end = GENERATED
    hidden = 0
    for number, line in enumerate(text.split("\n"), 1):
        hidden = number if not hidden and line.strip() == begin else hidden
        yield "" if hidden else line
        hidden = hidden if line.strip() != end else 0
    if hidden:
        msg = f"{name}:{hidden}: the generated part that begins here has no end."
        raise ExchangeError(msg, f"Put the line {end} below it.")


class _Blocks(ParserBlock):
    """A block parser that leaves out what is nested too deeply, and nothing below it."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        """Find the blocks of some lines; the names are those of the library."""
        if state.level < _DEEPEST:
            super().tokenize(state, startLine, endLine)
            return
        line = startLine + 1
        while line < endLine and (
            state.isEmpty(line) or state.sCount[line] >= state.blkIndent
        ):
            line += 1
        state.line = line


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 2 * _DEEPEST})
    parser.block = _Blocks()
    parser.block.ruler.disable("table")
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


def _heading(name: str, start: int, level: int, inline: Token, lines: list[str]) -> Block:
    title, ref, fields = split(inline.content, f"{name}:{start + 1}")
    return Block(Kind.HEADING, name, start, lines[start], title, level, ref, fields)


def _item(name: str, lines: list[str], start: int, stop: int) -> Block:
    first = lines[start].strip(" \t")[1:].strip(" \t")
    box = _BOX.match(first)
    title, ref, fields = split(first[box.end() :] if box else first, f"{name}:{start + 1}")
    indent = len(lines[start]) - len(lines[start].lstrip()) + 2
    body = "\n".join(_dedented(line, indent) for line in lines[start + 1 : stop])
    ticked = box["mark"] in "xX" if box else None
    source = _source(lines, start, stop)
    return Block(Kind.ITEM, name, start, source, title, 0, ref, fields, ticked, body)


def _text(name: str, lines: list[str], start: int, stop: int) -> Iterator[Block]:
    while start < stop and not lines[start].strip():
        start += 1
    if start < stop:
        yield Block(Kind.TEXT, name, start, _source(lines, start, stop))


def _source(lines: list[str], start: int, stop: int) -> str:
    """Return some lines, blank ones as empty, those at the end left out."""
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    return "\n".join(line if line.strip() else "" for line in lines[start:stop])


def _dedented(line: str, indent: int) -> str:
    return line[indent:] if not line[:indent].strip() else line
