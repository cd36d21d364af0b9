"""A canvas of cells: tracks merged where they share an end, bridged where they only cross."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from stellwerk.railway.fitting import cells_of, sliced
from stellwerk.railway.glyphs import DASHED, DOWN, HEAVY, LEFT, LIGHT, NONE, RIGHT, UP, Charset
from stellwerk.railway.plot import Plot, Point
from stellwerk.railway.renderer import Paint
from stellwerk.railway.scene import Track, Weight

Span: TypeAlias = tuple[str, str]
"""Style and text of some cells of a row."""
_TILE: Final = (32, 8)
"""Cells of a tile along the line and across it."""
_STRENGTH: Final = {NONE: 0, DASHED: 1, LIGHT: 2, HEAVY: 3}
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

    def turn(self, ends: set[int], weight: int) -> None:
        """Add a track that comes in and goes out by two arms."""
        if ends == {LEFT, RIGHT}:
            self.across = _stronger(self.across, weight)
        elif ends == {UP, DOWN}:
            self.along = _stronger(self.along, weight)
        else:
            for arm in ends:
                self.arms[arm] = _stronger(self.arms[arm], weight)

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
    return one if _STRENGTH[one] >= _STRENGTH[other] else other


class _Run(NamedTuple):
    """A straight stretch of a track within one tile.

    Attributes:
        track: The track.
        first: Its first cell.
        last: Its last cell.
        come: The cell before the first.
        go: The cell behind the last.
    """

    track: Track
    first: Point
    last: Point
    come: Point
    go: Point


class Canvas:
    """Cells that tracks are drawn into, and texts over them.

    Tracks are kept as straight runs, tile by tile, and a tile is drawn when somebody looks at
    it, so that a large plan costs no more than what is seen of it.

    Args:
        turned: Whether plots lie on their side: they are drawn from top to bottom.
    """

    def __init__(self, *, turned: bool = False) -> None:
        self._runs: dict[Point, list[_Run]] = {}
        self._tiles: dict[Point, Mapping[Point, _Cell]] = {}
        self._texts: dict[int, list[tuple[int, str, str]]] = {}
        self._turned = turned
        self._width = 0

    def lay(self, tracks: Sequence[Track], plot: Plot) -> None:
        """Draw tracks along their paths."""
        for track in tracks:
            path = plot.paths[track.tail, track.head]
            self._width = max(self._width, *(point[self._turned] + 1 for point in path))
            for run in _runs(track, path):
                for part in _cut(run):
                    self._runs.setdefault(_tile_of(part.first), []).append(part)

    def letter(self, tracks: Sequence[Track], plot: Plot) -> None:
        """Write the letters of options, each where its track lies alone and goes straight on."""
        for track in tracks:
            if not track.letter:
                continue
            for point in reversed(list(_walked(plot.paths[track.tail, track.head]))):
                cell = self._tile(_tile_of(point))[point]
                if cell.tracks == 1 and cell.across and not any(cell.arms):
                    x, y = reversed(point) if self._turned else point
                    style = "dim" if track.weight is Weight.CLOSED else "magenta"
                    self.write(x, y, track.letter, style)
                    break

    def write(self, x: int, y: int, text: str, style: str = "") -> None:
        """Write a text over whatever is drawn; x and y are those of the canvas as shown."""
        self._texts.setdefault(y, []).append((x, text, style))

    def lines(self, height: int, charset: Charset, paint: Paint) -> Iterator[str]:
        """Yield the lines of the drawing, without blanks at their ends."""
        for y in range(height):
            texts = self._texts.get(y, ())
            stop = max([x + cells_of(text) for x, text, _ in texts], default=0)
            spans = self.spans(y, 0, max(stop, self._width), charset)
            line = "".join(paint(style, text) if style else text for style, text in spans)
            yield line.rstrip()

    def spans(self, y: int, start: int, stop: int, charset: Charset) -> Iterator[Span]:
        """Yield what a row shows from one column up to another."""
        at = start
        for x, text, style in sorted(self._texts.get(y, ())):
            end = x + cells_of(text)
            if at < end and x < stop:
                yield from self._tracks(y, at, x, charset)
                at = max(at, x)
                yield style, sliced(text, at - x, min(end, stop) - x)
                at = min(end, stop)
        yield from self._tracks(y, at, stop, charset)

    def _tracks(self, y: int, start: int, stop: int, charset: Charset) -> Iterator[Span]:
        """Yield what is drawn in a row between two columns, cells of one style together."""
        shown: list[tuple[str, str]] = []
        size, row = _TILE[self._turned], y // _TILE[not self._turned]
        while start < stop:
            column = start // size
            end = min((column + 1) * size, stop)
            tile = self._tile((row, column) if self._turned else (column, row))
            if tile:
                points = ((y, x) if self._turned else (x, y) for x in range(start, end))
                shown += [self._shown(tile.get(point), charset) for point in points]
            else:
                shown += [(" ", "")] * (end - start)
            start = end
        for style, run in groupby(shown, key=itemgetter(1)):
            yield style, "".join([char for char, _ in run])

    def _shown(self, cell: _Cell | None, charset: Charset) -> tuple[str, str]:
        """Return character and style of a cell."""
        if cell is None:
            return " ", ""
        joint = cell.joint
        if self._turned:
            joint = (joint[LEFT], joint[DOWN], joint[RIGHT], joint[UP])
        return charset.joint(joint), cell.style

    def _tile(self, key: Point) -> Mapping[Point, _Cell]:
        """Return the cells of a tile, drawn when they are first asked for."""
        found = self._tiles.get(key)
        if found is None:
            found = self._tiles[key] = _cells(self._runs.get(key, ()))
        return found


def _cells(runs: Sequence[_Run]) -> Mapping[Point, _Cell]:
    """Return the cells of some runs, merged where they share them."""
    found: dict[Point, _Cell] = {}
    for track, first, last, come, go in runs:
        rank, style = style_of(track)
        weight = _ARMS[track.weight]
        points = _straight(first, last)
        for point in points:
            cell = found.get(point)
            if cell is None:
                cell = found[point] = _Cell()
            if point is points[0] or point is points[-1]:
                before = come if point is points[0] else _next(point, first)
                after = go if point is points[-1] else _next(point, last)
                cell.turn({_arm(point, before), _arm(point, after)}, weight)
            elif first[1] == last[1]:
                cell.across = _stronger(cell.across, weight)
            else:
                cell.along = _stronger(cell.along, weight)
            cell.tracks += 1
            if rank > cell.rank:
                cell.rank, cell.style = rank, style
    return found


def _runs(track: Track, path: Sequence[Point]) -> Iterator[_Run]:
    """Yield the straight runs of a path; a corner is the last cell of the one that meets it."""
    corners = [point for point, _ in groupby(path)]
    come, first = _beside(corners[0], -1), corners[0]
    for last, then in pairwise([*corners[1:], _beside(corners[-1], 1)]):
        go = _next(last, then)
        yield _Run(track, first, last, come, go)
        come, first = last, go
    if len(corners) == 1:
        yield _Run(track, first, first, come, _beside(first, 1))


def _cut(run: _Run) -> Iterator[_Run]:
    """Yield the parts of a run, each within a tile."""
    axis = 0 if run.first[1] == run.last[1] else 1
    size, end, forward = _TILE[axis], run.last[axis], run.last[axis] >= run.first[axis]
    first, come = run.first, run.come
    while first[axis] // size != end // size:
        edge = first[axis] // size * size + (size - 1 if forward else 0)
        last = (edge, first[1]) if axis == 0 else (first[0], edge)
        then = _next(last, run.last)
        yield run._replace(first=first, last=last, come=come, go=then)
        come, first = last, then
    yield run._replace(first=first, come=come)


def _tile_of(point: Point) -> Point:
    return point[0] // _TILE[0], point[1] // _TILE[1]


def _next(point: Point, towards: Point) -> Point:
    """Return the neighbour of a cell in the direction of another one in its row or column."""
    (x, y), (x1, y1) = point, towards
    return x + (x1 > x) - (x1 < x), y + (y1 > y) - (y1 < y)


def _walked(path: Sequence[Point]) -> Iterator[Point]:
    """Yield every cell of a path, each once."""
    yield path[0]
    for corner, then in pairwise(path):
        yield from _straight(corner, then)[1:]


def _straight(first: Point, last: Point) -> list[Point]:
    """Return the cells from one to another in its row or column."""
    (x0, y0), (x1, y1) = first, last
    if y0 == y1:
        return [(x, y0) for x in _between(x0, x1)]
    return [(x0, y) for y in _between(y0, y1)]


def _between(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _beside(point: Point, step: int) -> Point:
    return point[0] + step, point[1]


def _arm(cell: Point, other: Point) -> int:
    """Return the arm of a cell that reaches to a neighbour."""
    if other[0] != cell[0]:
        return RIGHT if other[0] > cell[0] else LEFT
    return DOWN if other[1] > cell[1] else UP
