"""Efforts: a plan's hours scaled so that its recommended way takes what the goal takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import floor, inf, log10
from typing import Final

from stellwerk.plugins.api import Document, Plan, ThreePoint, WorkPackage
from stellwerk_playbooks.playbook import Playbook
from stellwerk_playbooks.slots import HORIZON, weeks_in

LEAST: Final = 1 / 8
MOST: Final = 8.0
"""The factors by which a plan can be stretched and stay the same plan."""
LARGEST: Final = 80.0
"""Hours of a work package: what takes longer wants to be divided."""
_UNEVEN: Final = 1.25
"""How much more than the rest the small ones may be stretched, so that no large one is larger."""
_CLOSE: Final = 0.02


def effort_of(playbook: Playbook, values: Mapping[str, str]) -> float | None:
    """Return the hours a goal takes, or None if the playbook does not say."""
    effort = playbook.effort
    if effort is None:
        return None
    if effort.weekly is not None:
        weeks = _weeks(playbook, values)
        return None if weeks is None else effort.weekly * weeks
    return dict(effort.table).get(values.get(effort.by, ""), effort.hours)


def scaled(document: Document, hours: float | None) -> Document:
    """Return a plan whose recommended way takes about so many hours.

    Its unit is scaled by a factor, and so are its estimates, each rounded to two digits.
    Where that makes the largest work packages too large, the others take some of theirs.
    """
    plan = document.plan
    now = recommended_hours(plan)
    if hours is None or not now:
        return document
    factor = min(max(hours / now, LEAST), MOST)
    if abs(factor - 1) < _CLOSE:
        return document
    unit = min(tidy(plan.goal.unit_hours * factor), 1000.0)
    stretch, most = _stretch(_recommended(plan), factor)
    routes = tuple(
        replace(
            route,
            tasks=tuple(
                replace(
                    task, packages=tuple(_stretched(p, stretch, most) for p in task.packages)
                )
                for task in route.tasks
            ),
        )
        for route in plan.routes
    )
    return replace(
        document, plan=replace(plan, goal=replace(plan.goal, unit_hours=unit), routes=routes)
    )


def _stretch(hours: list[float], factor: float) -> tuple[float, float]:
    """Return by how much to scale some hours, and at what to stop, for `factor` in all."""
    wanted, stretch = sum(hours) * factor, factor
    for _ in hours:
        small = sum(each for each in hours if each * stretch < LARGEST)
        rest = wanted - LARGEST * sum(each * stretch >= LARGEST for each in hours)
        if not small or rest / small > _UNEVEN * factor:
            return factor, inf
        if rest / small <= stretch:
            break
        stretch = rest / small
    return stretch, LARGEST


def recommended_hours(plan: Plan) -> float:
    """Return the hours of a plan if every switch is set as recommended."""
    return sum(_recommended(plan))


def _recommended(plan: Plan) -> list[float]:
    """Return the hours of each work package on the recommended way."""
    after: dict[str, list[str]] = {}
    for edge in plan.edges:
        after.setdefault(edge.tail, []).append(edge.head)
    heads = {edge.head for edge in plan.edges}
    switches = {switch.route: switch for switch in plan.switches}
    waiting = [route.uid for route in plan.routes if route.uid not in heads]
    reached: set[str] = set()
    while waiting:
        uid = waiting.pop()
        if uid not in reached:
            reached.add(uid)
            switch = switches.get(uid)
            waiting += [switch.expected.head] if switch else after.get(uid, [])
    unit = plan.goal.unit_hours
    live = (route for route in plan.routes if route.uid in reached)
    return [package.hours(unit) for route in live for package in route.packages]


def tidy(hours: float) -> float:
    """Return hours with two significant digits."""
    return round(hours, 1 - floor(log10(hours))) if hours > 0 else hours


def _stretched(package: WorkPackage, factor: float, most: float) -> WorkPackage:
    told = package.estimate
    if told is None:
        return package
    factor = min(factor, most / told.p50) if told.p50 else factor
    p10, p50, p90 = (tidy(hours * factor) for hours in (told.p10, told.p50, told.p90))
    return replace(package, estimate=ThreePoint(p10, max(p10, p50), max(p10, p50, p90)))


def _weeks(playbook: Playbook, values: Mapping[str, str]) -> float | None:
    for slot in playbook.slots:
        if slot.kind == HORIZON:
            told = weeks_in(values.get(slot.name, ""), playbook.language)
            return told or weeks_in(slot.default, playbook.language)
    return None
