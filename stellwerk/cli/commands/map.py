"""`stellwerk map`: the railway of a plan."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.charset import charset
from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.plans import plan_data, title_line
from stellwerk.railway.text import draw


def command(
    context: typer.Context,
    width: Annotated[
        int | None, typer.Option(help="Columns to draw in.", min=20, max=1000)
    ] = None,
    ascii_only: Annotated[bool, typer.Option("--ascii", help="Plain characters.")] = False,
) -> None:
    """Draw the railway of a plan, from its first route at the top to its end."""
    desk = desk_of(context)
    if desk.json:
        whole = desk.open()
        goal = whole.plan.goal.uid
        quality = desk.stellwerk.store.quality.latest([goal]).get(goal)
        desk.envelope("map", plan_data(whole, quality))
        return
    base = desk.excerpt()
    chosen = charset(desk, ascii_only=ascii_only)
    lines = draw(base.plan, width or desk.width, charset=chosen, paint=desk.ink)
    legend = ", ".join(f"{sign} {state}" for state, sign in chosen.stations.items())
    text = "\n".join(
        [title_line(base.plan.goal, desk.ink), "", *lines, "", desk.ink("dim", legend)]
    )
    desk.out(text)
