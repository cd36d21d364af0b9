"""The railway against a naive reading of the design's definitions (section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.goal import GoalStatus
from stellwerk.domain.plan import Edge, Option, Plan, Switch
from stellwerk.domain.railway import Progress, Signal, goal_status, progress_of, railway_of
from stellwerk.domain.work import Standing, Status, WorkPackage
from stellwerk.testing.clock import FrozenClock
from tests.domain.plans import a_goal, a_package, a_route, fork_of, two_routes
from tests.strategies import MODEST, plans

NOW = FrozenClock().now


@MODEST
@given(plans(min_routes=4))
def test_signals_are_what_all_paths_from_the_roots_say(plan: Plan):
    """Live along settled edges, tentative only through an open switch, closed otherwise."""
    assert railway_of(plan).signals == {r.uid: _signal(plan, r.uid) for r in plan.routes}


@MODEST
@given(plans(min_routes=4))
def test_settled_routes_are_those_with_nothing_left_to_do(plan: Plan):
    """Packages settled, switch set, and every predecessor that is not closed settled."""
    assert railway_of(plan).settled == {r.uid for r in plan.routes if _settled(plan, r.uid)}


@MODEST
@given(plans(min_routes=4))
def test_ready_work_is_what_nothing_stands_before(plan: Plan):
    """Todo, on an open live route, its needs settled or closed, in the written order."""
    assert railway_of(plan).ready == tuple(
        package.uid
        for route in plan.routes
        if _open(plan, route.uid)
        for package in route.packages
        if package.status is Status.TODO and all(_met(plan, need) for need in package.needs)
    )


@MODEST
@given(plans(min_routes=4))
def test_a_decision_is_ready_when_its_route_is_done(plan: Plan):
    """An open switch on a live route whose packages and predecessors are settled."""
    ready = {
        switch.uid
        for switch in plan.switches
        if switch.chosen is None and _open(plan, switch.route)
        if all(package.settled for package in plan.route(switch.route).packages)
    }
    decisions = railway_of(plan).decisions
    assert set(decisions) == ready
    assert len(decisions) == len(ready)


@MODEST
@given(plans(min_routes=4))
def test_progress_is_done_length_over_live_length(plan: Plan):
    """Diverted work leaves both; behind open switches the expected option counts apart."""
    done = live = tentative = 0
    for route in plan.routes:
        lengths = [p.length for p in route.packages if p.status is not Status.DIVERTED]
        if _signal(plan, route.uid) is Signal.LIVE:
            live += sum(lengths)
            done += sum(p.length for p in route.packages if p.status is Status.DONE)
        elif _signal(plan, route.uid) is Signal.TENTATIVE and _expected(plan, route.uid):
            tentative += sum(lengths)
    progress = progress_of(plan)
    assert progress == Progress(done, live, tentative)
    assert progress.share == (done / live if live else 0.0)
    assert progress_of(plan, railway_of(plan)) == progress


@MODEST
@given(plans(min_routes=4))
def test_expected_routes_follow_the_expected_options(plan: Plan):
    """Chosen, else recommended, else the most probable, else the first option is taken."""
    expected = {route.uid for route in plan.routes if _expected(plan, route.uid)}
    assert railway_of(plan).expected == expected


@MODEST
@given(plans(min_routes=4))
def test_setting_a_switch_back_brings_a_closed_route_back_whole(plan: Plan):
    """Nothing about a railway is stored: the same settings give the same railway."""
    if not plan.switches:
        return
    first, *others = plan.switches
    for option in first.options:
        set_so = replace(plan, switches=(replace(first, chosen=option.uid), *others))
        back = replace(set_so, switches=(first, *others))
        assert railway_of(back) == railway_of(plan)


def _paths(plan: Plan, uid: str) -> Iterator[list[Edge]]:
    """Yield every path of edges from a root to a route."""
    arriving = [edge for edge in plan.edges if edge.head == uid]
    if not arriving:
        yield []
    for edge in arriving:
        for path in _paths(plan, edge.tail):
            yield [*path, edge]


def _switch_of(plan: Plan, edge: Edge) -> Switch | None:
    return next((switch for switch in plan.switches if switch.route == edge.tail), None)


def _way(plan: Plan, edge: Edge) -> str:
    """Return whether an edge is settled, open or closed as its switch is set."""
    switch = _switch_of(plan, edge)
    if switch is None:
        return "settled"
    if switch.chosen is None:
        return "open"
    chosen = next(option for option in switch.options if option.uid == switch.chosen)
    return "settled" if chosen.head == edge.head else "closed"


def _signal(plan: Plan, uid: str) -> Signal:
    ways = [{_way(plan, edge) for edge in path} for path in _paths(plan, uid)]
    if any(way <= {"settled"} for way in ways):
        return Signal.LIVE
    return Signal.TENTATIVE if any("closed" not in way for way in ways) else Signal.CLOSED


def _awaited(plan: Plan, uid: str) -> list[str]:
    tails = [edge.tail for edge in plan.edges if edge.head == uid]
    return [tail for tail in tails if _signal(plan, tail) is not Signal.CLOSED]


def _settled(plan: Plan, uid: str) -> bool:
    return (
        all(package.settled for package in plan.route(uid).packages)
        and all(switch.chosen for switch in plan.switches if switch.route == uid)
        and all(_settled(plan, tail) for tail in _awaited(plan, uid))
    )


def _open(plan: Plan, uid: str) -> bool:
    live = _signal(plan, uid) is Signal.LIVE
    return live and all(_settled(plan, tail) for tail in _awaited(plan, uid))


def _met(plan: Plan, uid: str) -> bool:
    route = next(r for r in plan.routes if any(p.uid == uid for p in r.packages))
    return plan.package(uid).settled or _signal(plan, route.uid) is Signal.CLOSED


def _expected(plan: Plan, uid: str) -> bool:
    return any(all(_taken(plan, edge) for edge in path) for path in _paths(plan, uid))


def _taken(plan: Plan, edge: Edge) -> bool:
    switch = _switch_of(plan, edge)
    return switch is None or _assumed(switch).head == edge.head


def _assumed(switch: Switch) -> Option:
    for wanted in (switch.chosen, switch.recommended):
        for option in switch.options:
            if option.uid == wanted:
                return option
    stated = [Fraction(o.probability) for o in switch.options if o.probability is not None]
    missing = len(switch.options) - len(stated)
    share = max(1 - sum(stated), Fraction(0)) / missing if missing else Fraction(0)
    odds = [share if o.probability is None else o.probability for o in switch.options]
    return switch.options[odds.index(max(odds))]


@pytest.mark.parametrize(
    ("odds", "first"),
    [
        ((None, None), "a"),
        ((0.3, None), "b"),
        ((0.5, None), "a"),
        ((0.2, None, None), "b"),
        ((0.6, None, 0.9), "c"),
        ((0.0, 0.0), "a"),
    ],
)
def test_options_without_odds_share_what_the_others_leave(
    odds: tuple[float | None, ...], first: str
):
    """Probabilities that nobody stated are the remainder in equal parts."""
    options = tuple(
        Option("abc"[at], at + 1, "", "h", NOW, probability=p) for at, p in enumerate(odds)
    )
    assert Switch("s", 1, "r", "?", NOW, options=options).expected.uid == first


def test_a_need_on_a_closed_route_counts_as_satisfied():
    """What will not happen holds nobody up."""
    plan = fork_of(2, chosen=1)
    heads = a_route("h1", 2, (a_package("w", 1, "shut"),)), a_route("h2", 3, (_shut(),))
    assert railway_of(replace(plan, routes=(plan.routes[0], *heads))).ready == ("w",)


def _shut() -> WorkPackage:
    return a_package("shut", 1)


def test_a_merge_waits_for_tentative_routes_too():
    """A route behind both options is held up by work that may still be on the way."""
    plan = fork_of(2)
    merge = a_route("m", 9, (a_package("w", 1),))
    lines = (Edge("h1", "m"), Edge("h2", "m"), Edge("r", "m"))
    routes = (*plan.routes, merge)
    odds = replace(plan.switches[0], options=(*plan.switches[0].options, _to("m")))
    plan = Plan(plan.goal, routes, tuple(sorted((*plan.edges, *lines))), (odds,))
    assert railway_of(plan).signals["m"] is Signal.TENTATIVE
    assert railway_of(plan).ready == ()
    chosen = replace(odds, chosen="om")
    plan = replace(plan, switches=(chosen,))
    closed = {uid for uid, way in railway_of(plan).signals.items() if way is Signal.CLOSED}
    assert closed == {"h1", "h2"}
    assert railway_of(plan).ready == ("w",)


def test_an_empty_plan_has_no_progress():
    """Nothing live is a share of 0, not a division by it."""
    assert progress_of(Plan(a_goal())).share == 0.0
    assert railway_of(Plan(a_goal())).ready == ()


def test_work_behind_an_open_switch_is_counted_apart():
    """Of the ways that may be taken, only the expected one counts."""
    plan = fork_of(2)
    root, *_ = plan.routes
    ways = [
        a_route(f"h{at}", at + 1, (replace(a_package(f"w{at}", 1), length=at + 2),))
        for at in (1, 2)
    ]
    plan = replace(plan, routes=(root, *ways))
    assert progress_of(plan) in {Progress(0, 0, 3), Progress(0, 0, 4)}
    favoured = replace(plan.switches[0], recommended="o2")
    assert progress_of(replace(plan, switches=(favoured,))) == Progress(0, 0, 4)


def _to(route: str) -> Option:
    return Option(f"o{route}", 9, route, route, NOW)


def test_work_in_progress_is_not_ready():
    """Doing and waiting packages are on the way already, so `ready` leaves them out."""
    states = (Status.DOING, Status.WAITING, Status.TODO)
    packages = tuple(
        replace(a_package(str(at), at), standing=Standing(status))
        for at, status in enumerate(states, 1)
    )
    assert railway_of(Plan(a_goal(), (a_route("r", 1, packages),))).ready == ("3",)


def test_a_goal_follows_its_work():
    """Under way with the first work, achieved with the last, and back when it reopens."""
    plan, told = two_routes(), list[str]()
    for uid, status in (
        ("a", "doing"),
        ("b", "done"),
        ("a", "done"),
        ("c", "done"),
        ("b", "todo"),
    ):
        plan = apply(SetStatus(uid, Standing(Status(status))), plan)
        told.append(goal_status(plan).value)
    assert told == ["in_progress", "in_progress", "in_progress", "achieved", "in_progress"]
    assert goal_status(two_routes()) is GoalStatus.PLANNED


def test_what_somebody_said_of_a_goal_stands():
    """An archived or achieved goal stays so, whatever is on its plan."""
    for status in (GoalStatus.ARCHIVED, GoalStatus.ACHIEVED):
        plan = replace(two_routes(), goal=replace(two_routes().goal, status=status))
        assert goal_status(plan) is status


def test_an_open_decision_keeps_a_goal_from_being_achieved():
    """What is behind it is still to do, whatever was done before it."""
    forked = fork_of(2)
    done = replace(a_package("p", 1), standing=Standing(Status.DONE))
    plan = replace(forked, routes=(a_route("r", 1, (done,)), *forked.routes[1:]))
    assert goal_status(plan) is GoalStatus.IN_PROGRESS
