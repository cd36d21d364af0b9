"""Lanes: whole numbers that keep the order of each layer and tracks straight.

Brandes and Koepf (2001) align each vertex with a median neighbour, from both sides and in both
directions; blocks of aligned vertices are then packed along the order (as dagre does, which
avoids a mistake of the first publication) and moved within their slack. The best of the four
is taken as it is: averaging them would leave half lanes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from stellwerk.railway.layout.crossings import Rows
from stellwerk.railway.layout.network import Network

Segment = tuple[int, int]
_TURNS: Final = 6
_BEND: Final = 2
"""What a change of lanes costs beside its length."""


def placed(network: Network, rows: Rows, line: Collection[Segment] = ()) -> list[int]:
    """Return the lane of every vertex.

    Args:
        network: The graph.
        rows: The vertices of each layer in order.
        line: Segments that are to be straight before all others; they cross none of themselves.
    """
    at = [0] * len(network.layer)
    for row in rows:
        for place, vertex in enumerate(row):
            at[vertex] = place
    aligner = _Aligner(network, rows, at, frozenset(line))
    best: tuple[tuple[int, int, int], list[int]] | None = None
    for forward in (True, False):
        for leftmost in (True, False):
            root = aligner.roots(forward=forward, leftmost=leftmost)
            lane = _packed(network, rows, root, leftmost=leftmost)
            _settled(network, rows, at, root, lane)
            least = min(lane, default=0)
            lane = [each - least for each in lane]
            score = _score(network, lane, aligner.line)
            if best is None or score < best[0]:
                best = (score, lane)
    assert best is not None
    return best[1]


class _Aligner:
    """Puts vertices into blocks that share a lane."""

    def __init__(
        self, network: Network, rows: Rows, at: Sequence[int], line: frozenset[Segment]
    ) -> None:
        self._network, self._rows, self._at = network, rows, at
        self.line = line
        self._on_line = {vertex for segment in line for vertex in segment}
        self._barred = self._conflicts()

    def roots(self, *, forward: bool, leftmost: bool) -> list[int]:
        """Return of each vertex the first one of its block."""
        network, at = self._network, self._at
        root = list(network.vertices)
        reserved = {(tail if forward else head) for tail, head in self.line}
        taken = [False] * len(root)
        near = network.up if forward else network.down
        layers = range(1, network.depth) if forward else range(network.depth - 2, -1, -1)
        for layer in layers:
            row = self._rows[layer]
            edge = -1 if leftmost else len(at)
            for vertex in row if leftmost else reversed(row):
                for end in self._candidates(
                    vertex, near[vertex], forward=forward, leftmost=leftmost
                ):
                    place = at[end]
                    segment = (end, vertex) if forward else (vertex, end)
                    if taken[end] or segment in self._barred:
                        continue
                    if end in reserved and segment not in self.line:
                        continue
                    if place > edge if leftmost else place < edge:
                        root[vertex], edge = root[end], place
                        taken[end] = True
                        break
        return root

    def _candidates(
        self, vertex: int, ends: Sequence[int], *, forward: bool, leftmost: bool
    ) -> Sequence[int]:
        """Return with whom a vertex may share a lane: on the line first, else the medians."""
        if len(ends) < 2:
            return ends
        if vertex in self._on_line:
            for end in ends:
                if ((end, vertex) if forward else (vertex, end)) in self.line:
                    return (end,)
        placed_ends = sorted(ends, key=self._at.__getitem__)
        middle = len(placed_ends) // 2
        if len(placed_ends) % 2:
            return placed_ends[middle : middle + 1]
        pair = placed_ends[middle - 1 : middle + 1]
        return pair if leftmost else pair[::-1]

    def _conflicts(self) -> set[Segment]:
        """Return the segments that cross a stronger one: the line, then tracks passing by."""
        barred: set[Segment] = set()
        for layer in range(self._network.depth - 1):
            strong = [s for s in self._segments(layer) if s in self.line]
            passing = [s for s in self._segments(layer) if self._passes(s) and s not in strong]
            barred |= self._crossing(layer, strong, {*strong})
            barred |= self._crossing(layer, passing, {*strong, *passing})
        return barred

    def _segments(self, layer: int) -> list[Segment]:
        down = self._network.down
        return [(v, head) for v in self._rows[layer] for head in down[v]]

    def _passes(self, segment: Segment) -> bool:
        stations = self._network.stations
        return segment[0] >= stations and segment[1] >= stations

    def _crossing(
        self, layer: int, strong: list[Segment], spared: set[Segment]
    ) -> set[Segment]:
        """Return the segments of a layer that cross a strong one (type 1 conflicts)."""
        if not strong:
            return set()
        at = self._at
        ends = sorted((at[tail], at[head]) for tail, head in strong)
        found: set[Segment] = set()
        highest = [-1] * (len(ends) + 1)
        for index, (_, head) in enumerate(ends):
            highest[index + 1] = max(highest[index], head)
        lowest = [len(at)] * (len(ends) + 1)
        for index in range(len(ends) - 1, -1, -1):
            lowest[index] = min(lowest[index + 1], ends[index][1])
        before = after = 0
        for segment in self._segments(layer):
            tail, head = at[segment[0]], at[segment[1]]
            while before < len(ends) and ends[before][0] < tail:
                before += 1
            while after < len(ends) and ends[after][0] <= tail:
                after += 1
            if segment not in spared and (highest[before] > head or lowest[after] < head):
                found.add(segment)
        return found


def _packed(network: Network, rows: Rows, root: Sequence[int], *, leftmost: bool) -> list[int]:
    """Return lanes as narrow as the order of the blocks allows, from one side."""
    behind: dict[int, set[int]] = {root[vertex]: set() for vertex in network.vertices}
    waiting = dict.fromkeys(behind, 0)
    for row in rows:
        line = row if leftmost else row[::-1]
        for one, other in pairwise(line):
            first, second = root[one], root[other]
            if second not in behind[first]:
                behind[first].add(second)
                waiting[second] += 1
    ready = [block for block, count in waiting.items() if not count]
    lane = dict.fromkeys(ready, 0)
    for block in ready:
        for other in behind[block]:
            lane[other] = max(lane.get(other, 0), lane[block] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    sign = 1 if leftmost else -1
    return [sign * lane[root[vertex]] for vertex in network.vertices]


def _settled(
    network: Network,
    rows: Rows,
    at: Sequence[int],
    root: Sequence[int],
    lane: list[int],
) -> None:
    """Move whole blocks within their slack to where their neighbours are."""
    members: dict[int, list[int]] = {}
    for vertex in network.vertices:
        members.setdefault(root[vertex], []).append(vertex)
    for turn in range(_TURNS):
        moved = False
        for block in sorted(members, key=lambda b: lane[b], reverse=turn % 2 == 0):
            mine = members[block]
            if (target := _better(network, rows, at, root, lane, mine)) is not None:
                moved = True
                for vertex in mine:
                    lane[vertex] = target
        if not moved:
            return


def _better(
    network: Network,
    rows: Rows,
    at: Sequence[int],
    root: Sequence[int],
    lane: Sequence[int],
    block: Sequence[int],
) -> int | None:
    """Return a lane that costs a block less than its own, or None."""
    low, high, here = -(1 << 60), 1 << 60, root[block[0]]
    pulls: list[int] = []
    for vertex in block:
        row, place = rows[network.layer[vertex]], at[vertex]
        if place:
            low = max(low, lane[row[place - 1]] + 1)
        if place < len(row) - 1:
            high = min(high, lane[row[place + 1]] - 1)
        pulls += [lane[end] for end in network.up[vertex] if root[end] != here]
        pulls += [lane[end] for end in network.down[vertex] if root[end] != here]
    if not pulls:
        return None
    now = lane[block[0]]

    def cost(target: int) -> int:
        return sum([abs(target - pull) + _BEND * (target != pull) for pull in pulls])

    wanted = {max(low, min(high, pull)) for pull in pulls}
    best = min(wanted, key=lambda target: (cost(target), abs(target - now)))
    return best if cost(best) < cost(now) else None


def _score(
    network: Network, lane: Sequence[int], line: frozenset[Segment]
) -> tuple[int, int, int]:
    """Return bends of the line, cost of all segments, width: the less the better."""
    bends = sum(lane[tail] != lane[head] for tail, head in line)
    cost = sum(
        abs(lane[tail] - lane[head]) + _BEND * (lane[tail] != lane[head])
        for tail in network.vertices
        for head in network.down[tail]
    )
    return bends, cost, max(lane, default=0)
