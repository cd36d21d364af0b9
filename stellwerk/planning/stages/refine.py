"""Refine: one work package mended where a finding or a person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from stellwerk.planning.asking import Answered, Panel, Question
from stellwerk.planning.drafts import PackageDraft, RefinedDraft
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import Wish

QUESTION = Question("refine", RefinedDraft, max_tokens=8_000)


async def refined(
    panel: Panel, wish: Wish, package: PackageDraft, problems: Sequence[str]
) -> Answered[PackageDraft]:
    """Return a work package with what was said about it taken into account.

    Args:
        panel: Who is asked.
        wish: What the plan is for.
        package: As it is.
        problems: What is wrong with it, a sentence each.
    """
    inputs = {
        "wish": asdict(wish),
        "package": package.model_dump(),
        "problems": list(problems),
    }
    answer, provider, model = await QUESTION.ask(
        panel, package.key, inputs, Where(package.key, language=wish.language)
    )
    kept = {"key": package.key, "needs": package.needs}
    return Answered(answer.model_copy(update=kept), provider, model)
