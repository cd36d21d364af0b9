"""The railway in DOT, Graphviz's language: routes, tracks and options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stellwerk.railway.glyphs import UNICODE
from stellwerk.railway.picture.colours import LIGHT
from stellwerk.railway.picture.lettering import wrapped
from stellwerk.railway.picture.markup import plain
from stellwerk.railway.renderer import Drawing, Renderer, View
from stellwerk.railway.scene import Scene, Sign, State, Station, Weight

_STATES: Final[Mapping[State, str]] = {
    State.DONE: f'color="{LIGHT["done"]}", fillcolor="#dcfce7"',
    State.DOING: f'color="{LIGHT["doing"]}", fillcolor="#fef3c7", penwidth=2',
    State.READY: f'color="{LIGHT["ready"]}", fillcolor="#e0f2fe", penwidth=2',
    State.AHEAD: 'color="#66758a"',
    State.TENTATIVE: 'color="#66758a", style="rounded,filled,dashed"',
    State.CLOSED: 'color="#9aa4b2", fontcolor="#566070", fillcolor="#eceef1",'
    ' style="rounded,filled,dashed"',
}
_TRACKS: Final[Mapping[Weight, str]] = {
    Weight.MAIN: f'penwidth=4, weight=8, color="{LIGHT["line"]}"',
    Weight.LIVE: "penwidth=1.5",
    Weight.TENTATIVE: "",
    Weight.CLOSED: 'style=dashed, color="#9aa4b2", fontcolor="#566070"',
}
_ROOM, _SIZE = 190, 12


def render(drawing: Drawing, view: View) -> str:
    """Return the graph."""
    del view
    return "\n".join(_lines(drawing.scene)) + "\n"


def quoted(*lines: str) -> str:
    """Return lines of text as one string, of which Graphviz interprets nothing.

    It reads backslashes as commands, and `&` as the beginning of an entity of HTML.
    """
    shown = (
        plain(line).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
        for line in lines
    )
    return '"' + "\\n".join(shown) + '"'


def _lines(scene: Scene) -> Iterator[str]:
    yield "digraph plan {"
    yield f'  graph [rankdir=LR, charset="UTF-8", labelloc=t, label={quoted(scene.title)}]'
    yield '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif"]'
    yield '  edge [fontname="sans-serif", fontsize=11, color="#66758a"]'
    for station in scene.stations:
        yield f"  {station.ref} [label={_label(station)}, {_STATES[station.state]}]"
    refs = {station.uid: station.ref for station in scene.stations}
    signs = _signs(scene)
    for track in scene.tracks:
        sign = signs.get((track.tail, track.head))
        told = f"label={quoted(*_told(sign))}" if sign else ""
        attributes = ", ".join(filter(None, (told, _TRACKS[track.weight])))
        yield f"  {refs[track.tail]} -> {refs[track.head]} [{attributes}]"
    yield "}"


def _label(station: Station) -> str:
    sign = UNICODE.stations[station.state]
    count = f" {station.done}/{station.count}" if station.count else ""
    lines = [f"{sign} {station.ref}{count}", *_broken(station.title)]
    if station.junction:
        lines += _broken(f"{UNICODE.switch} {station.junction.ref} {station.junction.title}")
    return quoted(*lines)


def _told(sign: Sign) -> tuple[str, ...]:
    return _broken(f"{UNICODE.chosen + ' ' if sign.chosen else ''}{sign.letter} {sign.label}")


def _broken(text: str) -> tuple[str, ...]:
    """Return a text in as many lines as it needs: Graphviz breaks none itself."""
    return wrapped(plain(text), _ROOM, len(text), _SIZE)


def _signs(scene: Scene) -> Mapping[tuple[str, str], Sign]:
    return {
        (station.uid, sign.head): sign
        for station in scene.stations
        if station.junction
        for sign in station.junction.signs
    }


RENDERER: Final = Renderer("dot", "text/vnd.graphviz", render)
