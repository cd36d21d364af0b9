"""The benchmark of layouts measures what it says it does."""

from __future__ import annotations

import pytest

from tests.benchmarks.layouts.__main__ import main
from tests.benchmarks.layouts.engines import Engine, engines
from tests.benchmarks.layouts.measures import Measures, measured


def test_a_drawing_is_measured():
    """Two segments that cross, two that share an end, and one that is straight."""
    paths = [
        [(0, 0), (1, 1), (2, 1)],
        [(0, 1), (1, 0)],
        [(0, 1), (1, 1)],
    ]
    assert measured(paths) == Measures(crossings=1, length=6, slopes=2, width=2)


@pytest.mark.parametrize("engine", engines(), ids=lambda engine: engine.title)
def test_each_engine_draws_every_edge_through_every_layer(engine: Engine):
    """An edge past a layer is at a place in it, so it can cross what is there."""
    pairs = [(0, 1), (1, 2), (2, 3), (0, 3), (0, 2)]
    paths = engine.paths(engine.run(4, pairs), pairs)
    assert sum(len(path) - 1 for path in paths) == 3 + 3 + 2
    found = measured(paths)
    assert (found.crossings, found.width >= 2) == (0, True)


def test_the_benchmark_prints_its_tables(capsys: pytest.CaptureFixture[str]):
    """Each engine beside the others, and the gap to the best order."""
    assert main(["--most", "16", "--gap", "4"]) == 0
    told = capsys.readouterr().out
    assert "16 routes, sum of 10 plans" in told
    assert [line for line in told.splitlines() if line.startswith("4 ")]
    for engine in engines():
        assert engine.title in told
