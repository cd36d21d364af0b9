"""Servers that write the bytes a test gives them, each with a loop and a thread of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import TypeAlias

Page: TypeAlias = Callable[["Site", str, asyncio.StreamWriter], Awaitable[None]]
"""Answers one request: gets the site, the method and where to write."""


@dataclass
class Site:
    """A server and what it was asked.

    Attributes:
        pages: What it answers, by path; `*` stands for all others.
        host: The address it listens at.
        port: The port it listens at.
        asked: `HEAD /path` of each request, in order.
        heads: The whole heads of the requests.
        sent: Bytes that a page has written.
        connections: How many were opened.
        most: Requests that were under way at once.
        names: The names that clients said in their TLS handshakes.
    """

    pages: dict[str, Page]
    host: str = "127.0.0.1"
    port: int = 0
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    sent: int = 0
    connections: int = 0
    most: int = 0
    names: list[str | None] = field(default_factory=list)
    _now: int = 0

    def url(self, path: str = "/", host: str = "", scheme: str = "http") -> str:
        """Return the URL of a path, under a name if one is given."""
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                method, path, _ = head.split(" ", 2)
                self.asked.append(f"{method} {path}")
                self.heads.append(head)
                self._now += 1
                self.most = max(self.most, self._now)
                try:
                    page = self.pages.get(path) or self.pages.get("*") or status(404)
                    await page(self, method, writer)
                    await writer.drain()
                finally:
                    self._now -= 1
        writer.transport.abort()


@contextmanager
def hosted(
    pages: dict[str, Page],
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    port: int = 0,
) -> Iterator[Site]:
    """Serve pages until the block ends."""
    site = Site(pages, host)
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    if tls is not None:
        tls.sni_callback = lambda _, name, __: site.names.append(name)

    async def opened() -> asyncio.Server:
        return await asyncio.start_server(site.serve, host, port, ssl=tls)

    async def closed(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(opened(), loop).result(5)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        asyncio.run_coroutine_threadsafe(closed(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def head(code: int, *lines: str, length: int | None = 0) -> bytes:
    """Return the head of an answer."""
    more = [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([f"HTTP/1.1 {code} Said", *lines, *more, "", ""]).encode("latin-1")


def status(code: int, *lines: str, on_get: int = 0, after: float = 0.0) -> Page:
    """Return a page that answers with a status, and with another one to GET if given."""

    async def page(site: Site, method: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(after)
        writer.write(head(on_get if on_get and method == "GET" else code, *lines))

    return page


def leads(location: str, code: int = 302) -> Page:
    """Return a page that leads elsewhere; `{port}` is the port of its server."""

    async def page(site: Site, method: str, writer: asyncio.StreamWriter) -> None:
        writer.write(head(code, f"Location: {location.format(port=site.port)}"))

    return page


def says(data: bytes, *, closes: bool = True) -> Page:
    """Return a page that writes some bytes, HTTP or not."""

    async def page(site: Site, method: str, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        if closes:
            writer.close()

    return page


def endless(first: bytes, then: bytes, pause: float) -> Page:
    """Return a page that never ends what it begins to write."""

    async def page(site: Site, method: str, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(then)
            site.sent += len(then)
            await writer.drain()
            await asyncio.sleep(pause)

    return page


def refuses_head(then: Page, code: int = 405) -> Page:
    """Return a page that answers GET alone."""

    async def page(site: Site, method: str, writer: asyncio.StreamWriter) -> None:
        await (then if method == "GET" else status(code))(site, method, writer)

    return page
