"""Asking for many pages at once, and saying what became of each."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from stellwerk_links.addresses import Network
from stellwerk_links.asking import Asker, Limits, Turns
from stellwerk_links.memory import Memory
from stellwerk_links.outcomes import Kind, Outcome
from stellwerk_links.resolving import Lookup, Resolver, system_addresses
from stellwerk_links.running import finished
from stellwerk_links.sending import Sender

_TIME_WAS_UP: Final = Outcome(
    Kind.SILENT, "was not asked: there are too many sources for one go", lasting=False
)
_OFFLINE: Final = Outcome(
    Kind.SILENT, "could not be asked: no host is known, so this machine may be offline",
    lasting=False,
)  # fmt: skip
_HOSTS_TO_TELL: Final = 3


@dataclass(frozen=True, slots=True)
class Checker:
    """Says what becomes of asking for pages.

    Attributes:
        memory: What was found out lately.
        limits: How long, how often and how much is asked.
        resolver: Who knows the addresses of hosts.
        allowed: Networks that may be asked although they are not public; for tests.
        trust: Which certificates are trusted; those of the system without it.
    """

    memory: Memory = field(default_factory=Memory)
    limits: Limits = field(default_factory=Limits)
    resolver: Resolver = system_addresses
    allowed: tuple[Network, ...] = ()
    trust: ssl.SSLContext | None = None

    def outcomes(self, urls: Iterable[str]) -> Mapping[str, Outcome]:
        """Return what became of each URL; two that differ in the fragment are one page.

        Blocks until all have answered or time is up. What was found out before an
        interruption is remembered.
        """
        pages = {url: url.partition("#")[0] for url in urls}
        known = self.memory.recalled([*dict.fromkeys(pages.values())])
        unknown = [page for page in dict.fromkeys(pages.values()) if page not in known]
        found = dict[str, Outcome]()
        if unknown:
            try:
                finished(self._asked(unknown, found))
            finally:
                found = _doubted(found)
                self.memory.keep(found)
        answers = {**dict.fromkeys(unknown, _TIME_WAS_UP), **known, **found}
        return {url: answers[page] for url, page in pages.items()}

    async def _asked(self, pages: list[str], found: dict[str, Outcome]) -> None:
        """Ask for pages and write down each answer as it comes."""
        sender = Sender(Lookup(self.resolver, self.allowed), self.trust)
        asker = Asker(sender, self.limits, Turns(self.limits))

        async def ask(page: str) -> None:
            found[page] = await asker.ask(page)

        tasks = [asyncio.ensure_future(ask(page)) for page in pages]
        try:
            done, _ = await asyncio.wait(tasks, timeout=self.limits.seconds_of_all)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await sender.close()
        for task in done:
            task.result()


def _doubted(found: dict[str, Outcome]) -> dict[str, Outcome]:
    """Return answers, in doubt where no host at all was known: that is no news of pages."""
    asked = [outcome for outcome in found.values() if outcome.kind is not Kind.UNASKED]
    hosts = {outcome.told for outcome in asked}
    if len(hosts) < _HOSTS_TO_TELL or any(each.kind is not Kind.NO_HOST for each in asked):
        return found
    return {
        page: _OFFLINE if outcome.kind is Kind.NO_HOST else outcome
        for page, outcome in found.items()
    }
