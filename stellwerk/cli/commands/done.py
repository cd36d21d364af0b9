"""`stellwerk done`: finish work packages."""

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
    hours: Annotated[
        float | None, typer.Option(min=0, help="Hours it really took; they sharpen forecasts.")
    ] = None,
) -> None:
    """Finish a work package, and see what became possible by it."""
    set_status(desk_of(context), refs, Status.DONE, hours=hours)
