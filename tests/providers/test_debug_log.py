"""The debug log holds each call with all that was said, without keys, for its owner alone."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stellwerk.errors import StorageError
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import Mode, ModelReply, ModelRequest, Target, Usage
from stellwerk.providers.debug_log import MOST_RAW, Debugging, Listener, debug_log
from stellwerk.providers.redaction import Redactor
from stellwerk.testing.scripted_provider import Answer, ScriptedProvider

KEY = "open-sesame-0123456789"
REQUEST = ModelRequest(
    "tasks",
    "r1",
    {},
    {},
    "tasks@3",
    lambda: [{"role": "user", "content": f"Break down “Über\nalles” {KEY}"}],
    mode="json",
    max_tokens=500,
)
REPLY = ModelReply(
    text='{"tasks": []}',
    model="wise-2026",
    usage=Usage(12, 3, 45),
    request_id="req-1",
    call="c1",
)


class Wire(ScriptedProvider):
    """A scripted model that is reached at an address."""

    modes: tuple[Mode, ...] = ("json",)

    def target(self, request: ModelRequest) -> Target:
        """Return the same place for all requests."""
        return Target("wise", f"https://ada:{KEY}@api.example.com/v1", {"temperature": 0.2})

    async def close(self) -> None:
        """Let go of nothing."""


class Ticking:
    """A clock on which a quarter of a second passes whenever it is asked."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def now(self) -> datetime:
        """Return the present."""
        return datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        """Return the seconds that passed."""
        self._seconds += 0.25
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds


def debugging(answer: Answer, tell: Listener) -> Debugging:
    """Return the layer around a model that answers."""
    model = Wire(lambda _: answer)
    return Debugging(model.complete, model, "run-1", Ticking(), tell)


def logged(path: Path, answer: Answer = REPLY) -> dict[str, Any]:
    """Make a call with a debug log and return the last line of it."""
    with debug_log(path, Redactor([KEY])) as tell:
        call = debugging(answer, tell)(REQUEST)
        if isinstance(answer, Exception):
            with pytest.raises(type(answer)):
                asyncio.run(call)
        else:
            assert asyncio.run(call) == answer
    text = path.read_text("utf-8")
    assert KEY not in text
    line: dict[str, Any] = json.loads(text.splitlines()[-1])
    return line


def test_a_call_is_one_line_with_all_that_was_said(tmp_path: Path):
    assert logged(tmp_path / "debug.jsonl") == {
        "at": "2026-01-01T09:00:00+00:00",
        "run": "run-1",
        "stage": "tasks",
        "subject": "r1",
        "provider": "scripted",
        "base_url": "https://api.example.com/v1",
        "model": "wise",
        "prompt": "tasks@3",
        "mode": "json",
        "ask": 0,
        "parameters": {"temperature": 0.2, "max_tokens": 500},
        "messages": [{"role": "user", "content": "Break down “Über\nalles” ***"}],
        "seconds": 0.25,
        "call": "c1",
        "answered_by": "wise-2026",
        "request_id": "req-1",
        "finish_reason": "stop",
        "usage": {
            "input_tokens": 12,
            "output_tokens": 3,
            "cost_micro": 45,
            "cached_tokens": None,
            "reasoning_tokens": None,
        },
        "reply": '{"tasks": []}',
    }


def test_a_reply_that_is_data_is_told_as_data(tmp_path: Path):
    reply = ModelReply(data={"tasks": [f"Ask {KEY}"]})
    assert logged(tmp_path / "log", reply)["reply"] == {"tasks": ["Ask ***"]}


def test_a_failed_call_is_told_with_its_raw_reply(tmp_path: Path):
    error = ModelError(
        FailureKind.AUTH,
        f"It refused {KEY}.",
        status=401,
        request_id="req-2",
        raw=f'{{"error": "bad key {KEY}"}}',
    )
    line = logged(tmp_path / "log", error)
    assert (line["failure"], line["message"], line["status"]) == (
        "key refused",
        "It refused ***.",
        401,
    )
    assert (line["raw"], line["request_id"]) == ('{"error": "bad key ***"}', "req-2")
    assert line["messages"]
    assert "raw_cut" not in line


def test_a_long_raw_reply_is_cut_and_a_key_at_the_cut_leaves_nothing(tmp_path: Path):
    raw = "x" * (MOST_RAW - 8) + KEY + "y" * 100
    line = logged(tmp_path / "log", ModelError(FailureKind.GARBLED, "Odd.", raw=raw))
    assert line["raw"] == "x" * (MOST_RAW - 8) + "***" + "y" * 5
    assert line["raw_cut"] == MOST_RAW + 95


def test_a_call_that_was_broken_off_is_told_too(tmp_path: Path):
    heard: list[Any] = []

    async def never(_: ModelRequest) -> ModelReply:
        await asyncio.sleep(60)
        return REPLY

    async def stopped() -> None:
        call = Debugging(never, Wire({}), "run-1", Ticking(), heard.append)
        async with asyncio.timeout(0.01):
            await call(REQUEST)

    with pytest.raises(TimeoutError):
        asyncio.run(stopped())
    assert [line["failure"] for line in heard] == ["broken off"]


def test_the_file_is_the_owners_alone_and_grows(tmp_path: Path):
    path = tmp_path / "log"
    path.write_text("before\n")
    path.chmod(0o644)
    logged(path)
    logged(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().splitlines()[0] == "before"
    assert len(path.read_text().splitlines()) == 3


def test_a_symbolic_link_is_not_followed(tmp_path: Path):
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / "log").symlink_to(target)
    with (
        pytest.raises(StorageError, match="log cannot be written: it is a symbolic link"),
        debug_log(tmp_path / "log", Redactor()),
    ):
        pass
    assert target.read_text() == "precious"


@pytest.mark.parametrize("sort", ["a folder", "a pipe", "a device", "in no folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, sort: str):
    path = tmp_path / "log"
    match sort:
        case "a folder":
            path.mkdir()
        case "a pipe":
            os.mkfifo(path)
        case "a device":
            path = Path("/dev/full")
        case _:
            path = tmp_path / "nowhere" / "log"
    with (
        pytest.raises(StorageError, match=f"The debug log {path} ") as caught,
        debug_log(path, Redactor()),
    ):
        pass
    assert caught.value.hint == "Name another file with --debug-log."


def test_a_full_disk_ends_the_log_and_no_call(tmp_path: Path):
    path, said = tmp_path / "log", list[str]()
    with (
        debug_log(path, Redactor(), said.append) as tell,
        no_file_larger_than(100),
    ):
        for _ in range(2):
            assert asyncio.run(debugging(REPLY, tell)(REQUEST)) == REPLY
    assert [line.partition(": ")[0] for line in said] == [
        f"The debug log {path} cannot be written any longer"
    ]


def test_text_that_is_no_text_is_written_all_the_same(tmp_path: Path):
    assert (
        logged(tmp_path / "log", ModelReply(text="\ud800 broken"))["reply"] == "\ud800 broken"
    )


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
