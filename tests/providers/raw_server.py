"""A server that writes the bytes a test gives it, faults included, in the test's own loop."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

Handler: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve every connection with a handler, once its request was read; give the URL."""
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await read_request(reader)
            await handler(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.sleep(0)
        await server.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> None:
    """Read a whole request, so that no reset comes from bytes left over.

    Where a client begins with a TLS handshake there is nothing to read.
    """
    first = await reader.readexactly(1)
    if first == b"\x16":
        return
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"content-length:" in head:
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)


def head(status: str = "200 OK", length: int | None = None, sort: str = "application/json"):
    """Return the head of a reply."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {sort}", "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def saying(body: bytes, status: str = "200 OK", sort: str = "application/json") -> Handler:
    """Return a handler that sends a whole reply."""

    async def handler(writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, len(body), sort) + body)
        await writer.drain()
        writer.write_eof() if writer.can_write_eof() else None
        await asyncio.sleep(0.05)

    return handler


def telling(body: Any, status: str = "200 OK") -> Handler:
    """Return a handler that sends JSON."""
    return saying(json.dumps(body).encode(), status)


async def dropping(writer: asyncio.StreamWriter) -> None:
    """Close the connection without a word."""
    writer.close()


async def resetting(writer: asyncio.StreamWriter) -> None:
    """Reset the connection."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def cutting(writer: asyncio.StreamWriter) -> None:
    """Promise more of a body than is sent."""
    writer.write(head(length=1000) + b'{"choices": [')
    await writer.drain()


async def silent(writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.sleep(60)


async def dripping(writer: asyncio.StreamWriter) -> None:
    """Send a body so slowly that no read ever times out."""
    writer.write(head(length=1000))
    for _ in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


async def flooding(writer: asyncio.StreamWriter) -> None:
    """Send 50 MB without saying so before."""
    writer.write(head())
    for _ in range(50):
        writer.write(b" " * 1_000_000)
        await writer.drain()


async def announcing(writer: asyncio.StreamWriter) -> None:
    """Say that 50 MB will come."""
    writer.write(head(length=50_000_000) + b" " * 1000)
    await writer.drain()
    await asyncio.sleep(5)


async def nonsense(writer: asyncio.StreamWriter) -> None:
    """Answer in another protocol."""
    writer.write(b"220 mail.example.org ESMTP ready\r\n")
    await writer.drain()
