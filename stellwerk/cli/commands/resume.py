"""`stellwerk resume`: go on with a planning run that stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import complete_stopped_run
from stellwerk.cli.desk import desk_of
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
from stellwerk.errors import NotFoundError
from stellwerk.planning.runs import Purpose, RunStatus


def command(
    context: typer.Context,
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN",
            help="See `runs`; the latest that stopped.",
            autocompletion=complete_stopped_run,
        ),
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="Who is asked now, instead of those of the run.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="The model to ask now, instead of that of the run.")
    ] = None,
    max_cost: MaxCost = None,
    max_calls: MaxCalls = None,
    max_tokens: MaxTokens = None,
    debug_log: DebugLog = None,
    progress: Progress = "auto",
) -> None:
    """Go on with a planning run that was interrupted, failed or reached its limits.

    No call that was answered is made again. The limits are those of the whole run, what it
    used before included.
    """
    desk = desk_of(context)
    runs = desk.stellwerk.runs
    if run is None:
        kept = [each for each in runs.runs() if each.status is not RunStatus.DONE]
        kept = [each for each in kept if each.purpose is Purpose.PLAN]
        kept.sort(key=lambda each: each.status is RunStatus.RUNNING)
        found = next(iter(kept), None)
        if found is None:
            raise NotFoundError(
                "No planning run waits to be resumed.", "See `stellwerk runs`."
            )
    else:
        found = runs.run(run)
    asking = Asking(
        provider,
        model or (None if provider else found.model or None),
        max_cost,
        max_calls,
        max_tokens,
        offline=False,
        progress=progress,
        debug_log=debug_log,
    )
    names = (provider,) if provider else found.providers
    order = asking.order()
    made = carry_out(
        desk,
        asking,
        names,
        lambda planner, choice, emit: planner.resume(found, choice, emit, order),
    )
    show_made(desk, found.wish, made, stored=found.store)
