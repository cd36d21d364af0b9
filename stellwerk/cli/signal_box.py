"""Opening the signal box: what `stellwerk tui`, and `stellwerk` alone, have in common."""

from __future__ import annotations

import gc
import os
from typing import Final

import typer

from stellwerk.cli.desk import Desk
from stellwerk.errors import UsageError

_BUSY_SECONDS: Final = 2.0
"""Seconds to wait for others who write; nobody looks at a screen that stands for longer."""


def open_box(desk: Desk, goal: str | None) -> None:
    """Run the app until somebody leaves it (UsageError where nobody could use it)."""
    served = "TEXTUAL_DRIVER" in os.environ  # a browser is the terminal
    if not served and (not desk.interactive or os.environ.get("TERM") == "dumb"):
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
        gc.freeze()  # what is imported stays: no key waits for it to be looked through again
        box.run()
    finally:
        store.close()
    if box.fault is not None:
        raise box.fault
    if box.return_code:
        raise typer.Exit(box.return_code)
