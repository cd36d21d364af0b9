"""From host names to addresses, each checked before anybody connects to it."""

from __future__ import annotations

import asyncio
import socket
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Final, TypeAlias

from stellwerk_links.addresses import Address, Network, address_of, may_be_asked
from stellwerk_links.outcomes import Kind, NoAnswerError

Resolver: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""From a host name to its addresses; raises `OSError` as `getaddrinfo` does."""

_NO_SUCH_HOST: Final = frozenset(
    code
    for name in ("EAI_NONAME", "EAI_NODATA")
    if (code := getattr(socket, name, None)) is not None
)


@dataclass(slots=True)
class Lookup:
    """Looks hosts up, each once, and refuses those that are not public.

    What it answered for a host is what is connected to from then on: a name that says
    something else later gains nothing.

    Attributes:
        resolver: Who knows the addresses.
        allowed: Networks that may be asked although they are not public.
    """

    resolver: Resolver
    allowed: Sequence[Network] = ()
    _known: dict[str, tuple[Address, ...]] = field(default_factory=dict)
    _locks: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    async def addresses(self, host: str) -> tuple[Address, ...]:
        """Return the addresses of a host, all of which may be asked.

        Raises:
            NoAnswerError: There are none, or one of them must not be asked.
        """
        async with self._locks[host]:
            if host not in self._known:
                self._known[host] = await self._checked(host)
        return self._known[host]

    async def _checked(self, host: str) -> tuple[Address, ...]:
        found = await self._looked_up(host)
        if not all(may_be_asked(address, self.allowed) for address in found):
            told = f"was not asked: {host} is not on the public internet"
            raise NoAnswerError(Kind.UNASKED, told)
        return found

    async def _looked_up(self, host: str) -> tuple[Address, ...]:
        written = address_of(host)
        if written is not None:
            return (written,)
        try:
            found = map(address_of, await self.resolver(host))
        except socket.gaierror as error:
            if error.errno in _NO_SUCH_HOST:
                told = f"does not exist: there is no host {host}"
                raise NoAnswerError(Kind.NO_HOST, told) from error
            raise _unknown(host) from error
        except (OSError, ValueError) as error:
            raise _unknown(host) from error
        known = tuple(dict.fromkeys(address for address in found if address is not None))
        if not known:
            raise _unknown(host)
        return known


async def system_addresses(
    host: str, ask: Callable[..., Sequence[Any]] = socket.getaddrinfo
) -> tuple[str, ...]:
    """Return the addresses of a host as the system knows them.

    The name is looked up as a whole: no domain of the local network is put behind it. A
    lookup cannot be stopped, so it has a thread that nothing waits for.

    Args:
        host: The host.
        ask: Asks the system.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def settle(found: tuple[str, ...] | OSError | ValueError) -> None:
        if answer.done():
            return
        if isinstance(found, tuple):
            answer.set_result(found)
        else:
            answer.set_exception(found)

    def look_up() -> None:
        found: tuple[str, ...] | OSError | ValueError
        try:
            infos = ask(f"{host}.", None, type=socket.SOCK_STREAM)
            found = tuple(str(info[4][0]) for info in infos)
        except (OSError, ValueError) as error:
            found = error
        with suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    Thread(target=look_up, name="lookup", daemon=True).start()
    return await answer


def _unknown(host: str) -> NoAnswerError:
    return NoAnswerError(Kind.SILENT, f"could not be asked: looking up {host} failed")
