"""Tasks: the steps of one route."""

from __future__ import annotations

from dataclasses import asdict

from stellwerk.planning.asking import Question
from stellwerk.planning.drafts import RouteDraft, StructureDraft, TasksDraft
from stellwerk.planning.models import LanguageModel
from stellwerk.planning.wish import Wish

QUESTION = Question("tasks", TasksDraft)


async def route_tasks(
    model: LanguageModel, wish: Wish, structure: StructureDraft, route: RouteDraft
) -> tuple[TasksDraft, str]:
    """Return the tasks of one route, and who wrote them."""
    inputs = {
        "wish": asdict(wish),
        "routes": [each.model_dump() for each in structure.routes],
        "route": route.model_dump(),
    }
    return await QUESTION.ask(model, route.key, inputs)
