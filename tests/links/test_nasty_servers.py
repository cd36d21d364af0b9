"""Servers that waste time, flood or talk nonsense end in a finding, soon and cheaply."""

from __future__ import annotations

import asyncio
import time

import pytest

from stellwerk_links.asking import Limits
from stellwerk_links.outcomes import Kind, Outcome
from tests.links.conftest import Serve
from tests.links.doubles import checker, outcome
from tests.links.servers import Page, Site, endless, head, leads, refuses_head, says, status

SOON = Limits(seconds=0.6)
LATE = Outcome(Kind.SILENT, "did not answer within 0.6 seconds")


@pytest.mark.parametrize(
    "page",
    [
        status(200, after=60),
        endless(b"", b"H", 0.05),
        endless(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", 0.05),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0.0),
    ],
    ids=["silence", "one letter at a time", "header after header", "continue", "hints"],
)
def test_who_never_comes_to_the_point_is_left_in_time(serve: Serve, page: Page):
    site = serve({"*": page})
    begin = time.monotonic()
    assert outcome(checker(site, limits=SOON), site.url()) == LATE
    assert time.monotonic() - begin < 5


def test_the_time_is_for_all_redirects_together(serve: Serve):
    site = serve({"/0": _late(leads("/1")), "/1": _late(leads("/2")), "/2": status(200)})
    found = outcome(checker(site, limits=SOON), site.url("/0"))
    assert found == Outcome(Kind.SILENT, f"leads to {site.url('/1')}, which {LATE.told}")


@pytest.mark.parametrize(
    "data",
    [
        b"220 mail.example.org ESMTP ready\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"\x00" * 1000,
        b"HTTP/1.1 200 OK\r\n" + b"A: " + b"b" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(30_000)) + b"\r\n",
    ],
    ids=["smtp", "tls", "status", "nul", "length", "nothing", "long header", "many headers"],
)
def test_what_is_no_http_is_no_answer(serve: Serve, data: bytes):
    site = serve({"*": says(data)})
    found = outcome(checker(site), site.url())
    assert found.kind is Kind.SILENT
    assert found.told in ("did not answer in HTTP", "broke off its answer")


def test_a_connection_that_is_dropped_is_no_answer(serve: Serve):
    site = serve({"*": says(b"")})
    assert outcome(checker(site), site.url()).kind is Kind.SILENT
    assert site.asked == ["HEAD /", "GET /"]


def test_who_drops_requests_for_the_head_is_asked_for_the_page(serve: Serve):
    site = serve({"*": _by_method(says(b""), status(200))})
    assert outcome(checker(site), site.url()) == Outcome(Kind.FOUND)


@pytest.mark.parametrize(
    "first",
    [
        head(200, length=None),
        head(200, length=10**12),
        head(200, "Content-Encoding: gzip", length=None),
        head(404, length=None),
    ],
    ids=["unsaid", "terabyte", "packed", "missing"],
)
def test_an_endless_page_is_not_read(serve: Serve, first: bytes):
    """What lies in the buffers of the system is all that is ever sent."""
    site = serve({"*": refuses_head(endless(first, b"x" * 4096, 0.01))})
    begin = time.monotonic()
    found = outcome(checker(site), site.url())
    assert found.kind is (Kind.MISSING if b"404" in first else Kind.FOUND)
    assert time.monotonic() - begin < 4
    assert site.sent <= 64 * 1024


def test_a_body_after_the_head_does_not_answer_the_next_question(serve: Serve):
    """A server that sends more than it was asked for cannot speak for another page."""
    more = head(404) * 3
    site = serve({"/a": says(head(200) + more, closes=False), "/b": status(200)})
    urls = [site.url("/a"), site.url("/b")]
    assert {each.kind for each in checker(site).outcomes(urls).values()} == {Kind.FOUND}


@pytest.mark.parametrize(
    "location", ["http://exa\x7fmple.org/", "/\xff\xfe", "http://\xff.org/", "/" + "a" * 3000]
)
def test_strange_places_to_go_are_no_trouble(serve: Serve, location: str):
    site = serve({"/a": leads(location)})
    found = outcome(checker(site), site.url("/a"))
    assert found.kind in (Kind.NO_HOST, Kind.UNASKED, Kind.MISSING)
    assert found.told.isprintable()
    assert len(found.told) < 400


def _late(page: Page) -> Page:
    async def late(site: Site, method: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.35)
        await page(site, method, writer)

    return late


def _by_method(on_head: Page, on_get: Page) -> Page:
    async def page(site: Site, method: str, writer: asyncio.StreamWriter) -> None:
        await (on_head if method == "HEAD" else on_get)(site, method, writer)

    return page
