"""`stellwerk log`: what was changed, by whom and when."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.history import log_data, log_text


def command(
    context: typer.Context,
    count: Annotated[
        int | None, typer.Option("-n", "--count", min=1, help="Only the newest.")
    ] = None,
) -> None:
    """List what was changed, by whom and when; the newest first."""
    desk = desk_of(context)
    base = desk.open(deleted=True)
    lines = desk.dispatcher.history(base, count)
    data = {"goal": base.plan.goal.slug, **log_data(lines)}
    desk.answer("log", data, log_text(lines, desk.ink), paging=True)
