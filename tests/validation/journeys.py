"""Two plans travelled side by side: whether one lets begin what the other lets begin."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import Railway, Signal, railway_of
from stellwerk.domain.work import Standing, Status


def untouched(plan: Plan) -> Plan:
    """Return a plan with nothing begun and nothing decided."""
    fresh = Standing()
    routes = tuple(
        replace(
            route,
            tasks=tuple(
                replace(
                    task, packages=tuple(replace(p, standing=fresh) for p in task.packages)
                )
                for task in route.tasks
            ),
        )
        for route in plan.routes
    )
    switches = tuple(replace(switch, chosen=None) for switch in plan.switches)
    return replace(plan, routes=routes, switches=switches)


def assert_same_journey(one: Plan, other: Plan, seed: int) -> None:
    """Assert that work becomes ready in both at once, whatever is done and decided.

    Args:
        one: A plan.
        other: A plan with the same items.
        seed: Of what is done and decided first.
    """
    one, other, chance = untouched(one), untouched(other), Random(seed)
    while moves := _moves(one, other):
        uid = chance.choice(moves)
        switch = next((each for each in one.switches if each.uid == uid), None)
        edit: Edit = (
            Choose(uid, chance.choice(switch.options).uid)
            if switch
            else SetStatus(uid, Standing(Status.DONE))
        )
        one, other = apply(edit, one), apply(edit, other)


def travelled(plan: Plan) -> list[frozenset[str]]:
    """Return the routes that are travelled, for each way in which the switches can be set."""
    ways = product(*(switch.options for switch in plan.switches))
    found = []
    for options in ways:
        switches = tuple(
            replace(switch, chosen=option.uid)
            for switch, option in zip(plan.switches, options, strict=True)
        )
        signals = railway_of(replace(plan, switches=switches)).signals
        found.append(frozenset(uid for uid, each in signals.items() if each is Signal.LIVE))
    return found


def _moves(one: Plan, other: Plan) -> tuple[str, ...]:
    here, there = _seen(railway_of(one)), _seen(railway_of(other))
    assert here == there
    ready, decisions, _ = here
    return (*ready, *decisions)


def _seen(railway: Railway) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, Signal]]:
    return railway.ready, railway.decisions, dict(railway.signals)
