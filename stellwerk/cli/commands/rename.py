"""`stellwerk rename`: another title for an item, or for the goal."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref
from stellwerk.cli.desk import desk_of
from stellwerk.cli.titles import titled
from stellwerk.domain.edits.fields import Rename


def command(
    context: typer.Context,
    ref: Ref,
    title: Annotated[list[str], typer.Argument(metavar="TITLE...", help="The new title.")],
    slug: Annotated[str | None, typer.Option(help="For `goal`: another slug too.")] = None,
) -> None:
    """Give an item another title; the ref `goal` means the goal itself."""
    desk = desk_of(context)
    new = titled(title)
    if ref.lower() != "goal":
        base, item = desk.at(ref)
        desk.make(base, Rename(item.uid, new))
        return
    base = desk.open()
    fields: dict[str, object] = {"title": new}
    if slug is not None:
        fields["slug"] = desk.dispatcher.free_slug(slug)
    desk.tell(desk.dispatcher.set_goal(base, **fields))
