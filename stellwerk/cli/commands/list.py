"""`stellwerk list`: goals with their progress."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.plans import list_data, list_text


def command(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Archived goals too.")] = False,
) -> None:
    """List goals with their progress; a star marks the selected one."""
    desk = desk_of(context)
    lines = desk.dispatcher.goals(archived=everything)
    snapshots = [desk.stellwerk.store.excerpt(line.goal.uid) for line in lines]
    selected = desk.dispatcher.selected
    text = list_text(snapshots, selected, desk.ink)
    if not snapshots and desk.dispatcher.goals(archived=True):
        text = "Every goal is archived: see `stellwerk list --all`."
    desk.answer("goal-list", list_data(snapshots, selected), text)
