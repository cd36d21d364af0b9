"""What to do next, and why: by total float, then by the work that hangs behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stellwerk.domain.critical_path import TOLERANCE, longest_tails
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import railway_of
from stellwerk.domain.work import Status


class Suggestion(NamedTuple):
    """A work package to start, or a switch to decide.

    Attributes:
        uid: Of the work package or switch.
        total_float: Working hours it can be late without delaying the end; None for
            switches.
        tail: Working hours of the longest chain from its start to the end.
        behind: Those of them that come after it.
    """

    uid: str
    total_float: float | None
    tail: float
    behind: float

    @property
    def reason(self) -> str:
        """Why it comes here, one sentence without its full stop."""
        if self.total_float is None:
            wait = f"{self.tail:g} h of work wait behind it"
            return f"no way ahead is settled until it is decided; {wait}"
        work = f"{self.behind:g} h of work hang behind it"
        follows = work if self.behind > 0 else "nothing waits for it"
        if self.total_float <= TOLERANCE:
            return f"on the critical path: {follows}"
        return f"can wait {self.total_float:g} h without delaying the end; {follows}"


class Upcoming(NamedTuple):
    """What is going on, and what can be begun.

    Attributes:
        doing: Uids of the work packages that are being done.
        waiting: Uids of those on hold.
        suggestions: What can be begun or decided, the most urgent first.
    """

    doing: tuple[str, ...]
    waiting: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


def upcoming(plan: Plan) -> Upcoming:
    """Return what to do next on a plan.

    Ready work packages are ordered by total float, then by longest tail, then as written;
    a decision comes first where nothing else is left on its route, for work waits on it.
    """
    railway = railway_of(plan)
    tails, end = longest_tails(plan, railway)
    unit = plan.goal.unit_hours
    packages = []
    for uid in railway.ready:
        tail = tails[uid]
        slack = end - tail
        behind = tail - plan.package(uid).hours(unit)
        packages.append(Suggestion(uid, 0.0 if slack <= TOLERANCE else slack, tail, behind))
    packages.sort(key=lambda each: (round(each.total_float or 0.0, 6), -round(each.tail, 6)))
    decisions = [_decision(plan, uid, tails) for uid in railway.decisions]
    doing, waiting = _under_way(plan)
    return Upcoming(doing, waiting, (*decisions, *packages))


def _decision(plan: Plan, uid: str, tails: Mapping[str, float]) -> Suggestion:
    behind = _behind(plan, [option.head for option in plan.switch(uid).options])
    inside = (p.uid for route in plan.routes if route.uid in behind for p in route.packages)
    tail = max((tails[package] for package in inside if package in tails), default=0.0)
    return Suggestion(uid, None, tail, tail)


def _behind(plan: Plan, heads: list[str]) -> set[str]:
    """Return the uids of some routes and of all that come after them."""
    behind, left = set[str](), heads
    while left:
        uid = left.pop()
        if uid not in behind:
            behind.add(uid)
            left += plan.index.after[uid]
    return behind


def _under_way(plan: Plan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the uids of what is being done, and of what is on hold."""
    begun = {Status.DOING, Status.WAITING}
    found = [
        (package.uid, package.status) for package in plan.packages if package.status in begun
    ]
    doing = tuple(uid for uid, status in found if status is Status.DOING)
    return doing, tuple(uid for uid, status in found if status is Status.WAITING)
