"""Texts in pixels: how wide they get at most, and cut or broken into lines to fit.

Nobody knows the font a picture is seen with, so widths are those of DejaVu Sans, the widest of
the usual ones. Whatever is no ASCII counts by its terminal cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stellwerk.railway.fitting import cells_of

_CLASSES: Final[Mapping[float, str]] = {
    0.35: " 'ijl",
    0.4: ",./:;IJ\\|",
    0.45: "-f",
    0.5: "!()[]_`rt",
    0.55: '"*',
    0.6: "?csz",
    0.65: "Lx",
    0.7: "$0123456789EFTaekovy",
    0.75: "CPSYZbdghnpqu{}",
    0.8: "ABKRVX",
    0.85: "#+<=>DGHNOQU^~",
    0.9: "&",
    0.95: "w",
    1.0: "@M",
    1.05: "%m",
    1.15: "W",
}
"""Widths of bold letters in ems."""
_EMS: Final = {letter: ems for ems, letters in _CLASSES.items() for letter in letters}
_CELL: Final = 0.8
"""Ems of a terminal cell, for what is no ASCII; two of them hold an emoji."""
_REGULAR: Final = 0.93
"""How wide regular letters are beside bold ones."""
_ELLIPSIS: Final = "…"


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many pixels a text takes at most, at a font size in pixels."""
    ems = sum(_ems(letter) for letter in text)
    return ems * size * (1 if bold else _REGULAR)


def _ems(letter: str) -> float:
    found = _EMS.get(letter)
    return cells_of(letter) * _CELL if found is None else found


def cut(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return a text that fits into a room in pixels, with an ellipsis where it is cut."""
    if width_of(text, size, bold=bold) <= room:
        return text
    head = _head(text, room - width_of(_ELLIPSIS, size, bold=bold), size, bold=bold)
    return head.rstrip() + _ELLIPSIS


def wrapped(
    text: str, room: float, lines: int, size: float, *, bold: bool = False
) -> tuple[str, ...]:
    """Return a text in so many lines at most, the last one cut where it has to be."""
    found: list[str] = []
    left = text.strip()
    while left and len(found) < lines - 1:
        line = _line(left, room, size, bold=bold)
        found.append(line.rstrip())
        left = left[len(line) :].lstrip()
    if left:
        found.append(cut(left, room, size, bold=bold))
    return tuple(found)


def _line(text: str, room: float, size: float, *, bold: bool) -> str:
    """Return the beginning of a text that fits, up to a blank if there is one."""
    head = _head(text, room, size, bold=bold)
    if len(head) == len(text):
        return head
    blank = text[: len(head) + 1].rfind(" ")
    return text[:blank] if blank > 0 else head or text[:1]


def _head(text: str, room: float, size: float, *, bold: bool) -> str:
    """Return the longest beginning that fits and ends with a whole character."""
    end, taken = 0, 0.0
    for at, cluster in _clusters(text):
        taken += width_of(cluster, size, bold=bold)
        if taken > room:
            break
        end = at + len(cluster)
    return text[:end]


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each character begins, with the accents and joined parts it has."""
    at = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and (_joins(text[end]) or text[end - 1] == "\u200d"):
            continue
        yield at, text[at:end]
        at = end


def _joins(letter: str) -> bool:
    """Whether a letter belongs to the one before it: joiners, accents, tones of emoji."""
    if letter.isascii():
        return False
    return "\U0001f3fb" <= letter <= "\U0001f3ff" or not cells_of(letter)
