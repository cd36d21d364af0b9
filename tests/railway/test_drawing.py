"""The vertical railway: what is drawn is exactly what the plan holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.domain.railway import railway_of
from stellwerk.railway.text import ASCII, STATES, UNICODE, Charset, draw, state_of
from tests.domain.plans import fork_of, two_routes
from tests.railway.tracer import traced
from tests.strategies import Drawn, drawn_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TITLES = st.sampled_from(
    [
        "Plain",
        "旅行の計画を立てる",
        "👩\u200d🚀 go",
        "[bold]markup[/]",
        "x" * 180,
        "é\u0301 e",
        "w " * 90,
    ]
)


def railway(count: int, edges: set[tuple[int, int]]) -> Plan:
    """Return a plan of empty routes r1.. with those edges."""
    routes = tuple(Route(f"u{n:04}", n, f"T{n}", NOW) for n in range(1, count + 1))
    laid = tuple(sorted(Edge(f"u{a:04}", f"u{b:04}") for a, b in edges))
    return Plan(Goal("g", "g", "G", NOW), routes, laid)


def edges_of(plan: Plan) -> set[tuple[str, str]]:
    """Return the plan's edges by refs."""
    return {(plan.ref(edge.tail), plan.ref(edge.head)) for edge in plan.edges}


@given(drawn=drawn_plans())
def test_tracing_the_glyphs_downwards_recovers_exactly_the_edges(drawn: Drawn):
    """A track that crosses another passes under it and joins nothing."""
    assert traced(draw(drawn.plan, 200)) == edges_of(drawn.plan)


@given(
    edges=st.sets(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=30),
    width=st.sampled_from([60, 90, 200]),
)
def test_dense_graphs_are_drawn_right_as_well(edges: set[tuple[int, int]], width: int):
    """Whatever crosses: with room for its tracks, a graph is drawn as it is."""
    plan = railway(12, {(a, b) for a, b in edges if a < b})
    lines = draw(plan, width)
    if any("┃" in line or "━" in line for line in lines):
        assert traced(lines) == edges_of(plan)


@given(drawn=drawn_plans(), width=st.integers(20, 200), title=TITLES)
def test_no_line_is_wider_than_asked(drawn: Drawn, width: int, title: str):
    """Cells are counted, not characters; every station keeps its ref."""
    routes = tuple(replace(route, title=title) for route in drawn.plan.routes)
    plan = replace(drawn.plan, routes=routes)
    for charset in (UNICODE, ASCII):
        lines = draw(plan, width, charset=charset)
        assert all(cell_len(line) <= width for line in lines)
        for route in routes:
            assert any(f"r{route.number}" in line for line in lines)


def test_a_fork_too_wide_for_the_terminal_is_listed_without_tracks():
    """Sixty parallel routes in forty columns: every one has its line, none is cut wrong."""
    plan = railway(62, {(1, n) for n in range(2, 62)} | {(n, 62) for n in range(2, 62)})
    lines = draw(plan, 40)
    assert len(lines) == 62
    assert not any(set(line) & set("┃━┣┳") for line in lines)


@given(drawn=drawn_plans())
def test_the_plain_drawing_is_plain(drawn: Drawn):
    """With ASCII characters asked for, only titles bring others."""
    routes = tuple(replace(route, title="T") for route in drawn.plan.routes)
    switches = tuple(
        replace(s, title="S", options=tuple(replace(o, label="L") for o in s.options))
        for s in drawn.plan.switches
    )
    plan = replace(drawn.plan, routes=routes, switches=switches)
    assert "".join(draw(plan, 100, charset=ASCII)).isascii()


def test_an_empty_plan_draws_nothing():
    """There is nothing to see and nothing fails."""
    assert draw(railway(0, set()), 80) == []


def test_one_route_is_one_station():
    """No track leads anywhere."""
    assert draw(railway(1, set()), 80) == ["○  r1 T1"]


def test_three_hundred_routes_are_drawn_at_once():
    """Large plans stay usable: well below two seconds."""
    plan = railway(
        300, {(n, n + 1) for n in range(1, 300)} | {(n, n + 7) for n in range(1, 290)}
    )
    begin = perf_counter()
    lines = draw(plan, 120)
    assert traced(lines) == edges_of(plan)
    assert perf_counter() - begin < 2


def test_a_set_switch_closes_the_other_way_and_stars_the_chosen_option():
    """What is closed is drawn as closed; the choice is told by a star."""
    plan = fork_of(2)
    switch = plan.switches[0]
    chosen, other = switch.options
    plan = Choose(switch.uid, chosen.uid).change(plan)
    text = "\n".join(draw(plan, 80))
    assert f"* a {chosen.label}" in text
    assert f"  b {other.label}" in text
    railway_now = railway_of(plan)
    states = {route.uid: state_of(route, railway_now, frozenset()) for route in plan.routes}
    assert states[other.head] == "closed"
    assert states[chosen.head] != "closed"


@pytest.mark.parametrize("charset", [UNICODE, ASCII])
def test_each_state_has_a_sign_of_its_own(charset: Charset):
    """States are told apart without colour."""
    assert set(charset.stations) == set(STATES)
    assert len(set(charset.stations.values())) == len(STATES)


def test_colour_goes_around_the_text_and_changes_no_width():
    """Paint is applied to whole labels, after they were cut."""
    plain = draw(two_routes(), 30)
    painted = draw(two_routes(), 30, paint=lambda style, text: f"<{style}>{text}</>")
    for before, after in zip(plain, painted, strict=True):
        for style in ("bold cyan", "bold yellow", "green", "dim", "magenta", ""):
            after = after.replace(f"<{style}>", "")  # noqa: PLW2901
        assert after.replace("</>", "") == before
