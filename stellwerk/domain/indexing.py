"""Where everything in a plan is: by uid, by ref, by edge. Each built once for a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stellwerk.domain.refs import letters

if TYPE_CHECKING:
    from stellwerk.domain.goal import Person
    from stellwerk.domain.plan import Item, Plan, Route, Switch


class Index:
    """Look-ups over one plan; the last of two items with one uid wins.

    Attributes:
        after: Route uid to the uids of the routes its edges lead to.
        before: Route uid to the uids of the routes whose edges lead to it.
        switch_at: Route uid to the switch at its end.
    """

    def __init__(self, plan: Plan) -> None:
        # Not the plan itself: the two would keep each other alive.
        self._held = plan.routes, plan.switches, plan.people
        self.after, self.before = _neighbours(plan)
        self.switch_at: Mapping[str, Switch] = {s.route: s for s in plan.switches}

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Uid to item, in written order."""
        return self._places[0]

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """Uid of a task, package or option to the uid that holds it."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[Mapping[str, Item], Mapping[str, str]]:
        return _places(*self._held)

    def changed(self, plan: Plan, items: Mapping[str, Item]) -> Index:
        """Return the index of a plan of the same shape and refs, with some other items."""
        index = copy(self)
        vars(index).update(
            _held=(plan.routes, plan.switches, plan.people),
            items={**self.items, **items},
            switch_at={switch.route: switch for switch in plan.switches},
        )
        return index

    @cached_property
    def refs(self) -> Mapping[str, str]:
        """Uid to ref, in written order."""
        return _refs(*self._held)

    @cached_property
    def by_ref(self) -> Mapping[str, str]:
        """Ref to uid."""
        return {ref: uid for uid, ref in self.refs.items()}

    def ref(self, uid: str) -> str:
        """Return the ref of one item, `?` for what the plan does not hold."""
        item = self.items.get(uid)
        if item is None or "refs" in self.__dict__:
            return self.refs.get(uid, "?") if item else "?"
        holder = self.parents.get(uid)
        if holder is None:
            _, switches, people = self._held
            sign = "d" if item in switches else "p" if item in people else "r"
            return f"{sign}{item.number}"
        routed = holder in self.parents or holder in self.after
        return f"{self.ref(holder)}.{item.number if routed else letters(item.number)}"

    def find(self, ref: str) -> str | None:
        """Return the uid that a ref means, or None."""
        if "refs" in self.__dict__:
            return self.by_ref.get(ref)
        first, *parts = ref.split(".")
        sign, wanted = first[:1], [first[1:], *parts]
        tops: dict[str, Sequence[Any]] = dict(zip("rdp", self._held, strict=True))
        entries = tops.get(sign, ())
        fields = {"r": ("tasks", "packages"), "d": ("options",)}.get(sign, ())
        if len(parts) > len(fields):
            return None
        found = None
        for depth, part in enumerate(wanted):
            name = letters if sign == "d" and depth else str
            held = getattr(found, fields[depth - 1], ()) if depth else entries
            found = next((each for each in held if name(each.number) == part), None)
        return found.uid if found else None


def _places(
    routes: Sequence[Route], switches: Sequence[Switch], people: Sequence[Person]
) -> tuple[dict[str, Item], dict[str, str]]:
    """Return every item by uid, and what holds it."""
    items: dict[str, Item] = {}
    parents: dict[str, str] = {}
    for route in routes:
        items[route.uid] = route
        for task in route.tasks:
            items[holder := task.uid] = task
            parents[holder] = route.uid
            for package in task.packages:
                items[uid := package.uid] = package
                parents[uid] = holder
    for switch in switches:
        items[switch.uid] = switch
        for option in switch.options:
            items[option.uid] = option
            parents[option.uid] = switch.uid
    items.update((person.uid, person) for person in people)
    return items, parents


def _refs(
    routes: Sequence[Route], switches: Sequence[Switch], people: Sequence[Person]
) -> dict[str, str]:
    refs: dict[str, str] = {}
    for route in routes:
        refs[route.uid] = route_ref = f"r{route.number}"
        for task in route.tasks:
            refs[task.uid] = task_ref = f"{route_ref}.{task.number}"
            for package in task.packages:
                refs[package.uid] = f"{task_ref}.{package.number}"
    for switch in switches:
        refs[switch.uid] = f"d{switch.number}"
        for option in switch.options:
            refs[option.uid] = f"d{switch.number}.{letters(option.number)}"
    refs.update((person.uid, f"p{person.number}") for person in people)
    return refs


def _neighbours(plan: Plan) -> tuple[dict[str, Sequence[str]], dict[str, Sequence[str]]]:
    """Return what comes after each route, and what before."""
    after: dict[str, Any] = {route.uid: [] for route in plan.routes}
    before: dict[str, Any] = {route.uid: [] for route in plan.routes}
    for edge in plan.edges:
        after.setdefault(edge.tail, []).append(edge.head)
        before.setdefault(edge.head, []).append(edge.tail)
    return after, before
