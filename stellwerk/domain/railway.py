"""The railway as its switches are set now: live, tentative, closed, settled, ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from stellwerk.domain.goal import GoalStatus
from stellwerk.domain.graph import topological_order
from stellwerk.domain.plan import Option, Plan, Route, Switch
from stellwerk.domain.work import DIVERTED, DONE, SETTLED, Status


class Signal(StrEnum):
    """Whether a route is on the railway: yes, only behind an open switch, or no."""

    LIVE = "live"
    TENTATIVE = "tentative"
    CLOSED = "closed"


class Railway(NamedTuple):
    """What follows from how the switches are set; computed, never stored.

    Attributes:
        signals: Route uid to its signal.
        settled: Uids of the routes on which nothing is left to do before what follows.
        expected: Uids of the routes travelled if every open switch went as expected.
        ready: Uids of the work packages that can be started, in written order.
        decisions: Uids of the open switches that can be decided now.
    """

    signals: Mapping[str, Signal]
    settled: frozenset[str]
    expected: frozenset[str]
    ready: tuple[str, ...]
    decisions: tuple[str, ...]


class Progress(NamedTuple):
    """Work by length, in units: of the live routes, and expected behind open switches."""

    done: int
    live: int
    tentative: int

    @property
    def share(self) -> float:
        """Done share of the live length, 0..1; 0 where there is nothing live."""
        return self.done / self.live if self.live else 0.0


def railway_of(plan: Plan) -> Railway:
    """Return the railway of a plan as its switches are set now."""
    order = topological_order([route.uid for route in plan.routes], plan.index.after)
    signals = _signals(plan, order)
    left = {
        route.uid: [
            package.uid
            for task in route.tasks
            for package in task.packages
            if package.status not in SETTLED
        ]
        for route in plan.routes
    }
    settled = _settled(plan, order, signals, left)
    open_routes = [r for r in plan.routes if _enterable(plan, r, signals, settled)]
    # A need on a closed route counts as met.
    awaited = {
        uid
        for route, uids in left.items()
        if signals[route] is not Signal.CLOSED
        for uid in uids
    }
    todo = Status.TODO
    ready = tuple(
        package.uid
        for route in open_routes
        if left[route.uid]
        for package in route.packages
        if package.status is todo and awaited.isdisjoint(package.needs)
    )
    decisions = tuple(
        switch.uid
        for route in open_routes
        if not left[route.uid] and (switch := plan.index.switch_at.get(route.uid))
        if switch.chosen is None
    )
    expected = _reached(plan, order, lambda switch: switch.expected)
    return Railway(signals, frozenset(settled), frozenset(expected), ready, decisions)


def progress_of(plan: Plan, railway: Railway | None = None) -> Progress:
    """Return progress: done length over live length; diverted work leaves both."""
    railway = railway or railway_of(plan)
    done = live = tentative = 0
    for route in plan.routes:
        signal = railway.signals[route.uid]
        if signal is Signal.CLOSED or route.uid not in railway.expected:
            continue
        length = finished = 0
        for package in route.packages:
            status = package.status
            if status is not DIVERTED:
                length += package.length
                finished += package.length if status is DONE else 0
        if signal is Signal.TENTATIVE:
            tentative += length
        else:
            live += length
            done += finished
    return Progress(done, live, tentative)


def goal_status(plan: Plan, railway: Railway | None = None) -> GoalStatus:
    """Return where a goal stands: as somebody set it, else by the work on its plan.

    The first work puts it in progress; it is achieved when nothing that is not closed is
    left to do or to decide.
    """
    status = plan.goal.status
    if status in (GoalStatus.ARCHIVED, GoalStatus.ACHIEVED):
        return status
    if all(package.status is Status.TODO for package in plan.packages):
        return status
    railway = railway or railway_of(plan)
    travelled = {uid for uid, signal in railway.signals.items() if signal is not Signal.CLOSED}
    done = railway.settled.issuperset(travelled)
    return GoalStatus.ACHIEVED if done else GoalStatus.IN_PROGRESS


def _signals(plan: Plan, order: list[str]) -> dict[str, Signal]:
    live = _reached(plan, order, lambda switch: switch.option(switch.chosen))
    anyhow = _reached(plan, order, lambda switch: switch.option(switch.chosen), every=True)
    return {
        uid: Signal.LIVE
        if uid in live
        else Signal.TENTATIVE
        if uid in anyhow
        else Signal.CLOSED
        for uid in order
    }


def _reached(
    plan: Plan,
    order: list[str],
    setting: Callable[[Switch], Option | None],
    *,
    every: bool = False,
) -> set[str]:
    """Return the routes reached from the roots with the switches set so.

    A switch without a setting leads nowhere, or along all its options if `every`.
    """
    index = plan.index
    reached: set[str] = set()
    for uid in order:
        if index.before[uid] and uid not in reached:
            continue
        reached.add(uid)
        switch = index.switch_at.get(uid)
        option = setting(switch) if switch else None
        if option:
            reached.add(option.head)
        elif switch is None or every:
            reached.update(index.after[uid])
    return reached


def _settled(
    plan: Plan,
    order: list[str],
    signals: Mapping[str, Signal],
    left: Mapping[str, Sequence[str]],
) -> set[str]:
    settled: set[str] = set()
    for uid in order:
        switch = plan.index.switch_at.get(uid)
        decided = switch is None or switch.chosen is not None
        if decided and not left[uid] and settled.issuperset(_awaited(plan, uid, signals)):
            settled.add(uid)
    return settled


def _awaited(plan: Plan, uid: str, signals: Mapping[str, Signal]) -> Iterator[str]:
    """Yield the predecessors of a route that are not closed."""
    before = plan.index.before[uid]
    return (route for route in before if signals[route] is not Signal.CLOSED)


def _enterable(
    plan: Plan, route: Route, signals: Mapping[str, Signal], settled: set[str]
) -> bool:
    live = signals[route.uid] is Signal.LIVE
    return live and settled.issuperset(_awaited(plan, route.uid, signals))
