"""The railway from top to bottom: one row a route, its title beside the tracks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.railway.canvas import Canvas
from stellwerk.railway.fitting import cells_of, fitted
from stellwerk.railway.glyphs import Charset
from stellwerk.railway.overview import STYLES, sign_of
from stellwerk.railway.plot import Box, Plot, Size, Spacing, plotted
from stellwerk.railway.renderer import View
from stellwerk.railway.scene import Scene, Station
from stellwerk.railway.sheet import Sheet

_ROOM: Final = 24
"""Cells for titles below which tracks come closer together."""
_LEAST: Final = 12
"""Cells for titles below which tracks go."""
_DUE: Final = " (decide now)"


def listing(scene: Scene, view: View) -> list[str] | None:
    """Return the lines of a railway from top to bottom, or None if its lanes leave no room."""
    sheet = listing_sheet(scene, view.width, view.charset)
    return sheet.lines(view) if sheet else None


def listing_sheet(scene: Scene, width: int, charset: Charset) -> Sheet | None:
    """Return a railway from top to bottom, or None if its lanes leave no room for titles."""
    for between, least in ((3, _ROOM), (1, _ROOM), (1, _LEAST), (0, _LEAST)):
        plot = _plot(scene, between)
        if plot.height + least <= width:
            return _drawn(scene, plot, width, charset)
    return None


def whole_listing(scene: Scene, width: int, charset: Charset) -> Sheet:
    """Return a railway from top to bottom, wider than asked for where its lanes need it."""
    if sheet := listing_sheet(scene, width, charset):
        return sheet
    plot = _plot(scene, 0)
    return _drawn(scene, plot, plot.height + _ROOM, charset)


def _plot(scene: Scene, between: int) -> Plot:
    places: dict[int, int] = {}
    sizes: dict[str, Size] = {}
    for station in scene.stations:
        offset = places.get(station.layer, 0)
        room = 1 + len(station.junction.signs) if station.junction else 0
        sizes[station.uid] = Size(1, offset=offset, room=room)
        places[station.layer] = offset + 1 + room
    return plotted(scene, lambda station: sizes[station.uid], Spacing(between, 0))


def _drawn(scene: Scene, plot: Plot, width: int, charset: Charset) -> Sheet:
    canvas = Canvas(turned=True)
    canvas.lay(scene.tracks, plot)
    left = plot.height + 2
    room = width - left
    boxes: dict[str, Box] = {}
    for station in scene.stations:
        box = plot.boxes[station.uid]
        style = STYLES[station.state]
        canvas.write(box.y, box.x, sign_of(station, charset), style)
        label = label_in_row(station, room, charset)
        canvas.write(left, box.x, label, style)
        boxes[station.uid] = Box(left, box.x, cells_of(label), 1)
        for down, (text, shown) in enumerate(decision(station, room, charset), 1):
            canvas.write(left, box.x + down, text, shown)
    return Sheet(canvas, boxes, width, plot.width)


def label_in_row(station: Station, room: int, charset: Charset) -> str:
    """Return ref, title and progress of a station that has a row for itself."""
    count = f"  {station.done}/{station.count}" if station.count else ""
    title = fitted(station.title, room - len(station.ref) - 1 - len(count), charset)
    return fitted(f"{station.ref} {title}{count}", room, charset)


def decision(station: Station, room: int, charset: Charset) -> Iterator[tuple[str, str]]:
    """Yield text and style of the lines that tell of the switch at the end of a station."""
    junction = station.junction
    if junction is None:
        return
    style = "bold magenta" if junction.due else "dim" if junction.decided else "magenta"
    due = _DUE if junction.due else ""
    head = f"{charset.switch} {junction.ref} {junction.title}"
    yield fitted(fitted(head, room - len(due), charset) + due, room, charset), style
    for sign in junction.signs:
        mark = charset.recommended if sign.recommended else " "
        mark = charset.chosen if sign.chosen else mark
        told, to = f"  {mark} {sign.letter} {sign.label}", f" > {sign.to}"
        quiet = "dim" if junction.decided and not sign.chosen else ""
        yield fitted(told, room - len(to), charset) + to, quiet
