"""`python -m tests.benchmarks.similar_goals`: how long the search for like goals takes.

Each row is a store of so many goals in a database of its own: the first search makes all
vectors, later ones read them. Times are milliseconds, the goals' own reading included.
"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

from stellwerk.domain.goal import Goal
from stellwerk.planning.similarity.search import Similar
from stellwerk.planning.wish import Wish
from stellwerk.storage.embeddings import SqlVectors
from stellwerk.storage.repository import Repository
from stellwerk.storage.rows import COLUMNS, goal_row
from stellwerk.storage.sqlite import connect
from tests.domain.plans import NOW

REACH: Final = {1_000: 50.0}
"""Milliseconds a search among so many goals may take at most."""
_VERBS: Final = (
    "learn write build buy organise run launch hire reduce migrate plan move".split()
)
_NOUNS: Final = "spanish marathon kitchen garden book app website wedding team costs".split()


class Result(NamedTuple):
    """Times of the searches in one store, in milliseconds."""

    goals: int
    first: float
    median: float
    worst: float

    @property
    def line(self) -> str:
        """The row of a Markdown table."""
        reach = f"{REACH[self.goals]:.0f}" if self.goals in REACH else ""
        times = f"{self.first:.0f} | {self.median:.1f} | {self.worst:.1f}"
        return f"| {self.goals:,} | {times} | {reach} |"


def laid_out(path: Path, count: int) -> Repository:
    """Return a store of so many goals."""
    rng, store = Random(1), Repository(path)
    connection, columns = connect(path), COLUMNS["goals"]
    marks = ", ".join("?" * len(columns))
    connection.execute("BEGIN")
    for number in range(count):
        verb, noun, other = rng.choice(_VERBS), rng.choice(_NOUNS), rng.choice(_NOUNS)
        title = f"{verb} a {noun} for a {other} in {rng.randint(2, 90)} weeks"
        goal = Goal(f"{number:032x}", f"goal-{number}", title, NOW)
        query = f"INSERT INTO goals ({', '.join(columns)}, revision) VALUES ({marks}, 0)"
        connection.execute(query, goal_row(goal))
    connection.execute("COMMIT")
    connection.close()
    return store


def searched(count: int, rounds: int) -> Result:
    """Return how long searches among so many goals take."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plans.db"
        store = laid_out(path, count)
        times = []
        for number in range(rounds + 1):
            started = perf_counter()
            Similar(store, SqlVectors(path)).nearest(Wish(f"Learn Spanish in {number} weeks"))
            times.append((perf_counter() - started) * 1_000)
        store.close()
    first, *later = times
    return Result(count, first, median(later), max(later))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print a table; 1 if a search took longer than it may."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="1000,10000", help="how many goals (%(default)s)")
    parser.add_argument("--rounds", type=int, default=20, help="searches each (%(default)s)")
    wanted = parser.parse_args(argv)
    results = [searched(int(size), wanted.rounds) for size in wanted.sizes.split(",")]
    head = ("| goals | first search | median | worst | reach |", "|--:|--:|--:|--:|--:|")
    sys.stdout.write("\n".join([*head, *(each.line for each in results)]) + "\n")
    return int(any(each.median > REACH.get(each.goals, each.median) for each in results))


if __name__ == "__main__":
    sys.exit(main())
