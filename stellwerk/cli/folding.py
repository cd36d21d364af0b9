"""Long lines folded at words for a terminal; what goes into pipes and files is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_CODE: Final = re.compile(r"\x1b\[[0-9;]*m")
_HANG: Final = re.compile(r"\s*(?:[-*+] (?:\[[ xX]\] )?|\d+[.)] |\[.\] )?")
_FENCE: Final = re.compile(r"\s*(```|~~~)")
_NARROWEST: Final = 20
_WORD: Final = re.compile(r"\s*\S+")
_WORD_OR_COMMAND: Final = re.compile(r"\s*(?:`[^`\s][^`]{0,38}`|\S)+")
_FITS_COMMANDS: Final = 60
"""Columns from which a command in backticks stays on one line, to be copied."""


def folded(text: str, width: int) -> str:
    """Return text with no line wider than `width` cells where a space allows it.

    Continuation lines hang under the text of a list item; code in fences is left alone.
    """
    lines, fenced = list[str](), False
    for line in text.split("\n"):
        fence = bool(_FENCE.match(line))
        fenced = fenced is not fence
        keep = fenced or fence or len(line) <= width or width < _NARROWEST
        lines += [line] if keep else _folded(line, width)
    return "\n".join(lines)


def _folded(line: str, width: int) -> Iterator[str]:
    hang = _HANG.match(_CODE.sub("", line))
    indent = " " * min(len(hang[0]) if hang else 0, width // 2)
    row = ""
    words = _WORD_OR_COMMAND if width >= _FITS_COMMANDS else _WORD
    for word in words.findall(line):
        if row.strip() and _cells(row) + _cells(word) > width:
            yield row
            row = indent + word.lstrip()
        else:
            row += word
    yield row


def _cells(text: str) -> int:
    """Return how many terminal cells a text takes, colour codes not counted."""
    plain = _CODE.sub("", text)
    if plain.isascii():
        return len(plain)
    from rich.cells import cell_len

    return cell_len(plain)
