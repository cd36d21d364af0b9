"""Renderers of other packages draw plans beside ours, and what breaks says so in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.cli.test_processes import install

SOURCE = """
from stellwerk.plugins.api import Renderer, State

def render(drawing, view):
    scene = drawing.scene
    named = [f"{s.layer}.{s.lane} {s.ref} {s.title}" for s in scene.stations]
    ready = sum(station.state is State.READY for station in scene.stations)
    notes = sum(map(bool, drawing.notes.values()))
    return "\\n".join([scene.title, *named, f"{ready} ready, {notes} notes, {view.width}"]) + "\\n"

def broken(drawing, view):
    raise KeyError("station")

LIST = Renderer("txt", "text/plain", render)
FULL = Renderer("txt", "text/plain", render, detailed=True)
BROKEN = Renderer("txt", "text/plain", broken)
BYTES = Renderer("txt", "text/plain", lambda drawing, view: b"no text")
NONE = render
"""
NAMES = ("list", "full", "broken", "bytes", "none")


@pytest.fixture
def strange(planned: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal with a plan and with renderers of another package."""
    points = "".join(f"{name} = strange_draw:{name.upper()}\n" for name in NAMES)
    site = planned.folder / "site"
    install(site, "strange_draw", SOURCE, f"[stellwerk.renderers]\n{points}")
    monkeypatch.syspath_prepend(str(site))
    return planned


def test_it_draws_by_name(strange: Terminal):
    lines = strange("map", "--format", "list", "--width", "60").out.splitlines()
    assert lines[0] == "Launch a SaaS product"
    assert lines[1] == "0.0 r1 Find the customer group and its problem"
    assert len(lines) == 10
    assert lines[-1] == "1 ready, 0 notes, 60"


def test_it_has_the_notes_if_it_shows_them(strange: Terminal):
    assert strange("map", "--format", "full").out.splitlines()[-1] == "1 ready, 24 notes, 80"


def test_it_writes_a_file(strange: Terminal, tmp_path: Path):
    file = tmp_path / "plan.txt"
    strange("map", "--format", "list", "-o", str(file))
    assert file.read_text(encoding="utf-8").startswith("Launch a SaaS product\n0.0 r1 ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken", "The renderer broken broke: KeyError: 'station'."),
        ("bytes", "The renderer bytes gave bytes instead of text."),
        ("none", "The plugin none is no Renderer but function."),
        ("lits", "There is no plugin 'lits' among the renderers."),
    ],
)
def test_one_that_cannot_draw_is_told_in_a_sentence(strange: Terminal, name: str, said: str):
    ended = strange("map", "--format", name, code=None)
    assert ended.code != 0
    assert said in " ".join(ended.err.split())
    assert "Traceback" not in ended.err


def test_data_and_a_drawing_are_not_mixed(strange: Terminal):
    for more in (("--format", "list"), ("-o", "plan.txt")):
        ended = strange("--json", "map", *more, code=2)
        assert "a drawing is none" in ended.out + ended.err


def test_the_departures_board_is_a_format_like_any_other(planned: Terminal):
    lines = planned("map", "--format", "departures").out.splitlines()
    assert lines[0].startswith("Departures: ")
    assert lines[2].startswith("     now  r1")
