"""Excerpts of plans: some work packages in full, of all others a line.

The railway's rules give the same answers on an excerpt as on the whole plan, in a fraction
of the time it takes to read one. Lines stand where packages would (the types say
`WorkPackage` for both), so an excerpt is for looking, and for edits of what it holds in
full: everything else needs the whole plan (`Snapshot.whole`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.work import PackageLine, Task, WorkPackage

if TYPE_CHECKING:
    from stellwerk.domain.edits.edit import Edit


def excerpt_of(plan: Plan, wanted: Collection[str]) -> Plan:
    """Return the excerpt that holds the wanted work packages in full."""

    def packages(task: Task) -> tuple[WorkPackage, ...]:
        return tuple(each if each.uid in wanted else line_of(each) for each in task.packages)

    routes = tuple(
        replace(route, tasks=tuple(replace(t, packages=packages(t)) for t in route.tasks))
        for route in plan.routes
    )
    return replace(plan, routes=routes, checked=False)


def filled(plan: Plan, packages: Iterable[WorkPackage]) -> Plan:
    """Return a plan with some work packages in place of those, or the lines, of their uids."""
    full: dict[str, Any] = {package.uid: package for package in packages}
    items: Mapping[str, Any] = plan.index.items
    parents = plan.index.parents
    tasks = {parents[uid]: items[parents[uid]] for uid in full}
    for uid, task in tasks.items():
        held = tuple(full.get(package.uid, package) for package in task.packages)
        full[uid] = replace(task, packages=held)
    routes = {parents[uid]: items[parents[uid]] for uid in tasks}
    for uid, route in routes.items():
        full[uid] = replace(
            route, tasks=tuple(full.get(task.uid, task) for task in route.tasks)
        )
    whole = tuple(full.get(route.uid, route) for route in plan.routes)
    return replace(plan, routes=whole, checked=False).indexed_as(plan, full)


def line_of(package: WorkPackage) -> WorkPackage:
    """Return the line of a work package, which stands in its place."""
    estimate, standing = package.estimate, package.standing
    line = PackageLine(
        package.uid,
        package.number,
        package.title,
        standing.status,
        package.length,
        estimate.p50 if estimate else None,
        package.needs,
        package.assignee,
        standing.waiting_for,
    )
    return cast(WorkPackage, line)


def packages_in(plan: Plan, uids: Iterable[str]) -> Iterator[str]:
    """Yield the uids of the work packages that some items are or hold."""
    for uid in uids:
        match plan.index.items.get(uid):
            case WorkPackage() | PackageLine():
                yield uid
            case Task() | Route() as holder:
                tasks = holder.tasks if isinstance(holder, Route) else (holder,)
                yield from (package.uid for task in tasks for package in task.packages)


def fits(edit: Edit, plan: Plan) -> bool:
    """Whether an edit can be made on an excerpt: what it touches is there in full."""
    items = plan.index.items
    lines = any(isinstance(items.get(uid), PackageLine) for uid, _ in edit.touches)
    return not edit.structural and not lines
