"""`stellwerk score`: how good a plan is, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.arguments import complete_slug
from stellwerk.cli.desk import desk_of
from stellwerk.cli.exit_codes import FINDINGS
from stellwerk.cli.findings.targets import target_of, whole
from stellwerk.cli.present.plans import title_line
from stellwerk.cli.present.score import score_data, score_text
from stellwerk.validation.findings import Subject
from stellwerk.validation.judging import judged


def command(
    context: typer.Context,
    named: Annotated[
        str | None,
        typer.Argument(
            metavar="[GOAL|FILE|-]",
            help="A goal, or what `import` reads; the current goal if left out.",
            autocompletion=complete_slug,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what every part lost, by which findings.")
    ] = False,
    least: Annotated[
        float | None,
        typer.Option(
            "--min", metavar="SCORE", min=0, max=1, help="End with code 3 below that."
        ),
    ] = None,
) -> None:
    """Say how good a plan is, from 0 to 1, in five parts.

    No model is asked: the score comes from the findings of `validate`. That of a goal is kept,
    and `list` and `show` tell it.
    """
    desk = desk_of(context)
    target = target_of(desk, named)
    plan, base = whole(target), target.base
    verdict = judged(Subject(plan, target.notes))
    if base is not None:
        desk.stellwerk.grade(base, target.notes, verdict)
    score = verdict.score
    data = {
        "goal": plan.goal.slug if base else None,
        "file": target.source.path if target.source else None,
        "revision": base.revision if base else None,
        "min": least,
        **score_data(score),
    }
    text = score_text(score, desk.ink, desk.width, explain=explain)
    desk.answer("score", data, f"{title_line(plan.goal, desk.ink)}\n{text}")
    if least is not None and score.value < least:
        desk.say(f"{score.value:.4g} is below {least:g}.")
        raise typer.Exit(FINDINGS)
