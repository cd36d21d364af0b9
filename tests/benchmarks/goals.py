"""The goals for the hot verbs, and which of them a run reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.benchmarks.peers.stellwerk import HOT
from tests.benchmarks.rounds import BASELINE, STELLWERK, Result

SMALL: Final = 20
LARGE: Final = 10_000
NEAR: Final = 1.6
"""How many times the baseline a hot verb may take on a small plan."""

GROWTH: Final = 1.5
"""How many times that again it may take on a large one."""

Times: TypeAlias = Mapping[tuple[str, int, str], float]
Measure: TypeAlias = Callable[[Result], float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal on one shape of plan, and how far each verb is from it.

    Attributes:
        goal: In words.
        shape: Of the plan.
        reach: What each ratio may be at most.
        ratios: Verb to what it is, by median wall time.
        least: Verb to what it is, by minimal wall time.
    """

    goal: str
    shape: str
    reach: float
    ratios: Mapping[str, float]
    least: Mapping[str, float]

    @property
    def missed(self) -> dict[str, float]:
        """The verbs that are above it, the worst first."""
        above = [(ratio, verb) for verb, ratio in self.ratios.items() if ratio > self.reach]
        return {verb: ratio for ratio, verb in sorted(above, reverse=True)}

    @property
    def met(self) -> str:
        """How many of the verbs reach it, by medians."""
        return f"{len(self.ratios) - len(self.missed)}/{len(self.ratios)}"

    @property
    def met_at_best(self) -> str:
        """How many of the verbs reach it, by minima."""
        reached = sum(ratio <= self.reach for ratio in self.least.values())
        return f"{reached}/{len(self.least)}"


def verdicts(results: Sequence[Result]) -> list[Verdict]:
    """Return what became of the goals, for each shape of plan that was measured."""
    medians = _times(results, lambda each: each.wall)
    minima = _times(results, lambda each: each.least)
    own = [each.row for each in results if each.row.tool == STELLWERK]
    return [
        Verdict(goal, shape, reach, ratios, _ratios(minima, shape, size, small))
        for shape in dict.fromkeys(row.shape for row in own)
        for goal, reach, size, small in _goals()
        if (ratios := _ratios(medians, shape, size, small))
    ]


def _goals() -> list[tuple[str, float, int, int]]:
    """Return goals as text, reach, size, and the size they are compared with (0: baseline)."""
    return [
        (f"{SMALL} packages: {NEAR:g} × baseline", NEAR, SMALL, 0),
        (f"{LARGE:,}: {NEAR * GROWTH:g} × baseline", NEAR * GROWTH, LARGE, 0),
        (f"{LARGE:,}: {GROWTH:g} × the time at {SMALL}", GROWTH, LARGE, SMALL),
    ]


def _ratios(times: Times, shape: str, size: int, small: int) -> dict[str, float]:
    """Return the times of the verbs over those of a small plan, or of the baseline.

    Rounded as they are shown, so that no verb misses a goal by what nobody can see.
    """
    found = {}
    for verb in HOT:
        time = times.get((verb, size, shape))
        base = times.get((verb if small else BASELINE, small or size, shape))
        if time and base:
            found[verb] = round(time / base, 2)
    return found


def _times(results: Iterable[Result], measure: Measure) -> Times:
    """Return seconds by verb, size and shape; those of the baseline under its own name."""
    return {
        (BASELINE if row.tool == BASELINE else row.verb, row.size, row.shape): measure(each)
        for each in results
        if (row := each.row).block[0] == STELLWERK
    }
