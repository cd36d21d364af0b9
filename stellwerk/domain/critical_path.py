"""The critical path of the expected railway, in working hours (Kelley and Walker 1959)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stellwerk.domain.graph import topological_order
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import Railway, railway_of
from stellwerk.domain.work import SETTLED, WorkPackage

TOLERANCE = 1e-9
"""Hours of total float that still count as none."""


class Timing(NamedTuple):
    """When a work package can run, in working hours from now.

    Attributes:
        earliest: Earliest start.
        latest: Latest start that does not delay the end.
        tail: Longest chain of open work from its start to the end, itself included.
    """

    earliest: float
    latest: float
    tail: float

    @property
    def total_float(self) -> float:
        """How long it can be late without delaying the end."""
        return max(self.latest - self.earliest, 0.0)

    @property
    def critical(self) -> bool:
        """Whether any delay of it delays the end."""
        return self.total_float <= TOLERANCE


class Schedule(NamedTuple):
    """The timing of every open work package on the expected railway.

    Attributes:
        timings: Package uid to timing.
        hours: Length of the longest chain of open work.
    """

    timings: Mapping[str, Timing]
    hours: float


class _Network(NamedTuple):
    """An activity network; activities are numbers, for plans have thousands of them.

    Attributes:
        hours: Of each activity.
        before: Of each activity, those that come right before it.
        packages: Package uid to its activity.
    """

    hours: list[float]
    before: list[list[int]]
    packages: dict[str, int]


def critical_routes(plan: Plan, railway: Railway | None = None) -> set[str]:
    """Return the uids of the routes with work on the critical path."""
    timings = critical_path(plan, railway).timings
    return {plan.route_of(uid).uid for uid, timing in timings.items() if timing.critical}


def critical_path(plan: Plan, railway: Railway | None = None) -> Schedule:
    """Return the timing of the open work as if there were people enough.

    Open switches count as they are expected to be set (`Switch.expected`). Settled work
    neither takes time nor waits; a need on it, or off the travelled routes, is met.
    """
    hours, before, packages = _network(plan, railway or railway_of(plan))
    after: list[list[int]] = [[] for _ in hours]
    for at, befores in enumerate(before):
        for each in befores:
            after[each].append(at)
    heads, tails = _chains(hours, after), _chains(hours, before)
    end = max(tails, default=0.0)
    timings = {
        uid: Timing(heads[at] - hours[at], end - tails[at], tails[at])
        for uid, at in packages.items()
    }
    return Schedule(timings, end)


def longest_tails(plan: Plan, railway: Railway) -> tuple[Mapping[str, float], float]:
    """Return the tail of every open work package by uid, and the longest of all, in hours.

    Costs a fraction of `critical_path`, and is all there is to know of what is ready:
    nothing comes before it, so its earliest start is now.
    """
    tails = _tails_as_written(plan, railway)
    if tails is None:
        timings, hours = critical_path(plan, railway)
        return {uid: timing.tail for uid, timing in timings.items()}, hours
    return tails, max(tails.values(), default=0.0)


def _tails_as_written(plan: Plan, railway: Railway) -> dict[str, float] | None:
    """Return the tails, found in one pass over the plan from its end.

    None if a need points at what is written later: the pass comes too early for its tail.
    """
    unit, index = plan.goal.unit_hours, plan.index
    routes = {route.uid: route for route in plan.routes}
    tails: dict[str, float] = {}
    longest: dict[str, float] = {}  # by package what needs it, by route what follows it
    for uid in reversed(topological_order(routes, index.after)):
        if uid not in railway.expected:
            continue
        ahead = most = max([longest.get(head, 0.0) for head in index.after[uid]], default=0.0)
        left = [each for each in routes[uid].packages if each.status not in SETTLED]
        for package in reversed(left):
            tail = max(ahead, longest.get(package.uid, 0.0)) + package.hours(unit)
            tails[package.uid] = tail
            # `max` would take half of the time for itself.
            if tail > most:  # noqa: PLR1730
                most = tail
            for need in package.needs:
                if need in tails:
                    return None
                if tail > longest.get(need, 0.0):
                    longest[need] = tail
        longest[uid] = most
    return tails


def _chains(hours: list[float], onward: list[list[int]]) -> list[float]:
    """Return the longest chain that leads to each activity, itself included.

    Args:
        hours: Of each activity.
        onward: Of each activity, those that a chain goes on to from there.
    """
    waiting = [0] * len(hours)
    for ahead in onward:
        for each in ahead:
            waiting[each] += 1
    order = [at for at, count in enumerate(waiting) if not count]
    longest = hours.copy()
    # Kahn (1962); `max` would take half of the time for itself, as above.
    for at in order:
        so_far = longest[at]
        for each in onward[at]:
            if so_far + hours[each] > longest[each]:  # noqa: PLR1730
                longest[each] = so_far + hours[each]
            waiting[each] -= 1
            if not waiting[each]:
                order.append(each)
    return longest


def _network(plan: Plan, railway: Railway) -> _Network:
    """Return the network of the expected routes.

    A route is entered and left by an activity of no hours each, its open packages between.
    """
    unit = plan.goal.unit_hours
    network = _Network([], [], {})
    hours, before, packages = network
    enter: dict[str, int] = {}
    found: list[WorkPackage] = []
    for route in plan.routes:
        if route.uid not in railway.expected:
            continue
        mine = [package for package in route.packages if not package.settled]
        enter[route.uid] = at = len(hours)
        numbers = range(at + 2, at + 2 + len(mine))
        before += [[], [at, *numbers], *[[at]] * len(mine)]
        hours += [0.0, 0.0, *[package.hours(unit) for package in mine]]
        packages.update(zip([package.uid for package in mine], numbers, strict=True))
        found += [package for package in mine if package.needs]
    for edge in plan.edges:
        if edge.tail in enter and edge.head in enter:
            before[enter[edge.head]].append(enter[edge.tail] + 1)
    for package in found:
        if needs := [packages[need] for need in package.needs if need in packages]:
            own = packages[package.uid]
            before[own] = [*before[own], *needs]
    return network
