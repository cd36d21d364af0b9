"""`stellwerk expand`: more detail for a work package, a task or an empty route."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import Ref
from stellwerk.cli.desk import desk_of
from stellwerk.cli.planning import (
    Asking,
    DebugLog,
    MaxCalls,
    MaxCost,
    MaxTokens,
    Progress,
    carry_out,
)
from stellwerk.cli.refining import Accept, Answer, DryRun, Yes, decide
from stellwerk.domain.text import clean
from stellwerk.refining import Refining


def command(
    context: typer.Context,
    ref: Ref,
    wanted: Annotated[
        list[str] | None, typer.Argument(metavar="[WISH]", help="What to mind.")
    ] = None,
    yes: Yes = False,
    accept: Accept = None,
    dry_run: DryRun = False,
    provider: Annotated[str | None, typer.Option(help="Who is asked.")] = None,
    model: Annotated[str | None, typer.Option(help="The model to ask.")] = None,
    max_cost: MaxCost = None,
    max_calls: MaxCalls = None,
    max_tokens: MaxTokens = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask anew.")] = False,
    debug_log: DebugLog = None,
    progress: Progress = "auto",
) -> None:
    """Have a model put an item in more detail: shown first, made when you accept it.

    A work package becomes several smaller ones, a task gets the work packages it lacks, and
    a route without tasks gets tasks and work packages.
    """
    desk = desk_of(context)
    base, item = desk.at(ref)
    notes = desk.stellwerk.store.notes(base.plan.goal.uid)
    wish = clean(" ".join(wanted or ())).strip()
    asking = Asking(
        *(provider, model, max_cost, max_calls, max_tokens, True, fresh, progress, debug_log)
    )
    refining, refined = carry_out(
        desk,
        asking,
        (provider,) if provider else (),
        lambda planner, choice, emit: (
            (mend := Refining(planner, base, notes)),
            mend.expanded(item.uid, wish, choice, emit, asking.order()),
        ),
    )
    decide(desk, refining, refined, Answer(yes, accept, dry_run))
