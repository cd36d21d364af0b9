"""The critical path of the expected railway, in working hours (Kelley and Walker 1959)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stellwerk.domain.graph import topological_order
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import Railway, railway_of

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Timing:
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
        return self.total_float <= _TOLERANCE


@dataclass(frozen=True, slots=True)
class Schedule:
    """The timing of every open work package on the expected railway.

    Attributes:
        timings: Package uid to timing.
        hours: Length of the longest chain of open work.
    """

    timings: Mapping[str, Timing]
    hours: float


def critical_path(plan: Plan, railway: Railway | None = None) -> Schedule:
    """Return the timing of the open work as if there were people enough.

    Open switches count as they are expected to be set (`Switch.expected`). Settled work
    neither takes time nor waits; a need on it, or off the travelled routes, is met.
    """
    railway = railway or railway_of(plan)
    successors, hours = _network(plan, railway)
    order = topological_order(successors, successors)
    earliest = dict.fromkeys(order, 0.0)
    for node in order:
        finish = earliest[node] + hours.get(node, 0.0)
        for after in successors[node]:
            earliest[after] = max(earliest[after], finish)
    tail = dict.fromkeys(order, 0.0)
    for node in reversed(order):
        behind = max((tail[after] for after in successors[node]), default=0.0)
        tail[node] = behind + hours.get(node, 0.0)
    end = max(tail.values(), default=0.0)
    timings = {node: Timing(earliest[node], end - tail[node], tail[node]) for node in hours}
    return Schedule(timings, end)


def _network(plan: Plan, railway: Railway) -> tuple[dict[str, list[str]], dict[str, float]]:
    """Return the activity network of the expected routes, and hours of its open packages.

    A route is entered at `<uid` and left at `>uid`, with its open packages between.
    """
    unit = plan.goal.unit_hours
    travelled = [route for route in plan.routes if route.uid in railway.expected]
    successors: dict[str, list[str]] = {}
    hours: dict[str, float] = {}
    for route in travelled:
        enter, leave = f"<{route.uid}", f">{route.uid}"
        successors[enter], successors[leave] = [leave], []
        for package in route.packages:
            if not package.settled:
                successors[enter].append(package.uid)
                successors[package.uid] = [leave]
                hours[package.uid] = package.hours(unit)
    for edge in plan.edges:
        if edge.tail in railway.expected and edge.head in railway.expected:
            successors[f">{edge.tail}"].append(f"<{edge.head}")
    for uid in hours:
        for need in hours.keys() & set(plan.package(uid).needs):
            successors[need].append(uid)
    return successors, hours
