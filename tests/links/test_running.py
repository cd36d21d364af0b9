"""The check is called like any function, and Ctrl-C ends it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stellwerk_links.outcomes import Kind
from stellwerk_links.running import finished
from tests.links.conftest import Serve
from tests.links.doubles import checker, outcome
from tests.links.servers import status

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys, time
sys.path.insert(0, {root!r})
from stellwerk_links.memory import Memory
from stellwerk_links.resolving import system_addresses
from tests.links.doubles import checker
from tests.links.servers import Site

def hang(*args, **more):
    print("asked", flush=True)
    time.sleep(60)

async def hanging(host):
    return await system_addresses(host, hang)

site = Site({{}}, port={port})
asked = checker(site, names=hanging, memory=Memory())
try:
    asked.outcomes({urls!r})
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


async def _answer() -> str:
    await asyncio.sleep(0)
    return "answer"


def test_a_coroutine_is_finished_where_no_loop_runs():
    assert finished(_answer()) == "answer"


def test_a_coroutine_is_finished_where_a_loop_runs(serve: Serve):
    site = serve({"*": status(200)})

    async def inside() -> tuple[str, Kind]:
        return finished(_answer()), outcome(checker(site), site.url()).kind

    assert asyncio.run(inside()) == ("answer", Kind.FOUND)


def test_what_a_coroutine_raises_is_raised():
    async def failing() -> None:
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        finished(failing())


def test_nothing_is_left_under_way():
    ended = []

    async def other() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def leaving() -> asyncio.Task[None]:
        task = asyncio.create_task(other())
        await asyncio.sleep(0)
        return task

    assert finished(leaving()).cancelled()
    assert ended == [True]


@pytest.mark.parametrize("waits_for", ["an answer", "a lookup"])
def test_ctrl_c_ends_the_check_within_a_second(serve: Serve, tmp_path: Path, waits_for: str):
    """And what was found out before is remembered."""
    site = serve({"/quick": status(200), "*": status(200, after=60)})
    urls = {
        "an answer": [site.url("/quick"), site.url("/a"), site.url("/b")],
        "a lookup": [f"http://pages.example.org:{site.port}/"],
    }[waits_for]
    code = SCRIPT.format(root=str(ROOT), port=site.port, urls=urls)
    environ = {"XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        if waits_for == "a lookup":
            assert process.stdout.readline() == "asked\n"
        else:
            _until_asked(site.asked, 3)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        took = time.monotonic() - begin
    assert (out, err) == ("interrupted\n", "")
    assert took < 1.0
    assert (tmp_path / "stellwerk/links/cache.db").exists()


def _until_asked(asked: list[str], count: int) -> None:
    end = time.monotonic() + 30
    while len(asked) < count and time.monotonic() < end:
        time.sleep(0.02)
    assert len(asked) == count
