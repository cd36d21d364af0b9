"""The whole railway in a few cells, and where one is in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from stellwerk.railway.glyphs import Charset
from stellwerk.railway.overview import STYLES
from stellwerk.railway.scene import Scene, State
from stellwerk.tui.inks import Inks

Row: TypeAlias = list[tuple[str, str]]
"""Runs of characters with the name of their style."""


class Minimap(Widget):
    """A picture of a railway."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._strips: list[Strip] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Show a picture."""
        if rows != self._rows:
            grown = len(rows) != len(self._rows)
            self._rows, self._strips = rows, []
            self.refresh(layout=grown)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the rows there are."""
        del container, viewport, width
        return len(self._rows)

    def render_line(self, y: int) -> Strip:
        """Return a row of it."""
        if not self._strips:
            inks = Inks(self.rich_style, self.app.theme_variables)
            self._strips = [
                Strip([Segment(text, inks[style]) for text, style in row])
                for row in self._rows
            ]
        if y >= len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Take up other colours."""
        super().notify_style_update()
        self._strips = []


def minimap(
    scene: Scene, selected: str | None, width: int, height: int, charset: Charset
) -> list[Row]:
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
    drawn: list[Row] = []
    for row in range(rows):
        shown = [
            (mark, "bold")
            if (column, row) == here
            else _sign(cells.get((column, row)), charset)
            for column in range(columns)
        ]
        runs = groupby(shown, key=itemgetter(1))
        drawn.append([("".join([sign for sign, _ in run]), style) for style, run in runs])
    return drawn


def _sign(state: State | None, charset: Charset) -> tuple[str, str]:
    return (" ", "") if state is None else (charset.stations[state], STYLES[state])
