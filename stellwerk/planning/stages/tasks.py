"""Tasks: the steps of one route."""

from __future__ import annotations

from dataclasses import asdict

from stellwerk.planning.asking import Answered, Panel, Question
from stellwerk.planning.drafts import RouteDraft, StructureDraft, TasksDraft
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import Caps, Wish

QUESTION = Question("tasks", TasksDraft, max_tokens=4_000)


async def route_tasks(
    panel: Panel, wish: Wish, structure: StructureDraft, route: RouteDraft, caps: Caps
) -> Answered[TasksDraft]:
    """Return the tasks of one route, under keys of ours."""
    inputs = {
        "wish": asdict(wish),
        "background": wish.told(),
        "routes": [each.model_dump() for each in structure.routes],
        "route": route.model_dump(),
        "caps": caps._asdict(),
    }
    tasks, provider, model = await QUESTION.ask(
        panel, route.key, inputs, Where(route.key, structure.unit_hours, wish.language)
    )
    keyed = [
        task.model_copy(update={"key": f"{route.key}.{number}"})
        for number, task in enumerate(tasks.tasks, 1)
    ]
    return Answered(TasksDraft(tasks=keyed), provider, model)
