"""`stellwerk remove`: take an item out of the plan."""

from __future__ import annotations

import typer

from stellwerk.cli.arguments import Ref
from stellwerk.cli.desk import desk_of
from stellwerk.domain.edits.compound import removal
from stellwerk.domain.edits.items import contents
from stellwerk.domain.work import WorkPackage


def command(context: typer.Context, ref: Ref) -> None:
    """Remove an item with all it holds; `undo` brings it back.

    Around a removed route the line closes: what came before it leads to what came after.
    """
    desk = desk_of(context)
    base, item = desk.at(ref)
    packages = [part.uid for part in contents(item) if isinstance(part, WorkPackage)]
    desk.make(base, removal(base.plan, item.uid, desk.notes(base, packages)))
    if len(packages) > 1:
        desk.say(
            f"{len(packages)} work packages went with it. `stellwerk undo` brings all back."
        )
