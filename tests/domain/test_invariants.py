"""Every hard invariant is refused in a sentence that names what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given

from stellwerk.domain.invariants import broken_rules
from stellwerk.domain.plan import Edge, Option, Plan
from stellwerk.errors import NotFoundError, PlanError
from tests.domain.plans import NOW, a_package, a_person, a_route, fork_of, two_routes
from tests.strategies import MODEST, plans


@MODEST
@given(plans())
def test_drawn_plans_break_no_rule(plan: Plan):
    """The strategy draws valid plans, so whatever is refused later is the edit's doing."""
    assert broken_rules(plan) == ()


def _package(plan: Plan, uid: str, **fields: object) -> Plan:
    """Return the plan with fields of a work package set, unchecked."""
    routes = tuple(
        replace(
            route,
            tasks=tuple(
                replace(
                    task,
                    packages=tuple(
                        replace(p, **fields) if p.uid == uid else p for p in task.packages
                    ),
                )
                for task in route.tasks
            ),
        )
        for route in plan.routes
    )
    return replace(plan, routes=routes, checked=False)


def _two_routes(**fields: object) -> Plan:
    return replace(two_routes(), checked=False, **fields)


def _switch(**fields: object) -> Plan:
    plan = fork_of(2)
    return replace(plan, switches=(replace(plan.switches[0], **fields),), checked=False)


def _edges(*pairs: tuple[str, str]) -> Plan:
    return _two_routes(edges=tuple(Edge(*pair) for pair in pairs))


@pytest.mark.parametrize(
    ("broken", "sentences"),
    [
        (
            lambda: _two_routes(people=(a_person(), a_person("bob", 1))),
            ["The ref p1 stands 2 times."],
        ),
        (
            lambda: _two_routes(people=(a_person("r1", 7),)),
            ["The uid r1 stands 2 times."],
        ),
        (
            lambda: _edges(("r1", "gone")),
            ["An edge names the route gone, which the plan does not have."],
        ),
        (
            lambda: _edges(("a", "r2")),
            ["An edge names the route a, which the plan does not have."],
        ),
        (lambda: _edges(("r1", "r1")), ["r1 Route r1 would come before itself."]),
        (
            lambda: _edges(("r1", "r2"), ("r1", "r2")),
            ["The edge from r1 Route r1 to r2 Route r2 stands 2 times."],
        ),
        (
            lambda: _package(two_routes(), "a", needs=("gone",)),
            ["r1.1.1 Package a needs the work package gone, which the plan does not have."],
        ),
        (
            lambda: _package(two_routes(), "a", assignee="bob"),
            ["r1.1.1 Package a is assigned to bob, who is not in the plan."],
        ),
        (
            lambda: _edges(("r1", "r2"), ("r2", "r1")),
            ["These need each other in a circle: r1 Route r1 -> r2 Route r2 -> r1 Route r1."],
        ),
        (
            lambda: _package(_package(two_routes(), "a", needs=("b",)), "b", needs=("a",)),
            [
                "These need each other in a circle:"
                " r1.1.1 Package a -> r1.1.2 Package b -> r1.1.1 Package a."
            ],
        ),
        (
            lambda: _package(two_routes(), "a", needs=("a",)),
            ["These need each other in a circle: r1.1.1 Package a -> r1.1.1 Package a."],
        ),
        (
            lambda: _package(two_routes(), "a", needs=("c",)),
            [
                "These need each other in a circle:"
                " r1.1.1 Package a -> r1 Route r1 -> r2 Route r2"
                " -> r2.1.1 Package c -> r1.1.1 Package a."
            ],
        ),
        (
            lambda: _switch(options=fork_of(2).switches[0].options[:1]),
            [
                "The switch d1 Which way? has 1 of the two options it needs.",
                "The options of d1 Which way? are not the edges that leave its route:"
                " without an option r3 Route h2, without an edge none.",
            ],
        ),
        (
            lambda: _switch(
                options=(*fork_of(2).switches[0].options, Option("x", 3, "X", "r", NOW))
            ),
            [
                "The options of d1 Which way? are not the edges that leave its route:"
                " without an option none, without an edge r1 Route r."
            ],
        ),
        (
            lambda: _switch(route="h1"),
            [
                "The options of d1 Which way? are not the edges that leave its route:"
                " without an option none, without an edge r2 Route h1, r3 Route h2."
            ],
        ),
        (
            lambda: _switch(chosen="gone"),
            ["The chosen option of d1 Which way? is not one of its options."],
        ),
        (
            lambda: _switch(recommended="gone"),
            ["The recommended option of d1 Which way? is not one of its options."],
        ),
    ],
)
def test_a_broken_invariant_is_named(broken: Callable[[], Plan], sentences: list[str]):
    """A sentence each, refs and titles in it, cycles from start to start."""
    plan = broken()
    rules = list(broken_rules(plan))
    assert [_rotated(rule) for rule in rules] == [_rotated(sentence) for sentence in sentences]
    with pytest.raises(PlanError) as caught:
        replace(plan)
    assert caught.value.rules == tuple(rules)
    assert str(caught.value) == " ".join(rules)


def _rotated(sentence: str) -> str:
    """Return a sentence with its circle begun at the least of its names."""
    head, found, circle = sentence.partition("circle: ")
    if not found:
        return sentence
    names = circle.rstrip(".").split(" -> ")[:-1]
    least = names.index(min(names))
    names = [*names[least:], *names[: least + 1]]
    return f"{head}{found}{' -> '.join(names)}."


def test_a_route_has_one_switch_at_most():
    """A second switch at a route is refused, by its route's name."""
    plan = fork_of(2)
    second = replace(
        plan.switches[0],
        uid="s2",
        number=2,
        options=tuple(
            replace(option, uid=f"x{option.uid}") for option in plan.switches[0].options
        ),
    )
    with pytest.raises(PlanError, match=r"^r1 Route r has 2 switches; it can have one\.$"):
        replace(plan, switches=(*plan.switches, second))


def test_a_plan_knows_its_items():
    """Items by uid and kind, refs, names and holders; what is missing is said."""
    plan = two_routes()
    assert plan.package("a") is plan.item("a")
    assert plan.route("r1").uid == plan.route_of("b").uid == plan.route_of("r1").uid
    assert fork_of(2).switch("s").uid == "s"
    assert plan.name("goal") == "A goal"
    assert plan.name("ada") == "p1 Ada"
    assert fork_of(2).name("o1") == "d1.a Way 1"
    assert plan.name("gone") == plan.ref("gone") == "?"
    with pytest.raises(NotFoundError, match="The plan a-goal has nothing with the uid gone"):
        plan.item("gone")
    for ask, word in ((plan.route, "route"), (plan.switch, "switch")):
        with pytest.raises(NotFoundError, match=f"r1.1.1 Package a is not a {word}"):
            ask("a")
    with pytest.raises(NotFoundError, match="r1 Route r1 is not a work package"):
        plan.package("r1")


def test_an_index_is_built_once():
    """Asking twice gives the same look-ups."""
    plan = two_routes()
    assert plan.index is plan.index


def test_options_are_found_by_uid():
    """A switch knows its options, and that None is none of them."""
    switch = fork_of(2).switches[0]
    assert switch.option("o2") is switch.options[1]
    assert switch.option(None) is None


def test_a_route_lists_its_packages_over_all_tasks():
    """Written order, task after task."""
    route = a_route("r", 1, (a_package("a", 1), a_package("b", 2)))
    assert [package.uid for package in route.packages] == ["a", "b"]
