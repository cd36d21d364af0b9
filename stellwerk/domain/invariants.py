"""The hard invariants: what no plan may break. Everything softer is a finding.

Uids are unique and known, refs are unique, the graph of routes with the packages in them
and their needs is acyclic, and a switch's two or more options are exactly the outgoing
edges of its route.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from stellwerk.domain.graph import find_cycle

if TYPE_CHECKING:
    from stellwerk.domain.plan import Plan, Switch

Value = TypeVar("Value", bound=Hashable)


def broken_rules(plan: Plan) -> tuple[str, ...]:
    """Return a sentence for each broken rule; cycles are looked for once ids are sound."""
    rules = tuple(_identity(plan)) or tuple(_switches(plan))
    if not rules and (cycle := plan_cycle(plan)):
        names = " -> ".join(plan.name(uid) for uid in (*cycle, cycle[0]))
        return (f"These need each other in a circle: {names}.",)
    return rules


def plan_cycle(plan: Plan) -> tuple[str, ...]:
    """Return the uids on one cycle of routes and needs combined, or an empty tuple.

    The routes alone are looked at first, for a cycle among them is soonest understood.
    Then each route is entered at one node and left at another, with its packages between,
    so one search sees route order, needs and their mixtures.
    """
    order = {route.uid: plan.index.after[route.uid] for route in plan.routes}
    if cycle := find_cycle(order, order):
        return cycle
    successors: dict[str, list[str]] = {}
    for route in plan.routes:
        inside = [package.uid for package in route.packages]
        successors[f"<{route.uid}"] = [*inside, f">{route.uid}"]
        successors.update((uid, [f">{route.uid}"]) for uid in inside)
        successors[f">{route.uid}"] = []
    for edge in plan.edges:
        successors[f">{edge.tail}"].append(f"<{edge.head}")
    for package in plan.packages:
        for need in package.needs:
            successors[need].append(package.uid)
    nodes = _direct(find_cycle(successors, successors))
    uids = [node.lstrip("<>") for node in nodes]
    return tuple(uid for at, uid in enumerate(uids) if uid != uids[at - 1]) or tuple(uids[:1])


def _direct(cycle: tuple[str, ...]) -> list[str]:
    """Leave out packages between the two ends of their own route: a detour, no reason."""
    around = zip(cycle[-1:] + cycle, cycle, cycle[1:] + cycle[:1], strict=False)
    return [
        node
        for before, node, after in around
        if not (before.startswith("<") and after == f">{before[1:]}")
    ]


def _identity(plan: Plan) -> Iterator[str]:
    """Yield what is wrong with uids, refs, edges, needs and assignments."""
    for word, values in (("uid", _uids(plan)), ("ref", plan.index.refs.values())):
        for value, count in _repeated(values):
            yield f"The {word} {value} stands {count} times."
    yield from _edges(plan)
    yield from _work(plan)


def _edges(plan: Plan) -> Iterator[str]:
    routes = {route.uid for route in plan.routes}
    for edge in plan.edges:
        for uid in (edge.tail, edge.head):
            if uid not in routes:
                yield f"An edge names the route {uid}, which the plan does not have."
        if edge.tail == edge.head:
            yield f"{plan.name(edge.tail)} would come before itself."
    for edge, count in _repeated(plan.edges):
        names = f"{plan.name(edge.tail)} to {plan.name(edge.head)}"
        yield f"The edge from {names} stands {count} times."


def _work(plan: Plan) -> Iterator[str]:
    """Yield what work packages name that the plan does not have."""
    packages = {package.uid for package in plan.packages}
    people = {person.uid for person in plan.people}
    for package in plan.packages:
        for need in package.needs:
            if need not in packages:
                unknown = f"the work package {need}, which the plan does not have"
                yield f"{plan.name(package.uid)} needs {unknown}."
        if package.assignee is not None and package.assignee not in people:
            unknown = f"{package.assignee}, who is not in the plan"
            yield f"{plan.name(package.uid)} is assigned to {unknown}."


def _switches(plan: Plan) -> Iterator[str]:
    """Yield what is wrong with switches; edges are known to be sound."""
    for route, count in _repeated(switch.route for switch in plan.switches):
        yield f"{plan.name(route)} has {count} switches; it can have one."
    for switch in plan.switches:
        yield from _switch(plan, switch)


def _switch(plan: Plan, switch: Switch) -> Iterator[str]:
    name = plan.name(switch.uid)
    if len(switch.options) < 2:
        yield f"The switch {name} has {len(switch.options)} of the two options it needs."
    heads = Counter(option.head for option in switch.options)
    edges = Counter(plan.index.after.get(switch.route, ()))
    if heads != edges:
        missing = ", ".join(plan.name(uid) for uid in edges - heads) or "none"
        extra = ", ".join(plan.name(uid) for uid in heads - edges) or "none"
        yield (
            f"The options of {name} are not the edges that leave its route: without an"
            f" option {missing}, without an edge {extra}."
        )
    known = {option.uid for option in switch.options}
    for word, uid in (("chosen", switch.chosen), ("recommended", switch.recommended)):
        if uid is not None and uid not in known:
            yield f"The {word} option of {name} is not one of its options."


def _uids(plan: Plan) -> Iterator[str]:
    for route in plan.routes:
        yield route.uid
        for task in route.tasks:
            yield task.uid
            yield from (package.uid for package in task.packages)
    for switch in plan.switches:
        yield switch.uid
        yield from (option.uid for option in switch.options)
    yield from (person.uid for person in plan.people)


def _repeated(values: Iterable[Value]) -> Iterator[tuple[Value, int]]:
    return ((value, count) for value, count in Counter(values).items() if count > 1)
