"""Runs and calls as table rows and back. Pure.

A row is a tuple in the order of `RUNS` or `CALLS`. Whatever text a provider sends has to go
in and come out as it was: what is no valid text in a database is kept as JSON escapes.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.runs import Call, CallStatus, Limits, Purpose, Run, RunStatus
from stellwerk.planning.wish import Background, Wish
from stellwerk.storage.rows import Cell, Row

RUNS: Final = (
    *("uid", "goal_uid", "status", "wish", "providers", "model", "offline", "fresh", "store"),
    "purpose",
    *("started_at", "finished_at", "max_cost_micro", "max_calls", "max_tokens", "error"),
)
CALLS: Final = (
    *("uid", "run_uid", "content_key", "question", "stage", "subject", "ask", "attempt"),
    *("provider", "base_url", "model", "prompt", "template_hash", "schema_hash", "mode"),
    *("parameters", "reserved_tokens", "reserved_micro", "started_at", "status"),
    *("answered_by", "finish_reason", "request_id", "failure", "error", "input_tokens"),
    *("cached_tokens", "output_tokens", "reasoning_tokens", "cost_micro", "finished_at"),
    *("accepted", "repaired", "expires_at", "reused", "size", "request", "reply"),
)
_LARGEST: Final = 2**63 - 1


def run_row(run: Run) -> Row:
    """Return the row of a run."""
    return (
        *(run.uid, run.goal, run.status.value, _json(asdict(run.wish)), _json(run.providers)),
        *(_text(run.model), int(run.offline), int(run.fresh), int(run.store)),
        run.purpose.value,
        *(moment_cell(run.started_at), _when(run.finished_at), *run.limits, _text(run.error)),
    )


def run_of(row: Row) -> Run:
    """Return the run of a row that `run_row` made."""
    cell: dict[str, Any] = dict(zip(RUNS, row, strict=True))
    wish = json.loads(cell["wish"])
    return Run(
        uid=cell["uid"],
        wish=_wish(wish),
        started_at=datetime.fromisoformat(cell["started_at"]),
        providers=tuple(json.loads(cell["providers"])),
        model=cell["model"],
        offline=bool(cell["offline"]),
        fresh=bool(cell["fresh"]),
        store=bool(cell["store"]),
        purpose=Purpose(cell["purpose"]),
        limits=Limits(cell["max_cost_micro"], cell["max_calls"], cell["max_tokens"]),
        status=RunStatus(cell["status"]),
        finished_at=_moment(cell["finished_at"]),
        goal=cell["goal_uid"],
        error=cell["error"],
    )


def _wish(told: dict[str, Any]) -> Wish:
    background = tuple(Background(**each) for each in told.get("background", ()))
    return Wish(**{**told, "people": tuple(told.get("people", ())), "background": background})


def call_row(call: Call) -> Row:
    """Return the row of a call."""
    reply, usage = call.reply, call.usage
    request, answer = _text(call.request), _answer(reply)
    return (
        *(call.uid, call.run, call.key, call.question, call.stage, _text(call.subject)),
        *(call.ask, call.attempt, call.provider, call.base_url, call.model, call.prompt),
        *(call.template, call.schema, call.mode, _text(call.parameters)),
        *(_number(call.reserved_tokens), _number(call.reserved_micro)),
        *(
            moment_cell(call.started_at),
            call.status.value,
            _text(reply.model if reply else ""),
        ),
        *(reply.finish_reason if reply else "", _text(reply.request_id if reply else "")),
        *(call.failure.value if call.failure else None, _text(call.error)),
        *(_number(usage.input_tokens), _number(usage.cached_tokens)),
        *(_number(usage.output_tokens), _number(usage.reasoning_tokens)),
        *(_number(usage.cost_micro), _when(call.finished_at), int(call.accepted)),
        *(int(call.repaired), _when(call.expires_at), call.reused, size_of(call)),
        *(request, answer),
    )


def call_of(row: Row) -> Call:
    """Return the call of a row that `call_row` made."""
    cell: dict[str, Any] = dict(zip(CALLS, row, strict=True))
    usage = Usage(
        input_tokens=cell["input_tokens"],
        output_tokens=cell["output_tokens"],
        cost_micro=cell["cost_micro"],
        cached_tokens=cell["cached_tokens"],
        reasoning_tokens=cell["reasoning_tokens"],
    )
    return Call(
        uid=cell["uid"],
        run=cell["run_uid"],
        key=cell["content_key"],
        question=cell["question"],
        stage=cell["stage"],
        subject=cell["subject"],
        ask=cell["ask"],
        attempt=cell["attempt"],
        provider=cell["provider"],
        base_url=cell["base_url"],
        model=cell["model"],
        prompt=cell["prompt"],
        template=cell["template_hash"],
        schema=cell["schema_hash"],
        mode=cell["mode"],
        parameters=cell["parameters"],
        request=cell["request"],
        reserved_tokens=cell["reserved_tokens"],
        reserved_micro=cell["reserved_micro"],
        started_at=datetime.fromisoformat(cell["started_at"]),
        status=CallStatus(cell["status"]),
        reply=_reply(cell, usage),
        failure=FailureKind(cell["failure"]) if cell["failure"] else None,
        error=cell["error"],
        usage=usage,
        finished_at=_moment(cell["finished_at"]),
        accepted=bool(cell["accepted"]),
        repaired=bool(cell["repaired"]),
        expires_at=_moment(cell["expires_at"]),
        reused=cell["reused"],
    )


def size_of(call: Call) -> int:
    """Return the bytes of the texts of a call's request and answer."""
    return len(_text(call.request).encode()) + len((_answer(call.reply) or "").encode())


def moment_cell(moment: datetime) -> str:
    """Return a time as text that sorts as times do, to the microsecond."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


def _reply(cell: dict[str, Any], usage: Usage) -> ModelReply | None:
    if cell["reply"] is None:
        return None
    answer = json.loads(cell["reply"])
    return ModelReply(
        data=answer["data"],
        text=answer["text"],
        model=cell["answered_by"],
        finish_reason=cell["finish_reason"],
        usage=usage,
        request_id=cell["request_id"],
        call=cell["uid"],
        provider=cell["provider"],
    )


def _answer(reply: ModelReply | None) -> str | None:
    return None if reply is None else _json({"data": reply.data, "text": reply.text})


def _json(value: Any) -> str:
    """Return JSON that reads well, unless it holds halves of characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if _valid(text) else json.dumps(value)


def _text(text: str) -> str:
    """Return a text with a question mark for each half of a character, and for each null."""
    text = text if _valid(text) else text.encode(errors="replace").decode()
    return text.replace("\0", "?")


def _valid(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(number: int | None) -> Cell:
    """Return a number as large as a database can hold."""
    return None if number is None else min(number, _LARGEST)


def _when(moment: datetime | None) -> str | None:
    return moment_cell(moment) if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
