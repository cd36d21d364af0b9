"""`stellwerk plan`: from a goal to a stored plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.planning import (
    Asking,
    DebugLog,
    MaxCalls,
    MaxCost,
    MaxTokens,
    Progress,
    carry_out,
    show_made,
)
from stellwerk.cli.reading import read_text
from stellwerk.cli.reusing import Earlier, Reuse
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
    model: Annotated[
        str | None, typer.Option(help="The model to ask, instead of the configured one.")
    ] = None,
    max_cost: MaxCost = None,
    max_calls: MaxCalls = None,
    max_tokens: MaxTokens = None,
    no_offline: Annotated[
        bool, typer.Option("--no-offline", help="Fail rather than plan from a playbook.")
    ] = False,
    reuse: Reuse = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ask again, whatever was answered before.")
    ] = False,
    show_prompt: Annotated[
        bool, typer.Option("--show-prompt", help="Print what would be sent; send nothing.")
    ] = False,
    debug_log: DebugLog = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan, store nothing.")
    ] = False,
    progress: Progress = "auto",
) -> None:
    """Turn a goal into a plan: routes, decisions, tasks and work packages with notes.

    Without any key or network the plan comes from a playbook; the last lines say from which.
    A run that stops can go on: see `stellwerk resume`.
    """
    desk = desk_of(context)
    wish = _wish(desk, goal, source, background, people, size, language)
    if show_prompt:
        _show_prompt(desk, wish)
        return
    if not dry_run:
        desk.stellwerk.store.goals()  # a database that fails should do so before the work
    earlier = Earlier(desk, wish, reuse, fresh=fresh, store=not dry_run)
    if earlier.reused():
        return
    asking = Asking(
        provider,
        model,
        max_cost,
        max_calls,
        max_tokens,
        not no_offline,
        fresh,
        progress,
        debug_log,
    )
    order = asking.order(store=not dry_run)
    names = (provider,) if provider else ()
    made = carry_out(
        desk,
        asking,
        names,
        lambda planner, choice, emit: planner.plan(
            earlier.informed(choice), choice, emit, order
        ),
    )
    show_made(desk, wish, made, stored=not dry_run)


def _show_prompt(desk: Desk, wish: Wish) -> None:
    """Print what would be sent; later stages with placeholders for earlier answers."""
    from stellwerk.cli.present.prompts import messages_data, messages_text
    from stellwerk.planning.previewing import shown_prompts
    from stellwerk.planning.prompts import PromptShelf

    planner = desk.stellwerk.planner()
    wish = Earlier(desk, wish, silent=True).informed()
    shown = shown_prompts(wish, PromptShelf(desk.settings.planning.prompts), planner.caps)
    desk.answer("prompt-messages", messages_data(shown), messages_text(shown, desk.ink))


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
