"""Findings for people: grouped by item in the order of the plan, with what mends them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from stellwerk.cli.figures import grade, several
from stellwerk.cli.findings.checking import Checked, Placed
from stellwerk.cli.findings.folding import Noted, told_and_noted
from stellwerk.cli.findings.places import Place
from stellwerk.cli.findings.running import Done
from stellwerk.cli.folding import folded
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.tables import cells
from stellwerk.domain.text import one_line, shortened
from stellwerk.validation.findings import Finding, Severity

_STYLES: Final = {
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Severity.INFO: "blue",
}
_WORDS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}
_INDENT: Final = 17
_WIDEST: Final = 100
_QUOTE: Final = 200
_COMPARED: Final = 60


def findings_text(
    done: Sequence[Done], ink: Ink, width: int, *, each: bool = False, dry_run: bool = False
) -> str:
    """Return what was found in some plans.

    Args:
        done: What was done with each of them.
        ink: Colours.
        width: Columns to write to.
        each: Whether what is only noted is told one by one.
        dry_run: Whether fixes are shown and not made.
    """
    page = _Page(ink, max(min(width, _WIDEST), 2 * _INDENT))
    parts = ["\n".join(page.plan(one, each=each, dry_run=dry_run)) for one in done]
    if len(done) > 1:
        total: Counter[Severity] = Counter()
        for one in done:
            total.update(one.checked.counts)
        parts.append(f"{len(done)} plans: {counts_text(total)}")
    return "\n\n".join(parts)


def counts_text(counts: Mapping[Severity, int]) -> str:
    """Return how many findings there are, as in `3 findings: 1 error, 2 notes`."""
    total = sum(counts.values())
    told = [several(counts[each], _WORDS[each]) for each in Severity if counts[each]]
    return f"{several(total, 'finding')}: {', '.join(told)}." if total else "No findings."


def fixes_text(done: Done, *, dry_run: bool) -> list[str]:
    """Return what was fixed, or would be, a line each; and why it was not."""
    if not done.fixes:
        return []
    count = several(len(done.fixes), "finding")
    head = "Would fix" if dry_run else "Fixed" if done.written else "Could fix"
    lines = [f"{head} {count} of {done.checked.target.name}:"]
    lines += [f"  {fix.code:<5} {one_line(fix.says)}" for fix in done.fixes]
    return [*lines, done.refusal] if done.refusal else lines


class _Page:
    """Writes findings into so many columns."""

    def __init__(self, ink: Ink, width: int) -> None:
        self.ink = ink
        self.width = width

    def plan(self, done: Done, *, each: bool, dry_run: bool) -> Iterator[str]:
        """Yield what there is to say about a plan, its head first and its sum last."""
        checked, ink = done.checked, self.ink
        title = one_line(checked.target.plan.goal.title) if checked.target.plan else ""
        yield from self._pair(("bold", title), ("cyan", one_line(checked.target.name)))
        if fixes := fixes_text(done, dry_run=dry_run):
            yield ""
            yield from (line for fix in fixes for line in self._fit(fix))
        told, noted = told_and_noted(checked, each=each)
        for ref, group in groupby(told, key=lambda placed: placed.finding.ref):
            yield ""
            yield from self._item(ref, list(group))
        if noted:
            yield ""
            yield ink("bold", "Noted") + ink("dim", "  (-v shows each)")
            yield from (line for many in noted for line in self._noted(many))
        yield ""
        yield from self._fit(_sum(checked, fixing=bool(done.fixes)))

    def _item(self, ref: str, group: list[Placed]) -> Iterator[str]:
        """Yield an item with its findings."""
        first = group[0]
        name = f"{ref} {one_line(first.title)}" if ref else "The plan"
        yield from self._pair(("bold", name), ("dim", _where(first.item)))
        for placed in group:
            yield from self._finding(placed.finding)

    def _finding(self, finding: Finding) -> Iterator[str]:
        message = one_line(finding.message).removeprefix(f"{finding.ref}: ")
        yield from self._row(finding.code, finding.severity, message)
        quote = one_line(finding.quote)
        if quote and quote[:_COMPARED] not in message:
            yield from self._below(f"“{shortened(quote, _QUOTE)}”")
        if finding.hint:
            yield from self._below(f"→ {one_line(finding.hint)}", "dim")

    def _noted(self, noted: Noted) -> Iterator[str]:
        yield from self._row(noted.code, Severity.INFO, noted.says)

    def _row(self, code: str, severity: Severity, message: str) -> Iterator[str]:
        style, word = _STYLES[severity], _WORDS[severity]
        first, *more = self._lines(message)
        yield f"  {self.ink(style, f'{code:<5}')} {self.ink(style, f'{word:<7}')}  {first}"
        yield from (f"{'':<{_INDENT}}{line}" for line in more)

    def _below(self, text: str, style: str = "") -> Iterator[str]:
        yield from (f"{'':<{_INDENT}}{self.ink(style, line)}" for line in self._lines(text))

    def _lines(self, text: str) -> list[str]:
        return [line.strip() for line in self._fit(text, _INDENT)]

    def _pair(self, one: tuple[str, str], other: tuple[str, str]) -> Iterator[str]:
        """Yield two texts, each with its style, on one line or below each other."""
        told = [(style, text) for style, text in (one, other) if text]
        if sum(cells(text) for _, text in told) + 2 <= self.width:
            yield "  ".join(self.ink(style, text) for style, text in told)
            return
        for at, (style, text) in enumerate(told):
            indent = "  " if at else ""
            lines = self._fit(text, len(indent))
            yield from (f"{indent}{self.ink(style, line)}" for line in lines)

    def _fit(self, text: str, indent: int = 0) -> Iterator[str]:
        """Yield a text folded at words; a word that is too long, such as a URL, is broken."""
        room = self.width - indent
        for line in folded(text, room).split("\n"):
            yield from _broken(line, room)


def _broken(line: str, room: int) -> Iterator[str]:
    """Yield a line in parts that fit."""
    while cells(line) > room:
        end = room
        while cells(line[:end]) > room:
            end -= 1
        yield line[:end]
        line = line[end:]
    yield line


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    return f"{place.file}:{place.line}" if place.file else f"line {place.line}"


def _sum(checked: Checked, *, fixing: bool) -> str:
    """Return the last line: how many findings there are, and how good the plan is."""
    told = counts_text(checked.counts)
    if checked.score is None:
        return f"{told} It is no plan yet, so it has no quality."
    told += f" Quality {grade(checked.score.value)}."
    fixable = sum(1 for placed in checked.found if placed.finding.fix is not None)
    mends = f" `--fix` mends {fixable} of them." if fixable and not fixing else ""
    return told + mends
