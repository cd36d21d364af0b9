"""The order of the vertices in each layer: few crossings, and none that need not change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Final, NamedTuple

from stellwerk.railway.layout.crossings import Rows, between, crossed, crossings
from stellwerk.railway.layout.network import Network

_SWEEPS: Final = 12
_STALE: Final = 4
"""After so many sweeps without a gain no other one is made."""
_TRANSPOSED: Final = 4_000
"""Vertices above which neighbours are not compared one by one."""
_ROUNDS: Final = 10


_FEW: Final = 8
"""Stations up to which the fewest crossings are looked for, and not only few."""
_SHORT: Final = 6
"""Vertices of a layer up to which all of its orders are."""


class _Start(NamedTuple):
    """Another order to begin with, where the first one leaves crossings.

    Attributes:
        ranked: Whether ranks are minded.
        mirrored: Whether the walk takes tracks the other way round.
    """

    ranked: bool
    mirrored: bool


_STARTS: Final = (
    _Start(ranked=True, mirrored=True),
    _Start(ranked=False, mirrored=False),
    _Start(ranked=False, mirrored=True),
)


def ordered(network: Network, rank: Sequence[int]) -> Rows:
    """Return an order of the layers with few crossings.

    Args:
        network: The graph.
        rank: Of each station, the lower the more it wants to lie before its neighbours.
    """
    best = _swept(network, _first(network, rank))
    for start in _STARTS if best[1] else ():
        other = _swept(
            network, _first(network, rank if start.ranked else [], mirrored=start.mirrored)
        )
        best = min(best, other, key=lambda found: found[1])
    few = network.stations <= _FEW and max(map(len, best[0]), default=0) <= _SHORT
    return _fewest(network, best[0]) if best[1] and few else best[0]


def kept(network: Network, lane: Sequence[float | None]) -> Rows:
    """Return an order in which no two stations that have a lane already change places.

    New stations and passing points go where they cross least.

    Args:
        network: The graph.
        lane: Of each station, the lane it had, or None for a new one.
    """
    wanted = _interpolated(network, lane)
    rows: Rows = [[] for _ in range(network.depth)]
    for vertex in network.vertices:
        rows[network.layer[vertex]].append(vertex)
    for row in rows:
        row.sort(key=wanted.__getitem__)
    known = [each is not None for each in lane]
    at = _places(network, rows)

    def may_swap(one: int, other: int) -> bool:
        old = one < len(known) and other < len(known) and known[one] and known[other]
        return not old

    _transpose(network, rows, at, may_swap)
    return rows


def _first(network: Network, rank: Sequence[int], *, mirrored: bool = False) -> Rows:
    """Return the order in which a walk along the tracks first comes to each vertex."""
    rows: Rows = [[] for _ in range(network.depth)]
    seen = [False] * len(network.layer)
    ends = {track[1]: track[-1] for track in network.tracks}

    def weight(vertex: int) -> int:
        station = vertex if vertex < network.stations else ends.get(vertex, vertex)
        return rank[station] if station < len(rank) else 0

    roots = [vertex for vertex in range(network.stations) if not network.up[vertex]]
    for root in sorted(roots, key=weight):
        ahead = [root]
        while ahead:
            vertex = ahead.pop()
            if seen[vertex]:
                continue
            seen[vertex] = True
            rows[network.layer[vertex]].append(vertex)
            heads = network.down[vertex][::-1] if mirrored else network.down[vertex]
            ahead += sorted(heads, key=weight)[::-1] if len(heads) > 1 else heads
    return rows


def _swept(network: Network, rows: Rows) -> tuple[Rows, int]:
    """Return the best order that sweeps come by, and its crossings; it changes for a gain only."""
    at = _places(network, rows)
    best, least, stale = [list(row) for row in rows], crossings(network, rows, at), 0
    for turn in range(_SWEEPS):
        if not least or stale >= _STALE:
            break
        _sweep(network, rows, at, forward=turn % 2 == 0)
        if len(network.layer) < _TRANSPOSED:
            _transpose(network, rows, at)
        found = crossings(network, rows, at)
        stale += 1
        if found < least:
            best, least, stale = [list(row) for row in rows], found, 0
    return best, least


def _fewest(network: Network, rows: Rows) -> Rows:
    """Return an order than which none has fewer crossings, going through all of them."""
    best: dict[tuple[int, ...], tuple[int, Rows]] = {
        order: (0, [list(order)]) for order in permutations(rows[0])
    }
    for row in rows[1:]:
        here: dict[tuple[int, ...], tuple[int, Rows]] = {}
        for order in permutations(row):
            at = {vertex: place for place, vertex in enumerate(order)}
            here[order] = min(
                (
                    (cost + between(above, network.down, at), [*so_far, list(order)])
                    for above, (cost, so_far) in best.items()
                ),
                key=lambda found: found[0],
            )
        best = here
    return min(best.values(), key=lambda found: found[0])[1]


def _sweep(network: Network, rows: Rows, at: list[int], *, forward: bool) -> None:
    """Sort each layer by the middle of its neighbours in the one before (barycenters)."""
    near = network.up if forward else network.down
    layers = range(1, network.depth) if forward else range(network.depth - 2, -1, -1)
    for layer in layers:
        row, middle = rows[layer], dict[int, float]()
        for vertex in row:
            if ends := near[vertex]:
                middle[vertex] = sum([at[end] for end in ends]) / len(ends)
        moving = iter(sorted(middle, key=middle.__getitem__))
        rows[layer] = row = [next(moving) if v in middle else v for v in row]
        for place, vertex in enumerate(row):
            at[vertex] = place


def _transpose(
    network: Network,
    rows: Rows,
    at: list[int],
    may_swap: Callable[[int, int], bool] = lambda _one, _other: True,
) -> None:
    """Swap neighbours as long as that takes crossings away."""
    up, down = network.up, network.down
    dirty = set(range(network.depth))
    for _ in range(_ROUNDS):
        again: set[int] = set()
        for layer in sorted(dirty):
            if not 0 <= layer < network.depth:
                continue
            row = rows[layer]
            for place in range(len(row) - 1):
                one, other = row[place], row[place + 1]
                now = crossed(up[one], up[other], at) + crossed(down[one], down[other], at)
                if not now or not may_swap(one, other):
                    continue
                then = crossed(up[other], up[one], at) + crossed(down[other], down[one], at)
                if then < now:
                    row[place], row[place + 1] = other, one
                    at[one], at[other] = place + 1, place
                    again |= {layer - 1, layer, layer + 1}
        if not again:
            return
        dirty = again


def _interpolated(network: Network, lane: Sequence[float | None]) -> list[float]:
    """Return where each vertex wants to lie: old stations where they were, others between."""
    wanted: list[float | None] = [*lane, *[None] * (len(network.layer) - network.stations)]
    for station in range(network.stations):
        if wanted[station] is None:
            near = [
                known
                for track in network.tracks
                if station in (track[0], track[-1])
                and (known := lane[track[0] if track[-1] == station else track[-1]])
                is not None
            ]
            wanted[station] = sum(near) / len(near) + 0.25 if near else float(len(lane))
    for track in network.tracks:
        start, end = wanted[track[0]], wanted[track[-1]]
        assert start is not None
        assert end is not None
        for step, point in enumerate(track[1:-1], 1):
            wanted[point] = start + (end - start) * step / (len(track) - 1)
    return [0.0 if each is None else each for each in wanted]


def _places(network: Network, rows: Rows) -> list[int]:
    at = [0] * len(network.layer)
    for row in rows:
        for place, vertex in enumerate(row):
            at[vertex] = place
    return at
