"""The rows of the benchmark, and the rounds in which every row has its turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.timing import BenchmarkError, Call, Sample, measured

SLOW: Final = 40.0
"""Seconds of wall time from which on a command of another tool is run only once."""

BASELINE: Final = "python"
STELLWERK: Final = "stellwerk"


@dataclass(frozen=True, slots=True)
class Row:
    """A command that is measured in every round.

    Attributes:
        tool: Whose command it is.
        verb: What stands in the table.
        call: The command of a round, by the round's number.
        size: How many tasks the tool holds; 0 for the baseline.
        shape: What the plan looks like, where a tool has several.
        shows: A pattern that has to be in what it prints.
        prepare: Called before each run, untimed.
        changed: Whether the run changed what it should have; asked after each run, untimed.
        beside: Of a baseline: the tool whose rows follow it.
    """

    tool: str
    verb: str
    call: Callable[[int], Call]
    size: int = 0
    shape: str = ""
    shows: str = ""
    prepare: Callable[[int], object] | None = None
    changed: Callable[[int], bool] | None = None
    beside: str = ""

    @property
    def block(self) -> tuple[str, int, str]:
        """What is measured together: a tool with one store, and the baseline before it."""
        return self.beside or self.tool, self.size, self.shape


@dataclass(frozen=True, slots=True)
class Result:
    """A row with the samples of all its runs."""

    row: Row
    samples: tuple[Sample, ...] = ()

    @property
    def wall(self) -> float:
        """Median of the wall time."""
        return median(sample.wall for sample in self.samples)

    @property
    def least(self) -> float:
        """Minimum of the wall time."""
        return min(sample.wall for sample in self.samples)

    @property
    def cpu(self) -> float:
        """Median of the CPU time."""
        return median(sample.cpu for sample in self.samples)

    @property
    def stopped(self) -> bool:
        """Whether it never came to its end."""
        return any(sample.stopped for sample in self.samples)


def run_rounds(
    rows: Sequence[Row],
    rounds: int,
    scratch: Path,
    narrate: Callable[[str], None],
    slow: float = SLOW,
) -> list[Result]:
    """Run every row once per round and return what they took.

    A rehearsal comes first: its output is looked at and its time does not count, except
    that of slow commands, which get no other run, and of all if there is only one round.

    Raises:
        BenchmarkError: A command failed, or did not do what it should.
    """
    narrate(f"rehearsal of {len(rows)} commands")
    results = [Result(row, (_rehearsed(row, scratch, narrate),)) for row in rows]
    if rounds == 1:
        return results
    once = {each.row for each in results if _too_slow(each, slow)}
    results = [each if each.row in once else replace(each, samples=()) for each in results]
    for number in range(1, rounds + 1):
        narrate(f"round {number} of {rounds}")
        results = [
            each if each.row in once else _again(each, number, scratch) for each in results
        ]
    return results


def interspersed(rows: Sequence[Row], baseline: Row) -> list[Row]:
    """Return rows with a baseline before each block of them.

    Load comes and goes while a round goes on; what is compared is measured close together.
    """
    found: list[Row] = []
    for (tool, size, shape), block in groupby(rows, lambda row: row.block):
        found += [replace(baseline, beside=tool, size=size, shape=shape), *block]
    return found


def baselines(results: Sequence[Result]) -> dict[tuple[str, int, str], Result]:
    """Return the results of the baselines by their blocks."""
    return {each.row.block: each for each in results if each.row.tool == BASELINE}


def _too_slow(result: Result, slow: float) -> bool:
    return result.row.tool not in (BASELINE, STELLWERK) and result.wall > slow


def _again(result: Result, number: int, scratch: Path) -> Result:
    sample, _ = _turn(result.row, number, scratch, keep=False)
    return replace(result, samples=(*result.samples, sample))


def _rehearsed(row: Row, scratch: Path, narrate: Callable[[str], None]) -> Sample:
    sample, printed = _turn(row, 0, scratch, keep=True)
    narrate(f"  {row.tool} {row.verb} {row.shape} {row.size or ''}: {sample.wall:.2f} s")
    if not sample.stopped and not re.search(row.shows, printed):
        msg = f"`{row.call(0)}` printed nothing like {row.shows!r} but:\n{printed[:2000]}"
        raise BenchmarkError(msg, "Nothing was measured.")
    return sample


def _turn(row: Row, number: int, scratch: Path, *, keep: bool) -> tuple[Sample, str]:
    if row.prepare:
        row.prepare(number)
    call = row.call(number)
    sample, printed = measured(call, scratch, keep=keep)
    if row.changed and not sample.stopped and not row.changed(number):
        raise BenchmarkError(f"`{call}` changed nothing.", "Nothing was measured.")
    return sample, printed
