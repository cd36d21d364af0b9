"""The answers of models that are kept: how many, which, and what was cleared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from stellwerk.cli.ink import Ink
from stellwerk.cli.present.amounts import clock, span
from stellwerk.cli.present.copies import counted, sized
from stellwerk.cli.present.tables import Column, table
from stellwerk.domain.text import one_line
from stellwerk.domain.values import to_data
from stellwerk.planning.runs import Call, Contents, Forgotten

_COLUMNS = (
    Column("STAGE"),
    Column("SUBJECT", shrinks=True),
    Column("MODEL", shrinks=True, style="dim"),
    Column("AGE", right=True),
    Column("EXPIRES", right=True),
    Column("SIZE", right=True),
    Column("REUSED", right=True),
)


class Kept(NamedTuple):
    """An answer that other runs may reuse.

    Attributes:
        call: The call, whose answer it is; its texts may be left out.
        size: Bytes of its request and its answer.
    """

    call: Call
    size: int


def contents_text(held: Contents, megabytes: int, days: int, ink: Ink) -> str:
    """Return what the call log holds.

    Args:
        held: What it holds.
        megabytes: How large it may become.
        days: For how long an answer may be reused.
        ink: Colours.
    """
    full = held.size / (megabytes * 2**20)
    reuse = f"by other runs, for {counted(days, 'day')} (ai.reuse_days)"
    if not days:
        reuse = "but no run looks for them: ai.reuse_days is 0"
    rows = [
        ("Answers", f"{held.answers:,} of {counted(held.calls, 'call')} are kept"),
        ("Size", f"{_sized(held.size)}, {full:.0%} of {megabytes:,} MB (ai.log_megabytes)"),
        ("Reusable", f"{held.reusable:,} {reuse}"),
        ("Expired", f"{held.expired:,}"),
        ("Hits", f"{held.reused:,} {_times(held.reused)} an answer stood in for a call"),
    ]
    if held.oldest and held.newest:
        rows.append(("Calls", f"from {clock(held.oldest)} to {clock(held.newest)}"))
    return "\n".join(f"{ink('dim', f'{name:<9}')} {value}" for name, value in rows)


def contents_data(held: Contents, megabytes: int, days: int) -> dict[str, Any]:
    """Return what the call log holds as JSON data."""
    return {
        "runs": held.runs,
        "calls": held.calls,
        "answers": held.answers,
        "reusable": held.reusable,
        "expired": held.expired,
        "hits": held.reused,
        "bytes": held.size,
        "most_bytes": megabytes * 2**20,
        "reuse_days": days,
        "oldest_at": to_data(held.oldest),
        "newest_at": to_data(held.newest),
    }


def kept_text(kept: Sequence[Kept], more: int, now: datetime, width: int, ink: Ink) -> str:
    """Return answers as a table; `more` are left out of it."""
    if not kept:
        return "No answer is kept that another run could reuse."
    lines = table(_COLUMNS, [_row(each, now) for each in kept], width, ink)
    if more:
        total = more + len(kept)
        lines.append(
            ink("dim", f"... and {more:,} older ones: stellwerk cache show -n {total}")
        )
    return "\n".join(lines)


def kept_data(each: Kept) -> dict[str, Any]:
    """Return an answer that is kept as JSON data."""
    names = ("stage", "subject", "provider", "model", "prompt", "mode", "reused")
    call = each.call
    return {
        "call": call.uid,
        "run": call.run,
        **{name: getattr(call, name) for name in names},
        "answered_at": to_data(call.finished_at),
        "expires_at": to_data(call.expires_at),
        "bytes": each.size,
        "cost_micro": call.usage.cost_micro,
    }


def cleared_text(gone: Forgotten, dropped: int, left: Contents, *, expired: bool) -> str:
    """Return what was cleared, and what is left."""
    which = "expired answer" if expired else "answer"
    if not gone.calls and not dropped:
        told = f"There was no {which} of a finished run to forget."
    else:
        told = f"Forgot {counted(gone.calls, which)} ({_sized(gone.size)})."
        if dropped:
            told += f" Dropped {counted(dropped, 'run')} that could have been resumed."
    if left.size:
        told += f" {_sized(left.size)} is kept."
    return told


def _row(each: Kept, now: datetime) -> list[str]:
    call = each.call
    return [
        one_line(call.stage),
        one_line(call.subject),
        f"{one_line(call.provider)} {one_line(call.model)}".strip(),
        span(now - (call.finished_at or call.started_at)),
        f"in {span(call.expires_at - now)}" if call.expires_at else "-",
        sized(each.size),
        str(call.reused),
    ]


def _times(number: int) -> str:
    return "time" if number == 1 else "times"


def _sized(size: int) -> str:
    return sized(size) if size else "0 KB"
