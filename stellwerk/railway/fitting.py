"""Texts in terminal cells: how wide they are, and cut to a width."""

from __future__ import annotations

from stellwerk.railway.glyphs import Charset


def cells_of(text: str) -> int:
    """Return how many cells a terminal needs for a text."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fitted(text: str, room: int, charset: Charset) -> str:
    """Return a text cut to a number of cells, with an ellipsis where it is cut."""
    if cells_of(text) <= room:
        return text
    mark = charset.ellipsis
    if room <= len(mark):
        return ""
    from rich.cells import set_cell_size

    return set_cell_size(text, room - len(mark)).rstrip() + mark


def sliced(text: str, start: int, stop: int) -> str:
    """Return a text from one cell up to another; half of a wide character is a blank."""
    if text.isascii():
        return text[start:stop]
    from rich.cells import split_text

    behind = split_text(text, start)[1] if start else text
    return split_text(behind, stop - start)[0]


def padded(text: str, room: int) -> str:
    """Return a text with blanks behind it, as wide as a number of cells."""
    return text + " " * max(room - cells_of(text), 0)


def wrapped(text: str, room: int, rows: int, charset: Charset) -> list[str]:
    """Return a text in rows of a number of cells, broken between words; the last one is cut."""
    found: list[str] = []
    line = ""
    words = text.split()
    for at, word in enumerate(words):
        longer = f"{line} {word}" if line else word
        if not line or cells_of(longer) <= room:
            line = longer
            continue
        if len(found) + 1 == rows:
            line = " ".join([line, *words[at:]])
            break
        found.append(fitted(line, room, charset))
        line = word
    return [*found, fitted(line, room, charset)]
