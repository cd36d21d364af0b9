"""`stellwerk batch`: several edits as one."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.batching import run_batch
from stellwerk.cli.desk import desk_of
from stellwerk.cli.reading import read_text


def command(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="FILE|-", help="The verbs, one a line.")
    ] = "-",
) -> None:
    """Make several edits as one: a verb a line, all or none, undone as one.

    The lines are as on the command line, without `stellwerk`; # begins a comment.
    """
    run_batch(desk_of(context), read_text(source))
