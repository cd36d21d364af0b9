"""A drawing shows exactly the plan's routes, edges and decisions, in the width there is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.domain.railway import Signal, railway_of
from stellwerk.domain.work import Standing, Status
from stellwerk.railway.text import ASCII, STATES, UNICODE, draw, state_of
from tests.domain.plans import NOW, a_goal, a_package, a_route, fork_of, two_routes
from tests.exchange.hostile import TITLES
from tests.railway.tracer import read
from tests.strategies import MODEST, plans

WIDE = 300
ODD = (
    "旅行の計画を立てる長い名前",
    "👩\u200d🚀👨\u200d👩\u200d👧 go",
    "[bold]x[/bold] [/] [link=a]",
    "e\u0301" * 30,
)
CHARSETS = st.sampled_from((UNICODE, ASCII))


@st.composite
def titled_plans(draw: st.DrawFn) -> Plan:
    """Return plans with titles that are wide, look like markup, tracks or stations."""
    plan = draw(plans())
    pool = draw(st.lists(TITLES | st.sampled_from((*ODD, "● ┃━┛ r9 ", "x" * 90)), min_size=2))
    choice = Random(draw(st.integers(0, 99)))
    routes = tuple(replace(route, title=choice.choice(pool)) for route in plan.routes)
    switches = tuple(
        replace(
            switch,
            title=choice.choice(pool),
            options=tuple(replace(o, label=choice.choice(pool)) for o in switch.options),
        )
        for switch in plan.switches
    )
    return replace(plan, routes=routes, switches=switches)


def edges_of(plan: Plan) -> set[tuple[str, str]]:
    """Return the edges of a plan as refs."""
    return {(plan.ref(edge.tail), plan.ref(edge.head)) for edge in plan.edges}


@MODEST
@given(titled_plans())
def test_tracing_the_glyphs_gives_the_edges(plan: Plan):
    """All of them and no other, whatever stands in the titles."""
    drawing = read(draw(plan, WIDE))
    assert sorted(drawing.stations.values()) == sorted(plan.ref(r.uid) for r in plan.routes)
    assert drawing.edges() == edges_of(plan)


@st.composite
def tangles(draw: st.DrawFn) -> Plan:
    """Return bare plans of many routes and edges in any direction that has no circle."""
    count = draw(st.integers(2, 14))
    routes = tuple(Route(f"u{at}", at, "x", NOW) for at in range(1, count + 1))
    pairs = [(a.uid, b.uid) for at, a in enumerate(routes) for b in routes[at + 1 :]]
    laid = Random(draw(st.integers(0, 9999))).sample(pairs, draw(st.integers(0, len(pairs))))
    edges = tuple(sorted(Edge(*pair) for pair in laid))
    return Plan(a_goal(), tuple(draw(st.permutations(routes))), edges)


@MODEST
@given(tangles())
def test_tracing_a_tangle_gives_its_edges(plan: Plan):
    """However many tracks cross."""
    assert read(draw(plan, 1000)).edges() == edges_of(plan)


@MODEST
@given(tangles(), st.integers(20, 90))
def test_what_tracks_are_drawn_are_true_at_any_width(plan: Plan, width: int):
    """Lanes move together first; where there is no room for any, all edges are told in words."""
    lines = draw(plan, width)
    drawing = read(lines)
    assert len(drawing.stations) == len(plan.routes)
    if any(" < r" in line for line in lines):
        assert not any(set(line) & set("┃━┣┳") for line in lines)
    else:
        assert drawing.edges() == edges_of(plan)


def test_without_room_for_tracks_a_route_says_what_it_follows():
    """As refs behind its title."""
    routes = tuple(Route(f"u{at}", at, "x", NOW) for at in range(1, 10))
    edges = tuple(
        sorted(Edge(a.uid, b.uid) for at, a in enumerate(routes) for b in routes[at + 1 :])
    )
    lines = draw(Plan(a_goal(), routes, edges), 30)
    assert lines[:3] == ["○  r1 x", "○  r2 x < r1", "○  r3 x < r1, r2"]
    assert len(lines) == 9


@MODEST
@given(titled_plans(), st.integers(20, 200), CHARSETS)
def test_no_line_is_wider_than_the_width(plan: Plan, width: int, charset: object):
    """In terminal cells, of which some characters take two and some none."""
    lines = draw(plan, width, charset=charset)
    assert [line for line in lines if cell_len(line) > width] == []
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize("title", ODD)
def test_titles_of_wide_characters_fit_any_width(title: str):
    """Cut between characters, with an ellipsis."""
    plan = fork_of(2)
    routes = tuple(replace(route, title=title) for route in plan.routes)
    plan = replace(plan, routes=routes)
    for width in range(20, 201):
        for charset in (UNICODE, ASCII):
            lines = draw(plan, width, charset=charset)
            assert max(map(cell_len, lines)) <= width
            assert all(plan.ref(route.uid) in " ".join(lines) for route in plan.routes)
    assert title in draw(plan, 200)[0]


@MODEST
@given(titled_plans(), st.integers(20, 120), CHARSETS)
def test_paint_changes_no_character(plan: Plan, width: int, charset: object):
    """Colours go around the text; taken off, the drawing is the plain one."""
    painted = draw(plan, width, charset=charset, paint=lambda _, text: f"\x01{text}\x02")
    plain = [line.replace("\x01", "").replace("\x02", "") for line in painted]
    assert plain == draw(plan, width, charset=charset)


@pytest.mark.parametrize("width", [20, 80, 200])
def test_a_single_route_is_a_single_line(width: int):
    """Without any track."""
    plan = Plan(a_goal(), (a_route("a", 1, (a_package("p", 1),)),))
    assert draw(plan, width) == ["◎  r1 Route a  0/1"]


def test_a_chain_is_a_straight_line():
    """Stations right under each other are joined."""
    assert draw(two_routes(), 80) == ["◎  r1 Route r1  0/2", "○  r2 Route r2  0/1"]


def test_routes_that_nothing_joins_have_a_gap_between():
    """So nobody takes them for a line."""
    plan = Plan(a_goal(), (a_route("a", 1), a_route("b", 2)))
    assert draw(plan, 80) == ["○  r1 Route a", "", "○  r2 Route b"]


def test_a_decision_tells_its_ways_and_which_is_chosen():
    """Below its route, with where each leads."""
    lines = draw(fork_of(2), 60)
    assert lines == [
        "○      r1 Route r",
        "┃      ◆ d1 Which way?",
        "┃          a Way 1 > r2",
        "┃          b Way 2 > r3",
        "┣━━━┓",
        "◌   ┃  r2 Route h1",
        "    ◌  r3 Route h2",
    ]
    told = draw(fork_of(2, chosen=2), 60, charset=ASCII)
    assert told[1:4] == [
        "|      <> d1 Which way?",
        "|          a Way 1 > r2",
        "|        * b Way 2 > r3",
    ]
    assert [line[:5].strip() for line in told[5:]] == ["x   |", "o"]


def test_a_track_passes_under_a_lane_it_has_no_part_in():
    """A crossing is no merge."""
    routes = tuple(Route(uid, number, uid, NOW) for number, uid in enumerate("abcde", 1))
    edges = tuple(Edge(*pair) for pair in ("ab", "ac", "ad", "be", "de"))
    drawing = draw(Plan(a_goal(), routes, edges), 60)
    assert drawing[-2:] == ["┣━━━━━━━┛", "○          r5 e"]
    tangled = (*edges[:3], Edge("b", "d"), Edge("c", "e"))
    lines = draw(Plan(a_goal(), routes, tuple(sorted(tangled))), 60)
    assert any("━┃━" in line for line in lines)


@pytest.mark.parametrize(
    ("statuses", "signal", "state"),
    [
        ((), Signal.LIVE, "ahead"),
        ((Status.TODO,), Signal.LIVE, "ready"),
        ((Status.TODO, Status.DOING), Signal.LIVE, "doing"),
        ((Status.TODO, Status.WAITING), Signal.LIVE, "doing"),
        ((Status.TODO, Status.DONE), Signal.LIVE, "doing"),
        ((Status.TODO, Status.DIVERTED), Signal.LIVE, "ready"),
        ((Status.DONE, Status.DIVERTED), Signal.LIVE, "done"),
        ((Status.DONE,), Signal.TENTATIVE, "done"),
        ((Status.TODO,), Signal.TENTATIVE, "tentative"),
        ((Status.DONE,), Signal.CLOSED, "closed"),
    ],
)
def test_a_station_shows_the_state_of_its_route(
    statuses: tuple[Status, ...], signal: Signal, state: str
):
    """Told apart by shape alone."""
    packages = tuple(
        replace(a_package(f"p{at}", at), standing=Standing(status))
        for at, status in enumerate(statuses, 1)
    )
    route = a_route("a", 1, packages)
    railway = railway_of(Plan(a_goal(), (route,)))
    ready = frozenset(railway.ready)
    shown = railway._replace(signals={"a": signal})
    assert state_of(route, shown, ready if signal is Signal.LIVE else frozenset()) == state
    assert (
        len(set(UNICODE.stations.values())) == len(set(ASCII.stations.values())) == len(STATES)
    )


@example("x" * 50)
@given(TITLES)
def test_a_cut_title_is_the_beginning_of_the_title(title: str):
    """Nothing is made up."""
    plan = Plan(a_goal(), (replace(a_route("a", 1), title=title),))
    (line,) = draw(plan, 24)
    told = line.removeprefix("○  r1 ")
    assert title.startswith(told.removesuffix("…").rstrip()) or told == title
