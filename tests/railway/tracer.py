"""Reads a drawing back: follows its glyphs downwards and says which station leads to which.

It knows nothing of how the drawing came to be, only what each character looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

UP, DOWN, LEFT, RIGHT = "up", "down", "left", "right"
ARMS: Final = {
    " ": set(),
    "┃": {UP, DOWN},
    "━": {LEFT, RIGHT},
    "┗": {UP, RIGHT},
    "┛": {UP, LEFT},
    "┏": {DOWN, RIGHT},
    "┓": {DOWN, LEFT},
    "┣": {UP, DOWN, RIGHT},
    "┫": {UP, DOWN, LEFT},
    "┳": {LEFT, RIGHT, DOWN},
    "┻": {LEFT, RIGHT, UP},
    "╋": {UP, DOWN, LEFT, RIGHT},
}
STATIONS: Final = "●◐◎○◌×"
_STATION: Final = re.compile(rf"^([ {''.join(ARMS)}{STATIONS}]*)  (r\d+) ")
_OPPOSITE: Final = {DOWN: UP, LEFT: RIGHT, RIGHT: LEFT}
_STEP: Final = {DOWN: (1, 0), LEFT: (0, -1), RIGHT: (0, 1)}


@dataclass(frozen=True, slots=True)
class Drawing:
    """The tracks of a drawing, cut off its labels, and where its stations are."""

    grid: tuple[str, ...]
    stations: dict[tuple[int, int], str]

    def edges(self) -> set[tuple[str, str]]:
        """Return (ref, ref) of every two stations that a track joins downwards."""
        return {
            (ref, head)
            for (row, column), ref in self.stations.items()
            for head in self._ahead(row, column, DOWN)
        }

    def _ahead(self, row: int, column: int, heading: str) -> Iterator[str]:
        """Yield the stations that a track leads to from a cell that it leaves so."""
        down, right = _STEP[heading]
        row, column = row + down, column + right
        glyph = self._at(row, column)
        if heading == DOWN and (row, column) in self.stations:
            yield self.stations[row, column]
            return
        arms = ARMS[glyph]
        if _OPPOSITE[heading] not in arms:
            if heading != DOWN:
                assert arms == {UP, DOWN}, f"a track ends at {glyph!r} in {row}, {column}"
                yield from self._ahead(row, column, heading)
            return
        for way in arms - {UP, _OPPOSITE[heading]}:
            yield from self._ahead(row, column, way)

    def _at(self, row: int, column: int) -> str:
        in_grid = row < len(self.grid) and 0 <= column < len(self.grid[row])
        return self.grid[row][column] if in_grid else " "


def read(lines: Sequence[str]) -> Drawing:
    """Return the drawing in some lines; labels start two cells right of the tracks."""
    found = [_STATION.match(f"{line} ") for line in lines]
    width = max((len(match[1]) for match in found if match), default=0)
    stations = {}
    for row, match in enumerate(found):
        if match:
            columns = [at for at, char in enumerate(match[1]) if char in STATIONS]
            assert len(columns) == 1, f"{lines[row]!r} has {len(columns)} stations"
            assert len(match[1]) == width, f"the label of {lines[row]!r} stands elsewhere"
            stations[row, columns[0]] = match[2]
    return Drawing(tuple(line[:width] for line in lines), stations)


def traced(lines: Sequence[str]) -> set[tuple[str, str]]:
    """Return the edges that some drawn lines show, as refs."""
    return read(lines).edges()
