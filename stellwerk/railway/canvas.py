"""A canvas of cells: tracks merged where they share an end, bridged where they only cross."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from stellwerk.railway.fitting import cells_of
from stellwerk.railway.glyphs import DASHED, DOWN, HEAVY, LEFT, LIGHT, NONE, RIGHT, UP, Charset
from stellwerk.railway.plot import Plot, Point
from stellwerk.railway.renderer import Paint
from stellwerk.railway.scene import Track, Weight

_STRENGTH: Final = (NONE, DASHED, LIGHT, HEAVY)
_ARMS: Final[Mapping[Weight, int]] = {
    Weight.MAIN: HEAVY,
    Weight.LIVE: LIGHT,
    Weight.TENTATIVE: LIGHT,
    Weight.CLOSED: DASHED,
}


@dataclass(slots=True)
class _Cell:
    """The arms of the tracks in a cell.

    Attributes:
        across: Weights of those that only pass from left to right.
        along: Weights of those that only pass from top to bottom.
        arms: Weights of those that turn here, by arm.
        style: Of the strongest of them.
        rank: Its strength.
        tracks: How many lead through.
    """

    across: int = NONE
    along: int = NONE
    arms: list[int] = field(default_factory=lambda: [NONE] * 4)
    style: str = ""
    rank: int = -1
    tracks: int = 0

    @property
    def joint(self) -> tuple[int, int, int, int]:
        """The weights that are drawn: who only passes goes under who crosses its way."""
        up, right, down, left = self.arms
        turned = any(self.arms)
        if self.along and self.across and not turned:
            return (self.along, NONE, self.along, NONE)
        along, across = self.along, self.across
        return (
            _stronger(up, along),
            _stronger(right, across),
            _stronger(down, along),
            _stronger(left, across),
        )


_RANKS: Final = {weight: at for at, weight in enumerate(reversed(Weight))}


def style_of(track: Track) -> tuple[int, str]:
    """Return how much the colour of a track counts where tracks share a cell, and the colour."""
    if track.travelled:
        return len(Weight), "green"
    quiet = track.weight in (Weight.CLOSED, Weight.TENTATIVE)
    return _RANKS[track.weight], "dim" if quiet else ""


def _stronger(one: int, other: int) -> int:
    return max(one, other, key=_STRENGTH.index)


class Canvas:
    """Cells that tracks are drawn into, and texts over them.

    Args:
        turned: Whether plots lie on their side: they are drawn from top to bottom.
    """

    def __init__(self, *, turned: bool = False) -> None:
        self._cells: dict[Point, _Cell] = {}
        self._texts: dict[int, list[tuple[int, str, str]]] = {}
        self._turned = turned

    def lay(self, tracks: Sequence[Track], plot: Plot) -> None:
        """Draw tracks along their paths."""
        for track in tracks:
            path = plot.paths[track.tail, track.head]
            weight = _ARMS[track.weight]
            rank, style = style_of(track)
            cells = list(_walked(path))
            before = _beside(path[0], -1)
            after = _beside(path[-1], 1)
            for cell, come, go in zip(
                cells, [before, *cells], [*cells[1:], after], strict=False
            ):
                found = self._mark(cell, come, go, weight)
                found.tracks += 1
                if rank > found.rank:
                    found.rank, found.style = rank, style

    def letter(self, tracks: Sequence[Track], plot: Plot) -> None:
        """Write the letters of options, each where its track lies alone and goes straight on."""
        for track in tracks:
            if not track.letter:
                continue
            for point in reversed(list(_walked(plot.paths[track.tail, track.head]))):
                cell = self._cells[point]
                if cell.tracks == 1 and cell.across and not any(cell.arms):
                    x, y = reversed(point) if self._turned else point
                    style = "dim" if track.weight is Weight.CLOSED else "magenta"
                    self.write(x, y, track.letter, style)
                    break

    def _mark(self, cell: Point, come: Point, go: Point, weight: int) -> _Cell:
        found = self._cells.setdefault(cell, _Cell())
        ends = {_arm(cell, come), _arm(cell, go)}
        if ends == {LEFT, RIGHT}:
            found.across = _stronger(found.across, weight)
        elif ends == {UP, DOWN}:
            found.along = _stronger(found.along, weight)
        else:
            for arm in ends:
                found.arms[arm] = _stronger(found.arms[arm], weight)
        return found

    def write(self, x: int, y: int, text: str, style: str = "") -> None:
        """Write a text over whatever is drawn; x and y are those of the canvas as shown."""
        self._texts.setdefault(y, []).append((x, text, style))

    def lines(self, height: int, charset: Charset, paint: Paint) -> Iterator[str]:
        """Yield the lines of the drawing, without blanks at their ends."""
        rows: dict[int, dict[int, tuple[str, str]]] = {}
        for (along, across), cell in self._cells.items():
            joint = cell.joint
            if self._turned:
                joint = (joint[LEFT], joint[DOWN], joint[RIGHT], joint[UP])
            x, y = (across, along) if self._turned else (along, across)
            rows.setdefault(y, {})[x] = charset.joint(joint), cell.style
        for y in range(height):
            yield _line(rows.get(y, {}), sorted(self._texts.get(y, [])), paint)


def _line(
    cells: Mapping[int, tuple[str, str]],
    texts: Sequence[tuple[int, str, str]],
    paint: Paint,
) -> str:
    line, at = "", 0
    end = max(cells, default=-1) + 1
    for x, text, style in texts:
        line += _tracks(cells, at, x, paint)
        line += paint(style, text) if style else text
        at = x + cells_of(text)
    line += _tracks(cells, at, end, paint)
    return line.rstrip()


def _tracks(cells: Mapping[int, tuple[str, str]], start: int, stop: int, paint: Paint) -> str:
    """Return what is drawn between two columns, each run of one style painted at once."""
    shown = (cells.get(column, (" ", "")) for column in range(start, stop))
    runs = (
        (style, "".join(char for char, _ in run))
        for style, run in groupby(shown, key=itemgetter(1))
    )
    return "".join(paint(style, text) if style else text for style, text in runs)


def _walked(path: Sequence[Point]) -> Iterator[Point]:
    """Yield every cell of a path, each once."""
    yield path[0]
    for (x0, y0), (x1, y1) in pairwise(path):
        step_x, step_y = (x1 > x0) - (x1 < x0), (y1 > y0) - (y1 < y0)
        x, y = x0, y0
        while (x, y) != (x1, y1):
            x, y = x + step_x, y + step_y
            yield x, y


def _beside(point: Point, step: int) -> Point:
    return point[0] + step, point[1]


def _arm(cell: Point, other: Point) -> int:
    """Return the arm of a cell that reaches to a neighbour."""
    if other[0] != cell[0]:
        return RIGHT if other[0] > cell[0] else LEFT
    return DOWN if other[1] > cell[1] else UP
