"""Arguments that many verbs take, declared once, with their completion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from stellwerk.cli.desk import Desk
from stellwerk.errors import StellwerkError


def complete_ref(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield (ref, title) of every item of the current goal."""
    try:
        plan = Desk(quiet=True).open().plan
    except StellwerkError:
        return
    for uid, ref in plan.index.refs.items():
        if ref.startswith(incomplete):
            yield ref, plan.name(uid).partition(" ")[2]


def complete_slug(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield (slug, title) of every goal."""
    try:
        goals = Desk(quiet=True).dispatcher.goals(archived=True)
    except StellwerkError:
        return
    for line in goals:
        if line.goal.slug.startswith(incomplete):
            yield line.goal.slug, line.goal.title


Ref = Annotated[
    str,
    typer.Argument(metavar="REF", help="The item, as in r3.2.1.", autocompletion=complete_ref),
]
Refs = Annotated[
    list[str],
    typer.Argument(metavar="REF...", help="The items.", autocompletion=complete_ref),
]
OptionalRef = Annotated[
    str | None,
    typer.Argument(
        metavar="[REF]", help="The item, as in r3.2.1.", autocompletion=complete_ref
    ),
]
Slug = Annotated[
    str,
    typer.Argument(metavar="SLUG", help="The goal.", autocompletion=complete_slug),
]
OptionalSlug = Annotated[
    str | None,
    typer.Argument(metavar="[SLUG]", help="The goal.", autocompletion=complete_slug),
]
