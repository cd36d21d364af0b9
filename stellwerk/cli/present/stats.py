"""How providers did, and what planning came to so far: text and data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from stellwerk.analytics.provider_stats import Latency, ProviderStats, total
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.amounts import cost, duration, sum_data, tokens
from stellwerk.cli.present.copies import counted
from stellwerk.cli.present.tables import Cell, Column, table
from stellwerk.domain.goal import Goal, GoalStatus, SourceKind
from stellwerk.domain.text import one_line
from stellwerk.planning.runs import Run, RunStatus

WIDE: Final = 100
"""Columns from which on the table shows everything."""
_SOURCES: Final = {
    SourceKind.PLAYBOOK: "from playbooks",
    SourceKind.MODEL: "by models",
}


class Field(NamedTuple):
    """A column of the table of providers.

    Attributes:
        column: Its head and how it is aligned.
        value: What stands in it.
        widths: Whether it is there on a narrow terminal and on a wide one.
    """

    column: Column
    value: Callable[[ProviderStats], Cell]
    widths: tuple[bool, bool] = (True, True)


def overview_text(
    goals: Sequence[Goal], runs: Sequence[Run], stats: Sequence[ProviderStats], ink: Ink
) -> str:
    """Return a short account of all goals, runs and calls."""
    rows = [("Goals", _goals(goals)), ("Runs", _runs(runs))]
    if stats:
        tokens_ = total(
            part for each in stats for part in (each.input_tokens, each.output_tokens)
        )
        reused = sum(each.reused for each in stats)
        rows += [
            ("Calls", _calls(stats)),
            ("Tokens", tokens(tokens_)),
            ("Cost", cost(total(each.cost_micro for each in stats))),
            ("Reused", f"{counted(reused, 'answer')}, instead of asking again"),
        ]
    lines = [f"{ink('dim', f'{name:<7}')} {value}" for name, value in rows]
    if stats:
        more = ink("cyan", "stellwerk stats --providers")
        lines += ["", f"  {more}  {ink('dim', 'by provider, model and prompt')}"]
    return "\n".join(lines)


def overview_data(
    goals: Sequence[Goal], runs: Sequence[Run], stats: Sequence[ProviderStats]
) -> dict[str, Any]:
    """Return a short account of all goals, runs and calls as JSON data."""
    archived = sum(goal.status is GoalStatus.ARCHIVED for goal in goals)
    standing = Counter(run.status for run in runs)
    return {
        "goals": {"all": len(goals), "archived": archived},
        "runs": {status.value: standing[status] for status in RunStatus},
        "calls": sum(each.calls for each in stats),
        "answers": sum(each.answers for each in stats),
        "failed": sum(sum(each.failures.values()) for each in stats),
        "unfinished": sum(each.unfinished for each in stats),
        "reused": sum(each.reused for each in stats),
        "input_tokens": sum_data(total(each.input_tokens for each in stats)),
        "output_tokens": sum_data(total(each.output_tokens for each in stats)),
        "cost_micro": sum_data(total(each.cost_micro for each in stats)),
    }


def providers_text(stats: Sequence[ProviderStats], since: str, width: int, ink: Ink) -> str:
    """Return how providers did: a table for each model, a row for each prompt.

    Args:
        stats: The figures, sorted by provider and model.
        since: From when on, in words; empty for all that is known.
        width: Columns there are.
        ink: Colours.
    """
    if not stats:
        return f"No model was asked{since}. Playbooks are not: they ask nobody."
    fields = [field for field in _FIELDS if field.widths[width >= WIDE]]
    columns = [field.column for field in fields]
    rows = [[field.value(each) for field in fields] for each in stats]
    head, *lines = table(columns, rows, width - 2, ink)
    told = [f"  {head}"]
    pairs = groupby(zip(stats, lines, strict=True), key=lambda pair: pair[0].series[:2])
    for (provider, model), group in pairs:
        some = list(group)
        name = f"{one_line(provider)} {one_line(model)}".strip()
        told += [ink("bold", name), *(f"  {line}" for _, line in some)]
        told += [f"  {ink('red', each)}" for each in _failures([each for each, _ in some])]
    sums = total(each.cost_micro for each in stats)
    calls = counted(sum(each.calls for each in stats), "call")
    told += ["", ink("dim", f"{calls}{since}, cost {cost(sums)}. Times are those of answers.")]
    return "\n".join(told)


def provider_data(each: ProviderStats) -> dict[str, Any]:
    """Return the figures of one series of calls as JSON data."""
    latency = each.latency
    return {
        **each.series._asdict(),
        "calls": each.calls,
        "answers": each.answers,
        "accepted": each.accepted,
        "repaired": each.repaired,
        "retries": each.retries,
        "unfinished": each.unfinished,
        "failures": {kind.value: number for kind, number in each.failures.items()},
        "reused": each.reused,
        "input_tokens": sum_data(each.input_tokens),
        "output_tokens": sum_data(each.output_tokens),
        "cost_micro": sum_data(each.cost_micro),
        "seconds": _seconds(latency) if latency else None,
    }


def _seconds(latency: Latency) -> dict[str, float]:
    return {name: time.total_seconds() for name, time in latency._asdict().items()}


def _prompt(each: ProviderStats) -> str:
    """Return the prompt of a series, and its stage where that is called otherwise."""
    stage, prompt = one_line(each.series.stage), one_line(each.series.prompt)
    return prompt if prompt.partition("@")[0] == stage else f"{stage} {prompt}".strip()


def _failed(each: ProviderStats) -> Cell:
    number = sum(each.failures.values())
    return (str(number), "red") if number else "0"


def _latency(each: ProviderStats, name: str) -> str:
    return duration(getattr(each.latency, name)) if each.latency else "-"


def _percentiles(each: ProviderStats) -> str:
    """Return all three percentiles in one column: `2.1/4.0/9.7`."""
    if each.latency is None:
        return "-"
    return "/".join(_brief(time.total_seconds()) for time in each.latency)


def _brief(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds < 9.95 else f"{seconds:.0f}"


def _failures(stats: Sequence[ProviderStats]) -> Iterator[str]:
    """Yield what went wrong with the calls of a model, on a line."""
    kinds = sum((Counter(each.failures) for each in stats), Counter())
    parts = [f"{number} {kind.value}" for kind, number in kinds.most_common()]
    unfinished = sum(each.unfinished for each in stats)
    parts += [f"{unfinished} never ended"] if unfinished else []
    if parts:
        yield f"Failed: {', '.join(parts)}"


def _number(value: Callable[[ProviderStats], int]) -> Callable[[ProviderStats], Cell]:
    return lambda each: str(value(each))


_NARROW, _BROAD = (True, False), (False, True)
_FIELDS: Final = (
    Field(Column("PROMPT", shrinks=True, style="cyan"), _prompt),
    Field(Column("CALLS", right=True), _number(lambda each: each.calls)),
    Field(Column("FAIL", right=True), _failed),
    Field(Column("RETRY", right=True), _number(lambda each: each.retries)),
    Field(Column("FIXED", right=True), _number(lambda each: each.repaired)),
    Field(Column("HITS", right=True), _number(lambda each: each.reused)),
    Field(Column("P50/90/99 s", right=True), _percentiles, _NARROW),
    Field(Column("P50", right=True), lambda each: _latency(each, "p50"), _BROAD),
    Field(Column("P90", right=True), lambda each: _latency(each, "p90"), _BROAD),
    Field(Column("P99", right=True), lambda each: _latency(each, "p99"), _BROAD),
    Field(
        Column("TOKENS", right=True),
        lambda each: tokens(total((each.input_tokens, each.output_tokens))),
        _NARROW,
    ),
    Field(Column("IN", right=True), lambda each: tokens(each.input_tokens), _BROAD),
    Field(Column("OUT", right=True), lambda each: tokens(each.output_tokens), _BROAD),
    Field(Column("COST", right=True), lambda each: cost(each.cost_micro)),
)


def _goals(goals: Sequence[Goal]) -> str:
    parts = [
        f"{number} {_SOURCES[kind]}"
        for kind in _SOURCES
        if (number := sum(goal.source.kind is kind for goal in goals))
    ]
    archived = sum(goal.status is GoalStatus.ARCHIVED for goal in goals)
    parts += [f"{archived} archived"] if archived else []
    return _with_parts(len(goals), parts)


def _runs(runs: Sequence[Run]) -> str:
    standing = Counter(run.status for run in runs)
    parts = [f"{standing[s]} {s.value}" for s in RunStatus if standing[s]]
    return _with_parts(len(runs), parts) if runs else "none that asked a model"


def _calls(stats: Sequence[ProviderStats]) -> str:
    numbers = (
        (sum(each.answers for each in stats), "answered"),
        (sum(sum(each.failures.values()) for each in stats), "failed"),
        (sum(each.unfinished for each in stats), "never ended"),
    )
    parts = [f"{number} {word}" for number, word in numbers if number]
    return _with_parts(sum(each.calls for each in stats), parts)


def _with_parts(number: int, parts: Sequence[str]) -> str:
    return f"{number:,}" + (f" ({', '.join(parts)})" if parts else "")
