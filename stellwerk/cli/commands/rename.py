"""`stellwerk rename`: another title for an item, or for the goal."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref
from stellwerk.cli.desk import desk_of
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.plan import title_of
from stellwerk.errors import UsageError
from stellwerk.planning.fields import titled


def command(
    context: typer.Context,
    ref: Ref,
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help="The new title.")],
    slug: Annotated[str | None, typer.Option(help="For `goal`: another slug too.")] = None,
) -> None:
    """Give an item another title; the ref `goal` means the goal itself."""
    desk = desk_of(context)
    new = titled(title)
    if ref.lower() != "goal":
        if slug is not None:
            raise UsageError("Only a goal has a slug.", "Leave out --slug, or rename `goal`.")
        base, item = desk.at(ref)
        if new == title_of(item):
            raise UsageError(
                f"{base.plan.name(item.uid)} is called so already.", "Nothing was changed."
            )
        desk.make(base, Rename(item.uid, new))
        return
    if slug is not None and not slug.strip():
        raise UsageError("The slug is empty.", "Type a word, or leave out --slug.")
    base = desk.open()
    fields: dict[str, object] = {"title": new}
    if slug is not None and slug != base.plan.goal.slug:
        fields["slug"] = desk.dispatcher.free_slug(slug)
    desk.set_goal(base, **fields)
