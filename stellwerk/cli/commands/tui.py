"""`stellwerk tui`: the railway on the whole terminal, to walk along and to edit."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import complete_slug
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.signal_box import open_box


def command(
    context: typer.Context,
    goal: Annotated[
        str | None,
        typer.Argument(metavar="[GOAL]", help="Its slug.", autocompletion=complete_slug),
    ] = None,
    keys: Annotated[
        bool, typer.Option("--keys", help="List the actions with their keys, for `tui.keys`.")
    ] = False,
) -> None:
    """Open the signal box: all goals, or the railway of one.

    Press ? there for the keys of the place you are in.
    """
    desk = desk_of(context)
    if keys:
        _list(desk)
        return
    open_box(desk, goal or desk.named)


def _list(desk: Desk) -> None:
    from stellwerk.tui.actions import ACTIONS

    data = [
        {
            "name": each.name,
            "keys": list(each.keys),
            "help": each.help,
            "places": list(each.places),
        }
        for each in ACTIONS
    ]
    wide = max(len(each.name) for each in ACTIONS)
    text = "\n".join(
        f"{each.name:<{wide}}  {','.join(each.keys):<18}  {each.help}" for each in ACTIONS
    )
    desk.answer("tui-keys", {"actions": data}, text)
