"""`stellwerk wait`: put work packages on hold."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Refs
from stellwerk.cli.desk import desk_of
from stellwerk.cli.status import set_status
from stellwerk.domain.work import Status


def command(
    context: typer.Context,
    refs: Refs,
    on: Annotated[str, typer.Option("--for", help="Whom or what it waits for.")] = "",
    why: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Put a work package on hold until somebody outside has acted."""
    set_status(desk_of(context), refs, Status.WAITING, waiting_for=on, reason=why)
