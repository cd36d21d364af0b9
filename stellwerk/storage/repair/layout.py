"""Where the tables of a damaged database are, if need be as they are in a fresh one.

The schema of a database is on its first page and those that this one names. A fresh
database lays it out the same way each time, so its pages can stand in for lost ones,
wherever what is left of the schema is as in the fresh one.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from stellwerk.storage.repair.damaged import Column, Garbage, opened, read_rows

_HEADER: Final = 100
_INTERIOR: Final = 5
_SCHEMA: Final = "SELECT name, type, tbl_name, rootpage, sql FROM sqlite_master ORDER BY rowid"


class Part(NamedTuple):
    """A table or index of a schema."""

    kind: str
    table: str
    page: int
    sql: str | None


Layout: TypeAlias = dict[str, Part]


def layout_of(path: Path) -> Layout:
    """Return what can be read of a database's schema, by name."""
    with closing(opened(str(path))) as connection:
        rows, clean = read_rows(connection, _SCHEMA)
        if not clean:
            rows += read_rows(connection, f"{_SCHEMA} DESC")[0]
    sound = [row for row in rows if not any(isinstance(cell, Garbage) for cell in row)]
    return {str(name): Part(*rest) for name, *rest in sound}


def completed(copy: Path, fresh: Path) -> Layout:
    """Return the layout of a damaged database, its lost pages replaced by a fresh one's.

    Args:
        copy: A copy of the database, which is changed.
        fresh: A fresh database, closed.

    Returns:
        Its parts by name; none if nothing of them can be read or told.
    """
    found, expected = layout_of(copy), layout_of(fresh)
    if found.keys() >= expected.keys():
        return found
    first, *others = _schema_pages(fresh)
    alike = _same_first(copy, fresh)
    if not found and not alike:
        _transplant(copy, fresh, [first])
        found = layout_of(copy)
    if found.items() <= expected.items() and (found or alike):
        _transplant(copy, fresh, others)
        found = layout_of(copy)
    return found


def shape_of(connection: sqlite3.Connection, table: str) -> list[Column]:
    """Return the columns of a table."""
    rows = connection.execute(f'PRAGMA table_info("{table}")')
    return [Column(name, kind, bool(needed)) for _, name, kind, needed, _, _ in rows]


def _schema_pages(path: Path) -> list[int]:
    """Return the numbers of the pages of a schema: the first, and those that it names."""
    with path.open("rb") as file:
        page = file.read(_page_size(path))
    if page[_HEADER] != _INTERIOR:
        return [1]
    count = int.from_bytes(page[_HEADER + 3 : _HEADER + 5], "big")
    at = _HEADER + 12
    cells = [int.from_bytes(page[p : p + 2], "big") for p in range(at, at + 2 * count, 2)]
    named = [int.from_bytes(page[cell : cell + 4], "big") for cell in cells]
    return [1, *named, int.from_bytes(page[_HEADER + 8 : _HEADER + 12], "big")]


def _same_first(copy: Path, fresh: Path) -> bool:
    """Whether the first page of both names the same pages, its header left aside."""
    pages = []
    for path in (copy, fresh):
        with path.open("rb") as file:
            pages.append(file.read(_page_size(fresh))[_HEADER:])
    return pages[0] == pages[1]


def _transplant(copy: Path, fresh: Path, pages: list[int]) -> None:
    """Put pages of a fresh database into a damaged one, the first with a fitting header."""
    size = _page_size(fresh)
    with copy.open("r+b") as file, fresh.open("rb") as source:
        count = max(*pages, -(-copy.stat().st_size // size))
        for number in pages:
            source.seek((number - 1) * size)
            page = bytearray(source.read(size))
            if number == 1:
                page[28:32] = count.to_bytes(4, "big")
                page[32:40] = bytes(8)  # no free pages: what is on them is not read
                page[92:96] = page[24:28]  # the number of pages counts
            file.seek((number - 1) * size)
            file.write(page)


def _page_size(path: Path) -> int:
    with path.open("rb") as file:
        size = int.from_bytes(file.read(18)[16:18], "big")
    return 65536 if size == 1 else size
