"""Expand: more detail in a stored plan: smaller work packages, or those a task lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.work import Task
from stellwerk.planning.asking import Answered, Panel, Question
from stellwerk.planning.drafts import (
    EdgeDraft,
    PackageDraft,
    PackagesDraft,
    RouteDraft,
    StructureDraft,
    TaskDraft,
)
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import CAPS, Wish

QUESTION: Final = Question("expand", PackagesDraft)
_FURTHER: Final = Question("packages", PackagesDraft)


async def expanded(
    panel: Panel,
    wish: Wish,
    package: PackageDraft,
    problems: Sequence[str],
    place: Mapping[str, Any],
    unit_hours: float,
) -> Answered[PackagesDraft]:
    """Return the work packages that do together what one does.

    Args:
        panel: Who is asked.
        wish: What the plan is for.
        package: The one that is divided.
        problems: Why, or how, a sentence each.
        place: Its `route` and `task`, as prompts show them.
        unit_hours: Hours in one unit of length.
    """
    inputs = {
        "wish": asdict(wish),
        "package": package.model_dump(),
        "problems": list(problems),
        **place,
    }
    where = Where(package.key, unit_hours, wish.language)
    return await QUESTION.ask(panel, package.key, inputs, where, _check)


async def further_packages(
    panel: Panel, wish: Wish, plan: Plan, task: Task, wanted: Sequence[str]
) -> Answered[PackagesDraft]:
    """Return work packages that a task lacks, beside those it has.

    Args:
        panel: Who is asked.
        wish: What the plan is for.
        plan: The plan.
        task: Its task.
        wanted: What is missing, a sentence each.
    """
    structure, route = structure_of(plan), plan.route_of(task.uid)
    tasks = [
        TaskDraft.model_construct(
            key=plan.ref(each.uid), title=each.title, description=each.description
        )
        for each in route.tasks
    ]
    key = plan.ref(task.uid)
    inputs = {
        "wish": asdict(wish),
        "routes": [each.model_dump() for each in structure.routes],
        "route": _route(plan, route).model_dump(),
        "tasks": [each.model_dump() for each in tasks],
        "task": next(each for each in tasks if each.key == key).model_dump(),
        "known": [each.title for each in task.packages],
        "wanted": list(wanted),
        "caps": CAPS._asdict(),
    }
    where = Where(key, structure.unit_hours, wish.language)
    return await _FURTHER.ask(panel, key, inputs, where)


def structure_of(plan: Plan) -> StructureDraft:
    """Return the routes of a plan as the draft they could have been made of."""
    routes = [_route(plan, route) for route in plan.routes]
    edges = [EdgeDraft(before=plan.ref(e.tail), after=plan.ref(e.head)) for e in plan.edges]
    return StructureDraft.model_construct(
        title=plan.goal.title,
        description=plan.goal.description,
        unit_hours=plan.goal.unit_hours,
        routes=routes,
        edges=edges,
        decisions=[],
    )


def _route(plan: Plan, route: Route) -> RouteDraft:
    return RouteDraft.model_construct(
        key=plan.ref(route.uid),
        title=route.title,
        description=route.description,
        kind=route.kind.value,
    )


def _check(draft: PackagesDraft) -> Sequence[str]:
    if len(draft.packages) < 2:
        return ("packages: there has to be more than one.",)
    return ()
