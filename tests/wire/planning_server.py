"""A server that plans: it speaks two chat protocols, answers every stage, and can fail.

Its answers depend on the request alone, so a run that is resumed gets what it would have got.
Which requests fail is drawn from the seed, the request and how often it came before.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
import ssl
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.wire.answers import draft_for, stage_of
from tests.wire.trouble import FAULTS, HUGE, Reply, told

_HANG_SECONDS: Final = 3600.0
_PIECE: Final = b" " * 1_000_000
ASKED, SENT = "asked", "sent"


@dataclass(frozen=True)
class Behaviour:
    """How a server answers.

    Attributes:
        latency: Seconds before each answer.
        rate: Share of requests that fail.
        faults: The ways in which they do.
        seed: Decides which.
        sound: How many requests are answered well before any fails.
        routes: How many routes a plan has.
        tasks: How many tasks a route has.
        journal: A file that gets a line of JSON for each request, before it is answered, and
            for each answer, once all of it is sent.
        tokens: Tokens of question and answer that each answer tells of.
        retry_after: What a 429 asks to wait, seconds.
    """

    latency: float = 0.0
    rate: float = 0.0
    faults: tuple[str, ...] = FAULTS
    seed: int = 0
    sound: int = 0
    routes: int = 6
    tasks: int = 2
    journal: Path | None = None
    tokens: tuple[int, int] = (1000, 500)
    retry_after: float = 1.0


class Entry(NamedTuple):
    """A line of the journal.

    Attributes:
        event: `asked` or `sent`.
        digest: Of the request's body.
        at: When, on the monotonic clock of this machine.
        stage: Which stage asked.
        fault: What was done wrong on purpose.
    """

    event: str
    digest: str
    at: float
    stage: str
    fault: str


class Asked(NamedTuple):
    """A request.

    Attributes:
        method: `GET` or `POST`.
        path: Where it was sent.
        headers: As they came, as one text.
        body: What it holds.
    """

    method: str
    path: str
    headers: str
    body: bytes


@dataclass
class PlanningServer:
    """The server, to be used with `async with`.

    Attributes:
        behaviour: How it answers; it may change while it does.
        tls: What it encrypts with, if it does.
        entries: The journal.
        bodies: The body of each request, in order.
        failed: How often each fault was injected.
    """

    behaviour: Behaviour = field(default_factory=Behaviour)
    tls: ssl.SSLContext | None = None
    entries: list[Entry] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)

    async def __aenter__(self) -> PlanningServer:
        self._times: Counter[str] = Counter()
        self._open: set[asyncio.StreamWriter] = set()
        self._waiting = asyncio.Event()
        self._server = await asyncio.start_server(self._served, "127.0.0.1", 0, ssl=self.tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self._waiting.set()
        for writer in self._open:
            writer.transport.abort()
        await asyncio.sleep(0)

    @property
    def root(self) -> str:
        """Where it is, without a path."""
        port = self._server.sockets[0].getsockname()[1]
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{port}"

    @property
    def url(self) -> str:
        """Its base URL for OpenAI's protocol; Anthropic's is `root`."""
        return f"{self.root}/v1"

    async def _served(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while asked := await _read(reader):
                if not await self._replied(asked, writer):
                    break
        self._open.discard(writer)
        writer.close()

    async def _replied(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Reply to one request; false where the connection is to be closed."""
        if asked.path == "/v1/models":
            listed = {"object": "list", "data": [{"id": "planner-1", "object": "model"}]}
            return await _send(writer, Reply(200, json.dumps(listed)))
        if asked.path not in ("/v1/chat/completions", "/v1/messages"):
            return await _send(writer, Reply(404, json.dumps({"detail": "Not Found"})))
        return await self._answered(asked, writer)

    async def _answered(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Answer a question; false where the connection is to be closed."""
        body = json.loads(asked.body)
        digest, stage = hashlib.sha256(asked.body).hexdigest(), stage_of(body)
        fault = self._fault(digest)
        self.bodies.append(body)
        self._note(ASKED, digest, stage, fault)
        self._times[digest] += 1
        self.failed[fault] += bool(fault)
        if fault == "timeout":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._waiting.wait(), _HANG_SECONDS)
            return False
        behaviour = self.behaviour
        await asyncio.sleep(behaviour.latency)
        if fault == "drop":
            writer.transport.abort()
            return False
        if fault == "huge":
            return await _flood(writer)
        text = json.dumps(draft_for(body, behaviour.routes, behaviour.tasks))
        anthropic = asked.path.endswith("/messages")
        reply = told(fault, text, behaviour.tokens, anthropic=anthropic)
        if fault == "429":
            reply = reply._replace(headers={"retry-after": f"{behaviour.retry_after:g}"})
        lasting = await _send(writer, reply)
        self._note(SENT, digest, stage, fault)
        return lasting

    def _note(self, event: str, digest: str, stage: str, fault: str) -> None:
        entry = Entry(event, digest, time.monotonic(), stage, fault)
        self.entries.append(entry)
        if self.behaviour.journal:
            with self.behaviour.journal.open("a") as journal:
                journal.write(f"{json.dumps(entry._asdict())}\n")

    def _fault(self, digest: str) -> str:
        if len(self.bodies) < self.behaviour.sound:
            return ""
        drawn = random.Random(f"{self.behaviour.seed} {digest} {self._times[digest]}")
        if drawn.random() >= self.behaviour.rate:
            return ""
        return drawn.choice(self.behaviour.faults)


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    """Return the next request, or nothing at the end."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    line, _, headers = head.partition("\r\n")
    method, path, *_ = [*line.split(" "), "", ""]
    length = re.search(r"content-length: *(\d+)", headers, re.IGNORECASE)
    body = await reader.readexactly(int(length[1])) if length else b""
    return Asked(method, path, headers, body)


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Send a reply; false where the connection breaks with it."""
    content = reply.body.encode()
    headers = {"content-type": "application/json", **reply.headers}
    lines = [
        f"HTTP/1.1 {reply.status} X",
        f"content-length: {len(content)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    writer.write(content[: len(content) // 2] if reply.cut else content)
    await writer.drain()
    return not reply.cut


async def _flood(writer: asyncio.StreamWriter) -> bool:
    """Send far more than any answer is, without saying so before."""
    writer.write(b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\n\r\n")
    for _ in range(HUGE // len(_PIECE)):
        writer.write(_PIECE)
        await writer.drain()
    return False
