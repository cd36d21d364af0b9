"""Small plans written out, for tests that look at one rule."""

from __future__ import annotations

from dataclasses import replace

from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.plan import Edge, Option, Plan, Route, Switch
from stellwerk.domain.work import Task, WorkPackage
from stellwerk.testing.clock import FrozenClock

NOW = FrozenClock().now


def a_goal() -> Goal:
    """Return a goal."""
    return Goal("goal", "a-goal", "A goal", NOW)


def a_package(uid: str, number: int, *needs: str) -> WorkPackage:
    """Return a work package with a title made of its uid."""
    return WorkPackage(uid, number, f"Package {uid}", NOW, needs=needs)


def a_route(uid: str, number: int, packages: tuple[WorkPackage, ...] = ()) -> Route:
    """Return a route; its packages lie in one task `t` + uid."""
    tasks = (Task(f"t{uid}", 1, f"Task {uid}", NOW, packages=packages),) if packages else ()
    return Route(uid, number, f"Route {uid}", NOW, tasks=tasks)


def a_person(uid: str = "ada", number: int = 1) -> Person:
    """Return a person."""
    return Person(uid, number, uid.title(), NOW)


def fork_of(ways: int, chosen: int | None = None) -> Plan:
    """Return a route `r` with a switch `s` of options `o1`.. to routes `h1`.."""
    heads = tuple(a_route(f"h{way}", way + 1) for way in range(1, ways + 1))
    options = tuple(
        Option(f"o{way}", way, f"Way {way}", f"h{way}", NOW) for way in range(1, ways + 1)
    )
    switch = Switch("s", 1, "r", "Which way?", NOW, options=options)
    if chosen is not None:
        switch = replace(switch, chosen=f"o{chosen}")
    edges = tuple(Edge("r", head.uid) for head in heads)
    return Plan(a_goal(), (a_route("r", 1), *heads), edges, (switch,))


def two_routes() -> Plan:
    """Return `r1` with packages `a` and `b`, before `r2` with package `c`; and Ada."""
    first = a_route("r1", 1, (a_package("a", 1), a_package("b", 2)))
    second = a_route("r2", 2, (a_package("c", 1),))
    return Plan(a_goal(), (first, second), (Edge("r1", "r2"),), (), (a_person(),))
