"""How far the layout is from the fewest crossings, on every small graph there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, permutations
from typing import TypeAlias

from stellwerk.railway.layout import Layout, lay_out
from tests.benchmarks.layouts.measures import measured
from tests.benchmarks.table import Table

Pairs: TypeAlias = list[tuple[int, int]]
Point: TypeAlias = Hashable
Order: TypeAlias = tuple[Point, ...]


def every_graph(count: int) -> Iterator[Pairs]:
    """Yield every acyclic graph of some nodes whose numbers are an order of it."""
    every = list(combinations(range(count), 2))
    for chosen in range(1 << len(every)):
        yield [pair for at, pair in enumerate(every) if chosen >> at & 1]


def optimum(count: int, layout: Layout[int], found: int) -> int:
    """Return the fewest crossings that any order of the same layers has, `found` at the most.

    Orders of all layers are tried from the first layer on; one that already has as many
    crossings as were found is not followed.
    """
    rows, parents = _layers(count, layout)
    reached = dict.fromkeys(permutations(rows[0] if rows else ()), 0)
    for row in rows[1:]:
        best: dict[Order, int] = {}
        for above, cost in reached.items():
            at = {point: place for place, point in enumerate(above)}
            places = {point: [at[each] for each in parents[point]] for point in row}
            for order, more in _orders(row, places, found - cost):
                best[order] = min(best.get(order, found), cost + more)
        reached = best
    return min(reached.values(), default=found)


def _layers(
    count: int, layout: Layout[int]
) -> tuple[list[list[Point]], Mapping[Point, list[Point]]]:
    """Return the points of each layer, tracks' included, and those each follows."""
    points: dict[Point, int] = {node: layout.layers[node] for node in range(count)}
    parents: dict[Point, list[Point]] = defaultdict(list)
    for edge, track in layout.tracks.items():
        names: list[Point] = [edge[0], *((edge, layer) for layer, _ in track[1:-1]), edge[1]]
        points |= {name: layer for name, (layer, _) in zip(names, track, strict=True)}
        for tail, head in pairwise(names):
            parents[head].append(tail)
    rows: list[list[Point]] = [[] for _ in range(layout.depth)]
    for point, layer in points.items():
        rows[layer].append(point)
    return rows, parents


def _orders(
    row: Sequence[Point], places: Mapping[Point, Sequence[int]], limit: int
) -> Iterator[tuple[Order, int]]:
    """Yield the orders of a layer with fewer crossings than the limit, and how many each has.

    What a pair costs at the least, whichever is left, is counted first; so a start is given
    up as soon as what it adds to that cannot be made good.
    """
    cost = {
        (left, right): sum(a > b for a in places[left] for b in places[right])
        for left, right in permutations(row, 2)
    }
    least = sum(min(cost[pair], cost[pair[::-1]]) for pair in combinations(row, 2))

    def grown(start: Order, rest: Sequence[Point], total: int) -> Iterator[tuple[Order, int]]:
        if not rest:
            yield start, total
        for point in rest:
            after = [each for each in rest if each is not point]
            more = sum(max(cost[point, each] - cost[each, point], 0) for each in after)
            if total + more < limit:
                yield from grown((*start, point), after, total + more)

    if least < limit:
        yield from grown((), row, least)


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
            fewest = optimum(count, layout, found)
            worse += found > fewest
            ours, least = ours + found, least + fewest
        rows.append(
            tuple(f"{each:,}" for each in (count, graphs, crossed, ours, least, worse))
        )
    head = ("nodes", "graphs", "with crossings", "crossings", "fewest possible", "not optimal")
    return Table("Every acyclic graph, against all orders of its layers", head, tuple(rows))
