"""Calls to models: a line each, and one in full with its messages and its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from stellwerk.analytics.provider_stats import Sum
from stellwerk.cli.figures import dollars
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.amounts import UNKNOWN, duration, tokens
from stellwerk.cli.present.copies import counted
from stellwerk.cli.present.tables import Column, table
from stellwerk.domain.text import clean, one_line
from stellwerk.domain.values import to_data
from stellwerk.planning.failures import UNBILLED
from stellwerk.planning.models import ModelReply
from stellwerk.planning.runs import Call, CallStatus

_STYLES = {"done": "green", "turned down": "yellow", "failed": "red", "sent": "yellow"}
_COLUMNS = (
    Column("#", right=True, style="cyan"),
    Column("STAGE"),
    Column("SUBJECT", shrinks=True),
    Column("MODEL", shrinks=True, style="dim"),
    Column("STATUS"),
    Column("TIME", right=True),
    Column("TOKENS", right=True),
    Column("COST", right=True),
)
_FORGOTTEN = "The texts were forgotten: the log is kept small, or was cleared."


def call_lines(calls: Sequence[Call], width: int, ink: Ink, *, alive: bool) -> Iterator[str]:
    """Yield calls as a table; what is special about one stands below it.

    Args:
        calls: All calls of a run, the oldest first.
        width: Columns there are.
        ink: Colours.
        alive: Whether the run is being worked on, so that calls may be on their way.
    """
    several = len({call.provider for call in calls}) > 1
    rows = [_row(number, call, several=several) for number, call in enumerate(calls, 1)]
    head, *lines = table(_COLUMNS, rows, width, ink)
    yield head
    for line, call in zip(lines, calls, strict=True):
        yield line
        for remark in remarks(call, alive=alive):
            style = "red" if call.status is CallStatus.FAILED else "dim"
            yield f"    {ink(style, remark)}"


def call_text(number: int, call: Call, ink: Ink, *, alive: bool) -> str:
    """Return a call in full."""
    lines = [
        f"{ink('cyan', f'Call {number}')} {ink('bold', _subject(call))}",
        _field(ink, "Asked", _who(call)),
        _field(ink, "At", one_line(call.base_url)) if call.base_url else "",
        _field(ink, "Prompt", f"{one_line(call.prompt)}, JSON by {call.mode}"),
        _field(ink, "Status", _status(call)),
        _field(ink, "Took", _took(call)),
        _field(ink, "Tokens", _tokens_told(call)),
        _field(ink, "Cost", _cost(call)),
    ]
    if call.reply and call.reply.request_id:
        lines.append(_field(ink, "Request", one_line(call.reply.request_id)))
    lines += [_field(ink, "Note", remark) for remark in remarks(call, alive=alive)]
    parts = ["\n".join(line for line in lines if line)]
    if not call.request:
        return "\n\n".join([*parts, ink("dim", _FORGOTTEN)])
    for message in messages(call):
        role = f"── {one_line(str(message.get('role')))} ──"
        parts += [ink("cyan", role), clean(str(message.get("content")))]
    answer = "── answer ──" if call.status is CallStatus.DONE else "── what came instead ──"
    parts.append(ink("cyan", answer))
    parts.append(clean(raw(call.reply)) if call.reply else ink("dim", "There is none."))
    return "\n\n".join(parts)


def call_data(number: int, call: Call, *, texts: bool) -> dict[str, Any]:
    """Return a call as JSON data.

    Args:
        number: Its place among those of its run, from 1.
        call: The call.
        texts: Whether its messages and its answer are given.
    """
    names = (
        *("uid", "stage", "subject", "ask", "attempt", "provider", "base_url", "model"),
        *("prompt", "mode", "started_at", "finished_at", "accepted", "repaired"),
        *("expires_at", "reused"),
    )
    return {
        "number": number,
        **{name: to_data(getattr(call, name)) for name in names},
        "status": call.status.value,
        "failure": call.failure.value if call.failure else None,
        "error": call.error or None,
        "seconds": _time(call).total_seconds() if call.finished_at else None,
        "input_tokens": call.usage.input_tokens,
        "cached_tokens": call.usage.cached_tokens,
        "output_tokens": call.usage.output_tokens,
        "reasoning_tokens": call.usage.reasoning_tokens,
        "cost_micro": call.usage.cost_micro,
        "request_id": (call.reply.request_id or None) if call.reply else None,
        "messages": messages(call) if texts else [],
        "answer": raw(call.reply) if texts and call.reply else None,
    }


def messages(call: Call) -> list[dict[str, str]]:
    """Return the messages of a call, as far as they were kept."""
    try:
        found = json.loads(call.request or "[]")
    except ValueError:
        return [{"role": UNKNOWN, "content": call.request}]
    return [each for each in found if isinstance(each, dict)]


def raw(reply: ModelReply) -> str:
    """Return an answer as it came, or as JSON where the provider parsed it."""
    return reply.text or json.dumps(reply.data, ensure_ascii=False, indent=2)


def remarks(call: Call, *, alive: bool) -> Iterator[str]:
    """Yield what is special about a call, a line each."""
    if call.failure:
        yield f"{call.failure.value}: {one_line(call.error)}"
    if call.status is CallStatus.STARTED:
        yield "on its way" if alive else "it never ended: it may have been billed"
    words = []
    if call.ask:
        words.append(f"asked again after {counted(call.ask, 'answer')} did not fit")
    if call.attempt > 1:
        words.append(f"attempt {call.attempt}")
    if call.repaired:
        words.append("its text was repaired")
    if call.reused:
        words.append(f"reused {'once' if call.reused == 1 else f'{call.reused} times'}")
    if words:
        yield ", ".join(words)


def _row(number: int, call: Call, *, several: bool) -> list[str | tuple[str, str]]:
    status = _status(call)
    return [
        str(number),
        one_line(call.stage),
        one_line(call.subject),
        _who(call) if several else one_line(call.model),
        (status, _STYLES[status]),
        _took(call),
        _used(call),
        _cost(call),
    ]


def _status(call: Call) -> str:
    if call.status is CallStatus.DONE:
        return "done" if call.accepted else "turned down"
    return "failed" if call.status is CallStatus.FAILED else "sent"


def _who(call: Call) -> str:
    return f"{one_line(call.provider)} {one_line(call.model)}".strip()


def _subject(call: Call) -> str:
    return f"{one_line(call.stage)}: {one_line(call.subject)}"


def _time(call: Call) -> timedelta:
    return (call.finished_at or call.started_at) - call.started_at


def _took(call: Call) -> str:
    return duration(_time(call)) if call.finished_at else "-"


def _used(call: Call) -> str:
    parts = (call.usage.input_tokens, call.usage.output_tokens)
    known = [part for part in parts if part is not None]
    if not known and _unused(call):
        return "-"
    return tokens(Sum(sum(known), len(parts) - len(known)))


def _tokens_told(call: Call) -> str:
    usage = call.usage
    sides = (
        (usage.input_tokens, "in", usage.cached_tokens, "cached"),
        (usage.output_tokens, "out", usage.reasoning_tokens, "for reasoning"),
    )
    told = []
    for number, word, some, what in sides:
        part = UNKNOWN if number is None else f"{number:,}"
        told.append(f"{part} {word}" + (f" ({some:,} {what})" if some else ""))
    return ", ".join(told)


def _cost(call: Call) -> str:
    if call.usage.cost_micro is not None:
        return dollars(call.usage.cost_micro)
    return "-" if _unused(call) else UNKNOWN


def _unused(call: Call) -> bool:
    """Whether no model worked on a call, so far as anybody knows."""
    return call.finished_at is None or call.failure in UNBILLED


def _field(ink: Ink, name: str, value: str) -> str:
    return f"{ink('dim', f'{name:<9}')} {value}"
