"""What a layered drawing is worth, whoever made it; less is better throughout."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

Path: TypeAlias = Sequence[tuple[int, float]]
"""The points (layer, lane) of one edge, one for every layer from its tail to its head."""
_SAME: Final = 0.01
"""Lanes by which a segment may be off and still be straight."""


class Measures(NamedTuple):
    """What counts in a drawing.

    Attributes:
        crossings: Pairs of segments between the same two layers that cross.
        length: Of all segments, each one layer and the lanes it changes.
        slopes: Segments that change their lane: two bends each where lines are orthogonal.
        width: Lanes.
    """

    crossings: int
    length: int
    slopes: int
    width: int


def measured(paths: Iterable[Path]) -> Measures:
    """Return the measures of a drawing."""
    gaps: dict[int, list[tuple[float, float]]] = defaultdict(list)
    lanes = [0.0]
    for path in paths:
        lanes += [lane for _, lane in path]
        for (layer, start), (_, end) in pairwise(path):
            gaps[layer].append((round(start, 3), round(end, 3)))
    segments = [segment for gap in gaps.values() for segment in gap]
    return Measures(
        sum(_crossings(gap) for gap in gaps.values()),
        round(sum(1 + abs(start - end) for start, end in segments)),
        sum(abs(start - end) > _SAME for start, end in segments),
        round(max(lanes) - min(lanes)) + 1,
    )


def _crossings(segments: Iterable[tuple[float, float]]) -> int:
    """Return the strict inversions; segments that share an end do not cross."""
    ends: list[float] = []
    found, level, held = 0, None, []
    for start, end in sorted(segments):
        if start != level:
            for each in held:
                insort(ends, each)
            level, held = start, []
        found += len(ends) - bisect_left(ends, end + 1e-9)
        held.append(end)
    return found
