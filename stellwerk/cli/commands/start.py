"""`stellwerk start`: set the status of work packages."""

from __future__ import annotations

import typer

from stellwerk.cli.arguments import Refs
from stellwerk.cli.desk import desk_of
from stellwerk.cli.status import set_status
from stellwerk.domain.work import Status


def command(context: typer.Context, refs: Refs) -> None:
    """Start a work package."""
    set_status(desk_of(context), refs, Status.DOING)
