"""The railway from left to right: labels on their tracks, one row a lane (zoom 1), or dots (zoom 0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stellwerk.railway.canvas import Canvas
from stellwerk.railway.fitting import cells_of, fitted
from stellwerk.railway.glyphs import Charset
from stellwerk.railway.plot import Size, Spacing, plotted
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import Scene, State, Station
from stellwerk.railway.sheet import Sheet

STYLES: Final[Mapping[State, str]] = {
    State.DONE: "green",
    State.DOING: "bold yellow",
    State.READY: "bold cyan",
    State.AHEAD: "",
    State.TENTATIVE: "dim",
    State.CLOSED: "dim",
}
_LEAST: Final = 8
"""Cells of a label below which it says too little."""


def overview(scene: Scene, view: View, *, whole: bool = False) -> list[str] | None:
    """Return the lines of a railway from left to right, or None if it is too long for that.

    Args:
        scene: What is drawn.
        view: How.
        whole: Whether no label may be cut.
    """
    width, charset = view.width, view.charset
    rooms = _rooms(scene, width, charset)
    if rooms is None:
        return None
    if whole and rooms != label_rooms(scene, width, charset):
        return None
    sheet = overview_sheet(scene, rooms, charset)
    return sheet.lines(view) if sheet.width <= width + 1 else None


def overview_sheet(scene: Scene, rooms: Mapping[int, int], charset: Charset) -> Sheet:
    """Return a railway from left to right, labels cut to the room their layers have."""
    shown = {
        station.uid: fitted(label_of(station, charset), rooms[station.layer], charset)
        for station in scene.stations
    }

    def size(station: Station) -> Size:
        return Size(cells_of(shown[station.uid]) + 1)

    plot = plotted(scene, size, Spacing(1 if scene.width > 1 else 0, 2))
    canvas = Canvas()
    canvas.lay(scene.tracks, plot)
    for station in scene.stations:
        box = plot.boxes[station.uid]
        canvas.write(box.x, box.y, shown[station.uid], STYLES[station.state])
    canvas.letter(scene.tracks, plot)
    boxes = {uid: box._replace(width=box.width - 1) for uid, box in plot.boxes.items()}
    return Sheet(canvas, boxes, plot.width, plot.height)


def label_rooms(scene: Scene, most: int, charset: Charset) -> Mapping[int, int]:
    """Return how many cells the labels of each layer take if none has more than so many."""
    rooms = dict.fromkeys(range(scene.depth), 1)
    for station in scene.stations:
        wanted = min(cells_of(label_of(station, charset)), most)
        rooms[station.layer] = max(rooms[station.layer], wanted)
    return rooms


def label_of(station: Station, charset: Charset) -> str:
    """Return sign, ref, title and progress of a station, in that order of importance."""
    count = f" {station.done}/{station.count}" if station.count else ""
    return f"{sign_of(station, charset)} {station.ref}{count} {station.title}"


def sign_of(station: Station, charset: Charset) -> str:
    """Return the character that stands for a station: its state, or what it is ahead of us."""
    if station.state in (State.AHEAD, State.TENTATIVE):
        if station.junction:
            return charset.switch[:1]
        if station.merge:
            return charset.merge
    return charset.stations[station.state]


def _rooms(scene: Scene, width: int, charset: Charset) -> Mapping[int, int] | None:
    """Return how many cells the labels of each layer may have, the widest cut first."""
    rooms = dict(label_rooms(scene, width, charset))
    bare = plotted(scene, lambda _: Size(1), Spacing(1, 2)).width
    left = width - bare - 1
    if left < _LEAST * scene.depth:
        return None
    while (excess := sum(rooms.values()) - left) > 0:
        widest = max(rooms.values())
        layers = [layer for layer, room in rooms.items() if room == widest]
        second = max([room for room in rooms.values() if room < widest], default=_LEAST)
        cut = max(min(widest - second, -(-excess // len(layers))), 1)
        for layer in layers:
            rooms[layer] = widest - cut
    return rooms


def dots(scene: Scene, view: View, *, turned: bool = False) -> list[str] | None:
    """Return the lines of a railway with one character for each station, or None if too wide."""
    sheet = dots_sheet(scene, view.charset, turned=turned)
    return sheet.lines(view) if sheet.width <= view.width else None


def dots_sheet(scene: Scene, charset: Charset, *, turned: bool = False) -> Sheet:
    """Return a railway with one character for each station."""
    laid = plotted(scene, lambda _: Size(1), Spacing(0, 0))
    canvas = Canvas(turned=turned)
    canvas.lay(scene.tracks, laid)
    plot = laid.turned() if turned else laid
    for station in scene.stations:
        box = plot.boxes[station.uid]
        canvas.write(box.x, box.y, sign_of(station, charset), STYLES[station.state])
    return Sheet(canvas, plot.boxes, plot.width, plot.height)
