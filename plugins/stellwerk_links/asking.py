"""Asking for one page: redirects by hand, turns, and a deadline over all of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from stellwerk.plugins.api import shortened
from stellwerk_links.outcomes import Kind, NoAnswerError, Outcome
from stellwerk_links.sending import Reply, Sender, failure
from stellwerk_links.targets import PORTS, Target, onward, same_page, target_of

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD: Final = frozenset({301, 308})
_GONE: Final = frozenset({404, 410})
_TOO_MANY: Final = 429
_LATER: Final = frozenset({408, 425, _TOO_MANY})


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often and how much is asked.

    Attributes:
        seconds: For one URL with its redirects, waiting for its turn not counted.
        seconds_of_all: For all URLs.
        at_once: Requests on the way at once.
        per_host: Of those, to one host.
        redirects: How many are followed.
        ports: Which ports are asked.
    """

    seconds: float = 10.0
    seconds_of_all: float = 120.0
    at_once: int = 8
    per_host: int = 2
    redirects: int = 5
    ports: Set[int] = PORTS


class Turns:
    """Lets only so many requests be on the way at once, and fewer to each host."""

    def __init__(self, limits: Limits) -> None:
        self._all = asyncio.Semaphore(limits.at_once)
        self._hosts = defaultdict[str, asyncio.Semaphore](
            lambda: asyncio.Semaphore(limits.per_host)
        )

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn; who waits for a host takes nobody else's place."""
        async with self._hosts[host], self._all:
            yield


@dataclass(slots=True)
class Asker:
    """Asks for pages.

    Attributes:
        sender: Who makes the requests.
        limits: How long and how often.
    """

    sender: Sender
    limits: Limits
    turns: Turns
    _weary: set[str] = field(default_factory=set)

    async def ask(self, url: str) -> Outcome:
        """Return what becomes of asking for a page; never raises."""
        try:
            return await _Journey(self, url).outcome()
        except NoAnswerError as error:
            return Outcome(error.kind, error.message)

    async def reply(self, target: Target, seconds: float) -> tuple[Reply, float]:
        """Return an answer, and what is left of the seconds it might have taken.

        Raises:
            NoAnswerError: There is none.
        """
        async with self.turns.turn(target.host):
            if target.host in self._weary:
                told = f"was not asked: {target.host} wants fewer questions at a time"
                raise NoAnswerError(Kind.SILENT, told)
            clock = asyncio.get_running_loop().time
            deadline = clock() + seconds
            try:
                async with asyncio.timeout_at(deadline):
                    reply = await self._asked(target, deadline)
            except TimeoutError as error:
                told = f"did not answer within {self.limits.seconds:g} seconds"
                raise NoAnswerError(Kind.SILENT, told) from error
            if reply.status == _TOO_MANY:
                self._weary.add(target.host)
            return reply, deadline - clock()

    async def _asked(self, target: Target, deadline: float) -> Reply:
        """Ask for the head of a page; where that is refused, for the page."""
        import httpx2

        try:
            reply = await self.sender.send("HEAD", target, deadline)
            if reply.status < 400 or reply.status == _TOO_MANY:
                return reply
        except (httpx2.ProtocolError, httpx2.ReadError):
            pass  # some servers drop what they do not know
        except (httpx2.HTTPError, OSError, ValueError) as error:
            raise failure(error) from error
        try:
            return await self.sender.send("GET", target, deadline)
        except (httpx2.HTTPError, OSError, ValueError) as error:
            raise failure(error) from error


class _Journey:
    """The way from a URL over redirects to an answer."""

    def __init__(self, asker: Asker, url: str) -> None:
        self.asker = asker
        self.url = url
        self.here = url
        self.moved = url
        self.for_good = True
        self.seconds = asker.limits.seconds

    async def outcome(self) -> Outcome:
        """Follow the way to its end.

        Raises:
            NoAnswerError: It ends without an answer.
        """
        passed = set[str]()
        for _ in range(self.asker.limits.redirects + 1):
            try:
                target = target_of(self.here, self.asker.limits.ports)
                reply, self.seconds = await self.asker.reply(target, self.seconds)
                if reply.status not in _REDIRECTS:
                    return self._verdict(reply.status)
                passed.add(str(target.url))
                self._go(onward(target, reply.location), reply.status)
            except NoAnswerError as error:
                raise NoAnswerError(error.kind, self._told(error.message)) from error
            if self.here.partition("#")[0] in passed:
                raise NoAnswerError(Kind.SILENT, "is redirected in a circle")
        told = f"is redirected more than {self.asker.limits.redirects} times"
        raise NoAnswerError(Kind.SILENT, told)

    def _go(self, url: str, status: int) -> None:
        self.here = url
        self.for_good = self.for_good and status in _FOR_GOOD
        if self.for_good:
            self.moved = url

    def _verdict(self, status: int) -> Outcome:
        if status in _GONE:
            return Outcome(Kind.MISSING, self._told(f"does not exist ({status})"))
        if status in _LATER or status < 200 or 500 <= status < 600:
            return Outcome(Kind.SILENT, self._told(f"answered with {status}"))
        if status >= 400:
            return Outcome(Kind.UNCLEAR)
        moved = "" if same_page(self.url, self.moved) else self.moved
        return Outcome(Kind.FOUND, moved=moved)

    def _told(self, told: str) -> str:
        """Return what is said of the page asked last, as said of the first."""
        if self.here == self.url:
            return told
        return f"leads to {shortened(self.here, 200)}, which {told}"
