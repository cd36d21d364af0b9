"""SW201 to SW203, SW206: the line is one, leads to one end, and its odds add up.

Bad (line): r1 > r2, r3
Good (line): r1 > r2 > r3
Bad (line): r1 ? r2 | r3, r2 > r4
Good (line): r1 ? r2 | r3, r2 > r4, r3 > r4
Bad (line): r1 > r2, r1 > r3
Good (line): r1 > r2 > r4, r1 > r3 > r4
Bad (line): r1 ? r2 70% | r3 60%, r2 > r4, r3 > r4
Good (line): r1 ? r2 70% | r3 30%, r2 > r4, r3 > r4
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from stellwerk.domain.plan import Option, Plan, Route
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Validator,
)
from stellwerk.validation.reach import Reach
from stellwerk.validation.subject import Subject

ALONE: Final = Code(
    *("SW201", Severity.WARNING, "A route is connected with no other."),
    *(Aspect.STRUCTURE, 2.0, Per.ROUTE),
)
DEAD_END: Final = Code(
    *("SW202", Severity.WARNING, "A branch ends without meeting the line again."),
    *(Aspect.STRUCTURE, 1.5, Per.ROUTE),
)
ENDS: Final = Code(
    *("SW203", Severity.WARNING, "The line has more than one end."),
    *(Aspect.STRUCTURE, 0.3, Per.PLAN),
)
ODDS: Final = Code(
    *(
        "SW206",
        Severity.WARNING,
        "The probabilities of a switch's options sum to more than 1.",
    ),
    *(Aspect.STRUCTURE, 0.2, Per.PLAN),
)
_NAMED: Final = 5
"""Ends that are told by name."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield what there is to say about the line and its switches."""
    yield from check_line(subject)
    yield from check_odds(subject)


def check_line(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each route left alone, each dead end, and for several ends."""
    plan, index = subject.plan, subject.plan.index
    last = [route for route in plan.routes if not index.after[route.uid]]
    ends = [route for route in last if index.before[route.uid]]
    if len(plan.routes) > 1:
        for route in last:
            if not index.before[route.uid]:
                yield _alone(plan, route)
    if len(ends) > 1:
        yield from _ends(plan, ends)


def check_odds(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each switch whose options are too probable together."""
    plan = subject.plan
    for switch in plan.switches:
        total = sum(option.probability or 0.0 for option in switch.options)
        if total > 1.0 + 1e-9:
            message = (
                f"The options of {plan.name(switch.uid)} are {total:.0%} probable together."
            )
            ref = plan.ref(switch.options[-1].uid)
            hint = f"Say what is left for the last: `stellwerk edit {ref} --probability`."
            yield ODDS.at(plan.ref(switch.uid), message, hint, quote=switch.title)


def _alone(plan: Plan, route: Route) -> Finding:
    ref = plan.ref(route.uid)
    message = f"{plan.name(route.uid)} is connected with no other route."
    hint = f"Say what comes before it: `stellwerk link {ref} --needs ROUTE`."
    return ALONE.at(ref, message, hint, quote=route.title)


def _ends(plan: Plan, ends: Sequence[Route]) -> Iterator[Finding]:
    """Yield what there is to say about ends, of which one is the goal's.

    That is the one which is reached however the switches are set, with most of the plan
    before it; of two alike, the one written last.
    """
    reach = Reach(plan)
    sure = [end for end in ends if reach.sure & reach.bit[end.uid]]
    goal = max(reversed(sure or ends), key=lambda end: reach.before[end.uid].bit_count())
    onward = f"stellwerk link {plan.ref(goal.uid)} --needs"
    gates = _gates(plan, reach.order)
    for end in ends:
        ref, gate = plan.ref(end.uid), gates[end.uid]
        if end is not goal and gate and not reach.sure & reach.bit[end.uid]:
            ends_at = f"ends at {plan.name(end.uid)} without meeting the line again"
            message = f"The way of {plan.name(gate.uid)} {ends_at}."
            hint = f"Lead it back: `{onward} {ref}`, or link it where it meets the others."
            yield DEAD_END.at(ref, message, hint, quote=end.title)
    if len(sure) > 1:
        names = ", ".join(plan.name(end.uid) for end in sure[:_NAMED])
        more = f" and {len(sure) - _NAMED} more" if len(sure) > _NAMED else ""
        other = plan.ref(next(end.uid for end in sure if end is not goal))
        hint = f"Let them merge, or link one to the other: `{onward} {other}`."
        message = f"The line has several ends: {names}{more}."
        yield ENDS.at("", message, hint, quote=goal.title)


def _gates(plan: Plan, order: Sequence[str]) -> Mapping[str, Option | None]:
    """Return for each route an option that leads to it, the nearest on one way back."""
    options = {(s.route, option.head): option for s in plan.switches for option in s.options}
    found: dict[str, Option | None] = {}
    for uid in order:
        tails = plan.index.before[uid]
        found[uid] = (options.get((tails[0], uid)) or found[tails[0]]) if tails else None
    return found


VALIDATOR: Final = Validator((ALONE, DEAD_END, ENDS, ODDS), check)
