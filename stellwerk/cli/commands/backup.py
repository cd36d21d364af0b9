"""`stellwerk backup`: a copy of all goals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.copies import backup_data, backup_text
from stellwerk.errors import UsageError
from stellwerk.storage.copies.backup import back_up


def command(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to write.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if there is one.")
    ] = False,
) -> None:
    """Copy the whole database to a file, while others work with it.

    The copy is checked and compared with the database row by row before it gets its name.
    """
    desk = desk_of(context)
    if file == "-":
        raise UsageError("A backup cannot be written to standard output.", "Name a file.")
    made = back_up(desk.stellwerk.database, Path(file), overwrite=overwrite)
    desk.answer("backup", backup_data(made), backup_text(made))
