"""Asking for a yes before something is lost; where nobody can be asked, `--yes` is one."""

from __future__ import annotations

import typer

from stellwerk.cli.desk import Desk
from stellwerk.cli.exit_codes import FAILED
from stellwerk.errors import UsageError


def confirm(desk: Desk, deed: str, question: str, kept: str) -> None:
    """Go on only after a yes; a no says what was kept and ends the call.

    Args:
        desk: The call.
        deed: What needs the yes, as in `Deleting learn-to-juggle`.
        question: What is asked at a terminal.
        kept: What is said after a no.

    Raises:
        UsageError: Nobody is there to answer.
    """
    if not desk.interactive:
        raise UsageError(f"{deed} needs a yes.", "Add --yes.")
    if not typer.confirm(question, err=True):
        desk.say(kept)
        raise typer.Exit(FAILED)
