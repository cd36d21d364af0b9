"""`stellwerk divert`: settle work packages that ended up elsewhere."""

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
    why: Annotated[str, typer.Option(help="Where it ended up.")] = "",
) -> None:
    """Settle a work package that ended up elsewhere: kept, but no longer counted."""
    set_status(desk_of(context), refs, Status.DIVERTED, reason=why)
