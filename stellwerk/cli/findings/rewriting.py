"""Writing a fixed plan back into its one file, all else in it kept byte for byte.

A file as our exporters write it is written anew. Of one that a person has edited only the
lines are replaced that the fix changes, where each of them can be told from all others; what
comes of it is read again, and has to be the fixed plan.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from stellwerk.errors import ConflictError, StellwerkError
from stellwerk.exchange.document import Document
from stellwerk.exchange.files import write_file
from stellwerk.exchange.markdown.blocks import GENERATED

_AROUND: Final = 3
_BOM: Final = "\ufeff"


class Form(NamedTuple):
    """A format that a document can be read from and written to.

    Attributes:
        read: Returns the document in a text.
        write: Returns the text of a document.
    """

    read: Callable[[str], Document]
    write: Callable[[Document], str]


class _Hunk(NamedTuple):
    """Lines that take the place of others, from `start` up to `stop`."""

    start: int
    stop: int
    lines: list[str]


def rewritten(text: str, before: Document, after: Document, form: Form) -> str | None:
    """Return the text of a document after a fix, or None if more than that would change.

    Args:
        text: As it was read.
        before: What was read from it.
        after: The same with the fix.
        form: How it is read and written.
    """
    old, new = form.write(before), form.write(after)
    if old == text:
        return new
    hunks = _hunks(text.split("\n"), _written(old), _written(new))
    if hunks is None:
        return None
    lines = text.split("\n")
    for hunk in sorted(hunks, reverse=True):
        lines[hunk.start : hunk.stop] = hunk.lines
    made = "\n".join(lines)
    try:
        again = form.read(made)
    except StellwerkError:
        return None
    same = again.plan == after.plan and dict(again.notes) == dict(after.notes)
    return made if same else None


def write_back(path: Path, text: str, made: str) -> None:
    """Put a rewritten text into its file; line ends, byte order mark and mode stay.

    Raises:
        ConflictError: The file has changed since it was read.
    """
    raw = path.read_bytes().decode("utf-8")
    mark = _BOM if raw.startswith(_BOM) else ""
    if raw.removeprefix(_BOM).replace("\r\n", "\n") != text:
        msg = f"{path} was changed while it was being fixed; nothing was written."
        raise ConflictError(msg, "Make the call again.")
    ends = "\r\n" if "\r\n" in raw else "\n"
    mode = path.stat().st_mode
    write_file(path.resolve(), mark + made.replace("\n", ends))
    path.chmod(stat.S_IMODE(mode))


def one_line_end(path: Path) -> bool:
    """Whether all lines of a file end in the same way."""
    raw = path.read_bytes()
    return raw.count(b"\r\n") in (0, raw.count(b"\n"))


def _written(text: str) -> list[str]:
    """Return the lines of an export without what is generated in it."""
    begin, end = GENERATED
    lines, hidden = list[str](), False
    for line in text.split("\n"):
        hidden = hidden or line == begin
        if not hidden:
            lines.append(line)
        hidden = hidden and line != end
    return lines


def _hunks(
    text: Sequence[str], old: Sequence[str], new: Sequence[str]
) -> tuple[_Hunk, ...] | None:
    """Return what changes in a text, or None if its places cannot be told for certain."""
    found = []
    for start, stop, lines in _changes(old, new):
        place = _place(text, old, start, stop)
        if place is None:
            return None
        found.append(_Hunk(place, place + stop - start, list(lines)))
    apart = sorted(found)
    overlap = any(a.stop > b.start for a, b in pairwise(apart))
    return None if overlap else tuple(apart)


def _changes(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[int, int, Sequence[str]]]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            yield i1, i2, new[j1:j2]


def _place(text: Sequence[str], old: Sequence[str], start: int, stop: int) -> int | None:
    """Return where some lines of an export stand in a text, with as little around as needed."""
    for around in range(_AROUND + 1):
        low, high = max(start - around, 0), min(stop + around, len(old))
        wanted = list(old[low:high])
        if not any(line.strip() for line in wanted):
            continue
        size = len(wanted)
        places = [
            at
            for at in range(len(text) - size + 1)
            if text[at] == wanted[0] and list(text[at : at + size]) == wanted
        ]
        if len(places) == 1:
            return places[0] + start - low
        if not places:
            return None
    return None
