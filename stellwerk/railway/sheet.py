"""A drawn railway: what is on its cells, and where its stations are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stellwerk.railway.canvas import Canvas
from stellwerk.railway.plot import Box
from stellwerk.railway.renderer import View


class Sheet(NamedTuple):
    """A drawing that is looked at row by row.

    Attributes:
        canvas: Its cells.
        boxes: Where each station stands, by uid.
        width: Columns.
        height: Rows.
    """

    canvas: Canvas
    boxes: Mapping[str, Box]
    width: int
    height: int

    def lines(self, view: View) -> list[str]:
        """Return all of it as text."""
        return list(self.canvas.lines(self.height, view.charset, view.paint))
