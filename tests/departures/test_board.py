"""The departures board: a renderer as a stranger writes it."""

from __future__ import annotations

import ast
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

from stellwerk.domain.work import Standing, Status, ThreePoint
from stellwerk.plugins.api import View, cells_of
from stellwerk.railway.scene import scene_of
from stellwerk_departures import board
from tests.domain.plans import a_package, a_route, fork_of, two_routes
from tests.railway.hostile import TITLES, drawing_of, titled

ROOT = Path(__file__).parents[2]


def test_it_uses_nothing_but_what_every_plugin_may():
    """So it shows what a package of somebody else's can do."""
    for source in (ROOT / "plugins/stellwerk_departures").glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("stellwerk"):
                assert node.module == "stellwerk.plugins.api"
    (point,) = entry_points(group="stellwerk.renderers", name="departures")
    assert point.load() is board.RENDERER


def test_a_train_waits_for_the_longest_way_to_it():
    """Three hours of open work before it, whatever is quicker."""
    slow = replace(a_package("a", 1), estimate=ThreePoint(2, 3, 4))
    plan = two_routes()
    second = plan.routes[1]
    scene = scene_of(replace(plan, routes=(a_route("r1", 1, (slow,)), second)))
    hours = {station.uid: station.hours for station in scene.stations}
    assert board.departures(scene) == {"r1": 0.0, "r2": hours["r1"]}
    assert hours["r1"] > 2


def test_what_is_done_has_left_and_what_is_closed_never_leaves():
    """A board shows what one can still take."""
    plan = fork_of(2, chosen=1)
    gone = replace(a_package("w", 1), standing=Standing(Status.DONE))
    root, way, closed = plan.routes
    root = replace(root, tasks=a_route("x", 1, (gone,)).tasks)
    scene = scene_of(replace(plan, routes=(root, way, closed)))
    (line,) = board.lines(scene, View(width=40))
    assert line == "     now  r2  Route h1       no work yet"


def test_trains_behind_an_open_switch_are_tentative():
    """Both ways are on the board."""
    told = list(board.lines(scene_of(fork_of(2)), View(width=44)))
    assert [line.split()[1] for line in told if line.endswith("tentative")] == ["r2", "r3"]


def test_titles_of_any_kind_keep_one_line_each():
    """Cut where there is no room; never interpreted."""
    for title in TITLES:
        text = board.RENDERER.render(drawing_of(titled(title)), View(width=40))
        assert text.count("\n") == 2 + len(list(board.lines(scene_of(titled(title)), View())))
        assert max(map(cells_of, text.split("\n"))) <= 40
