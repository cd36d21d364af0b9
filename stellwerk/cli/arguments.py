"""Arguments that many verbs take, declared once, with their completion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.errors import StellwerkError

_MANY: Final = 200
"""Items above which completion goes level by level."""
_EVALUATED: Final = str.maketrans({**dict.fromkeys("\\$`[]:", " "), '"': "”", "'": "’"})


def complete_ref(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield (ref, title) of the items of the goal that is meant.

    Of a large plan those with as many parts as were typed: a dot leads one level deeper.
    """
    try:
        plan = desk_of(context).excerpt().plan
    except StellwerkError:
        return
    found = [(uid, ref) for uid, ref in plan.index.refs.items() if ref.startswith(incomplete)]
    if len(found) > _MANY:
        depth = incomplete.count(".")
        found = [(uid, ref) for uid, ref in found if ref.count(".") == depth]
    for uid, ref in found:
        yield ref, _harmless(plan.name(uid).partition(" ")[2])


def complete_slug(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield (slug, title) of every goal."""
    try:
        goals = desk_of(context).dispatcher.goals(archived=True)
    except StellwerkError:
        return
    for line in goals:
        if line.goal.slug.startswith(incomplete):
            yield line.goal.slug, _harmless(line.goal.title)


def complete_run(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield (beginning of the uid, status and goal) of every planning run."""
    yield from _runs(context, incomplete)


def complete_stopped_run(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield what `complete_run` does, of the runs that can be resumed."""
    from stellwerk.planning.runs import Purpose, RunStatus

    but = (RunStatus.DONE, RunStatus.RUNNING, Purpose.REFINE, Purpose.EXPAND)
    yield from _runs(context, incomplete, but)


def _runs(
    context: typer.Context, incomplete: str, but: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    from contextlib import closing

    try:
        with closing(desk_of(context).stellwerk.runs) as log:
            runs = log.runs()
    except StellwerkError:
        return
    for run in runs:
        if run.uid.startswith(incomplete) and not {run.status, run.purpose} & {*but}:
            yield run.short, _harmless(f"{run.status.value}, {run.wish.title}")


def _harmless(title: str) -> str:
    """Return a title without what zsh would evaluate, or rich take for markup."""
    return title.translate(_EVALUATED)


Ref = Annotated[
    str,
    typer.Argument(metavar="REF", help="The item, as in r3.2.1.", autocompletion=complete_ref),
]
Refs = Annotated[
    list[str],
    typer.Argument(metavar="REF", help="The items.", autocompletion=complete_ref),
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
RunName = Annotated[
    str,
    typer.Argument(metavar="RUN", help="See `runs list`.", autocompletion=complete_run),
]
