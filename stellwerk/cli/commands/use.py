"""`stellwerk use`: select the goal that verbs are about."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import OptionalSlug
from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.items import goal_data
from stellwerk.errors import UsageError


def command(
    context: typer.Context,
    slug: OptionalSlug = None,
    none: Annotated[bool, typer.Option("--none", help="Select none.")] = False,
) -> None:
    """Select the goal that verbs are about; without a slug say which it is."""
    desk = desk_of(context)
    dispatcher = desk.dispatcher
    if none:
        dispatcher.store.select(dispatcher.author, None)
        desk.answer("selection", {"goal": None}, "No goal is selected.")
        return
    if slug and desk.goal and slug != desk.goal:
        raise UsageError("Two different goals are named.", "Name one.")
    desk.goal = slug if slug is not None else desk.goal
    chosen = desk.goal is not None
    goal = dispatcher.current(desk.named)
    if chosen:
        dispatcher.store.select(dispatcher.author, goal.uid)
    text = f"Selected {goal.slug}: {goal.title}" if chosen else f"{goal.slug}: {goal.title}"
    desk.answer("selection", {"goal": goal_data(goal)}, text)
