"""Packages: the work packages of one task, with steps, criteria, risks and sources."""

from __future__ import annotations

from dataclasses import asdict

from stellwerk.planning.asking import Question
from stellwerk.planning.drafts import PackagesDraft, RouteDraft, TaskDraft, TasksDraft
from stellwerk.planning.models import LanguageModel
from stellwerk.planning.wish import Wish

QUESTION = Question("packages", PackagesDraft)


async def task_packages(
    model: LanguageModel, wish: Wish, route: RouteDraft, tasks: TasksDraft, task: TaskDraft
) -> tuple[PackagesDraft, str]:
    """Return the work packages of one task, and who wrote them."""
    inputs = {
        "wish": asdict(wish),
        "route": route.model_dump(),
        "tasks": [each.model_dump() for each in tasks.tasks],
        "task": task.model_dump(),
    }
    return await QUESTION.ask(model, task.key, inputs)
