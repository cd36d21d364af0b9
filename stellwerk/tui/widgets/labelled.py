"""Names with their values, a row each."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text


def labelled(rows: Iterable[tuple[str, str]], least: int = 0) -> Table:
    """Return rows of name and value; a value that is broken goes on below itself.

    Args:
        rows: Names with their values.
        least: Cells of the names, or as many as they need.
    """
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=least)
    table.add_column()
    for name, value in rows:
        table.add_row(Text(name, "dim"), Text(value))
    return table
