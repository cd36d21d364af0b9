"""`stellwerk redo`."""

from __future__ import annotations

import typer

from stellwerk.cli.desk import desk_of


def command(context: typer.Context) -> None:
    """Bring back what you undid last, as long as you made no other edit."""
    desk = desk_of(context)
    desk.tell(desk.dispatcher.redo(desk.meant))
