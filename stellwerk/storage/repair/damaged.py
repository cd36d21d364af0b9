"""Reading a damaged database: every row that a broken page did not take with it.

Each table is read from both ends up to what cannot be read, then between. Its indexes say
which rows there were, and hold parts of those that are lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

Row: TypeAlias = tuple[Any, ...]
_PROBES: Final = 50_000
"""How often rows are looked for between those that were read, for each table."""
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "VARCHAR": (str,),
    "TEXT": (str,),
    "INTEGER": (int,),
    "FLOAT": (float, int),
    "BLOB": (bytes,),
}
_BROKEN: Final = (sqlite3.DatabaseError, UnicodeDecodeError, MemoryError, OverflowError)
"""What reading a broken page raises."""


class Garbage(bytes):
    """Bytes where a text should be."""


class Column(NamedTuple):
    """A column of a table."""

    name: str
    kind: str
    needed: bool

    def read(self, cell: Any) -> Any:
        """Return a value as SQLite reads it: whole numbers are stored without a fraction."""
        return float(cell) if self.kind == "FLOAT" and isinstance(cell, int) else cell

    def takes(self, cell: object) -> bool:
        """Whether a value can be one of this column."""
        if cell is None:
            return not self.needed
        if not isinstance(cell, _TYPES.get(self.kind, (object,))):
            return False
        return not (self.name == "at" or self.name.endswith("_at")) or _is_time(cell)


@dataclass(slots=True)
class Reading:
    """What could be read of a table.

    Attributes:
        table: Its name.
        columns: Names of its columns.
        rows: Rows by their number, all values of the right type.
        lost: What is known of rows that could not be read, by their number.
        blind: Whether rows may be missing that nobody knows of.
        doubted: Numbers of rows that an index does not have as they were read, or that
            were found on a page that nothing leads to, where older ones may be too.
    """

    table: str
    columns: tuple[str, ...]
    rows: dict[int, Row] = field(default_factory=dict)
    lost: dict[int, dict[str, Any]] = field(default_factory=dict)
    blind: bool = False
    doubted: set[int] = field(default_factory=set)

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Yield every row by column."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows.values())


def opened(path: str) -> sqlite3.Connection:
    """Open a copy of a damaged database so that as much as possible can be read."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.text_factory = text_or_garbage
    # The first also lets a file be read that was cut short, and a schema that is in parts.
    for pragma in ("writable_schema = ON", "cell_size_check = ON", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def read_table(
    connection: sqlite3.Connection,
    table: str,
    shape: Sequence[Column],
    orphans: Callable[[], Mapping[int, Sequence[Row]]] = dict,
) -> Reading:
    """Return what can be read of a table.

    Args:
        connection: From `opened`.
        table: Its name.
        shape: The columns it should have.
        orphans: Returns rows of any table that are on the pages of the file, by number.
    """
    names = tuple(column.name for column in shape)
    reading = Reading(table, names)
    keys, complete = _index_keys(connection, table)
    clean = _scan(connection, reading, keys)
    for rowid in keys.keys() - reading.rows.keys():
        for row in _by_number(connection, reading, rowid):
            reading.rows[rowid] = row
    _refuse_garbage(reading, shape)
    adopted = set()
    for rowid in keys.keys() - reading.rows.keys():
        if found := _adopted(orphans().get(rowid, ()), shape, keys[rowid]):
            reading.rows[rowid] = found
            reading.lost.pop(rowid, None)
            adopted.add(rowid)
        else:
            _from_parts(connection, reading, shape, rowid, keys[rowid])
    reading.blind = not clean and not complete
    reading.doubted = adopted | set(_doubts(reading, keys, complete=complete))
    return reading


def read_rows(connection: sqlite3.Connection, query: str) -> tuple[list[Row], bool]:
    """Return the rows of a query up to what cannot be read, and whether that is all."""
    rows: list[Row] = []
    try:
        rows.extend(connection.execute(query))
    except _BROKEN:
        return rows, False
    return rows, True


def _scan(
    connection: sqlite3.Connection, reading: Reading, keys: Mapping[int, object]
) -> bool:
    """Read a table from its beginning and from its end, then between; say if it was whole."""
    low, clean = _take(connection, reading, "ASC", (0, 2**62))
    if clean:
        return True
    high, _ = _take(connection, reading, "DESC", (low, 2**62))
    if high == 2**62:
        high = max(keys, default=low) + 1
    ranges, probes = [(low, high)], 0
    while ranges and probes < _PROBES:
        start, end = ranges.pop()
        if end - start < 2:
            continue
        probes += 1
        first, clean = _take(connection, reading, "ASC", (start, end))
        if clean:
            continue
        last, _ = _take(connection, reading, "DESC", (first, end))
        if last - first > 2:
            middle = (first + last + 1) // 2
            ranges += [(first, middle), (middle - 1, last)]
    return False


def _take(
    connection: sqlite3.Connection, reading: Reading, order: str, between: tuple[int, int]
) -> tuple[int, bool]:
    """Read rows between two numbers in an order; return how far, and whether to the end."""
    at = between[0] if order == "ASC" else between[1]
    query = (
        f"SELECT rowid, {', '.join(reading.columns)} FROM {reading.table} NOT INDEXED"
        f" WHERE rowid > ? AND rowid < ? ORDER BY rowid {order}"
    )
    try:
        for rowid, *cells in connection.execute(query, between):
            reading.rows[rowid] = tuple(cells)
            at = rowid
    except _BROKEN:
        return at, False
    return at, True


def _by_number(connection: sqlite3.Connection, reading: Reading, rowid: int) -> list[Row]:
    query = (
        f"SELECT {', '.join(reading.columns)} FROM {reading.table} NOT INDEXED WHERE rowid ="
    )
    return read_rows(connection, f"{query} {rowid}")[0]


def _refuse_garbage(reading: Reading, shape: Sequence[Column]) -> None:
    """Take out rows with values that their columns cannot hold; note what they can."""
    for rowid, row in [*reading.rows.items()]:
        if not all(map(Column.takes, shape, row)):
            known = zip(shape, row, strict=True)
            reading.lost[rowid] = {c.name: cell for c, cell in known if c.takes(cell)}
            del reading.rows[rowid]


def _adopted(
    found: Iterable[Row], shape: Sequence[Column], keys: Mapping[str, Any]
) -> Row | None:
    """Return the one row among orphans that has the values that indexes have of it."""
    fitting = set()
    for row in found:
        if len(row) != len(shape):
            continue
        cells = tuple(map(Column.read, shape, row))
        known = {column.name: cell for column, cell in zip(shape, cells, strict=True)}
        if all(map(Column.takes, shape, cells)) and all(
            known[name] == cell for name, cell in keys.items() if name in known
        ):
            fitting.add(cells)
    return fitting.pop() if len(fitting) == 1 else None


def _from_parts(
    connection: sqlite3.Connection,
    reading: Reading,
    shape: Sequence[Column],
    rowid: int,
    keys: Mapping[str, Any],
) -> None:
    """Put a lost row together from its indexes, or note what is known of it.

    Of a row whose long texts are lost the short values before them can often be read.
    """
    known = {c.name: keys[c.name] for c in shape if c.name in keys and c.takes(keys[c.name])}
    for column in shape:
        if column.name in known:
            continue
        query = f"SELECT {column.name} FROM {reading.table} NOT INDEXED WHERE rowid = {rowid}"
        rows, _ = read_rows(connection, query)
        if rows and column.takes(rows[0][0]):
            known[column.name] = rows[0][0]
    if known.keys() >= set(reading.columns):
        reading.rows[rowid] = tuple(known[name] for name in reading.columns)
        reading.lost.pop(rowid, None)
    else:
        reading.lost[rowid] = reading.lost.get(rowid, {}) | known


def _index_keys(
    connection: sqlite3.Connection, table: str
) -> tuple[dict[int, dict[str, Any]], bool]:
    """Return what indexes hold of each row, and whether one of them could be read whole."""
    keys: dict[int, dict[str, Any]] = {}
    complete = False
    indexes, _ = read_rows(connection, f'PRAGMA index_list("{table}")')
    for _, index, _, _, partial in indexes:
        info, _ = read_rows(connection, f'PRAGMA index_info("{index}")')
        names = [row[2] for row in info]
        if partial or not names or not all(isinstance(name, str) for name in names):
            continue
        rows, whole = _index_rows(connection, table, index, names)
        for rowid, *cells in rows:
            found = keys.setdefault(rowid, {})
            for name, cell in zip(names, cells, strict=True):
                found.setdefault(name, cell)
        complete = complete or whole
    return keys, complete


def _index_rows(
    connection: sqlite3.Connection, table: str, index: str, names: Sequence[str]
) -> tuple[list[Row], bool]:
    """Read an index from both ends; return its sound entries, and whether these are all."""
    rows: list[Row] = []
    for order in ("ASC", "DESC"):
        by = ", ".join(f"{name} {order}" for name in names)
        found, clean = read_rows(
            connection,
            f"SELECT rowid, {', '.join(names)} FROM {table} INDEXED BY {index} ORDER BY {by}",
        )
        sound = [row for row in found if not any(isinstance(cell, Garbage) for cell in row)]
        rows += sound
        if clean:
            return rows, len(sound) == len(found)
    return rows, False


def _doubts(
    reading: Reading, keys: Mapping[int, Mapping[str, Any]], *, complete: bool
) -> Iterator[int]:
    """Yield the numbers of rows that the indexes do not have, or have otherwise."""
    for rowid, row in reading.rows.items():
        found = keys.get(rowid)
        if found is None:
            if complete:
                yield rowid
        elif any(
            cell != found[name]
            for name, cell in zip(reading.columns, row, strict=True)
            if name in found
        ):
            yield rowid


def text_or_garbage(raw: bytes) -> str | Garbage:
    """Return a text, or its bytes where it cannot be one: nothing we store holds a NUL."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return Garbage(raw)
    return Garbage(raw) if "\0" in text else text


def _is_time(cell: object) -> bool:
    try:
        datetime.fromisoformat(str(cell))
    except ValueError:
        return False
    return True
