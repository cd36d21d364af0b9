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
    """List goals with progress and quality; a star marks the selected one.

    A tilde before the quality says that the plan was changed since it was scored.
    """
    desk = desk_of(context)
    lines = desk.dispatcher.goals(archived=everything)
    snapshots = [desk.stellwerk.store.excerpt(line.goal.uid) for line in lines]
    selected = desk.dispatcher.selected
    quality = desk.stellwerk.store.quality.latest([line.goal.uid for line in lines])
    text = list_text(snapshots, selected, quality, desk.ink, desk.width)
    if not snapshots and desk.dispatcher.goals(archived=True):
        text = "Every goal is archived: see `stellwerk list --all`."
    desk.answer("goal-list", list_data(snapshots, selected, quality), text)
