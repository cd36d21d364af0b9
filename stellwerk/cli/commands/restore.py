"""`stellwerk restore`: goals out of a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.copies import restoration_data, restoration_text
from stellwerk.errors import UsageError
from stellwerk.storage.copies.restore import Policy, restore


def command(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="What `backup` wrote.")],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Put the backup's state in place of goals that differ."
        ),
    ] = False,
    skip: Annotated[
        bool, typer.Option("--skip", help="Leave goals that differ as they are.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
) -> None:
    """Bring goals of a backup back: all that are not here, or with -g SLUG one of them.

    Goals that are here and differ are left alone unless --replace is said.
    """
    desk = desk_of(context)
    if replace and skip:
        raise UsageError("--replace and --skip contradict each other.", "Say one.")
    if file == "-":
        raise UsageError("A backup cannot be read from standard input.", "Name its file.")
    policy = Policy.REPLACE if replace else Policy.SKIP if skip else Policy.REFUSE
    done = restore(
        desk.stellwerk.database, Path(file), goal=desk.goal, policy=policy, dry_run=dry_run
    )
    told = restoration_text(done, file, dry_run=dry_run, ink=desk.ink)
    desk.answer("restore", restoration_data(done, file, dry_run=dry_run), told)
