"""What local servers have, asked of a server that nobody here wrote and of broken ones."""

from __future__ import annotations

import asyncio
import time

import pytest
from pytest_httpserver import HTTPServer

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.providers.discovery import (
    Served,
    compatible_models,
    ollama_models,
    reachable,
)
from tests.providers import raw_server
from tests.providers.aimock import AiMock
from tests.providers.raw_server import serving


def test_both_protocols_list_their_models(aimock: AiMock):
    ollama = asyncio.run(ollama_models(aimock.url))
    compatible = asyncio.run(compatible_models(f"{aimock.url}/v1"))
    assert Served("gpt-4") in ollama
    assert Served("gpt-4") in compatible
    assert not any("embed" in each.name for each in (*ollama, *compatible))


def test_what_answers_is_reachable(aimock: AiMock):
    assert asyncio.run(reachable(aimock.url, ollama=True))
    assert asyncio.run(reachable(f"{aimock.url}/v1", ollama=False, key="sk-x"))


@pytest.mark.parametrize("ollama", [True, False])
def test_what_does_not_answer_is_not(ollama: bool):
    assert not asyncio.run(reachable("http://127.0.0.1:9", ollama=ollama))


@pytest.mark.parametrize("ollama", [True, False])
def test_a_server_that_never_answers_is_given_up_after_a_second(ollama: bool):
    async def meet() -> bool:
        async with serving(raw_server.silent) as url:
            return await reachable(url, ollama=ollama)

    start = time.monotonic()
    assert not asyncio.run(meet())
    assert time.monotonic() - start < 4.0


def test_another_program_at_the_port_is_no_ollama(httpserver: HTTPServer):
    httpserver.expect_request("/api/tags").respond_with_data(
        "<html>", content_type="text/html"
    )
    with pytest.raises(ModelError) as caught:
        asyncio.run(ollama_models(httpserver.url_for("")))
    assert caught.value.kind is FailureKind.GARBLED


@pytest.mark.parametrize("listed", [None, 3, [None, 3], [{"name": 7}], {"a": 1}])
def test_a_list_that_is_none_has_no_models(httpserver: HTTPServer, listed: object):
    httpserver.expect_request("/api/tags").respond_with_json({"models": listed})
    assert asyncio.run(ollama_models(httpserver.url_for(""))) == ()
