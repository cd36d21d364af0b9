"""The railway as text: it says exactly what the plan holds, whatever the view."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, permutations, product, starmap
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.edits.lines import Choose
from stellwerk.domain.plan import Edge, Plan
from stellwerk.domain.work import Standing, Status
from stellwerk.railway.canvas import Canvas
from stellwerk.railway.fitting import cells_of
from stellwerk.railway.glyphs import ASCII, UNICODE, Charset
from stellwerk.railway.plot import Size, Spacing, plotted
from stellwerk.railway.renderer import View, bare
from stellwerk.railway.scene import Scene, State, scene_of
from stellwerk.railway.text import drawn
from tests.domain.plans import a_goal, a_package, a_route, fork_of, two_routes
from tests.railway.plans import any_graph, plan_of, railway_graph, switched
from tests.railway.reading import edges_read, standing
from tests.railway.tracing import Box, traced
from tests.strategies import MODEST, Drawn, drawn_plans

GRAPHS = [
    *(any_graph(seed) for seed in range(150)),
    *(railway_graph(size, size) for size in range(2, 60)),
]
PLANS = [
    plan_of(*graph, titles=["Lay the track", "Go", "A long title that is cut"])
    for graph in GRAPHS
]
ODD = (
    "旅行の計画を立てる",
    "👩\u200d🚀 go",
    "[bold]markup[/]",
    "x" * 500,
    "e\u0301 combining",
    "\u05e9\u05dc\u05d5\u05dd",
    "<b>html</b> --> %%{init}",
    "",
)


def edges_of(plan: Plan) -> set[tuple[str, str]]:
    """Return the plan's edges by refs."""
    return {(plan.ref(edge.tail), plan.ref(edge.head)) for edge in plan.edges}


@pytest.mark.parametrize("at", range(len(PLANS)))
def test_tracing_the_glyphs_gives_exactly_the_edges(at: int):
    """At every zoom, upright and lying, wide enough for all and at widths as they come."""
    random = Random(at)
    for plan in (PLANS[at], switched(PLANS[at], at)):
        scene = scene_of(plan)
        for zoom, vertical in product((0, 1, 2), (None, True, False)):
            for width in (random.randint(20, 80), random.randint(81, 400), 4000):
                lines = drawn(scene, View(zoom, width, vertical))
                assert edges_read(lines, scene) == edges_of(plan), "\n".join(lines)


def sized(width: int, height: int, port: int) -> Callable[[object], Size]:
    """Return a size for every station."""
    return lambda _: Size(width, height, port)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("size", "spacing"),
    [((1, 1, 0), (0, 0)), ((5, 3, 1), (0, 0)), ((8, 5, 2), (1, 2)), ((5, 9, 4), (2, 1))],
)
def test_boxes_of_any_size_are_joined_by_exactly_their_tracks(
    size: tuple[int, int, int], spacing: tuple[int, int], turned: bool
):
    for plan in PLANS:
        scene = scene_of(plan)
        plot = plotted(scene, sized(*size), Spacing(*spacing))
        canvas = Canvas(turned=turned)
        canvas.lay(scene.tracks, plot)
        shown = plot.turned() if turned else plot
        boxes: dict[str, Box] = {}
        taken: set[tuple[int, int]] = set()
        for station in scene.stations:
            box = shown.boxes[station.uid]
            cells = {
                (box.x + x, box.y + y) for x in range(box.width) for y in range(box.height)
            }
            assert not taken & cells
            taken |= cells
            boxes[station.ref] = (
                *(box.x, box.x + box.width - 1),
                *(box.y, box.y + box.height - 1),
            )
            for y in range(box.height):
                canvas.write(box.x, box.y + y, "O" * box.width)
        lines = list(canvas.lines(shown.height, UNICODE, bare))
        assert traced(lines, boxes, downward=turned) == edges_of(plan)
        assert max(map(len, lines), default=0) <= shown.width


VIEWS = st.builds(
    View,
    zoom=st.sampled_from([None, 0, 1, 2]),
    width=st.integers(20, 400),
    vertical=st.sampled_from([None, True, False]),
    charset=st.sampled_from([UNICODE, ASCII]),
    paint=st.just(bare),
)


@MODEST
@given(drawn_plans(), VIEWS)
def test_no_line_is_wider_than_the_view_and_paint_changes_no_character(
    found: Drawn, view: View
):
    scene = scene_of(found.plan)
    lines = drawn(scene, view)
    if view.zoom != 0:
        assert [line for line in lines if cells_of(line) > view.width] == []
    painted = drawn(scene, view._replace(paint=lambda _, text: f"\x01{text}\x02"))
    plain = [re.sub("[\x01\x02]", "", line).rstrip() for line in painted]
    assert plain == [line.rstrip() for line in lines]
    if view.charset.plain:
        titles = {route.title for route in found.plan.routes}
        assert all(title.isascii() for title in titles) is False or "".join(lines).isascii()


@pytest.mark.parametrize("zoom", [1, 2])
@pytest.mark.parametrize("vertical", [True, False])
def test_every_station_is_named_from_zoom_one_on(zoom: int, vertical: bool):
    for plan in PLANS[::7]:
        for width in (20, 40, 80, 120, 400):
            text = "\n".join(drawn(scene_of(plan), View(zoom, width, vertical)))
            for route in plan.routes:
                assert re.search(rf"\b{plan.ref(route.uid)}\b", text), (width, text)


@pytest.mark.parametrize("title", ODD)
@pytest.mark.parametrize("charset", [UNICODE, ASCII])
def test_titles_of_any_kind_fit_any_width(title: str, charset: Charset):
    plan = fork_of(2)
    plan = replace(plan, routes=tuple(replace(r, title=title) for r in plan.routes))
    for zoom, vertical in ((1, True), (1, False), (2, True), (2, False)):
        for width in range(20, 160, 7):
            lines = drawn(scene_of(plan), View(zoom, width, vertical, charset))
            assert max(map(cells_of, lines)) <= width
            assert not any("\n" in line for line in lines)


def test_without_room_for_tracks_a_route_says_what_it_follows():
    plan = plan_of(9, [(a, b) for a in range(9) for b in range(a + 1, 9)], ["x"])
    lines = drawn(scene_of(plan), View(width=24))
    assert lines[:5] == ["○ r1 x", "○ r2 x", "  < r1", "◇ r3 x", "  < r1, r2"]
    assert lines[-3:] == ["◇ r9 x", "  < r1, r2, r3, r4, r5,", "  r6, r7, r8"]


def test_no_route_and_one_route_are_drawn():
    assert drawn(scene_of(plan_of(0, [])), View()) == ["There is no route yet."]
    assert drawn(scene_of(plan_of(1, [])), View()) == ["○ r1 Title 1"]
    assert drawn(scene_of(plan_of(1, [])), View(0)) == ["○"]


def test_a_chain_is_a_straight_line():
    assert drawn(scene_of(two_routes()), View(vertical=True)) == [
        "◎  r1 Route r1  0/2",
        "○  r2 Route r2  0/1",
    ]


def test_a_decision_tells_its_ways_and_which_is_chosen():
    lines = drawn(scene_of(fork_of(2)), View(width=60, vertical=True))
    assert lines == [
        "◆      r1 Route r",
        "┃      ◆ d1 Which way? (decide now)",
        "┃          a Way 1 > r2",
        "┃          b Way 2 > r3",
        "┠───╮",
        "◌   │  r2 Route h1",
        "    ◌  r3 Route h2",
    ]
    told = drawn(scene_of(fork_of(2, chosen=2)), View(width=60, vertical=True))
    assert told[3] == "┃        ▸ b Way 2 > r3"
    assert any(line.startswith(("✕", "    ✕", "╎   ✕")) for line in told)


def test_a_railway_lies_down_where_no_label_is_cut_and_stands_up_where_one_would_be():
    scene = scene_of(fork_of(2))
    lying = [
        "◆ r1 Route r ━┯a◌ r2 Route h1",
        "              │",
        "              ╰b◌ r3 Route h2",
        "",
        "◆ d1 Which way? (decide now)",
        "    a Way 1 > r2",
        "    b Way 2 > r3",
    ]
    assert drawn(scene, View(width=60)) == lying
    assert drawn(scene, View(width=60, vertical=False)) == lying
    assert drawn(scene, View(width=28)) == drawn(scene, View(width=28, vertical=True))


def test_a_travelled_way_is_green_and_a_closed_one_is_dim():
    done = replace(a_package("w", 1), standing=Standing(Status.DONE))
    other = replace(a_package("v", 1), standing=Standing(Status.DOING))
    plan = fork_of(2, chosen=1)
    first, second, third = plan.routes
    routes = (
        replace(first, tasks=a_route("x", 1, (done,)).tasks),
        replace(second, tasks=a_route("y", 1, (other,)).tasks),
        third,
    )
    scene = scene_of(replace(plan, routes=routes))
    assert [track.travelled for track in scene.tracks] == [True, False]
    shown = drawn(scene, View(60, 60, False, paint=lambda style, text: f"<{style}:{text}>"))
    assert shown == [
        "<green:● r1 1/1 Route r> <green:━┯><magenta:a><bold yellow:◐ r2 0/1 Route h1>",
        "                  <dim:╎>",
        "                  <dim:╰><dim:b><dim:✕ r3 Route h2>",
    ]


def test_a_title_takes_two_rows_of_a_card_before_it_is_cut():
    plan = plan_of(2, [(0, 1)], ["Find the customer group and its problem", "Go"])
    assert drawn(scene_of(plan), View(2, 60))[1:4] == [
        "┃○ r1 Find the customer    ┃  ┃○ r2 Go                   ┃",
        "┃group and its problem     ┣━━┫                          ┃",
        "┃no work yet               ┃  ┃no work yet               ┃",
    ]
    assert drawn(scene_of(plan), View(2, 44))[2].startswith("┃customer group and…┣")


def test_cards_that_stand_are_open_where_tracks_come_in_and_go_out():
    lines = drawn(scene_of(fork_of(2)), View(2, 36, True))
    assert lines == [
        "┏━━━━━━━━━━━━━━━┓",
        "┃◆ r1 Route r   ┃",
        "┃no work yet    ┃",
        "┃◆ Which way?   ┃",
        "┗━━━━━━┳━━━━━━━━┛",
        "       ┃",
        "       ┠──────────────────╮",
        "       a                  b",
        "┏━━━━━━┻━━━━━━━━┓  ╭──────┴────────╮",
        "┃◌ r2 Route h1  ┃  │◌ r3 Route h2  │",
        "┃no work yet    ┃  │no work yet    │",
        "┗━━━━━━━━━━━━━━━┛  ╰───────────────╯",
        "",
        "◆ d1 Which way? (decide now)",
        "    a Way 1 > r2",
        "    b Way 2 > r3",
    ]


def test_the_chosen_way_is_the_main_line_and_the_other_one_is_dashed():
    plan = fork_of(2)
    switch = plan.switches[0]
    plan = Choose(switch.uid, switch.options[1].uid).change(plan)
    scene = scene_of(plan)
    weights = {track.letter: track.weight.value for track in scene.tracks}
    assert weights == {"a": "closed", "b": "main"}
    lanes = {station.uid: station.lane for station in scene.stations}
    assert lanes[switch.options[1].head] == lanes[switch.route]


def test_two_plans_that_differ_in_uids_alone_look_the_same():
    def shown(letters: str) -> list[str]:
        first, second, third, last = letters
        routes = tuple(
            replace(a_route(uid, at), title="X") for at, uid in enumerate(letters, 1)
        )
        pairs = ((first, second), (first, third), (second, last), (third, last))
        edges = tuple(sorted(starmap(Edge, pairs)))
        return drawn(scene_of(Plan(a_goal(), routes, edges)), View(vertical=True))

    assert len({tuple(shown("".join(each))) for each in permutations("abcd")}) == 1


def test_states_are_told_apart_without_colour():
    for charset in (UNICODE, ASCII):
        assert set(charset.stations) == set(State)
        assert len({*charset.stations.values()}) == len(State)


def test_the_plain_drawing_is_plain():
    for plan in PLANS[::5]:
        for zoom in (0, 1, 2):
            assert "".join(drawn(scene_of(plan), View(zoom, 100, charset=ASCII))).isascii()


def test_a_thousand_routes_are_drawn():
    count, pairs = railway_graph(1000, 1)
    plan = plan_of(count, pairs)
    lines = drawn(scene_of(plan), View(1, 400, vertical=True))
    assert traced(lines, standing(lines), downward=True) == edges_of(plan)


def test_cards_say_progress_hours_and_what_is_to_be_decided():
    lines = "\n".join(drawn(scene_of(fork_of(2)), View(2, 120)))
    assert "◆ Which way?" in lines
    assert "no work yet" in lines


def main_rows(scene: Scene) -> set[int]:
    """Return the lanes of the stations on the main line."""
    return {station.lane for station in scene.stations if station.main}


def test_the_main_line_is_one_straight_row():
    for plan in PLANS:
        assert len(main_rows(scene_of(plan))) <= 1


def test_the_main_line_follows_the_routes_that_are_asked_for():
    count, pairs = 5, [(0, 1), (1, 2), (0, 3), (3, 4), (2, 4)]
    plan = plan_of(count, pairs)
    scene = scene_of(plan, main={"u0", "u3", "u4"})
    assert {station.uid for station in scene.stations if station.main} == {"u0", "u3", "u4"}
    legs = {(t.tail, t.head) for t in scene.tracks if t.weight.value == "main"}
    assert legs == set(pairwise(["u0", "u3", "u4"]))
