"""Reading the reply of an API: within a time, within a size, as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, NamedTuple

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.providers.peer import MOST_MEGABYTES, Peer
from stellwerk.providers.sdk_errors import failure, lowered, transport_errors
from stellwerk.providers.status_errors import is_page, request_id

MOST_BYTES: Final = MOST_MEGABYTES * 1024 * 1024
CONNECT_SECONDS: Final = 10.0
"""For so long a connection may take, however long an answer may."""
_REFUSAL_BYTES: Final = 65_536
_KEPT: Final = 20_000
"""So many characters of a body that is no JSON are kept for the log."""


class Received(NamedTuple):
    """A reply.

    Attributes:
        data: The JSON object in its body.
        headers: With names in lower case.
        text: Its body.
    """

    data: dict[str, Any]
    headers: Mapping[str, str]
    text: str

    @property
    def request_id(self) -> str:
        """By which the provider knows the call."""
        return request_id(self.headers)


@asynccontextmanager
async def failing_as(
    peer: Peer, seconds: float, errors: tuple[type[Exception], ...] = ()
) -> AsyncIterator[None]:
    """Bound the time of a call, and tell its failures apart.

    Args:
        peer: Who is asked.
        seconds: How long the whole call may take.
        errors: What its SDK raises.

    Raises:
        ModelError: What went wrong; without a cause, since those of SDKs hold keys.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise peer.error(FailureKind.TIMEOUT) from None
    except (*errors, *transport_errors()) as error:
        raise failure(peer, error) from None


def opened(peer: Peer, make: Callable[[], Any]) -> Any:
    """Return a new client of an SDK.

    The certificates that the environment names are tried first: a client that cannot read
    them fails half made, and noisily.

    Raises:
        ModelError: The certificates it is to trust cannot be read.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    try:
        if file or folder:
            ssl.create_default_context(cafile=file or None, capath=folder or None)
        return make()
    except OSError:
        raise peer.error(FailureKind.TLS) from None


async def received(peer: Peer, opening: AbstractAsyncContextManager[Any]) -> Received:
    """Open a streamed response of an SDK and return what it holds.

    Raises:
        ModelError: It is too large or no JSON object.
    """
    async with opening as response:
        headers = lowered(response.headers)
        raw = await body_of(peer, headers, response.iter_bytes())
    return parsed(peer, headers, raw)


async def body_of(
    peer: Peer, headers: Mapping[str, str], chunks: AsyncIterable[bytes]
) -> bytes:
    """Return a body, unless it is too large (ModelError)."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise peer.error(FailureKind.TOO_LARGE, request_id=request_id(headers))
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise peer.error(FailureKind.TOO_LARGE, request_id=request_id(headers))
    return bytes(body)


async def beginning_of(chunks: AsyncIterable[bytes]) -> bytes:
    """Return as much of the body of a refusal as is worth reading."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > _REFUSAL_BYTES:
            break
    return bytes(body[:_REFUSAL_BYTES])


def parsed(peer: Peer, headers: Mapping[str, str], raw: bytes) -> Received:
    """Return a body as JSON (ModelError: it is none)."""
    text = raw.decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise _garbled(peer, headers, text)
    return Received(data, headers, text)


def _garbled(peer: Peer, headers: Mapping[str, str], text: str) -> ModelError:
    sort = "a web page" if is_page(text) else headers.get("content-type", "no content type")
    said = sort if text.strip() else "nothing"
    return peer.error(
        FailureKind.GARBLED, said, request_id=request_id(headers), raw=text[:_KEPT]
    )
