"""Rows on pages that nothing leads to any more, read from the bytes of the file.

A destroyed page may be the one that names the pages of a table; those are still there.
Their rows are found here by SQLite's file format, https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from stellwerk.storage.repair.damaged import Row, text_or_garbage

_LEAF: Final = 13
_MOST: Final = 2**30
"""Bytes of the largest row that is believed in."""
_INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def orphans(path: Path) -> dict[int, list[Row]]:
    """Return every row on every page of rows, by its number; of whatever table it is."""
    raw = path.read_bytes()
    size = _page_size(raw)
    found: dict[int, list[Row]] = {}
    for start in range(size, len(raw) - size + 1, size):
        if raw[start] == _LEAF:
            for number, row in _rows(raw, start, size):
                found.setdefault(number, []).append(row)
    return found


def _page_size(raw: bytes) -> int:
    size = int.from_bytes(raw[16:18], "big")
    return 65536 if size == 1 else size


def _rows(raw: bytes, start: int, size: int) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a page; what is no row is left out."""
    count = int.from_bytes(raw[start + 3 : start + 5], "big")
    for at in range(start + 8, start + min(8 + 2 * count, size - 1), 2):
        cell = start + int.from_bytes(raw[at : at + 2], "big")
        try:
            length, cell = _varint(raw, cell)
            number, cell = _varint(raw, cell)
            if 0 < length < _MOST:
                yield number, _record(_payload(raw, cell, length, size))
        except (IndexError, ValueError, struct.error):
            continue


def _payload(raw: bytes, at: int, length: int, size: int) -> bytes:
    """Return the bytes of a row, which may go on on other pages."""
    usable = size - raw[20]
    local = length
    if length > usable - 35:
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= usable - 35 else least
    parts, rest = [raw[at : at + local]], length - local
    page = int.from_bytes(raw[at + local : at + local + 4], "big") if rest else 0
    while rest > 0:
        start = (page - 1) * size
        if page < 2 or start + size > len(raw):
            raise ValueError(page)
        page = int.from_bytes(raw[start : start + 4], "big")
        part = raw[start + 4 : start + 4 + min(rest, usable - 4)]
        parts.append(part)
        rest -= len(part)
    return b"".join(parts)


def _record(payload: bytes) -> Row:
    """Return the values of a row."""
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    cells, at = [], end
    for kind in kinds:
        cell, at = _cell(payload, kind, at)
        cells.append(cell)
    if at != len(payload):
        raise ValueError(at)
    return tuple(cells)


def _cell(payload: bytes, kind: int, at: int) -> tuple[Any, int]:
    """Return a value and where the next one begins."""
    if kind in _INTEGERS:
        end = at + _INTEGERS[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind == 7:
        return struct.unpack(">d", payload[at : at + 8])[0], at + 8
    if kind >= 12:
        end = at + (kind - 12) // 2
        part = payload[at:end]
        return (text_or_garbage(part) if kind % 2 else part), end
    if kind in (0, 8, 9):
        return {0: None, 8: 0, 9: 1}[kind], at
    raise ValueError(kind)


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where the next one begins."""
    number = 0
    for _ in range(8):
        number = number << 7 | raw[at] & 0x7F
        at += 1
        if raw[at - 1] < 0x80:
            return number, at
    return number << 8 | raw[at], at + 1
