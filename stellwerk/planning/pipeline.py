"""The pipeline from a wish to a plan; it reads like the picture in the design.

    wish -> decompose -> check -> tasks (per route) -> packages (per task) -> compose

A route's work packages start as soon as that route's tasks are in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import TypeVar

from stellwerk.domain.births import Births
from stellwerk.domain.goal import Source, SourceKind
from stellwerk.domain.limits import SIZES, PlanSize
from stellwerk.errors import ProviderError
from stellwerk.planning.composing import Chapter, Composition, composed, skeleton
from stellwerk.planning.drafts import PackagesDraft, RouteDraft, StructureDraft
from stellwerk.planning.events import (
    Emit,
    Found,
    RunDone,
    RunStarted,
    StageDone,
    StageStarted,
    ignore,
)
from stellwerk.planning.models import LanguageModel
from stellwerk.planning.prompts import prompt
from stellwerk.planning.stages.decompose import decompose
from stellwerk.planning.stages.packages import task_packages
from stellwerk.planning.stages.tasks import route_tasks
from stellwerk.planning.wish import Wish
from stellwerk.validation.findings import Finding, Severity, Subject
from stellwerk.validation.validators import STRUCTURE, findings

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Planned:
    """A finished run.

    Attributes:
        composition: The plan with its notes.
        findings: What the validators have to say about it.
    """

    composition: Composition
    findings: tuple[Finding, ...]


async def plan_goal(
    wish: Wish, model: LanguageModel, births: Births, emit: Emit = ignore
) -> Planned:
    """Turn a wish into a plan.

    Raises:
        ProviderError: The model gave no answer that makes a plan.
    """
    emit(RunStarted(model.name, wish.title))
    emit(StageStarted("decompose", wish.title))
    structure, author = await decompose(model, wish)
    emit(StageDone("decompose", wish.title, len(structure.routes), author))
    size = _size(wish, model, len(structure.routes))
    _check_structure(wish, structure, size, births)
    chapters = await _together(
        _chapter(wish, structure, route, model, emit) for route in structure.routes
    )
    composition = composed(wish, structure, chapters, _source(model, author), births)
    found = findings(Subject(composition.plan, composition.notes, size))
    for finding in found:
        emit(Found(finding))
    packages = sum(1 for _ in composition.plan.packages)
    emit(RunDone(len(composition.plan.routes), packages))
    return Planned(composition, found)


async def _chapter(
    wish: Wish, structure: StructureDraft, route: RouteDraft, model: LanguageModel, emit: Emit
) -> Chapter:
    """Plan one route: its tasks, then the packages of all of them at once."""
    emit(StageStarted("tasks", route.title))
    tasks, author = await route_tasks(model, wish, structure, route)
    emit(StageDone("tasks", route.title, len(tasks.tasks), author))

    async def packages_of(index: int) -> PackagesDraft:
        task = tasks.tasks[index]
        emit(StageStarted("packages", task.title))
        packages, author = await task_packages(model, wish, route, tasks, task)
        emit(StageDone("packages", task.title, len(packages.packages), author))
        return packages

    packages = await _together(packages_of(index) for index in range(len(tasks.tasks)))
    return Chapter(route, tasks, tuple(packages))


async def _together(running: Iterable[Coroutine[None, None, Value]]) -> list[Value]:
    """Return what several calls return; the first that fails stops the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in running]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


def _check_structure(
    wish: Wish, structure: StructureDraft, size: PlanSize | None, births: Births
) -> None:
    """Refuse a structure that cannot carry a plan before anything is built on it."""
    plan = skeleton(wish, structure, births)
    found = findings(Subject(plan, {}, size), STRUCTURE)
    errors = [finding.message for finding in found if finding.severity is Severity.ERROR]
    if errors:
        raise ProviderError(f"The structure is not fit for a plan: {' '.join(errors)}")


def _size(wish: Wish, model: LanguageModel, routes: int) -> PlanSize | None:
    """Return the size a plan is held to: as asked, or the one it came to have.

    A playbook has one size, so it is not held to another.
    """
    if wish.size in SIZES and model.kind is not SourceKind.PLAYBOOK:
        return SIZES[wish.size]
    return next((size for size in SIZES.values() if routes <= size.routes[1]), None)


def _source(model: LanguageModel, author: str) -> Source:
    stages = () if model.kind is SourceKind.PLAYBOOK else ("decompose", "packages", "tasks")
    labels = tuple(prompt(stage).label for stage in stages)
    return Source(model.kind, model.name, author, labels)
