"""Tables for a terminal: columns as wide as what stands in them, cut where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from stellwerk.cli.ink import Ink

GAP = "  "
NARROWEST = 8
"""Cells that a column which shrinks keeps."""
Cell: TypeAlias = str | tuple[str, str]
"""A text, or a text and its style."""


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        head: What stands above it.
        right: Whether it is aligned to the right, as numbers are.
        shrinks: Whether it may be cut for want of room.
        style: Of its texts, where a cell has none of its own.
    """

    head: str
    right: bool = False
    shrinks: bool = False
    style: str = ""


def table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int, ink: Ink
) -> list[str]:
    """Return the lines of a table, its head first."""
    heads: list[Cell] = [(column.head, "dim") for column in columns]
    told = [heads, *rows]
    wide = [max(cells(_text(row[at])) for row in told) for at in range(len(columns))]
    spare = width - sum(wide) - len(GAP) * (len(columns) - 1)
    shrinking = [at for at, column in enumerate(columns) if column.shrinks]
    while spare < 0 and any(wide[at] > NARROWEST for at in shrinking):
        widest = max(shrinking, key=lambda at: wide[at])
        wide[widest] -= 1
        spare += 1
    return [_line(columns, row, wide, ink) for row in told]


def cells(text: str) -> int:
    """Return how many cells of a terminal a text without colours takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, room: int) -> str:
    """Return a text without colours cut to a number of cells."""
    if cells(text) <= room:
        return text
    while text and cells(text) >= room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _line(
    columns: Sequence[Column], row: Sequence[Cell], wide: Sequence[int], ink: Ink
) -> str:
    parts = []
    for column, cell, room in zip(columns, row, wide, strict=True):
        text = cut(_text(cell), room)
        style = column.style if isinstance(cell, str) else cell[1]
        blank = " " * (room - cells(text))
        inked = ink(style, text)
        parts.append(blank + inked if column.right else inked + blank)
    return GAP.join(parts).rstrip()


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]
