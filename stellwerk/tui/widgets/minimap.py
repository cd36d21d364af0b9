"""The whole railway in a few cells, and where one is in it."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from rich.text import Text

from stellwerk.railway.glyphs import Charset
from stellwerk.railway.overview import STYLES
from stellwerk.railway.scene import Scene, State


def minimap(
    scene: Scene, selected: str | None, width: int, height: int, charset: Charset
) -> Text:
    """Return a picture of a railway of at most so many cells: stations that share one add up.

    Args:
        scene: What is drawn.
        selected: Uid of the station that is marked.
        width: Cells there are along the line.
        height: Rows there are across it.
        charset: Of the drawing.
    """
    columns, rows = min(width, max(3 * scene.depth, 1)), min(height, max(scene.width, 1))
    cells: dict[tuple[int, int], State] = {}
    here = None
    order = list(State)
    for station in scene.stations:
        at = (station.layer * columns // scene.depth, station.lane * rows // scene.width)
        known = cells.get(at)
        if known is None or order.index(station.state) < order.index(known):
            cells[at] = station.state
        if station.uid == selected:
            here = at
    mark = "#" if charset.plain else "▣"
    text = Text(no_wrap=True)
    for row in range(rows):
        shown = [
            (mark, "bold")
            if (column, row) == here
            else _sign(cells.get((column, row)), charset)
            for column in range(columns)
        ]
        for style, run in groupby(shown, key=itemgetter(1)):
            text.append("".join([sign for sign, _ in run]), style)
        text.append("\n" if row < rows - 1 else "")
    return text


def _sign(state: State | None, charset: Charset) -> tuple[str, str]:
    return (" ", "") if state is None else (charset.stations[state], STYLES[state])
