"""The figures as text: aligned for a terminal, or as Markdown for a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tests.benchmarks.goals import Verdict, verdicts
from tests.benchmarks.rounds import BASELINE, STELLWERK, Result, baselines
from tests.benchmarks.timing import BenchmarkError

Cells: TypeAlias = tuple[str, ...]

CLOSES: Final = "<!-- end -->"
_COLUMNS: Final = (
    "tool",
    "command",
    "plan",
    "wall median s",
    "wall min s",
    "CPU median s",
    "× baseline",
    "× by minima",
    "runs",
)
_SIDE: Final = {
    "what to do next": {
        STELLWERK: "next",
        "taskwarrior": "task next limit:20",
        "backlog": "backlog task list --ready --json",
        "taskmaster": "task-master next -f json",
    },
    "everything": {
        STELLWERK: "show",
        "taskwarrior": "task list",
        "backlog": "backlog task list --plain",
        "taskmaster": "task-master list --json",
    },
    "finish one": {
        STELLWERK: "done",
        "taskwarrior": "task N done",
        "backlog": "backlog task edit N -s Done",
        "taskmaster": "task-master set-status",
    },
}


@dataclass(frozen=True, slots=True)
class Table:
    """Cells under a title; the first `texts` columns are texts, the others figures."""

    title: str
    head: Cells
    rows: tuple[Cells, ...]
    texts: int = 1


def tables(results: Sequence[Result], titles: dict[str, str]) -> list[Table]:
    """Return all tables of a run; `titles` are the names of the tools as they write them."""
    sizes = dict.fromkeys(each.row.size for each in results)
    found = [_judged(verdicts(results)), _side_by_side(results, titles, list(sizes))]
    bases = baselines(results)
    for size in sizes:
        rows = [each for each in results if each.row.size == size]
        cells = tuple(_cells(each, bases[each.row.block], titles) for each in rows)
        found.append(Table(f"{size:,} tasks", _COLUMNS, cells, texts=3))
    return [table for table in found if table.rows]


def plain(table: Table) -> str:
    """Return a table with its columns aligned."""
    lines = [table.head, *table.rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.head))]
    shown = [_aligned(line, widths, table.texts) for line in lines]
    return "\n".join(
        [table.title, "", shown[0], "  ".join("-" * w for w in widths), *shown[1:]]
    )


def markdown(table: Table) -> str:
    """Return a table for a page."""
    rules = ["---" if at < table.texts else "--:" for at in range(len(table.head))]
    lines = [table.head, tuple(rules), *table.rows]
    return "\n".join(
        [f"### {table.title}", "", *(f"| {' | '.join(line)} |" for line in lines)]
    )


def report(lines: Sequence[str], found: Sequence[Table], form: Callable[[Table], str]) -> str:
    """Return the whole report: what it was taken on, then the tables."""
    return "\n\n".join(["\n".join(lines), *(form(table) for table in found)]) + "\n"


def inserted(page: Path, text: str, name: str = "benchmark") -> str:
    """Return what a page would be with a text between its two marks.

    Args:
        page: The page.
        text: What is to stand there.
        name: Of the first mark, `<!-- name -->`; the second is `<!-- end -->`.

    Raises:
        BenchmarkError: The page lacks them, or is not there.
    """
    if not page.is_file():
        raise BenchmarkError(f"There is no page {page}.", "`--into` takes one that is there.")
    mark = f"<!-- {name} -->"
    before, opens, rest = page.read_text("utf-8").partition(mark)
    _, closes, after = rest.partition(CLOSES)
    if not opens or not closes:
        msg = f"{page} has no line `{mark}` with a line `{CLOSES}` after it."
        raise BenchmarkError(msg, "Write them where the tables belong.")
    return f"{before}{opens}\n\n{text.strip()}\n\n{closes}{after}"


def _aligned(line: Cells, widths: Sequence[int], texts: int) -> str:
    cells = [
        cell.ljust(width) if at < texts else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _cells(result: Result, base: Result, titles: dict[str, str]) -> Cells:
    row = result.row
    above = "> " if result.stopped else ""
    return (
        titles.get(row.tool, row.tool),
        row.verb,
        row.shape,
        above + _seconds(result.wall),
        above + _seconds(result.least),
        above + _seconds(result.cpu),
        f"{above}{result.wall / base.wall:.2f}",
        f"{above}{result.least / base.least:.2f}",
        str(len(result.samples)) + (" (stopped)" if result.stopped else ""),
    )


def _judged(found: Sequence[Verdict]) -> Table:
    head = ("goal for each hot verb", "plan", "met", "by minima", "worst", "missed by")
    rows = tuple(
        (
            each.goal,
            each.shape,
            each.met,
            each.met_at_best,
            f"{max(each.ratios.values()):.2f}",
            ", ".join(f"{verb} {ratio:.2f}" for verb, ratio in each.missed.items()) or "none",
        )
        for each in found
    )
    return Table("Goals", head, rows, texts=6)


def _side_by_side(
    results: Sequence[Result], titles: dict[str, str], sizes: Sequence[int]
) -> Table:
    """Put the same wish to every tool beside each other; Stellwerk's plan has no edges."""
    by_verb = {
        (each.row.tool, each.row.verb, each.row.size): each
        for each in results
        if each.row.shape in ("", "flat")
    }
    tools = [tool for tool in titles if tool != BASELINE]
    rows = tuple(
        (
            f"{wish}, {size:,}",
            *(_pair(by_verb.get((tool, words.get(tool, ""), size))) for tool in tools),
        )
        for wish, words in _SIDE.items()
        for size in sizes
    )
    head = ("wall median s (CPU s)", *(titles[tool] for tool in tools))
    return Table("Side by side", head, rows)


def _pair(result: Result | None) -> str:
    if result is None:
        return "not installed"
    above = "> " if result.stopped else ""
    return f"{above}{_seconds(result.wall)} ({_seconds(result.cpu)})"


def _seconds(value: float) -> str:
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"
