"""The tables of the database, a part of `fields.md`, from SQLModel's metadata."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from sqlmodel import SQLModel

from generators.markdown import code, prose, table
from stellwerk.storage import tables as defined

LATER = frozenset(
    [
        *("embeddings", "quality_scores", "ratings", "feedback", "comments", "shares"),
        "forecasts",
    ]
)
"""Tables that every database has, and that nothing reads or writes yet."""

_INTRO = """\
The tables of an SQLite database. Times are RFC 3339 text in UTC; `VARCHAR` is short text, `TEXT` long
text, some of it JSON. Foreign keys are checked at the end of a transaction. Read the database as you
like; write to it through Stellwerk alone, or the journal no longer tells the truth."""


def tables() -> Iterator[str]:
    """Yield the parts of the page."""
    yield "## Database"
    yield _INTRO
    for row in _rows():
        made: Any = SQLModel.metadata.tables[row.__tablename__]
        yield f"### {made.name}"
        later = " *Nothing reads or writes it yet.*" if made.name in LATER else ""
        yield f"{prose(row.__doc__ or '')}{later}"
        columns = [
            (
                code(column.name),
                code(column.type),
                "yes" if column.nullable else "no",
                ", ".join(_keys(column)),
            )
            for column in made.columns
        ]
        yield table(("column", "type", "null", "key"), columns)
        indexes = sorted(made.indexes, key=lambda index: str(index.name))
        wide = [index for index in indexes if len(index.columns) > 1]
        yield "\n".join(_told(index) for index in wide)


def _rows() -> list[Any]:
    """Return the classes of the tables in the order of their definition."""
    found = [
        each
        for _, each in inspect.getmembers(defined, inspect.isclass)
        if issubclass(each, SQLModel) and each is not SQLModel
    ]
    return sorted(found, key=lambda each: inspect.getsourcelines(each)[1])


def _keys(column: Any) -> Iterator[str]:
    if column.primary_key:
        yield "primary"
    if column.unique:
        yield "unique"
    if column.index:
        yield "index"
    for key in column.foreign_keys:
        cascade = ", goes with it" if key.ondelete == "CASCADE" else ""
        yield f"{code(key.target_fullname)}{cascade}"


def _told(index: Any) -> str:
    return f"Index over {', '.join(code(column.name) for column in index.columns)}."
