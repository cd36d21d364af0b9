"""`python -m tests.benchmarks.layouts`: layouts of plans beside those of other engines.

Every engine lays out the same graphs in the same run, one after the other and round by round;
times are medians of milliseconds by the clock, a process of its own included where an engine
is one. Crossings, length, slopes and width are sums over the seeds.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

from tests.benchmarks.layouts.engines import Engine, engines
from tests.benchmarks.layouts.gaps import gap_table
from tests.benchmarks.layouts.measures import Measures, measured
from tests.benchmarks.machine import described, load_average, today
from tests.benchmarks.table import Table, inserted, markdown, plain, report
from tests.railway.dense_plans import dense_plan


class Trial(NamedTuple):
    """Graphs of one size.

    Attributes:
        size: Routes.
        seeds: One graph each.
        rounds: How often each is laid out.
        most: Crossings and slopes that our own layout may have in sum; none without a limit.
    """

    size: int
    seeds: Sequence[int]
    rounds: int
    most: tuple[int, int] | None = None


TRIALS: Final = (
    Trial(16, range(1, 11), 5, (0, 68)),
    Trial(100, range(1, 11), 5, (12, 467)),
    Trial(1_000, (1,), 5, (35, 425)),
    Trial(10_000, (1,), 1),
)
_SLOW: Final = {("dot", 10_000)}
"""What would not end within four minutes."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 if our own layout has more crossings or slopes than it may."""
    parser = ArgumentParser(prog="python -m tests.benchmarks.layouts", description=__doc__)
    parser.add_argument("--most", type=int, default=10_000, help="routes of the largest plan")
    parser.add_argument("--gap", type=int, default=6, help="nodes up to which all are tried")
    parser.add_argument(
        "--into", type=Path, help="a page with marks to put the tables between"
    )
    wanted = parser.parse_args(argv)
    started, load, found = today(), load_average(), engines()
    trials = [trial for trial in TRIALS if trial.size <= wanted.most]
    missed = False
    tables = []
    for trial in trials:
        rows, own = _rows(trial, found)
        tables.append(Table(_title(trial), _HEAD, tuple(rows)))
        if trial.most:
            missed |= own.crossings > trial.most[0] or own.slopes > trial.most[1]
    tables.append(gap_table(wanted.gap))
    versions = {engine.title: engine.version for engine in found}
    lines = described(versions, started, load)
    sys.stdout.write(report(lines, tables, plain))
    if wanted.into:
        text = report(lines, tables, markdown)
        wanted.into.write_text(inserted(wanted.into, text, "layouts"), "utf-8")
    return int(missed)


_HEAD: Final = ("engine", "ms", "crossings", "slopes", "length", "width")


def _title(trial: Trial) -> str:
    graphs = "one plan" if len(trial.seeds) == 1 else f"sum of {len(trial.seeds)} plans"
    return f"{trial.size:,} routes, {graphs}"


def _rows(trial: Trial, found: Sequence[Engine]) -> tuple[list[tuple[str, ...]], Measures]:
    times: dict[str, list[float]] = defaultdict(list)
    sums: dict[str, list[Measures]] = defaultdict(list)
    asked = [engine for engine in found if (engine.title, trial.size) not in _SLOW]
    for seed in trial.seeds:
        count, pairs = dense_plan(trial.size, seed)
        for number in range(trial.rounds):
            for engine in asked:
                start = perf_counter()
                laid = engine.run(count, pairs)
                times[engine.title].append((perf_counter() - start) * 1000)
                if not number:
                    sums[engine.title].append(measured(engine.paths(laid, pairs)))
    rows, total = [], {}
    for engine in asked:
        total[engine.title] = Measures(*map(sum, zip(*sums[engine.title], strict=True)))
        told = total[engine.title]
        counts = (told.crossings, told.slopes, told.length, told.width)
        took = median(times[engine.title])
        rows.append((engine.title, f"{took:,.1f}", *(f"{each:,}" for each in counts)))
    rows += [
        (engine.title, "> 240,000", "", "", "", "") for engine in found if engine not in asked
    ]
    return rows, total["Stellwerk"]


if __name__ == "__main__":
    sys.exit(main())
