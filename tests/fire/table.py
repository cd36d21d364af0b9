"""The rows a trial yields, and the one table that they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

COLUMNS = ("trial", "what was done", "lost or broken", "verdict", "seconds")
SHOWN = 8


@dataclass(frozen=True)
class Row:
    """What came of a trial.

    Attributes:
        trial: Its name.
        figures: How many of what; the names read on behind their numbers.
        problems: What was lost or broken, a sentence each.
        seconds: How long it took.
    """

    trial: str
    figures: Mapping[str, float]
    problems: Sequence[str] = field(default=())
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether nothing was lost and nothing is broken."""
        return not self.problems

    @property
    def cells(self) -> tuple[str, ...]:
        """Its cells in the order of `COLUMNS`."""
        done = ", ".join(f"{number:,g} {name}" for name, number in self.figures.items())
        verdict = "whole" if self.whole else "BROKEN"
        return self.trial, done, str(len(self.problems)), verdict, f"{self.seconds:.1f}"


def table(rows: Iterable[Row]) -> str:
    """Return rows as a Markdown table, and below it what is wrong."""
    rows = list(rows)
    lines = [COLUMNS, ("---",) * len(COLUMNS), *(row.cells for row in rows)]
    told = [f"| {' | '.join(cells)} |" for cells in lines]
    for row in rows:
        if row.problems:
            told += ["", f"{row.trial}:", *(f"- {each}" for each in row.problems[:SHOWN])]
        if len(row.problems) > SHOWN:
            told.append(f"- and {len(row.problems) - SHOWN} more")
    return "\n".join(told)


def as_data(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows as JSON data."""
    return [{**asdict(row), "whole": row.whole} for row in rows]
