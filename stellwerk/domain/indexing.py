"""Where everything in a plan is: by uid, by ref, by edge. Built once for a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stellwerk.domain.refs import letters

if TYPE_CHECKING:
    from stellwerk.domain.plan import Item, Plan, Switch


@dataclass(frozen=True, slots=True)
class Index:
    """Look-ups over one plan.

    Attributes:
        items: Uid to item.
        parents: Uid of a task, package or option to the uid that holds it.
        refs: Uid to ref.
        by_ref: Ref to uid.
        after: Route uid to the uids of the routes its edges lead to.
        before: Route uid to the uids of the routes whose edges lead to it.
        switch_at: Route uid to the switch at its end.
    """

    items: Mapping[str, Item]
    parents: Mapping[str, str]
    refs: Mapping[str, str]
    by_ref: Mapping[str, str]
    after: Mapping[str, Sequence[str]]
    before: Mapping[str, Sequence[str]]
    switch_at: Mapping[str, Switch]


def index_of(plan: Plan) -> Index:
    """Return the look-ups of a plan; the last of two items with one uid wins."""
    items: dict[str, Item] = {}
    parents: dict[str, str] = {}
    refs: dict[str, str] = {}
    for route in plan.routes:
        items[route.uid] = route
        refs[route.uid] = route_ref = f"r{route.number}"
        for task in route.tasks:
            items[task.uid] = task
            parents[task.uid] = route.uid
            refs[task.uid] = task_ref = f"{route_ref}.{task.number}"
            for package in task.packages:
                items[package.uid] = package
                parents[package.uid] = task.uid
                refs[package.uid] = f"{task_ref}.{package.number}"
    for switch in plan.switches:
        items[switch.uid] = switch
        refs[switch.uid] = f"d{switch.number}"
        for option in switch.options:
            items[option.uid] = option
            parents[option.uid] = switch.uid
            refs[option.uid] = f"d{switch.number}.{letters(option.number)}"
    for person in plan.people:
        items[person.uid] = person
        refs[person.uid] = f"p{person.number}"
    after: dict[str, list[str]] = {route.uid: [] for route in plan.routes}
    before: dict[str, list[str]] = {route.uid: [] for route in plan.routes}
    for edge in plan.edges:
        after.setdefault(edge.tail, []).append(edge.head)
        before.setdefault(edge.head, []).append(edge.tail)
    return Index(
        items=items,
        parents=parents,
        refs=refs,
        by_ref={ref: uid for uid, ref in refs.items()},
        after=after,
        before=before,
        switch_at={switch.route: switch for switch in plan.switches},
    )
