"""How much work waits behind what can be begun now, and what that means for its order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from stellwerk.analytics.upcoming import upcoming
from stellwerk.domain.critical_path import critical_path
from stellwerk.domain.plan import Edge, Plan
from stellwerk.domain.railway import Signal, railway_of
from stellwerk.domain.work import Standing, Status, ThreePoint
from tests.domain.plans import a_goal, a_package, a_route, fork_of
from tests.strategies import MODEST, plans


@MODEST
@given(plans())
def test_a_predecessor_never_ranks_below_its_successor(plan: Plan):
    """Neither by a need nor by the order of routes: a successor is not even suggested."""
    ranks = {each.uid: at for at, each in enumerate(upcoming(plan).suggestions)}
    railway = railway_of(plan)
    for uid in ranks.keys() & {package.uid for package in plan.packages}:
        for need in plan.package(uid).needs:
            closed = railway.signals[plan.route_of(need).uid] is Signal.CLOSED
            assert closed or ranks.get(need, -1) < ranks[uid]
        for before in plan.index.before[plan.route_of(uid).uid]:
            held = {package.uid for package in plan.route(before).packages}
            assert not held & ranks.keys()


@MODEST
@given(plans())
def test_what_is_critical_says_so_and_what_is_not_says_how_long_it_can_wait(plan: Plan):
    """The reason and the numbers are of one mind, and the numbers those of the schedule."""
    schedule = critical_path(plan)
    for each in upcoming(plan).suggestions:
        if each.total_float is None:
            assert f"{each.tail:g} h of work wait behind it" in each.reason
        elif each.uid in schedule.timings:
            assert each.tail == schedule.timings[each.uid].tail
            assert ("critical" in each.reason) == (each.total_float == 0)
            assert each.tail <= schedule.hours


@MODEST
@given(plans())
def test_packages_done_in_the_suggested_order_finish_the_plan(plan: Plan):
    """Nothing on a live route is ever forgotten: the first suggestion leads on to the end."""
    for _ in range(60):
        suggestions = [
            each for each in upcoming(plan).suggestions if each.total_float is not None
        ]
        if not suggestions:
            break
        plan = with_status(plan, suggestions[0].uid, Status.DONE)
    railway = railway_of(plan)
    left = {
        package.uid
        for package in plan.packages
        if package.status is Status.TODO
        and railway.signals[plan.route_of(package.uid).uid] is Signal.LIVE
    }
    held_up = railway.decisions or any(
        package.status in (Status.DOING, Status.WAITING) for package in plan.packages
    )
    assert not left or held_up or left.isdisjoint(railway.ready)


def with_status(plan: Plan, uid: str, status: Status) -> Plan:
    """Return a plan in which a package stands so."""
    routes = tuple(
        replace(
            route,
            tasks=tuple(
                replace(
                    task,
                    packages=tuple(
                        replace(p, standing=Standing(status)) if p.uid == uid else p
                        for p in task.packages
                    ),
                )
                for task in route.tasks
            ),
        )
        for route in plan.routes
    )
    return replace(plan, routes=routes)


def test_a_decision_counts_the_longest_way_behind_it():
    """Also where the routes it leads to hold no work of their own."""
    plan = fork_of(2)
    last = a_route("end", 9, (replace(a_package("p", 1), length=7),))
    edges = tuple(sorted((*plan.edges, Edge("h1", "end"), Edge("h2", "end"))))
    plan = replace(plan, routes=(*plan.routes, last), edges=edges)
    (decision,) = upcoming(plan).suggestions
    assert decision.tail == 7
    assert decision.reason.endswith("7 h of work wait behind it")


def test_hours_come_from_the_estimate_and_else_from_the_unit():
    """The median of three points, or length times the hours of a unit."""
    measured = replace(a_package("a", 1), estimate=ThreePoint(1, 9, 20))
    sized = replace(a_package("b", 2), length=2)
    goal = replace(a_goal(), unit_hours=2.5)
    found = upcoming(Plan(goal, (a_route("r", 1, (measured, sized)),))).suggestions
    assert [(each.uid, each.tail, each.total_float) for each in found] == [
        ("a", 9, 0),
        ("b", 5, 4),
    ]


def test_a_plan_without_work_suggests_nothing():
    """Neither an empty one nor one that is done."""
    assert upcoming(Plan(a_goal())).suggestions == ()
    done = replace(a_package("a", 1), standing=Standing(Status.DONE))
    assert upcoming(Plan(a_goal(), (a_route("r", 1, (done,)),))).suggestions == ()
