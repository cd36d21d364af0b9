"""Runs and calls to put into a log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.runs import Call, CallStatus, Limits, Run, RunStatus
from stellwerk.planning.wish import Wish
from stellwerk.testing.clock import FrozenClock

NOW = FrozenClock().now
USAGE = Usage(100, 20, 350, 60, 5)
REPLY = ModelReply(
    data={"routes": ["a", None, 1.5]},
    text='{"routes": …}',
    model="gpt-5-mini-2026",
    usage=USAGE,
    request_id="req-1",
)


def later(seconds: float) -> datetime:
    """Return a time some seconds from the beginning."""
    return NOW + timedelta(seconds=seconds)


def run_uid(number: int) -> str:
    """Return a uid: its number stands in front."""
    return f"{number:08x}{'0' * 24}"


def a_run(number: int = 1, **fields: Any) -> Run:
    """Return a run that began as many seconds after the others as its number."""
    known = {"wish": Wish(f"Goal {number}"), "started_at": later(number)}
    return Run(run_uid(number), **{**known, **fields})


def a_call(number: int = 1, run: int = 1, **fields: Any) -> Call:
    """Return a call that is sent as many seconds after the others as its number."""
    return Call(
        **{
            "uid": f"{number:032x}",
            "run": run_uid(run),
            "key": "key",
            "question": "question",
            "stage": "tasks",
            "subject": "r1",
            "ask": 0,
            "attempt": 1,
            "provider": "openai",
            "base_url": "https://api.example.org/v1",
            "model": "gpt-5-mini",
            "prompt": "tasks@3",
            "template": "digest of the prompt",
            "schema": "digest of the schema",
            "mode": "schema",
            "parameters": '{"effort": "low"}',
            "request": '[{"role": "user", "content": "What now?"}]',
            "reserved_tokens": 4000,
            "reserved_micro": 900,
            "started_at": later(number),
            **fields,
        }
    )


# Whatever a provider may send: halves of characters, nulls, any JSON.
TEXTS = st.text(st.characters(), max_size=20)
MOMENTS = st.integers(-(10**15), 10**15).map(lambda n: NOW + timedelta(microseconds=n))
NUMBERS = st.none() | st.integers(0, 2**63 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
VALID = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
RUNS = st.builds(
    Run,
    uid=VALID,
    wish=st.builds(
        Wish,
        *(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3).map(tuple), VALID, VALID),
    ),
    started_at=MOMENTS,
    providers=st.lists(TEXTS, max_size=3).map(tuple),
    model=VALID,
    offline=st.booleans(),
    fresh=st.booleans(),
    store=st.booleans(),
    limits=st.builds(Limits, NUMBERS, NUMBERS, NUMBERS),
    status=st.sampled_from(RunStatus),
    finished_at=st.none() | MOMENTS,
    goal=st.none() | VALID,
    error=VALID,
)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw a call as a log may hold it."""
    usage = draw(st.builds(Usage, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS))
    uid, provider = draw(VALID), draw(VALID)
    reply = st.builds(
        ModelReply,
        data=JSON,
        text=TEXTS,
        model=VALID,
        finish_reason=st.sampled_from(("stop", "length", "refusal", "filtered", "other")),
        usage=st.just(usage),
        request_id=VALID,
        call=st.just(uid),
        provider=st.just(provider),
    )
    fields = {
        "uid": st.just(uid),
        "provider": st.just(provider),
        **dict.fromkeys(("run", "key", "question", "stage", "subject", "model"), VALID),
        **dict.fromkeys(("prompt", "template", "schema", "mode", "parameters"), VALID),
        **dict.fromkeys(("request", "error", "base_url"), VALID),
        **dict.fromkeys(("ask", "attempt", "reserved_tokens", "reused"), st.integers(0, 99)),
        **dict.fromkeys(("accepted", "repaired"), st.booleans()),
        **dict.fromkeys(("finished_at", "expires_at"), st.none() | MOMENTS),
        "reserved_micro": NUMBERS,
        "started_at": MOMENTS,
        "status": st.sampled_from(CallStatus),
        "reply": st.none() | reply,
        "failure": st.none() | st.sampled_from(FailureKind),
        "usage": st.just(usage),
    }
    return draw(st.builds(Call, **fields))
