"""`stellwerk undo`."""

from __future__ import annotations

import typer

from stellwerk.cli.desk import desk_of


def command(context: typer.Context) -> None:
    """Take back your latest edit on a goal; a later edit of the same fields is in the way."""
    desk = desk_of(context)
    desk.tell(desk.dispatcher.undo(desk.dispatcher.current(desk.named, deleted=True)))
