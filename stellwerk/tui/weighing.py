"""What each way of a switch opens, closes and costs in work."""

from __future__ import annotations

from typing import NamedTuple

from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import Signal, railway_of


class Way(NamedTuple):
    """A way of a switch.

    Attributes:
        number: The key that takes it.
        letter: Which the tracks bear.
        label: In a few words.
        tradeoff: What it gains and costs.
        probability: Of being chosen, where somebody stated one.
        chosen: Whether it is.
        recommended: Whether it is.
        opens: The routes that are travelled on this way alone.
        closes: The routes that it takes off the railway.
        hours: Of the open work it opens.
        packages: How many work packages that is.
    """

    number: int
    letter: str
    label: str
    tradeoff: str
    probability: float | None
    chosen: bool
    recommended: bool
    opens: str
    closes: str
    hours: float
    packages: int


def ways(plan: Plan, uid: str) -> list[Way]:
    """Return the ways of a switch: for each the railway is worked out as if it were taken."""
    switch = plan.switch(uid)
    live: dict[str, set[str]] = {}
    closed: dict[str, set[str]] = {}
    for option in switch.options:
        signals = railway_of(Choose(uid, option.uid).change(plan)).signals
        live[option.uid] = {each for each, told in signals.items() if told is Signal.LIVE}
        closed[option.uid] = {each for each, told in signals.items() if told is Signal.CLOSED}
    shared = set.intersection(*live.values())
    always = set.intersection(*closed.values())
    found = []
    for number, option in enumerate(switch.options, 1):
        own = live[option.uid] - shared
        left = [
            package
            for route in plan.routes
            if route.uid in own
            for package in route.packages
            if not package.settled
        ]
        found.append(
            Way(
                number,
                plan.ref(option.uid).rpartition(".")[2],
                option.label,
                option.tradeoff,
                option.probability,
                option.uid == switch.chosen,
                option.uid == switch.recommended,
                _names(plan, own),
                _names(plan, closed[option.uid] - always),
                sum(package.hours(plan.goal.unit_hours) for package in left),
                len(left),
            )
        )
    return found


def _names(plan: Plan, uids: set[str]) -> str:
    named = [route for route in plan.routes if route.uid in uids]
    return ", ".join(plan.name(route.uid) for route in named)
