"""Text measured and cut in terminal cells; rich is asked only about what is not ASCII."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_CODE: Final = re.compile(r"\x1b\[[0-9;]*[mG]")


def cells(text: str) -> int:
    """Return how many cells a text takes, escape sequences not counted."""
    plain = _CODE.sub("", text)
    if plain.isascii():
        return len(plain)
    from rich.cells import cell_len

    return cell_len(plain)


def cut(text: str, room: int, ellipsis: str = "…") -> str:
    """Return text without colours cut to a number of cells."""
    if cells(text) <= room:
        return text
    left = room - len(ellipsis)
    if left <= 0:
        return ""
    if text.isascii():
        return text[:left].rstrip() + ellipsis
    from rich.cells import set_cell_size

    return set_cell_size(text, left).rstrip() + ellipsis


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return text filled up with spaces, on its left if it is to stand right."""
    fill = " " * (width - cells(text))
    return fill + text if right else text + fill


def to_column(column: int) -> str:
    """Return what moves the cursor to a column, from 0 on.

    Terminals do not agree on the width of every emoji; what follows stands right in all.
    """
    return f"\x1b[{column + 1}G"


def fitting(parts: Sequence[Sequence[str]], room: int, between: str) -> str:
    """Return parts in one line: each as long as it may be, the last ones left out if need be.

    Args:
        parts: The variants of each part, the longest first.
        room: How many cells there are.
        between: What stands between two parts.
    """
    for kept in range(len(parts), 0, -1):
        for level in range(max(map(len, parts[:kept]))):
            line = between.join(part[: level + 1][-1] for part in parts[:kept])
            if cells(line) <= room:
                return line
    return ""
