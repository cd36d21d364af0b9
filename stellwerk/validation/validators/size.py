"""SW101 to SW106: a plan keeps to the limits of its size, and holds something everywhere.

What is counted against a size is counted only where a plan was asked to have one.

Bad (small): r1.1.1-3
Good (small): r1 > r2, r1.1.1-2, r2.1.1-2
Bad (small): r1 > r2, r1.1.1, r2.1.1
Good (small): r1 > r2, r1.1.1, r2.1.1-2
Bad (small): r1 > r2, r1.1.1-5, r2.1.1
Good (small): r1 > r2, r1.1.1-4, r2.1.1, r2.2.1
Bad (small): r1 ? r2 | r3, r2 ? r3 | r4, r3 ? r4 | r5, r1.1.1, r2.1.1, r3.1.1, r4.1.1, r5.1.1
Good (small): r1 ? r2 | r3, r2 ? r3 | r4, r3 > r4, r1.1.1, r2.1.1, r3.1.1, r4.1.1
Bad (standard): r1 > r2 > r3 > r4 > r5, r1 > r6, r1.1.1-4, r2.1.1-4, r3.1.1-4, r4.1.1, r5.1.1, r6.1.1
Good (standard): r1 ? r2 | r3, r2 > r4, r3 > r4 > r5 > r6, r1.1.1-4, r2.1.1-4, r3.1.1-4, r4.1.1, r5.1.1, r6.1.1
Bad (plan): r1 > r2, r1.1.1
Good (plan): r1 > r2, r1.1.1, r2.1.1
Bad (plan): r1.1.1, r1.2
Good (plan): r1.1.1, r1.2.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.domain.limits import PlanSize
from stellwerk.domain.plan import Plan, Route, Switch
from stellwerk.domain.work import Task
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Validator,
)
from stellwerk.validation.reach import Reach
from stellwerk.validation.subject import Subject

ROUTES: Final = Code(
    *("SW101", Severity.ERROR, "The plan has more or fewer routes than plans of its size."),
    *(Aspect.STRUCTURE, 0.5, Per.PLAN),
)
PACKAGES: Final = Code(
    "SW102",
    Severity.WARNING,
    "The plan has more or fewer work packages than plans of its size.",
    *(Aspect.STRUCTURE, 0.3, Per.PLAN),
)
EMPTY: Final = Code(
    *("SW103", Severity.WARNING, "A route has no task, or a task no work package."),
    *(Aspect.COMPLETENESS, 0.8, Per.ROUTE),
)
MERGE: Final = Code(
    "SW104",
    Severity.ERROR,
    "The plan has no decision whose ways meet again, and plans of its size have one.",
    *(Aspect.STRUCTURE, 0.4, Per.PLAN),
)
DEPTH: Final = Code(
    *("SW105", Severity.WARNING, "More decisions stand in a row than anybody looks through."),
    *(Aspect.STRUCTURE, 0.3, Per.PLAN),
)
CROWDED: Final = Code(
    "SW106",
    Severity.WARNING,
    "A route has more tasks, or a task more work packages, than are good to follow.",
    *(Aspect.STRUCTURE, 0.4, Per.ROUTE),
)
_DEEPEST: Final = 10
"""Decisions in a row that a plan of any size can have."""


def check_routes(subject: Subject) -> Iterator[Finding]:
    """Yield what there is to say about the number of routes and their decisions."""
    plan, size = subject.plan, subject.size
    if size:
        low, high = size.routes
        if not low <= (count := len(plan.routes)) <= high:
            routes = "1 route" if count == 1 else f"{count} routes"
            message = f"The plan has {routes}; {size.name} plans have {low}-{high}."
            yield ROUTES.at("", message, _towards(count, low, "routes"))
        if size.needs_switch and not _meets(plan):
            message = "The plan has no decision whose ways meet again."
            hint = "Where could one sensibly go two ways? Make it a switch with a merge."
            yield MERGE.at("", message, hint)
    yield from _depth(plan, size)


def check_packages(subject: Subject) -> Iterator[Finding]:
    """Yield what there is to say about the number of tasks and work packages."""
    plan, size = subject.plan, subject.size
    if size:
        low, high = size.packages
        if not low <= (count := sum(1 for _ in plan.packages)) <= high:
            packages = "1 work package" if count == 1 else f"{count} work packages"
            message = f"The plan has {packages}; {size.name} plans have {low}-{high}."
            yield PACKAGES.at("", message, _towards(count, low, "work packages"))
    for route in plan.routes:
        most = size.tasks_per_route if size else None
        yield from _counted(plan, route, len(route.tasks), "task", most)
        most = size.packages_per_task if size else None
        for task in route.tasks:
            yield from _counted(plan, task, len(task.packages), "work package", most)


def _towards(count: int, low: int, what: str) -> str:
    return f"Split some {what}." if count < low else f"Put some {what} together."


def _counted(
    plan: Plan, item: Route | Task, count: int, what: str, most: int | None
) -> Iterator[Finding]:
    """Yield what there is to say about how much a route or a task holds."""
    name, ref = plan.name(item.uid), plan.ref(item.uid)
    if not count:
        kind = what.removeprefix("work ")
        hint = f"`stellwerk add {kind} {ref} TITLE`, or `stellwerk remove {ref}`."
        yield EMPTY.at(ref, f"{name} has no {what}.", hint, quote=item.title)
    elif most is not None and count > most:
        message = f"{name} has {count} {what}{'s' if count > 1 else ''}."
        hint = f"At most {most} are good to follow: split it."
        yield CROWDED.at(ref, message, hint, quote=item.title)


def _meets(plan: Plan) -> bool:
    """Whether two ways of a switch come together somewhere."""
    reach = Reach(plan)
    for switch in plan.switches:
        seen = 0
        for option in switch.options:
            way = reach.bit[option.head] | reach.behind[option.head]
            if seen & way:
                return True
            seen |= way
    return False


def _depth(plan: Plan, size: PlanSize | None) -> Iterator[Finding]:
    most = size.switch_levels if size else _DEEPEST
    if len(plan.switches) <= most:
        return
    levels: dict[str, int] = {}
    deepest: tuple[int, Switch | None] = (0, None)
    for uid in Reach(plan).order:
        levels[uid] = max((levels[tail] for tail in plan.index.before[uid]), default=0)
        if switch := plan.index.switch_at.get(uid):
            levels[uid] += 1
            deepest = max(deepest, (levels[uid], switch), key=lambda found: found[0])
    depth, last = deepest
    if last and depth > most:
        kind = f"{size.name} plans" if size else "plans"
        message = (
            f"{depth} decisions stand in a row, up to {plan.name(last.uid)};"
            f" {kind} have at most {most}."
        )
        hint = "Decide together what belongs together, or leave the last ones to a later plan."
        yield DEPTH.at(plan.ref(last.uid), message, hint, quote=last.title)


STRUCTURE: Final = Validator((ROUTES, MERGE, DEPTH), check_routes)
VALIDATOR: Final = Validator((PACKAGES, EMPTY, CROWDED), check_packages)
