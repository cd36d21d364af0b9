"""Order, cycles and the critical path, against networkx."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.critical_path import (
    Schedule,
    critical_path,
    critical_routes,
    longest_tails,
)
from stellwerk.domain.graph import find_cycle, topological_order
from stellwerk.domain.invariants import plan_cycle
from stellwerk.domain.plan import Edge, Plan
from stellwerk.domain.railway import railway_of
from stellwerk.domain.work import Standing, Status, ThreePoint
from tests.domain.plans import a_goal, a_package, a_route, two_routes
from tests.strategies import MODEST, plans

GRAPHS = st.integers(1, 8).flatmap(
    lambda size: st.fixed_dictionaries(
        {
            node: st.lists(st.integers(0, size - 1), max_size=3).map(tuple)
            for node in range(size)
        }
    )
)


def directed(graph: dict[int, tuple[int, ...]]) -> nx.DiGraph:
    """Return the graph as networkx has it."""
    return nx.DiGraph([(tail, head) for tail, heads in graph.items() for head in heads])


@given(GRAPHS)
def test_an_order_holds_just_what_no_cycle_reaches(graph: dict[int, tuple[int, ...]]):
    """Each node stands before its successors; nodes on or behind a cycle are left out."""
    known = directed(graph)
    on_cycle = {
        node
        for part in nx.strongly_connected_components(known)
        for node in part
        if len(part) > 1 or known.has_edge(node, node)
    }
    behind = on_cycle.union(*(nx.descendants(known, node) for node in on_cycle))
    order = topological_order(graph, graph)
    assert sorted(order) == sorted(set(graph) - behind)
    at = {node: place for place, node in enumerate(order)}
    assert all(at[t] < at[h] for t in order for h in graph[t] if h in at)


@given(GRAPHS)
def test_a_cycle_is_found_where_networkx_finds_one(graph: dict[int, tuple[int, ...]]):
    """The nodes come in the order of the edges, each once; none for an acyclic graph."""
    cycle = find_cycle(graph, graph)
    assert bool(cycle) is not nx.is_directed_acyclic_graph(directed(graph))
    assert len(set(cycle)) == len(cycle)
    assert all(head in graph[tail] for tail, head in pairwise((*cycle, *cycle[:1])))


@given(GRAPHS)
def test_an_order_takes_what_was_given_first_where_it_can(graph: dict[int, tuple[int, ...]]):
    """Among the nodes that could come next the one given first does."""
    known = directed(graph)
    known.add_nodes_from(graph)
    if nx.is_directed_acyclic_graph(known):
        order = list(nx.lexicographical_topological_sort(known))
        assert topological_order(sorted(graph), graph) == order


@st.composite
def tangled(draw: st.DrawFn) -> Plan:
    """Return a plan whose edges and needs may run in circles."""
    plan = draw(plans(max_routes=4, min_routes=1))
    plan = replace(plan, switches=(), checked=False)
    routes = [route.uid for route in plan.routes]
    pairs = st.tuples(st.sampled_from(routes), st.sampled_from(routes))
    extra = {Edge(*pair) for pair in draw(st.lists(pairs, max_size=2)) if len(set(pair)) > 1}
    plan = replace(plan, edges=tuple(sorted({*plan.edges, *extra})), checked=False)
    packages = [package.uid for package in plan.packages]
    if not packages:
        return plan
    uid, on = draw(st.sampled_from(packages)), draw(st.sampled_from(packages))
    return _needing(plan, uid, on)


def _needing(plan: Plan, uid: str, on: str) -> Plan:
    routes = tuple(
        replace(
            route,
            tasks=tuple(
                replace(
                    task,
                    packages=tuple(
                        replace(p, needs=tuple(sorted({*p.needs, on}))) if p.uid == uid else p
                        for p in task.packages
                    ),
                )
                for task in route.tasks
            ),
        )
        for route in plan.routes
    )
    return replace(plan, routes=routes, checked=False)


def combined(plan: Plan) -> nx.DiGraph:
    """Return what comes before what: edges between all packages and ends of two routes."""
    graph = nx.DiGraph()
    inside = {
        route.uid: [("in", route.uid), *(p.uid for p in route.packages), ("out", route.uid)]
        for route in plan.routes
    }
    for uid, nodes in inside.items():
        graph.add_nodes_from(nodes)
        graph.add_edges_from((("in", uid), node) for node in nodes[1:])
        graph.add_edges_from((node, ("out", uid)) for node in nodes[:-1])
    graph.add_edges_from((("out", e.tail), ("in", e.head)) for e in plan.edges)
    graph.add_edges_from((need, p.uid) for p in plan.packages for need in p.needs)
    return graph


@MODEST
@given(tangled())
def test_a_plan_cycle_is_found_where_networkx_finds_one(plan: Plan):
    """Route order and needs are searched as one graph, and the cycle is a real one."""
    cycle = plan_cycle(plan)
    graph = combined(plan)
    assert bool(cycle) is not nx.is_directed_acyclic_graph(graph)
    merged = nx.relabel_nodes(graph, {("in", r.uid): r.uid for r in plan.routes})
    merged = nx.relabel_nodes(merged, {("out", r.uid): r.uid for r in plan.routes})
    assert all(merged.has_edge(*pair) for pair in pairwise((*cycle, *cycle[:1])))


def _chains(plan: Plan) -> nx.DiGraph:
    """Return which open package must wait for which, by the definitions alone."""
    railway = railway_of(plan)
    lines = nx.DiGraph()
    lines.add_nodes_from(railway.expected)
    lines.add_edges_from((e.tail, e.head) for e in plan.edges)
    lines = lines.subgraph(railway.expected)
    work = {
        package.uid: (package, plan.route_of(package.uid).uid)
        for package in plan.packages
        if not package.settled and plan.route_of(package.uid).uid in railway.expected
    }
    graph = nx.DiGraph()
    graph.add_nodes_from(work)
    for uid, (package, route) in work.items():
        before = nx.ancestors(lines, route)
        graph.add_edges_from(
            (other, uid)
            for other, (_, at) in work.items()
            if at in before or other in package.needs
        )
    return graph


def _before(graph: nx.DiGraph, hours: dict[str, float], uid: str) -> float:
    """Return the hours of the longest chain that ends where a package begins."""
    chains = nx.DiGraph(graph.subgraph(nx.ancestors(graph, uid) | {uid}))
    for tail, _, data in chains.edges(data=True):
        data["weight"] = hours[tail]
    return nx.dag_longest_path_length(chains)


@MODEST
@given(plans(max_routes=5, min_routes=1))
def test_the_critical_path_is_the_longest_chain_of_open_work(plan: Plan):
    """Starts, floats and the end are those of the longest chains networkx finds."""
    graph, schedule = _chains(plan), critical_path(plan)
    hours = {uid: plan.package(uid).hours(plan.goal.unit_hours) for uid in graph}
    end = max((_before(graph, hours, uid) + hours[uid] for uid in graph), default=0.0)
    assert schedule.hours == pytest.approx(end)
    assert set(schedule.timings) == set(graph)
    for uid, timing in schedule.timings.items():
        earliest = _before(graph, hours, uid)
        tail = _before(graph.reverse(), hours, uid) + hours[uid]
        assert timing.earliest == pytest.approx(earliest)
        assert timing.tail == pytest.approx(tail)
        assert timing.total_float == pytest.approx(end - tail - earliest)
        assert timing.critical == (earliest + tail == pytest.approx(end))


@MODEST
@given(plans(min_routes=1))
def test_the_tails_alone_are_those_of_the_critical_path(plan: Plan):
    """Found in one pass or not, they and the end are the same to the last digit."""
    schedule = critical_path(plan)
    tails = {uid: timing.tail for uid, timing in schedule.timings.items()}
    assert longest_tails(plan, railway_of(plan)) == (tails, schedule.hours)


def test_a_need_may_point_at_what_is_written_later():
    """Its tail counts the whole chain, whichever stands first."""
    pairs = [
        (a_package("a", 1, "b"), a_package("b", 2)),
        (a_package("b", 1), a_package("a", 2, "b")),
    ]
    for packages in pairs:
        plan = Plan(a_goal(), (a_route("r", 1, packages),))
        tails, end = longest_tails(plan, railway_of(plan))
        assert (tails, end) == ({"a": 1.0, "b": 2.0}, 2.0)


def test_the_critical_path_takes_the_railway_it_is_given():
    """A railway that was computed already is not computed again, to the same end."""
    plan = two_routes()
    assert critical_path(plan, railway_of(plan)) == critical_path(plan)
    assert critical_path(Plan(a_goal())) == Schedule({}, 0.0)


def test_an_estimate_counts_before_the_length():
    """Hours are the estimate's median, else length times the goal's unit."""
    package = replace(a_package("a", 1), length=3)
    assert package.hours(2.0) == 6.0
    assert replace(package, estimate=ThreePoint(1, 5, 9)).hours(2.0) == 5.0


def test_work_that_is_done_early_holds_nobody_up():
    """A need on settled work is met, even where its route is not yet reached."""
    done = replace(a_package("c", 1), standing=Standing(Status.DONE))
    first = a_route("r1", 1, (replace(a_package("a", 1), length=8),))
    routes = (first, a_route("r2", 2, (done,)), a_route("r3", 3, (a_package("w", 1, "c"),)))
    plan = Plan(a_goal(), routes, (Edge("r1", "r2"),))
    assert railway_of(plan).ready == ("a", "w")
    assert critical_path(plan).timings["w"].earliest == 0.0


def test_a_need_of_settled_work_delays_nothing_behind_it():
    """What is done does not wait for what it once needed."""
    done = replace(a_package("c", 1, "late"), standing=Standing(Status.DONE))
    late = a_route("r3", 3, (replace(a_package("late", 1), length=8),))
    routes = (a_route("r1", 1, (done,)), a_route("r2", 2, (a_package("w", 1),)), late)
    plan = Plan(a_goal(), routes, (Edge("r1", "r2"),))
    assert "w" in railway_of(plan).ready
    assert critical_path(plan).timings["w"].earliest == 0.0


@given(plans())
def test_critical_routes_have_work_on_the_critical_path(plan: Plan):
    timings = critical_path(plan).timings
    expected = {plan.route_of(uid).uid for uid, each in timings.items() if each.critical}
    assert critical_routes(plan) == expected
