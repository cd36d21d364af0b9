"""`stellwerk plan`: from a goal to a stored plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.planning import make_plan, show_plan
from stellwerk.cli.reading import read_text
from stellwerk.errors import UsageError
from stellwerk.planning.wish import Wish, wish_of


def command(
    context: typer.Context,
    goal: Annotated[
        list[str] | None, typer.Argument(metavar="GOAL", help="The goal, in your words.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="FILE|-", help="Read the goal from a file.")
    ] = None,
    background: Annotated[
        str | None,
        typer.Option(
            "--context", metavar="TEXT|FILE", help="Background to take into account."
        ),
    ] = None,
    people: Annotated[
        str, typer.Option(metavar="NAMES", help="Who takes part, comma separated.")
    ] = "",
    size: Annotated[
        str | None, typer.Option(help="auto, small, standard or detailed.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="auto, en or de: the language of the plan.")
    ] = None,
    provider: Annotated[str | None, typer.Option(help="Who plans; see `providers`.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan, store nothing.")
    ] = False,
    progress: Annotated[
        str, typer.Option(help="auto, plain, json or none: how progress is told.")
    ] = "auto",
) -> None:
    """Turn a goal into a plan: routes, decisions, tasks and work packages with notes.

    Without any key or network the plan comes from a playbook; the last lines say from which.
    """
    desk = desk_of(context)
    wish = _wish(desk, goal, source, background, people, size, language)
    if not dry_run:
        desk.stellwerk.store.goals()  # a database that fails should do so before the work
    made = make_plan(desk, wish, provider, progress)
    show_plan(desk, wish, made, dry_run=dry_run)


def _wish(
    desk: Desk,
    goal: list[str] | None,
    source: str | None,
    background: str | None,
    people: str,
    size: str | None,
    language: str | None,
) -> Wish:
    if goal and source:
        raise UsageError("The goal is given twice: in words and with --from.", "Give one.")
    if not goal and source is None and not sys.stdin.isatty():
        source = "-"
    if source is not None:
        text = read_text(source)
    elif goal:
        text = " ".join(goal)
    else:
        raise UsageError("What is the goal?", 'Try: stellwerk plan "Learn to juggle"')
    settings = desk.settings.planning
    return wish_of(
        text,
        context=_background(background),
        people=tuple(people.split(",")) if people else (),
        size=size or settings.size,
        language=language or settings.language,
    )


def _background(told: str | None) -> str:
    """Return the background: the text of a file if it names one, else itself."""
    if told is None:
        return ""
    try:
        named = told == "-" or (len(told) < 1000 and Path(told).is_file())
    except (OSError, ValueError):
        named = False
    return read_text(told) if named else told
