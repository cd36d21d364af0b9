"""One request to a checked address: the name is for TLS and the `Host` line alone."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, NamedTuple

from stellwerk.plugins.api import one_line, shortened
from stellwerk_links.addresses import Address
from stellwerk_links.outcomes import Kind, NoAnswerError
from stellwerk_links.resolving import Lookup
from stellwerk_links.targets import Target

if TYPE_CHECKING:
    import httpx2

_TRIED: Final = 3
_CONNECT_SECONDS: Final = 3.0
_MARGIN: Final = 0.1


class Reply(NamedTuple):
    """The head of an answer.

    Attributes:
        status: Its status.
        location: Where it leads to, for a redirect.
    """

    status: int
    location: str


@dataclass(slots=True)
class Sender:
    """Sends requests, and reads of the answers only their heads.

    Transports are used without a client around them: nothing follows a redirect, keeps
    a cookie, looks for a proxy or unpacks a body.

    Attributes:
        lookup: Who knows which addresses may be asked.
        trust: Which certificates are trusted; those of the system without it.
    """

    lookup: Lookup
    trust: ssl.SSLContext | None = None
    _transports: dict[str, httpx2.AsyncHTTPTransport] = field(default_factory=dict)

    async def send(self, method: str, target: Target, deadline: float) -> Reply:
        """Make one request.

        Args:
            method: `HEAD` or `GET`.
            target: What is asked for.
            deadline: When the wait for the answer is going to be cancelled, by the clock of
                the loop. Connecting gives up before: httpx2 leaves a socket open that is
                cancelled in its TLS handshake.

        Raises:
            NoAnswerError: It must not be made.
            httpx2.HTTPError: It failed.
        """
        import httpx2

        *others, last = (await self.lookup.addresses(target.host))[:_TRIED]
        for address in others:
            seconds = min(_CONNECT_SECONDS, _left(deadline))
            try:
                return await self._sent(method, target, address, seconds)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return await self._sent(method, target, last, _left(deadline))

    async def close(self) -> None:
        """Let go of all connections."""
        for transport in self._transports.values():
            await transport.aclose()

    async def _sent(
        self, method: str, target: Target, address: Address, seconds: float
    ) -> Reply:
        """Make one request to one address, which has some seconds to be connected to."""
        request = _request(method, target, address, seconds)
        response = await self._transport(target.host).handle_async_request(request)
        try:
            if method == "HEAD":  # it has no body; read to its end, the connection is kept
                async for _ in response.aiter_raw():
                    break
            location = response.headers.get("location", "")
            return Reply(response.status_code, location)
        finally:
            await response.aclose()

    def _transport(self, host: str) -> httpx2.AsyncHTTPTransport:
        """Return the connections of a host: two names at one address share none."""
        import httpx2

        if host not in self._transports:
            self.trust = self.trust or httpx2.create_ssl_context()
            transport = httpx2.AsyncHTTPTransport(verify=self.trust, trust_env=False)
            self._transports[host] = transport
        return self._transports[host]


def _left(deadline: float) -> float:
    """Return how long connecting may take."""
    return max(deadline - asyncio.get_running_loop().time() - _MARGIN, 0.0)


def _request(method: str, target: Target, address: Address, seconds: float) -> httpx2.Request:
    import httpx2

    headers = {
        "Host": target.url.netloc.decode("ascii"),
        "User-Agent": f"Stellwerk/{version('stellwerk')} (asks whether sources answer)",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
    }
    if method == "GET":
        headers["Range"] = "bytes=0-1023"
    timeout = httpx2.Timeout(None, connect=seconds).as_dict()
    return httpx2.Request(
        method,
        target.url.copy_with(host=str(address)),
        headers=headers,
        extensions={"timeout": timeout, "sni_hostname": target.host},
    )


def failure(error: Exception) -> NoAnswerError:
    """Return what a failed request means, in words."""
    import httpx2

    told = next(filter(None, map(_reason, _causes(error))), "")
    if not told and isinstance(error, httpx2.ProtocolError):
        told = "did not answer in HTTP"
    elif not told and isinstance(error, httpx2.TimeoutException | httpx2.ConnectError):
        told = "could not be reached"
    return NoAnswerError(Kind.SILENT, told or "broke off its answer")


def _reason(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        why = shortened(one_line(getattr(error, "verify_message", "") or str(error)), 120)
        return f"shows a certificate that is not trusted ({why.rstrip('.')})"
    if isinstance(error, ssl.SSLError):
        why = (error.reason or "no TLS").lower().replace("_", " ")
        return f"could not be reached over TLS ({why})"
    if isinstance(error, ConnectionRefusedError):
        return "refused the connection"
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__
