"""Where stations lie: few crossings, straight lines, and nothing jumps when a plan grows."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from stellwerk.railway.layout import Layout, Wishes, lay_out
from tests.benchmarks.layouts.gaps import every_graph, optimum
from tests.benchmarks.layouts.measures import measured
from tests.railway.dense_plans import dense_plan
from tests.railway.plans import Pairs, any_graph, railway_graph

GRAPHS = [any_graph(seed) for seed in range(60)] + [railway_graph(30, s) for s in range(20)]


def crossings(layout: Layout[int]) -> int:
    """Return how often the segments of tracks cross."""
    return measured(layout.tracks.values()).crossings


@pytest.mark.parametrize(("count", "pairs"), GRAPHS)
def test_every_track_goes_forward_layer_by_layer_and_nothing_lies_on_another(
    count: int, pairs: Pairs
):
    layout = lay_out(range(count), pairs)
    taken = {(layout.layers[n], layout.lanes[n]): n for n in range(count)}
    assert len(taken) == count
    passing: dict[tuple[int, int], tuple[int, int]] = {}
    for (tail, head), track in layout.tracks.items():
        assert track[0] == (layout.layers[tail], layout.lanes[tail])
        assert track[-1] == (layout.layers[head], layout.lanes[head])
        assert [layer for layer, _ in track] == list(range(track[0][0], track[-1][0] + 1))
        for point in track[1:-1]:
            assert point not in taken
            assert passing.setdefault(point, (tail, head)) == (tail, head)
    lanes = [lane for track in layout.tracks.values() for _, lane in track]
    assert all(0 <= lane < layout.width for lane in lanes)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_no_order_of_up_to_five_routes_has_fewer_crossings(count: int):
    for pairs in every_graph(count):
        layout = lay_out(range(count), pairs)
        found = crossings(layout)
        assert found == optimum(count, layout, found), pairs


@pytest.mark.parametrize(
    ("size", "seeds", "most"),
    [(16, 10, (0, 68)), (100, 10, (12, 467)), (1000, 1, (35, 425))],
)
def test_large_plans_are_drawn_as_clearly_as_ever(
    size: int, seeds: int, most: tuple[int, int]
):
    """Crossings and slopes in sum over the seeds; dot has 11 and 884 at 100 routes."""
    found = [
        measured(lay_out(range(count), pairs).tracks.values())
        for count, pairs in (dense_plan(size, seed) for seed in range(1, seeds + 1))
    ]
    assert sum(each.crossings for each in found) <= most[0]
    assert sum(each.slopes for each in found) <= most[1]


def longest(count: int, pairs: Pairs) -> list[int]:
    """Return a longest path."""
    best: dict[int, list[int]] = {}
    for node in reversed(range(count)):
        ahead = [best[head] for tail, head in pairs if tail == node]
        best[node] = [node, *max(ahead, key=len, default=[])]
    return max(best.values(), key=len)


@pytest.mark.parametrize("seed", range(20))
def test_the_main_line_is_straight_and_costs_no_crossing(seed: int):
    count, pairs = railway_graph(40, seed)
    line = longest(count, pairs)
    layout = lay_out(range(count), pairs, Wishes(line))
    assert len({layout.lanes[node] for node in line}) == 1
    assert crossings(layout) <= crossings(lay_out(range(count), pairs))


@pytest.mark.parametrize("seed", range(20))
def test_a_route_that_is_inserted_makes_no_others_change_places(seed: int):
    count, pairs = railway_graph(40, seed)
    old = lay_out(range(count), pairs)
    tail, head = Random(seed).choice(pairs)
    grown = [pair for pair in pairs if pair != (tail, head)] + [(tail, count), (count, head)]
    new = lay_out(range(count + 1), grown, Wishes(lanes=old.lanes))
    for one, other in combinations(range(count), 2):
        if old.layers[one] == old.layers[other] and new.layers[one] == new.layers[other]:
            before = old.lanes[one] < old.lanes[other]
            assert before == (new.lanes[one] < new.lanes[other])


def test_a_closed_branch_lies_outside():
    pairs = [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)]
    layout = lay_out(range(5), pairs, Wishes(line=[0, 3, 4], outside=[1]))
    assert layout.lanes[1] == max(layout.lanes[node] for node in (1, 2, 3))


def test_the_same_plan_is_laid_out_the_same():
    count, pairs = railway_graph(60, 3)
    assert lay_out(range(count), pairs) == lay_out(range(count), pairs)
