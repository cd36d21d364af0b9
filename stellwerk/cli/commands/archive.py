"""`stellwerk archive`: put a goal away, or bring it back."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import OptionalSlug
from stellwerk.cli.desk import desk_of
from stellwerk.domain.goal import GoalStatus
from stellwerk.errors import UsageError


def command(
    context: typer.Context,
    slug: OptionalSlug = None,
    back: Annotated[bool, typer.Option("--back", help="Bring it back.")] = False,
) -> None:
    """Put a goal away: it is kept whole, but listed only with `list --all`."""
    desk = desk_of(context)
    desk.goal = slug if slug is not None else desk.goal
    base = desk.open()
    archived = base.plan.goal.status is GoalStatus.ARCHIVED
    if archived is not back:
        told = "archived already" if archived else "not archived"
        raise UsageError(f"{base.plan.goal.slug} is {told}.", "Nothing was changed.")
    status = GoalStatus.PLANNED if back else GoalStatus.ARCHIVED
    desk.set_goal(base, status=status)
