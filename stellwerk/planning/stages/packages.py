"""Packages: the work packages of one task, with steps, criteria, risks and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from stellwerk.errors import ProviderError
from stellwerk.planning.asking import TOO_MUCH, Answered, Panel, Question
from stellwerk.planning.drafts import (
    PackageDraft,
    PackagesDraft,
    RouteDraft,
    StructureDraft,
    TaskDraft,
    TasksDraft,
)
from stellwerk.planning.failures import ModelError
from stellwerk.planning.measures import measures, numbers
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import Caps, Wish

QUESTION = Question("packages", PackagesDraft, divisible=True)
_HALF: Final = replace(QUESTION, divisible=False)


async def task_packages(
    panel: Panel,
    wish: Wish,
    structure: StructureDraft,
    route: RouteDraft,
    tasks: TasksDraft,
    task: TaskDraft,
    caps: Caps,
) -> Answered[PackagesDraft]:
    """Return the work packages of one task, under keys of ours.

    An answer that is too long for every model is asked for in two halves.
    """
    inputs = {
        "wish": asdict(wish),
        "background": wish.told(),
        "routes": [each.model_dump() for each in structure.routes],
        "route": route.model_dump(),
        "tasks": [each.model_dump() for each in tasks.tasks],
        "task": task.model_dump(),
        "unit_hours": structure.unit_hours,
        "caps": caps._asdict(),
        "known": [],
    }
    where = Where(task.key, structure.unit_hours, wish.language)
    most = measures(inputs, numbers())["room"].packages[1]
    try:
        question = QUESTION if most > 1 else _HALF
        packages, provider, model = await question.ask(panel, task.key, inputs, where)
    except ProviderError as error:
        if not _too_much(error, panel) or most < 2:
            raise
        half = caps._replace(packages=(most + 1) // 2)
        packages, provider, model = await _halves(panel, where, inputs, half)
    return Answered(
        PackagesDraft(packages=_keyed(task.key, packages.packages)), provider, model
    )


async def _halves(
    panel: Panel, where: Where, inputs: Mapping[str, Any], caps: Caps
) -> Answered[PackagesDraft]:
    """Return the packages of two answers, each of them within the caps of a half."""
    half = {**inputs, "caps": caps._asdict()}
    first = await _HALF.ask(panel, where.subject, half, where)
    known = [package.title for package in first.draft.packages]
    second = await _HALF.ask(panel, where.subject, {**half, "known": known}, where)
    later = _keyed(where.subject, second.draft.packages, len(known) + 1)
    packages = [*_keyed(where.subject, first.draft.packages), *later]
    return Answered(PackagesDraft(packages=packages), first.provider, first.model)


def _too_much(error: ProviderError, panel: Panel) -> bool:
    """Whether less may be answered; where nobody is asked, it may have been."""
    if isinstance(error, ModelError):
        return error.kind in TOO_MUCH
    return not panel.models


def _keyed(task: str, packages: Sequence[PackageDraft], start: int = 1) -> list[PackageDraft]:
    """Return work packages numbered in their order, their needs following."""
    keys = {each.key: f"{task}.{number}" for number, each in enumerate(packages, start)}
    return [
        each.model_copy(
            update={
                "key": f"{task}.{number}",
                "needs": [keys.get(need, need) for need in each.needs],
            }
        )
        for number, each in enumerate(packages, start)
    ]
