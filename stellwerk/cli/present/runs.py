"""Planning runs: a line each, and one in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from stellwerk.analytics.provider_stats import Sum, provider_stats, total
from stellwerk.cli.figures import amount, dollars
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.amounts import (
    ago,
    clock,
    cost,
    duration,
    span,
    sum_data,
    tokens,
)
from stellwerk.cli.present.copies import counted
from stellwerk.cli.present.tables import Column, table
from stellwerk.domain.text import one_line
from stellwerk.domain.values import to_data
from stellwerk.planning.runs import Call, CallStatus, Purpose, Run, RunStatus
from stellwerk.providers.budget import Amount

STOPPED = frozenset({RunStatus.INTERRUPTED, RunStatus.FAILED})
"""Runs that stopped before they were done."""
_STYLES = {
    RunStatus.RUNNING: "bold yellow",
    RunStatus.INTERRUPTED: "yellow",
    RunStatus.FAILED: "red",
    RunStatus.DONE: "green",
}
_PURPOSES = {
    Purpose.PLAN: "to plan",
    Purpose.REFINE: "to refine a plan",
    Purpose.EXPAND: "to put a plan in more detail",
}
_COLUMNS = (
    Column("RUN", style="cyan"),
    Column("STATUS"),
    Column("FOR"),
    Column("AGE", right=True, style="dim"),
    Column("GOAL", shrinks=True),
    Column("CALLS", right=True),
    Column("TOKENS", right=True),
    Column("COST", right=True),
)


class Tally(NamedTuple):
    """A run with what its calls add up to.

    Attributes:
        run: The run.
        calls: Requests that were sent.
        answers: Those that were answered.
        open: Those that nobody knows the end of.
        input_tokens: Of the questions.
        output_tokens: Of the answers.
        cost_micro: In millionths of a US dollar.
    """

    run: Run
    calls: int
    answers: int
    open: int
    input_tokens: Sum
    output_tokens: Sum
    cost_micro: Sum

    @property
    def tokens(self) -> Sum:
        """Tokens of questions and answers together."""
        return total((self.input_tokens, self.output_tokens))

    @property
    def maybe_billed(self) -> int:
        """Requests of which nobody will ever know whether they were billed."""
        return 0 if self.run.status is RunStatus.RUNNING else self.open


def tally(run: Run, calls: Sequence[Call]) -> Tally:
    """Return a run with what its calls add up to."""
    series = provider_stats(calls)
    return Tally(
        run=run,
        calls=len(calls),
        answers=sum(call.status is CallStatus.DONE for call in calls),
        open=sum(call.status is CallStatus.STARTED for call in calls),
        input_tokens=total(each.input_tokens for each in series),
        output_tokens=total(each.output_tokens for each in series),
        cost_micro=total(each.cost_micro for each in series),
    )


def runs_text(tallies: Sequence[Tally], now: datetime, width: int, ink: Ink) -> str:
    """Return runs as a table; why one stopped stands below it."""
    if not tallies:
        return "No planning run is kept. Playbooks need none: nobody is asked."
    rows = [_row(each, now) for each in tallies]
    head, *lines = table(_COLUMNS, rows, width, ink)
    told = [head]
    for line, each in zip(lines, tallies, strict=True):
        told += [line, *(f"  {ink('dim', remark)}" for remark in _remarks(each))]
    waiting = next((each.run for each in tallies if resumable(each.run)), None)
    if waiting:
        told += ["", f"Go on with one:  {ink('cyan', f'stellwerk resume {waiting.short}')}"]
    return "\n".join(told)


def resumable(run: Run) -> bool:
    """Whether a run can go on by itself."""
    return run.status in STOPPED and run.purpose is Purpose.PLAN


def run_data(each: Tally) -> dict[str, Any]:
    """Return a run as JSON data, without its calls."""
    run = each.run
    return {
        "uid": run.uid,
        "run": run.short,
        "purpose": run.purpose.value,
        "status": run.status.value,
        "started_at": to_data(run.started_at),
        "finished_at": to_data(run.finished_at),
        "title": run.wish.title,
        "goal": run.goal,
        "providers": list(run.providers),
        "model": run.model or None,
        "calls": each.calls,
        "answers": each.answers,
        "maybe_billed": each.maybe_billed,
        "input_tokens": sum_data(each.input_tokens),
        "output_tokens": sum_data(each.output_tokens),
        "cost_micro": sum_data(each.cost_micro),
        "error": run.error or None,
    }


def wish_data(run: Run) -> dict[str, Any]:
    """Return what a run was asked for as JSON data."""
    wish = run.wish
    return {
        "title": wish.title,
        "description": wish.description or None,
        "context": wish.context or None,
        "people": list(wish.people),
        "size": wish.size,
        "language": wish.language,
    }


def limits_data(run: Run, spent: Amount) -> dict[str, Any]:
    """Return what a run may use, and what counts against that, as JSON data."""
    used = {"cost_micro": spent.micro, "calls": spent.calls, "tokens": spent.tokens}
    limits = run.limits._asdict()
    return {name: {"limit": limits[name], "used": used[name]} for name in used}


def run_lines(each: Tally, spent: Amount, now: datetime, ink: Ink) -> Iterator[str]:
    """Yield a run in full, without its plan and its calls."""
    run, wish = each.run, each.run.wish
    yield f"{ink('cyan', run.short)} {ink('bold', wish.title)}"
    yield _field(
        ink, "Status", f"{ink(_STYLES[run.status], run.status.value)}{_when(run, now)}"
    )
    yield _field(ink, "Purpose", _PURPOSES[run.purpose])
    if run.error:
        yield _field(ink, "Stopped", one_line(run.error))
    if wish.people:
        yield _field(ink, "People", ", ".join(wish.people))
    yield _field(ink, "Size", f"{wish.size}, language {wish.language}")
    yield _field(ink, "Asks", _asks(run))
    yield _field(ink, "Used", _used(each))
    yield _field(ink, "Limits", _limits(run, spent))
    if each.maybe_billed:
        yield _field(ink, "Note", _maybe_billed(each.maybe_billed))
    for name, text in (("description", wish.description), ("context", wish.context)):
        if text:
            yield f"\n{ink('dim', f'Its {name}:')}\n{text}"


def next_step(run: Run, slug: str | None) -> tuple[str, str]:
    """Return what can be done with a run: a command, and what for.

    Args:
        run: The run.
        slug: The goal it made, if that is still there.
    """
    if resumable(run):
        return f"stellwerk resume {run.short}", "go on; what was answered is kept"
    if run.status is RunStatus.RUNNING:
        return f"stellwerk runs show {run.short} --calls", "what it is doing"
    if run.purpose is not Purpose.PLAN and slug and run.status in STOPPED:
        return f"stellwerk {run.purpose} -g {slug}", "say the same again as then"
    if run.purpose is not Purpose.PLAN:
        return f"stellwerk runs drop {run.short}", "forget what it asked"
    if slug:
        return f"stellwerk show -g {slug}", "the plan it made"
    return f"stellwerk runs drop {run.short}", "forget it; its plan is not here any more"


def step_lines(steps: Sequence[tuple[str, str]], ink: Ink) -> list[str]:
    """Return commands that may come next, each with what it is for."""
    wide = max(len(command) for command, _ in steps)
    return [
        f"  {ink('cyan', f'{command:<{wide}}')}  {ink('dim', why)}" for command, why in steps
    ]


def dropped_text(each: Tally) -> str:
    """Return what goes with a run."""
    lost = counted(each.calls, "call")
    if each.answers:
        paid = f" ({cost(each.cost_micro)})" if any(each.cost_micro) else ""
        lost += f" and {counted(each.answers, 'paid answer')}{paid}"
    return lost


def _row(each: Tally, now: datetime) -> list[str | tuple[str, str]]:
    run = each.run
    return [
        run.short,
        (run.status.value, _STYLES[run.status]),
        run.purpose.value,
        span(now - run.started_at),
        run.wish.title,
        str(each.calls),
        tokens(each.tokens),
        cost(each.cost_micro),
    ]


def _remarks(each: Tally) -> Iterator[str]:
    if each.run.error and each.run.status in STOPPED:
        yield one_line(each.run.error)
    if each.maybe_billed:
        yield _maybe_billed(each.maybe_billed)


def _maybe_billed(number: int) -> str:
    them = "it" if number == 1 else "they"
    return f"{counted(number, 'call')} never ended: {them} may have been billed"


def _when(run: Run, now: datetime) -> str:
    began = f", began {ago(now - run.started_at)} ({clock(run.started_at)})"
    if run.finished_at is None:
        return began
    return f"{began}, took {duration(run.finished_at - run.started_at)}"


def _asks(run: Run) -> str:
    who = ", then ".join(run.providers) or "nobody"
    model = f" with the model {run.model}" if run.model else ""
    last = ", in the end a playbook" if run.offline else ""
    return f"{who}{model}{last}"


def _used(each: Tally) -> str:
    sums = f"{tokens(each.tokens)} tokens, cost {cost(each.cost_micro)}"
    return f"{counted(each.calls, 'call')}, {sums}"


def _limits(run: Run, spent: Amount) -> str:
    limits = run.limits
    parts = []
    if limits.calls is not None:
        parts.append(f"{spent.calls} of {counted(limits.calls, 'call')}")
    if limits.tokens is not None:
        parts.append(f"{amount(spent.tokens)} of {amount(limits.tokens)} tokens")
    if limits.cost_micro is not None:
        parts.append(f"{dollars(spent.micro)} of {dollars(limits.cost_micro)}")
    return ", ".join(parts) or "none"


def _field(ink: Ink, name: str, value: str) -> str:
    return f"{ink('dim', f'{name:<9}')} {value}"
