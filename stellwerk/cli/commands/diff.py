"""`stellwerk diff`: what differs between two revisions."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.history import diff_data, diff_text
from stellwerk.domain.difference import differences


def command(
    context: typer.Context,
    old: Annotated[
        int | None, typer.Argument(metavar="[OLD]", help="Revision; the one before the new.")
    ] = None,
    new: Annotated[
        int | None, typer.Argument(metavar="[NEW]", help="Revision; the latest.")
    ] = None,
) -> None:
    """Show what differs between two revisions of a plan; `log` lists them."""
    desk = desk_of(context)
    base = desk.open()
    last = base.revision if new is None else new
    first = max(last - 1, 0) if old is None else old
    before = desk.dispatcher.at_revision(base, first)
    after = desk.dispatcher.at_revision(base, last)
    found = differences(before, after)
    data = {"goal": base.plan.goal.slug, "old": first, "new": last, **diff_data(found)}
    desk.answer("diff", data, diff_text(found, desk.ink), paging=True)
