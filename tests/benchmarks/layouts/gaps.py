"""How far the layout is from the fewest crossings, on every small graph there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, permutations
from typing import TypeAlias

from stellwerk.railway.layout import Layout, lay_out
from tests.benchmarks.layouts.measures import measured
from tests.benchmarks.table import Table

Pairs: TypeAlias = list[tuple[int, int]]


def every_graph(count: int) -> Iterator[Pairs]:
    """Yield every acyclic graph of some nodes whose numbers are an order of it."""
    every = list(combinations(range(count), 2))
    for chosen in range(1 << len(every)):
        yield [pair for at, pair in enumerate(every) if chosen >> at & 1]


def optimum(count: int, layout: Layout[int]) -> int:
    """Return the fewest crossings that any order of the same layers has."""
    points: dict[object, int] = {node: layout.layers[node] for node in range(count)}
    legs: list[tuple[object, object]] = []
    for edge, track in layout.tracks.items():
        names: list[object] = [edge[0], *((edge, layer) for layer, _ in track[1:-1]), edge[1]]
        points |= {name: layer for name, (layer, _) in zip(names, track, strict=True)}
        legs += pairwise(names)
    rows = [[p for p, layer in points.items() if layer == at] for at in range(layout.depth)]
    best: Mapping[tuple[object, ...], int]
    best = dict.fromkeys(permutations(rows[0] if rows else []), 0)
    for above, row in pairwise(rows):
        here = [leg for leg in legs if leg[0] in above]
        best = {
            order: min(cost + _crossings(here, first, order) for first, cost in best.items())
            for order in permutations(row)
        }
    return min(best.values(), default=0)


def _crossings(
    legs: Sequence[tuple[object, object]], first: Sequence[object], second: Sequence[object]
) -> int:
    above = {point: at for at, point in enumerate(first)}
    below = {point: at for at, point in enumerate(second)}
    placed = [(above[tail], below[head]) for tail, head in legs]
    return sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(placed, 2))


def gap_table(most: int) -> Table:
    """Return, for each number of nodes, how many graphs have a crossing too many."""
    rows = []
    for count in range(3, most + 1):
        graphs = crossed = worse = ours = least = 0
        for pairs in every_graph(count):
            graphs += 1
            layout = lay_out(range(count), pairs)
            found = measured(layout.tracks.values()).crossings
            if not found:
                continue
            crossed += 1
            fewest = optimum(count, layout)
            worse += found > fewest
            ours, least = ours + found, least + fewest
        rows.append(
            tuple(f"{each:,}" for each in (count, graphs, crossed, ours, least, worse))
        )
    head = ("nodes", "graphs", "with crossings", "crossings", "fewest possible", "not optimal")
    return Table("Every acyclic graph, against all orders of its layers", head, tuple(rows))
