"""`stellwerk unlink`: what an item needs."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref, complete_ref
from stellwerk.cli.desk import desk_of
from stellwerk.domain.edits.compound import unlinking
from stellwerk.domain.edits.whole import Batch


def command(
    context: typer.Context,
    ref: Ref,
    needs: Annotated[
        list[str],
        typer.Option(metavar="REF", help="What it needs.", autocompletion=complete_ref),
    ],
) -> None:
    """Say that an item no longer needs others: `unlink r4 --needs r3`."""
    desk = desk_of(context)
    base, item = desk.at(ref)
    needed = [desk.at(each)[1].uid for each in dict.fromkeys(needs)]
    edits = [unlinking(base.plan, item.uid, uid) for uid in needed]
    desk.make(base, edits[0] if len(edits) == 1 else Batch(tuple(edits)))
