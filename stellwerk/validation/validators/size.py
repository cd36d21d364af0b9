"""SW1xx: a plan keeps to the limits of its size."""

from __future__ import annotations

from collections.abc import Iterator

from stellwerk.validation.findings import Finding, Severity, Subject


def check_routes(subject: Subject) -> Iterator[Finding]:
    """SW101: number of routes; SW104: a plan of this size has a switch and a merge."""
    plan, size = subject.plan, subject.size
    if size is None:
        return
    low, high = size.routes
    if not low <= len(plan.routes) <= high:
        message = (
            f"The plan has {len(plan.routes)} routes; {size.name} plans have {low}-{high}."
        )
        yield Finding("SW101", Severity.ERROR, "", message)
    merged = any(len(plan.index.before[route.uid]) > 1 for route in plan.routes)
    if size.needs_switch and not (plan.switches and merged):
        message = "The plan has no decision whose ways meet again."
        hint = "Where could one sensibly go two ways? Make it a switch with a merge."
        yield Finding("SW104", Severity.ERROR, "", message, hint)


def check_packages(subject: Subject) -> Iterator[Finding]:
    """SW102: number of work packages; SW103: of tasks in a route, packages in a task."""
    plan, size = subject.plan, subject.size
    if size is None:
        return
    low, high = size.packages
    count = sum(1 for _ in plan.packages)
    if not low <= count <= high:
        message = f"The plan has {count} work packages; {size.name} plans have {low}-{high}."
        yield Finding("SW102", Severity.WARNING, "", message)
    for route in plan.routes:
        if not 1 <= len(route.tasks) <= size.tasks_per_route:
            message = f"{plan.name(route.uid)} has {len(route.tasks)} tasks."
            hint = f"1 to {size.tasks_per_route} are good to follow."
            yield Finding("SW103", Severity.WARNING, plan.ref(route.uid), message, hint)
        for task in route.tasks:
            if not 1 <= len(task.packages) <= size.packages_per_task:
                message = f"{plan.name(task.uid)} has {len(task.packages)} work packages."
                hint = f"1 to {size.packages_per_task} are good to follow."
                yield Finding("SW103", Severity.WARNING, plan.ref(task.uid), message, hint)
