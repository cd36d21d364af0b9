"""The plot: a scene on a grid of cells, boxes for stations and bent lines for tracks.

Drawn along the x axis. Who draws from top to bottom turns it round (`Plot.turned`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from stellwerk.railway.routing import Gap, Leg, Row, routed
from stellwerk.railway.scene import Scene, Station, Track

Point: TypeAlias = tuple[int, int]
"""(x, y) of a cell."""


class Size(NamedTuple):
    """The cells that a station takes.

    Attributes:
        width: Along the line.
        height: Across it.
        port: Row at which tracks meet it, from its first.
        offset: Cells between the beginning of its layer and it.
        room: Cells behind it that stay free of elbows.
    """

    width: int
    height: int = 1
    port: int = 0
    offset: int = 0
    room: int = 0


class Box(NamedTuple):
    """Where a station stands.

    Attributes:
        x: First column.
        y: First row.
        width: Columns.
        height: Rows.
    """

    x: int
    y: int
    width: int
    height: int


class Spacing(NamedTuple):
    """What lies between.

    Attributes:
        lanes: Empty rows between two lanes.
        layers: Cells beside the elbows between two layers, half of them on each side.
    """

    lanes: int = 0
    layers: int = 2


@dataclass(frozen=True, slots=True)
class Plot:
    """A scene on a grid.

    Attributes:
        boxes: Of each station by uid.
        paths: Of each track its corners, from beside one box to beside the other.
        width: Columns.
        height: Rows.
    """

    boxes: Mapping[str, Box]
    paths: Mapping[tuple[str, str], tuple[Point, ...]]
    width: int
    height: int

    def turned(self) -> Plot:
        """Return the plot with its axes exchanged."""
        return Plot(
            {uid: Box(b.y, b.x, b.height, b.width) for uid, b in self.boxes.items()},
            {edge: tuple((y, x) for x, y in path) for edge, path in self.paths.items()},
            self.height,
            self.width,
        )


def plotted(scene: Scene, size: Callable[[Station], Size], spacing: Spacing) -> Plot:
    """Return the plot of a scene.

    Args:
        scene: What is drawn.
        size: Says how many cells a station takes.
        spacing: What lies between; one row more where tracks need it.
    """
    sizes = {station.uid: size(station) for station in scene.stations}
    gaps = _gaps(scene)
    rows = _Rows(scene, sizes, spacing.lanes, gaps)
    columns = _Columns(scene, sizes, gaps, spacing.layers)
    boxes = {
        station.uid: _box(station, sizes[station.uid], rows, columns)
        for station in scene.stations
    }
    paths = {
        (track.tail, track.head): _path(track, number, boxes, gaps, rows, columns)
        for number, track in enumerate(scene.tracks)
    }
    return Plot(boxes, paths, columns.end, rows.end)


def _gaps(scene: Scene) -> list[Gap]:
    """Return how tracks change lanes behind each layer but the last."""
    legs: list[list[Leg]] = [[] for _ in range(max(scene.depth - 1, 0))]
    for number, track in enumerate(scene.tracks):
        for leg, (layer, _) in zip(_legs(track, number), track.points, strict=False):
            legs[layer].append(leg)
    lanes = _lonely(scene)
    return [
        replace(routed(each), apart=not lanes[0][layer].isdisjoint(lanes[1][layer + 1]))
        for layer, each in enumerate(legs)
    ]


def _lonely(scene: Scene) -> tuple[list[set[int]], list[set[int]]]:
    """Return by layer the lanes in which the line ends, and those in which one begins."""
    tails, heads = {t.tail for t in scene.tracks}, {t.head for t in scene.tracks}
    ends: list[set[int]] = [set() for _ in range(scene.depth)]
    begins: list[set[int]] = [set() for _ in range(scene.depth)]
    for station in scene.stations:
        if station.uid not in tails:
            ends[station.layer].add(station.lane)
        if station.uid not in heads:
            begins[station.layer].add(station.lane)
    return ends, begins


def _legs(track: Track, number: int) -> list[Leg]:
    """Return the stretches of a track between layers, its passing points told by its number."""
    names: list[Hashable] = [(number, layer) for layer, _ in track.points]
    names[0], names[-1] = track.tail, track.head
    lanes = [lane for _, lane in track.points]
    return [
        Leg(*ends, *way) for ends, way in zip(pairwise(names), pairwise(lanes), strict=True)
    ]


class _Rows:
    """Rows of lanes; a lane is as high as the highest station in it."""

    def __init__(
        self, scene: Scene, sizes: Mapping[str, Size], between: int, gaps: Sequence[Gap]
    ) -> None:
        above, below = [0] * scene.width, [1] * scene.width
        needed = dict.fromkeys(range(scene.width), between)
        for gap in gaps:
            for elbows in gap.elbows.values():
                for lane, row in (elbows[0].end, elbows[-1].start):
                    needed[lane] = max(needed[lane], row)
        for station in scene.stations:
            size, lane = sizes[station.uid], station.lane
            above[lane] = max(above[lane], size.port)
            below[lane] = max(below[lane], size.height - size.port)
        self.ports, y = list[int](), 0
        for lane in range(scene.width):
            self.ports.append(y + above[lane])
            y += above[lane] + below[lane] + needed[lane]
        self._below = below
        self.end = max(y - between, 0)

    def of(self, row: Row) -> int:
        """Return the grid's row for a row of a lane, or one of those behind it."""
        lane, behind = row
        return self.ports[lane] + (self._below[lane] + behind - 1 if behind else 0)


class _Columns:
    """Columns of layers and of the elbows between them."""

    def __init__(
        self, scene: Scene, sizes: Mapping[str, Size], gaps: Sequence[Gap], beside: int
    ) -> None:
        widths = [1] * scene.depth
        for station in scene.stations:
            size = sizes[station.uid]
            taken = size.offset + size.width + size.room
            widths[station.layer] = max(widths[station.layer], taken)
        self.starts, self.elbows, x = list[int](), list[int](), 0
        for layer, width in enumerate(widths):
            self.starts.append(x)
            x += width
            if layer < len(gaps):
                gap = gaps[layer]
                before = max((beside + 1) // 2, int(gap.busy))
                self.elbows.append(x + before)
                x += max(before + gap.width + max(beside // 2, int(gap.busy)), int(gap.apart))
        self.end = x


def _box(station: Station, size: Size, rows: _Rows, columns: _Columns) -> Box:
    y = rows.ports[station.lane] - size.port
    x = columns.starts[station.layer] + size.offset
    return Box(x, y, size.width, size.height)


def _path(
    track: Track,
    number: int,
    boxes: Mapping[str, Box],
    gaps: Sequence[Gap],
    rows: _Rows,
    columns: _Columns,
) -> tuple[Point, ...]:
    tail, head = boxes[track.tail], boxes[track.head]
    start, end = track.points[0][1], track.points[-1][1]
    corners: list[Point] = [(tail.x + tail.width, rows.ports[start])]
    for leg, (layer, _) in zip(_legs(track, number), track.points, strict=False):
        for elbow in gaps[layer].elbows.get(leg, ()):
            x = columns.elbows[layer] + elbow.column
            corners += [(x, rows.of(elbow.start)), (x, rows.of(elbow.end))]
    return (*corners, (head.x - 1, rows.ports[end]))
