"""A resolver that says what a test wants, and checkers that may ask local servers."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from stellwerk_links.addresses import networks
from stellwerk_links.asking import Limits
from stellwerk_links.checking import Checker
from stellwerk_links.memory import Memory
from stellwerk_links.outcomes import Outcome
from stellwerk_links.targets import PORTS
from tests.links.servers import Site

LIMITS = Limits(seconds=5)


@dataclass
class Names:
    """Knows addresses by name; the last answer of several is given again and again.

    Attributes:
        known: The answers, in order, each a list of addresses.
        looked_up: The names that were looked up.
    """

    known: Mapping[str, Sequence[Sequence[str]]]
    looked_up: list[str] = field(default_factory=list)

    async def __call__(self, host: str) -> Sequence[str]:
        """Return the next answer for a name."""
        self.looked_up.append(host)
        await asyncio.sleep(0)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = self.known[host]
        return answers[min(self.looked_up.count(host), len(answers)) - 1]


def checker(
    *sites: Site,
    names: Names | None = None,
    allowed: Sequence[str] = ("127.0.0.1/32",),
    limits: Limits = LIMITS,
    memory: Memory | None = None,
    trust: ssl.SSLContext | None = None,
) -> Checker:
    """Return a checker that may ask some local servers, and remembers nothing by itself."""
    ports = PORTS | {site.port for site in sites}
    return Checker(
        memory=memory or Memory(dict),
        limits=replace(limits, ports=ports),
        resolver=names or Names({}),
        allowed=networks(*allowed),
        trust=trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )


def outcome(asked: Checker, url: str) -> Outcome:
    """Return what becomes of one URL."""
    return asked.outcomes([url])[url]
