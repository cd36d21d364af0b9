"""`stellwerk refine`: make a plan better, change by change."""

from __future__ import annotations

from typing import Annotated, Final

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
)
from stellwerk.cli.refining import Accept, Answer, DryRun, Yes, decide
from stellwerk.domain.text import clean
from stellwerk.errors import UsageError
from stellwerk.planner import Planner
from stellwerk.planning.dispatcher import located
from stellwerk.planning.events import Emit
from stellwerk.plugins.choosing import Choice
from stellwerk.refining import Refining, Request
from stellwerk.validation.refining import Refined


def command(
    context: typer.Context,
    feedback: Annotated[
        list[str] | None,
        typer.Argument(metavar="[GOAL] [FEEDBACK]", help="What should be different."),
    ] = None,
    findings: Annotated[
        bool,
        typer.Option("--findings", help="Mend what `validate` finds (without feedback, too)."),
    ] = False,
    about: Annotated[
        list[str] | None,
        typer.Option("--about", metavar="REF", help="Only this item and all in it."),
    ] = None,
    mine: Annotated[
        bool, typer.Option("--mine", help="Also what people wrote, ticked or began.")
    ] = False,
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
    """Propose changes that make a plan better, by feedback or by what `validate` finds.

    Each proposal is shown with what it changes; accept all, some or none. None of them lowers
    the quality, and none touches what people wrote, ticked or began, unless --mine is given.
    Without a model only rules propose: dependencies, and work that is too small.
    """
    desk = desk_of(context)
    words = _without_goal(desk, feedback or [])
    text = clean(" ".join(words)).strip()
    if text and findings:
        msg = "Feedback and --findings are two different wishes."
        raise UsageError(msg, "Give one of them, then the other.")
    base = desk.open()
    notes = desk.stellwerk.store.notes(base.plan.goal.uid)
    uids = tuple(located(base, ref).uid for ref in about or ())
    request = Request(text, uids, mine)
    asking = Asking(
        *(provider, model, max_cost, max_calls, max_tokens, True, fresh, progress, debug_log)
    )

    def work(planner: Planner, choice: Choice, emit: Emit) -> tuple[Refining, Refined]:
        refining = Refining(planner, base, notes)
        if not (choice.models or text or refining.theirs(request)):
            desk.say(_RULES)
        return refining, refining.proposed(request, choice, emit, asking.order())

    names = (provider,) if provider else ()
    refining, refined = carry_out(desk, asking, names, work)
    answer = Answer(yes, accept, dry_run)
    decide(desk, refining, refined, answer, _THEIRS if refining.theirs(request) else "")


_THEIRS: Final = (
    "Somebody wrote or imported this plan, so all of it is left alone. To have it refined,"
    " add --mine."
)
_RULES: Final = (
    "Only rules propose: a model could also write work packages anew (`stellwerk providers`)."
)


def _without_goal(desk: Desk, words: list[str]) -> list[str]:
    """Return the words without the slug of a goal before them, which is meant from now on."""
    if words and desk.goal is None:
        slugs = {line.goal.slug for line in desk.dispatcher.goals(archived=True)}
        if words[0] in slugs:
            desk.goal = words[0]
            return words[1:]
    return words
