"""Names are looked up as a whole, each once, and what cannot be looked up says so."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Sequence
from typing import Any

import pytest

from stellwerk_links.addresses import Address
from stellwerk_links.outcomes import Kind, NoAnswerError
from stellwerk_links.resolving import Lookup, system_addresses
from tests.links.doubles import Names


def test_the_system_is_asked_for_the_whole_name():
    asked = []

    def system(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("192.0.2.1", 0)), (10, 1, 6, "", ("2001:db8::1", 0, 0, 0))]

    found = asyncio.run(system_addresses("pages.example.org", system))
    assert found == ("192.0.2.1", "2001:db8::1")
    assert asked == ["pages.example.org."]


def test_what_the_system_cannot_do_is_an_error():
    def system(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(socket.gaierror):
        asyncio.run(system_addresses("pages.example.org", system))


def test_a_lookup_that_hangs_holds_nobody_up():
    def system(*_: object, **__: object) -> list[Any]:
        time.sleep(3)
        return []

    async def hasty() -> None:
        async with asyncio.timeout(0.1):
            await system_addresses("pages.example.org", system)

    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(hasty())
    assert time.monotonic() - begin < 2


def test_a_host_is_looked_up_once():
    names = Names({"pages.example.org": [["8.8.8.8", "8.8.8.8"], ["9.9.9.9"]]})
    lookup = Lookup(names)

    async def twice() -> list[tuple[Address, ...]]:
        return await asyncio.gather(*(lookup.addresses("pages.example.org") for _ in "ab"))

    first, second = asyncio.run(twice())
    assert [str(each) for each in first] == ["8.8.8.8"]
    assert second == first
    assert names.looked_up == ["pages.example.org"]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Kind.NO_HOST),
        (socket.gaierror(socket.EAI_AGAIN, "later"), Kind.SILENT),
        (OSError("no network"), Kind.SILENT),
        (UnicodeError("label too long"), Kind.SILENT),
    ],
)
def test_what_goes_wrong_says_whether_the_host_exists(trouble: Exception, kind: Kind):
    async def broken(host: str) -> Sequence[str]:
        raise trouble

    with pytest.raises(NoAnswerError, match=r"pages\.example\.org") as caught:
        asyncio.run(Lookup(broken).addresses("pages.example.org"))
    assert caught.value.kind is kind


@pytest.mark.parametrize("answer", [[], ["nonsense"]])
def test_an_answer_without_addresses_is_none(answer: list[str]):
    lookup = Lookup(Names({"pages.example.org": [answer]}))
    with pytest.raises(NoAnswerError) as caught:
        asyncio.run(lookup.addresses("pages.example.org"))
    assert caught.value.kind is Kind.SILENT


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    names = Names({"pages.example.org": [["8.8.8.8", "10.0.0.1"], ["8.8.8.8"]]})
    with pytest.raises(NoAnswerError, match="not on the public internet") as caught:
        asyncio.run(Lookup(names).addresses("pages.example.org"))
    assert caught.value.kind is Kind.UNASKED
