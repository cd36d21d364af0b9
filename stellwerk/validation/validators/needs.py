"""SW208 to SW210: needs that lead astray, say nothing new, or go across.

Only needs of work that is left to do are looked at, on work that is left to do.

Bad (line): r1 ? r2 | r3, r2 > r4, r3 > r4, r4.1.1 needs r2.1.1
Good (line): r1 ? r2 | r3, r2 > r4, r3 > r4, r4.1.2 needs r4.1.1, r2.1.2 needs r2.1.1
Bad (line): r1 > r2, r2.1.1 needs r1.1.1
Good (line): r1 > r2, r2.1.2 needs r2.1.1
Bad (line): r1.1.3 needs r1.1.2, r1.1.2 needs r1.1.1, r1.1.3 needs r1.1.1
Good (line): r1.1.3 needs r1.1.2, r1.1.2 needs r1.1.1
Bad (line): r1 > r2 > r4, r1 > r3 > r4, r3.1.1 needs r2.1.1
Good (line): r1 > r2 > r3 > r4, r2.1.2 needs r2.1.1
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from stellwerk.domain.edits.items import Unneed
from stellwerk.domain.graph import topological_order
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import WorkPackage
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Validator,
)
from stellwerk.validation.reach import Bits, Reach
from stellwerk.validation.subject import Subject

ASTRAY: Final = Code(
    *("SW208", Severity.WARNING, "A work package needs one on a way that may not be taken."),
    *(Aspect.STRUCTURE, 0.8, Per.PACKAGE),
)
REDUNDANT: Final = Code(
    *("SW209", Severity.INFO, "A need says what routes or other needs imply."),
    *(Aspect.STRUCTURE, 0.2, Per.PACKAGE),
)
ACROSS: Final = Code(
    *(
        "SW210",
        Severity.INFO,
        "A work package needs one on a route that does not come before.",
    ),
    *(Aspect.STRUCTURE, 0.2, Per.PACKAGE),
)


class _Implied(NamedTuple):
    """What is settled before a work package that is itself left to do.

    Attributes:
        packages: Bits of the work packages that what it needs waits for.
        routes: Bits of the routes that it, or what it needs, waits for.
    """

    packages: int
    routes: Bits


class _Network(NamedTuple):
    """The needs of a plan, with what has to be known of them.

    Attributes:
        plan: The plan.
        reach: Of its routes.
        holders: Package uid to the uid of its route.
        bit: Of each work package that is needed or needs.
        guards: See `_guards`.
    """

    plan: Plan
    reach: Reach
    holders: Mapping[str, str]
    bit: Mapping[str, int]
    guards: Mapping[str, int]


def check(subject: Subject) -> Iterator[Finding]:
    """Yield at most one finding for each need."""
    plan = subject.plan
    needing = [package for package in plan.packages if package.needs]
    if not needing:
        return
    reach = Reach(plan)
    holders = {package.uid: route.uid for route in plan.routes for package in route.packages}
    order = _in_order(needing)
    bit = {uid: 1 << at for at, uid in enumerate(order)}
    network = _Network(plan, reach, holders, bit, _guards(plan, reach))
    items = {uid: plan.package(uid) for uid in order}
    implied = _implied(network, items)
    for package in needing:
        if not package.settled:
            for need in dict.fromkeys(package.needs):
                if not items[need].settled:
                    yield from _told(network, package, items[need], implied[package.uid])


def _in_order(needing: list[WorkPackage]) -> list[str]:
    """Return the uids of all that needs or is needed, each after what it needs."""
    needed: dict[str, list[str]] = {}
    for package in needing:
        needed.setdefault(package.uid, [])
        for need in package.needs:
            needed.setdefault(need, []).append(package.uid)
    return topological_order(needed, needed)


def _implied(network: _Network, items: Mapping[str, WorkPackage]) -> Mapping[str, _Implied]:
    """Return for each work package what is settled before it, its needs themselves aside.

    What is settled itself, or may be closed, hands nothing on: it was diverted perhaps.
    """
    reach, holders, bit = network.reach, network.holders, network.bit
    found: dict[str, _Implied] = {}
    handed: dict[str, _Implied] = {}
    for uid, package in items.items():
        route = holders[uid]
        packages, routes, needs = 0, reach.awaited[route], 0
        company = reach.company[route]
        for need in package.needs:
            needs |= bit[need]
            there = reach.bit[holders[need]]
            # What the routes imply may go as a need, and would take along what it implies.
            if need in handed and company & there and not reach.awaited[route] & there:
                packages |= handed[need].packages
                routes |= handed[need].routes
        found[uid] = _Implied(packages, routes)
        if not package.settled:
            handed[uid] = _Implied(packages | needs, routes)
    return found


def _guards(plan: Plan, reach: Reach) -> Mapping[str, int]:
    """Return which settings of the switches leave a way to each route.

    Each option has a bit, which is set if some way to the route goes with choosing it;
    bit 0 is set unless the route is closed as the switches are set now.
    """
    bit: dict[tuple[str, str], int] = {}
    switched: dict[str, int] = {}
    possible = 1
    for switch in plan.switches:
        switched[switch.route] = 0
        for option in switch.options:
            each = bit[switch.route, option.head] = 2 << len(bit)
            switched[switch.route] |= each
            if switch.chosen in (None, option.uid):
                possible |= each
    guards: dict[str, int] = {}
    for uid in reach.order:
        tails = plan.index.before[uid]
        guards[uid] = 0 if tails else possible
        for tail in tails:
            option_bit = bit.get((tail, uid), 0)
            if not option_bit:
                guards[uid] |= guards[tail]
            elif guards[tail] & option_bit:
                guards[uid] |= guards[tail] & ~switched[tail] | option_bit
    return guards


def _told(
    network: _Network, package: WorkPackage, need: WorkPackage, implied: _Implied
) -> Iterator[Finding]:
    plan, reach, holders, bit, guards = network
    here, there = holders[package.uid], holders[need.uid]
    if guards[here] & ~guards[there]:
        yield _astray(plan, package, need, closed=not guards[there])
    elif implied.routes & reach.bit[there] or implied.packages & bit[need.uid]:
        yield _redundant(plan, package, need, routed=bool(implied.routes & reach.bit[there]))
    elif here != there and not reach.before[here] & reach.bit[there]:
        message = (
            f"{plan.name(package.uid)} needs {plan.name(need.uid)}, but {plan.name(there)} does"
            f" not come before {plan.name(here)}."
        )
        hint = (
            f"Say so (`stellwerk link {plan.ref(here)} --needs {plan.ref(there)}`), or see"
            " whether it is the other way round."
        )
        yield ACROSS.at(plan.ref(package.uid), message, hint, quote=need.title)


def _astray(plan: Plan, package: WorkPackage, need: WorkPackage, *, closed: bool) -> Finding:
    ref = plan.ref(package.uid)
    way = "on a way that is closed" if closed else "on a way that may not be taken"
    message = f"{plan.name(package.uid)} needs {plan.name(need.uid)} {way}."
    hint = f"`{_unlink(plan, package, need)}`, or move it to where it is needed."
    return ASTRAY.at(ref, message, hint, quote=need.title)


def _redundant(
    plan: Plan, package: WorkPackage, need: WorkPackage, *, routed: bool
) -> Finding:
    why = "the order of the routes" if routed else "its other needs"
    message = f"{plan.name(package.uid)} comes after {plan.name(need.uid)} by {why} already."
    hint = f"`{_unlink(plan, package, need)}` loses nothing."
    fix = Unneed(package.uid, need.uid)
    return REDUNDANT.at(plan.ref(package.uid), message, hint, quote=need.title, fix=fix)


def _unlink(plan: Plan, package: WorkPackage, need: WorkPackage) -> str:
    return f"stellwerk unlink {plan.ref(package.uid)} --needs {plan.ref(need.uid)}"


VALIDATOR: Final = Validator((ASTRAY, REDUNDANT, ACROSS), check)
