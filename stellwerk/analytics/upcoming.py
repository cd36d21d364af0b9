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
        reason: Why it comes here, one sentence without its full stop.
        total_float: Working hours it can be late without delaying the end; None for
            switches.
        tail: Working hours of the longest chain from its start to the end.
    """

    uid: str
    reason: str
    total_float: float | None
    tail: float


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
    packages = [_package(plan, uid, tails.get(uid), end) for uid in railway.ready]
    packages.sort(key=lambda each: (round(each.total_float or 0.0, 6), -round(each.tail, 6)))
    decisions = [_decision(plan, uid, tails) for uid in railway.decisions]
    return Upcoming(
        doing=_standing(plan, Status.DOING),
        waiting=_standing(plan, Status.WAITING),
        suggestions=(*decisions, *packages),
    )


def _package(plan: Plan, uid: str, tail: float | None, end: float) -> Suggestion:
    if tail is None:
        return Suggestion(uid, "it is ready", 0.0, 0.0)
    behind = tail - plan.package(uid).hours(plan.goal.unit_hours)
    follows = f"{behind:g} h of work hang behind it" if behind > 0 else "nothing waits for it"
    total_float = end - tail
    if total_float <= TOLERANCE:
        return Suggestion(uid, f"on the critical path: {follows}", 0.0, tail)
    told = f"can wait {total_float:g} h without delaying the end; {follows}"
    return Suggestion(uid, told, total_float, tail)


def _decision(plan: Plan, uid: str, tails: Mapping[str, float]) -> Suggestion:
    behind = _behind(plan, [option.head for option in plan.switch(uid).options])
    inside = (p.uid for route in plan.routes if route.uid in behind for p in route.packages)
    tail = max((tails[package] for package in inside if package in tails), default=0.0)
    reason = f"no way ahead is settled until it is decided; {tail:g} h of work wait behind it"
    return Suggestion(uid, reason, None, tail)


def _behind(plan: Plan, heads: list[str]) -> set[str]:
    """Return the uids of some routes and of all that come after them."""
    behind, left = set[str](), heads
    while left:
        uid = left.pop()
        if uid not in behind:
            behind.add(uid)
            left += plan.index.after[uid]
    return behind


def _standing(plan: Plan, status: Status) -> tuple[str, ...]:
    return tuple(package.uid for package in plan.packages if package.status is status)
