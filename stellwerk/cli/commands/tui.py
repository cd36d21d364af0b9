"""`stellwerk tui`: the railway on the whole terminal, to walk along and to edit."""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from stellwerk.cli.arguments import complete_slug
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.errors import UsageError

_BUSY_SECONDS: Final = 2.0
"""Seconds to wait for others who write; nobody looks at a screen that stands for longer."""


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


def open_box(desk: Desk, goal: str | None) -> None:
    """Run the app until somebody leaves it (UsageError where nobody could use it)."""
    if not desk.interactive or os.environ.get("TERM") == "dumb":
        msg = "The signal box needs a terminal to draw on, and somebody at its keys."
        raise UsageError(msg, "In a pipe, use `stellwerk map`, `next` or `show`.")
    from stellwerk.bootstrap import build
    from stellwerk.cli.charset import charset
    from stellwerk.storage.repository import Repository
    from stellwerk.tui.app import SignalBox

    store = Repository(desk.stellwerk.database, busy_seconds=_BUSY_SECONDS, say=desk.say)
    services = build(desk.settings, os.environ, store=store)
    try:
        store.goals()  # a database that fails should do so before anything is drawn
        uid = services.dispatcher.find(goal).uid if goal else None
        box = SignalBox(services, uid, charset(desk))
        box.run()
    finally:
        store.close()
    if box.return_code:
        raise typer.Exit(box.return_code)


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
