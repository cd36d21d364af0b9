"""`stellwerk delete`: delete a goal."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Slug
from stellwerk.cli.confirming import confirm
from stellwerk.cli.desk import desk_of


def command(
    context: typer.Context,
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a goal; `stellwerk undo -g SLUG` brings it back whole."""
    desk = desk_of(context)
    desk.goal = slug
    base = desk.open()
    goal = base.plan.goal
    if not yes:
        packages = sum(1 for _ in base.plan.packages)
        question = f"Delete {goal.title} with {packages} work packages?"
        confirm(desk, f"Deleting {goal.slug}", question, f"{goal.slug} was kept.")
    desk.set_goal(base, deleted=True)
    desk.say(f"`stellwerk undo -g {goal.slug}` brings it back.")
