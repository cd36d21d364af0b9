"""Strokes: tracks as paths with rounded bends, going under each other where they only cross."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from stellwerk.railway.plot import Plot, Point
from stellwerk.railway.scene import Track, Weight

_STRENGTH: Final = (Weight.CLOSED, Weight.TENTATIVE, Weight.LIVE, Weight.MAIN)
_RADIUS: Final = 10
_GAP: Final = 7
"""Pixels left free on both sides of a track that another goes under."""

Bridges: TypeAlias = Mapping[Point, bool]
"""Cells where tracks only cross, and whether the one across the line stays whole there."""


class _Run(NamedTuple):
    """A straight stretch.

    Attributes:
        at: Its row, or its column where it runs across the line.
        start: Where it begins, the lesser end.
        end: Where it ends.
        strength: Of its track.
    """

    at: int
    start: int
    end: int
    strength: int


def bridges_of(tracks: Sequence[Track], plot: Plot) -> Bridges:
    """Return where tracks cross without meeting; the stronger of two stays whole."""
    rows: dict[int, list[_Run]] = defaultdict(list)
    columns: list[_Run] = []
    bends: set[Point] = set()
    for track in tracks:
        strength = _STRENGTH.index(track.weight)
        path = plot.paths[track.tail, track.head]
        bends.update(path[1:-1])
        for (x0, y0), (x1, y1) in pairwise(path):
            if x0 == x1:
                columns.append(_Run(x0, min(y0, y1), max(y0, y1), strength))
            else:
                rows[y0].append(_Run(y0, x0, x1, strength))
    found: dict[Point, tuple[int, int]] = {}
    for point, across, along in _crossings(rows, columns):
        if point not in bends:
            one, other = found.get(point, (0, 0))
            found[point] = max(one, across), max(other, along)
    return {point: across >= along for point, (across, along) in found.items()}


def _crossings(
    rows: Mapping[int, list[_Run]], columns: Sequence[_Run]
) -> Iterator[tuple[Point, int, int]]:
    """Yield each point inside two runs, with the strengths of that across and that along."""
    known = sorted(rows)
    for column in set(columns):
        low, high = bisect_right(known, column.start), bisect_left(known, column.end)
        for y in known[low:high]:
            for row in rows[y]:
                if row.start < column.at < row.end:
                    yield (column.at, y), column.strength, row.strength


def stroke(path: Sequence[Point], ends: Point, bridges: Bridges, unit: int) -> str:
    """Return a path of SVG along the corners of a track.

    Args:
        path: Corners in cells, as in the plot.
        ends: Where it begins and ends along the line, in pixels.
        bridges: Where it may go under others.
        unit: Pixels of a cell.
    """
    half = unit // 2
    corners = [(x * unit + half, y * unit + half) for x, y in path]
    corners[0], corners[-1] = (ends[0], corners[0][1]), (ends[1], corners[-1][1])
    corners = _bare(corners)
    gaps = _gaps(path, bridges, unit)
    parts = [f"M{corners[0][0]} {corners[0][1]}"]
    for at, (here, there) in enumerate(pairwise(corners)):
        last = at == len(corners) - 2
        radius = 0 if last else _radius(corners[at : at + 3])
        stop = _towards(there, here, radius)
        parts += _over(here, stop, gaps)
        if not last:
            after = _towards(there, corners[at + 2], radius)
            parts.append(f"Q{there[0]} {there[1]} {after[0]} {after[1]}")
    return "".join(parts)


def _bare(corners: Sequence[Point]) -> list[Point]:
    """Return corners without those on a straight line."""
    found = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        straight = before[0] == corner[0] == after[0] or before[1] == corner[1] == after[1]
        if not straight:
            found.append(corner)
    return [*found, corners[-1]]


def _gaps(path: Sequence[Point], bridges: Bridges, unit: int) -> list[tuple[Point, bool]]:
    """Return the points in pixels where a path goes under, and whether it runs across there."""
    if not bridges:
        return []
    half = unit // 2
    found = []
    for (x0, y0), (x1, y1) in pairwise(path):
        across = x0 == x1
        steps = (
            ((x0, y) for y in range(min(y0, y1), max(y0, y1)))
            if across
            else ((x, y0) for x in range(x0, x1))
        )
        for x, y in steps:
            if bridges.get((x, y), across) is not across:
                found.append(((x * unit + half, y * unit + half), across))
    return found


def _over(here: Point, stop: Point, gaps: Sequence[tuple[Point, bool]]) -> Iterator[str]:
    """Yield the strokes of a straight stretch, lifted where it goes under."""
    across = here[0] == stop[0]
    axis = 1 if across else 0
    low, high = sorted((here[axis], stop[axis]))
    on = sorted(
        point[axis]
        for point, lies in gaps
        if lies is across and point[1 - axis] == here[1 - axis] and low < point[axis] < high
    )
    lifted = [(max(begin, low), min(end, high)) for begin, end in _lifted(on)]
    if stop[axis] < here[axis]:
        lifted = [(end, begin) for begin, end in reversed(lifted)]
    for begin, end in lifted:
        if across:
            yield f"L{here[0]} {begin}M{here[0]} {end}"
        else:
            yield f"L{begin} {here[1]}M{end} {here[1]}"
    yield f"L{stop[0]} {stop[1]}"


def _lifted(points: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches around points, those with next to nothing between them as one."""
    found: list[tuple[int, int]] = []
    for point in points:
        begin, end = point - _GAP, point + _GAP
        if found and begin - found[-1][1] < _GAP:
            begin = found.pop()[0]
        found.append((begin, end))
    return found


def _radius(corners: Sequence[Point]) -> int:
    """Return how wide the bend at the second of three corners is."""
    (x0, y0), (x1, y1), (x2, y2) = corners
    before, after = abs(x1 - x0) + abs(y1 - y0), abs(x2 - x1) + abs(y2 - y1)
    return min(_RADIUS, before // 2, after // 2)


def _towards(point: Point, other: Point, pixels: int) -> Point:
    """Return the point so many pixels from one towards another on its row or column."""
    step_x, step_y = other[0] - point[0], other[1] - point[1]
    return (
        point[0] + pixels * ((step_x > 0) - (step_x < 0)),
        point[1] + pixels * ((step_y > 0) - (step_y < 0)),
    )
