"""A layered graph: every track cut into segments between neighbouring layers.

Vertices are numbers: the stations first, in their order, then the points at which a track
passes a layer it does not stop in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_PASSES: Final = 4


@dataclass(frozen=True, slots=True)
class Network:
    """Stations and passing points in layers.

    Attributes:
        stations: How many vertices are stations.
        layer: Of each vertex.
        up: Of each vertex, those before it in the previous layer.
        down: Of each vertex, those after it in the next layer.
        tracks: Of each edge, its vertices from end to end.
        depth: Number of layers.
    """

    stations: int
    layer: list[int]
    up: list[list[int]]
    down: list[list[int]]
    tracks: list[list[int]]
    depth: int

    @property
    def vertices(self) -> range:
        """All vertices."""
        return range(len(self.layer))


def network_of(count: int, edges: Sequence[tuple[int, int]]) -> Network:
    """Return the layered graph of an acyclic one.

    Args:
        count: Its nodes are the numbers below.
        edges: Pairs (before, after), each once.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for tail, head in edges:
        after[tail].append(head)
        before[head].append(tail)
    layer = _layers(count, after, before)
    up: list[list[int]] = [[] for _ in range(count)]
    down: list[list[int]] = [[] for _ in range(count)]
    tracks = []
    for tail, head in edges:
        track = [tail]
        for passed in range(layer[tail] + 1, layer[head]):
            point = len(layer)
            layer.append(passed)
            up.append([track[-1]])
            down.append([])
            down[track[-1]].append(point)
            track.append(point)
        down[track[-1]].append(head)
        up[head].append(track[-1])
        tracks.append([*track, head])
    depth = max(layer, default=-1) + 1
    return Network(count, layer, up, down, tracks, depth)


def _layers(count: int, after: list[list[int]], before: list[list[int]]) -> list[int]:
    """Return layers by longest paths, then tightened: who has more tracks ahead moves ahead.

    A cheap stand-in for network simplex (Gansner et al. 1993), one per cent behind it.
    """
    order = _topological(count, after)
    layer = [0] * count
    for node in order:
        for head in after[node]:
            layer[head] = max(layer[head], layer[node] + 1)
    for turn in range(_PASSES):
        moved = False
        for node in order if turn % 2 else reversed(order):
            ahead, behind = after[node], before[node]
            if len(ahead) > len(behind):
                target = min([layer[head] for head in ahead]) - 1
            elif len(behind) > len(ahead):
                target = max([layer[tail] for tail in behind]) + 1
            else:
                continue
            moved = moved or target != layer[node]
            layer[node] = target
        if not moved:
            break
    least = min(layer, default=0)
    return [each - least for each in layer]


def _topological(count: int, after: list[list[int]]) -> list[int]:
    waiting = [0] * count
    for heads in after:
        for head in heads:
            waiting[head] += 1
    order = [node for node in range(count) if not waiting[node]]
    for node in order:
        for head in after[node]:
            waiting[head] -= 1
            if not waiting[head]:
                order.append(head)
    return order
