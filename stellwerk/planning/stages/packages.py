"""Packages: the work packages of one task, with steps, criteria, risks and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from stellwerk.planning.asking import Answered, Panel, Question
from stellwerk.planning.drafts import (
    PackageDraft,
    PackagesDraft,
    RouteDraft,
    StructureDraft,
    TaskDraft,
    TasksDraft,
)
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import Caps, Wish

QUESTION = Question("packages", PackagesDraft)
_TOO_MUCH: Final = frozenset({FailureKind.TRUNCATED, FailureKind.CONTEXT_TOO_LONG})


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
        "routes": [each.model_dump() for each in structure.routes],
        "route": route.model_dump(),
        "tasks": [each.model_dump() for each in tasks.tasks],
        "task": task.model_dump(),
        "unit_hours": structure.unit_hours,
        "caps": caps._asdict(),
        "known": [],
    }
    where = Where(task.key, structure.unit_hours, wish.language)
    try:
        packages, provider, model = await QUESTION.ask(panel, task.key, inputs, where)
    except ModelError as error:
        if error.kind not in _TOO_MUCH or caps.packages < 2:
            raise
        packages, provider, model = await _halves(panel, where, inputs, caps)
    return Answered(
        PackagesDraft(packages=_keyed(task.key, packages.packages)), provider, model
    )


async def _halves(
    panel: Panel, where: Where, inputs: Mapping[str, Any], caps: Caps
) -> Answered[PackagesDraft]:
    """Return the packages of two answers, each of them half as long."""
    half = caps._replace(packages=(caps.packages + 1) // 2)._asdict()
    first = await QUESTION.ask(panel, where.subject, {**inputs, "caps": half}, where)
    known = [package.title for package in first.draft.packages]
    rest = {**inputs, "caps": half, "known": known}
    second = await QUESTION.ask(panel, where.subject, rest, where)
    packages = [*first.draft.packages, *second.draft.packages]
    return Answered(PackagesDraft(packages=packages), first.provider, first.model)


def _keyed(task: str, packages: Sequence[PackageDraft]) -> list[PackageDraft]:
    """Return work packages numbered in their order, their needs following."""
    keys = {each.key: f"{task}.{number}" for number, each in enumerate(packages, 1)}
    return [
        each.model_copy(
            update={
                "key": f"{task}.{number}",
                "needs": [keys.get(need, need) for need in each.needs],
            }
        )
        for number, each in enumerate(packages, 1)
    ]
