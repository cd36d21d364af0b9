"""How a railway is looked at on a screen, and the sheet that shows it so."""

from __future__ import annotations

from typing import Final, NamedTuple

from stellwerk.railway.cards import cards_sheet
from stellwerk.railway.glyphs import Charset
from stellwerk.railway.listing import whole_listing
from stellwerk.railway.overview import dots_sheet, label_rooms, overview_sheet
from stellwerk.railway.plot import Box
from stellwerk.railway.scene import Scene
from stellwerk.railway.sheet import Sheet

_LABEL: Final = 30
"""Cells of the widest label at zoom 1, unless all of the railway fits with wider ones."""
_LABELS: Final = (80, 60, 45)
_CARD: Final = 22
_MANY: Final = 60
"""Routes from which nobody begins with cards, and labels are not tried out."""
_TALL: Final = 15
"""Rows of a map from which cards leave room for more than themselves."""
_LEAST: Final = 20


class Look(NamedTuple):
    """How a railway is looked at.

    Attributes:
        zoom: 0 dots, 1 one row for each line, 2 cards.
        upright: Whether it goes from top to bottom.
        room: Columns there are.
    """

    zoom: int
    upright: bool
    room: int


def sheet_of(scene: Scene, look: Look, charset: Charset) -> Sheet:
    """Return a railway drawn as it is looked at."""
    if look.zoom == 0:
        return dots_sheet(scene, charset, turned=look.upright)
    if look.zoom == 2:
        return cards_sheet(scene, _CARD, charset, turned=look.upright)
    if look.upright:
        return whole_listing(scene, max(look.room - 1, _LEAST), charset)
    for most in _LABELS if len(scene.stations) < _MANY else ():
        sheet = overview_sheet(scene, label_rooms(scene, most, charset), charset)
        if sheet.width <= look.room:
            return sheet
    return overview_sheet(scene, label_rooms(scene, _LABEL, charset), charset)


def draw_around(
    sheet: Sheet, uid: str | None, size: tuple[int, int], charset: Charset
) -> None:
    """Draw the tiles around a station, which would be drawn when somebody looks at them.

    Args:
        sheet: The drawing.
        uid: Of the route; None is where the drawing begins.
        size: Columns and rows of the view.
        charset: Of the drawing.
    """
    columns, rows = size
    box = sheet.boxes.get(uid or "", Box(0, 0, 1, 1))
    for row in range(max(box.y - rows, 0), min(box.y + rows, sheet.height)):
        for _ in sheet.canvas.spans(row, max(box.x - columns, 0), box.x + columns, charset):
            pass


def first_zoom(scene: Scene, rows: int, charset: Charset, *, upright: bool) -> int:
    """Return the zoom to begin with: cards if they leave room for more than themselves.

    Args:
        scene: What is drawn.
        rows: Of the map.
        charset: Of the drawing.
        upright: Whether it goes from top to bottom.
    """
    if upright or len(scene.stations) >= _MANY or rows < _TALL:
        return 1
    return 2 if cards_sheet(scene, _CARD, charset).height <= rows else 1
