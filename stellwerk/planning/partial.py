"""What a run that is not finished has so far, made of the answers in its log alone."""

from __future__ import annotations

from dataclasses import replace

from stellwerk.domain.births import Births
from stellwerk.domain.goal import Source
from stellwerk.errors import ProviderError
from stellwerk.planning.asking import Panel
from stellwerk.planning.composing import Composition, composed
from stellwerk.planning.drafts import PackagesDraft, RouteDraft, StructureDraft, TasksDraft
from stellwerk.planning.enriching import Chapter
from stellwerk.planning.stages.decompose import decompose
from stellwerk.planning.stages.packages import task_packages
from stellwerk.planning.stages.tasks import route_tasks
from stellwerk.planning.wish import Caps, Wish


async def partial_plan(
    wish: Wish, panel: Panel, births: Births, caps: Caps
) -> Composition | None:
    """Return the plan as far as it is known, or None if not even its routes are.

    Args:
        wish: What is planned.
        panel: Its checkpoints are looked at; nobody is asked.
        births: Identity and time of what is born.
        caps: The most there may be of everything.
    """
    silent = replace(panel, models=())
    try:
        structure, provider, model = await decompose(silent, wish, caps, lambda _: ())
    except ProviderError:
        return None
    chapters = [
        await _chapter(wish, structure, route, silent, caps) for route in structure.routes
    ]
    source = Source(provider=provider, model=model)
    known = [chapter for chapter in chapters if chapter]
    return composed(wish, structure, known, source, births)


async def _chapter(
    wish: Wish, structure: StructureDraft, route: RouteDraft, panel: Panel, caps: Caps
) -> Chapter | None:
    try:
        tasks: TasksDraft = (await route_tasks(panel, wish, structure, route, caps)).draft
    except ProviderError:
        return None
    packages: list[PackagesDraft | None] = []
    for task in tasks.tasks:
        try:
            made = await task_packages(panel, wish, structure, route, tasks, task, caps)
            packages.append(made.draft)
        except ProviderError:
            packages.append(None)
    return Chapter(route, tasks, tuple(packages))
