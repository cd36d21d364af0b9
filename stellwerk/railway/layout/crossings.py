"""Counting crossings between layers (Barth, Juenger and Mutzel 2002)."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from typing import Final

from stellwerk.railway.layout.network import Network

Rows = list[list[int]]
"""The vertices of each layer in their order."""

_FEW: Final = 128


def crossings(network: Network, rows: Rows, at: Sequence[int]) -> int:
    """Return how often segments cross.

    Args:
        network: The graph.
        rows: The vertices of each layer in order.
        at: Of each vertex, its place in its layer.
    """
    return sum(between(row, network.down, at) for row in rows[:-1])


def between(
    row: Sequence[int],
    down: Sequence[Sequence[int]],
    at: Sequence[int] | Mapping[int, int],
) -> int:
    """Return how often the segments behind a layer cross, given the places they lead to."""
    ends: list[int] = []
    for vertex in row:
        heads = down[vertex]
        if len(heads) == 1:
            ends.append(at[heads[0]])
        elif heads:
            ends += sorted([at[head] for head in heads])
    return _inversions(ends)


def _inversions(ends: list[int]) -> int:
    if len(ends) < _FEW:
        total, seen = 0, list[int]()
        for end in ends:
            total += len(seen) - bisect_right(seen, end)
            insort(seen, end)
        return total
    size, total = max(ends) + 1, 0
    tree = [0] * (size + 1)
    for seen_before, end in enumerate(ends):
        index, at_most = end + 1, 0
        while index:
            at_most += tree[index]
            index &= index - 1
        total += seen_before - at_most
        index = end + 1
        while index <= size:
            tree[index] += 1
            index += index & -index
    return total


def crossed(one: Sequence[int], other: Sequence[int], at: Sequence[int]) -> int:
    """Return how often the segments of two neighbours cross, the first of them before."""
    if len(one) == 1 and len(other) == 1:
        return at[one[0]] > at[other[0]]
    return sum([at[x] > at[y] for x in one for y in other])
