"""Servers with OpenAI's chat protocol: models, windows, modes, keys."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from stellwerk.errors import ProviderError
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ProviderOptions
from stellwerk.providers.compatible import CompatibleProvider
from tests.providers.wires import KEY, asked, chat, failed, question

CHAT = "/v1/chat/completions"


def provider(server: HTTPServer, *, key: bool = False, **settings: Any) -> CompatibleProvider:
    given = {"base_url": server.url_for("/v1"), "timeout_seconds": 10.0, **settings}
    return CompatibleProvider(ProviderOptions(given, key=(lambda: KEY) if key else None))


def lists(server: HTTPServer, *models: dict[str, Any]) -> None:
    server.expect_request("/v1/models").respond_with_json({"data": list(models)})


def answers(server: HTTPServer) -> None:
    server.expect_request(CHAT).respond_with_json(chat("{}"))


def body(server: HTTPServer) -> Any:
    (found,) = [each for each, _ in server.log if each.path == CHAT]
    return found.get_json()


def test_without_a_server_there_is_no_such_provider():
    with pytest.raises(ProviderError) as caught:
        CompatibleProvider(ProviderOptions({"base_url": None}))
    assert "ai.compatible.base_url" in caught.value.hint


def test_without_a_model_the_first_one_that_writes_is_asked(httpserver: HTTPServer):
    lists(httpserver, {"id": "text-embedding-3"}, {"id": "qwen3-32b"}, {"id": "other"})
    answers(httpserver)
    asked(provider(httpserver), question())
    assert body(httpserver)["model"] == "qwen3-32b"


@pytest.mark.parametrize(
    ("window", "most"),
    [
        ({}, 16_000),
        ({"max_model_len": 8192}, 4096),
        ({"context_length": 1_000_000}, 16_000),
        ({"context_window": "large"}, 16_000),
    ],
)
def test_no_more_tokens_are_asked_for_than_fit_the_window(
    httpserver: HTTPServer, window: dict[str, Any], most: int
):
    lists(httpserver, {"id": "m", **window})
    answers(httpserver)
    asked(provider(httpserver, model="m"), question())
    assert body(httpserver)["max_tokens"] == most


def test_a_server_that_lists_nothing_is_asked_for_the_model_in_the_settings(
    httpserver: HTTPServer,
):
    httpserver.expect_request("/v1/models").respond_with_data("no", status=404)
    answers(httpserver)
    assert asked(provider(httpserver, model="m"), question()).text == "{}"


def test_a_server_that_lists_nothing_and_no_model_in_the_settings_is_an_error(
    httpserver: HTTPServer,
):
    lists(httpserver)
    error = failed(provider(httpserver), question())
    assert error.kind is FailureKind.NO_MODEL
    assert "ai.compatible.model" in error.hint


def test_a_server_that_wants_a_key_says_how_to_store_one(httpserver: HTTPServer):
    httpserver.expect_request(CHAT).respond_with_json({"error": "no"}, status=401)
    error = failed(provider(httpserver, model="m"), question())
    assert error.kind is FailureKind.AUTH
    assert "stellwerk keys set compatible" in error.hint


def test_a_key_is_sent_to_the_list_as_well(httpserver: HTTPServer):
    lists(httpserver, {"id": "m"})
    answers(httpserver)
    asked(provider(httpserver, key=True), question())
    sent = {each.headers.get("Authorization") for each, _ in httpserver.log}
    assert sent == {f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "'response_format.type' must be 'text'"),
        (400, "This response_format type is unavailable now"),
        (422, [{"type": "literal_error", "loc": ["body", "response_format", "type"]}]),
        (500, "1 validation error: response_format literal_error"),
        (500, "Failed to convert JSON schema to grammar"),
    ],
)
def test_a_mode_it_has_not_is_told_apart(httpserver: HTTPServer, status: int, said: Any):
    error = {"message": said} if isinstance(said, str) else {"detail": said}
    httpserver.expect_request(CHAT).respond_with_json({"error": error}, status=status)
    for mode in ("schema", "json"):
        caught = failed(provider(httpserver, model="m"), question(mode=mode))
        assert caught.kind is FailureKind.UNSUPPORTED


def test_a_path_without_an_api_says_how_base_urls_end(httpserver: HTTPServer):
    httpserver.expect_request("/chat/completions").respond_with_json(
        {"detail": "Not Found"}, status=404
    )
    given = {"base_url": httpserver.url_for(""), "model": "m"}
    error = failed(CompatibleProvider(ProviderOptions(given)), question())
    assert "/v1" in error.hint
    assert "ai.compatible.base_url" in error.hint


def test_a_server_that_is_not_there_has_no_first_model():
    given = {"base_url": "http://127.0.0.1:9/v1"}
    error = failed(CompatibleProvider(ProviderOptions(given)), question())
    assert error.kind is FailureKind.UNREACHABLE
    assert "http://127.0.0.1:9/v1" in error.hint


def test_many_questions_at_once_read_the_list_once(httpserver: HTTPServer):
    lists(httpserver, {"id": "m"})
    answers(httpserver)
    chosen = provider(httpserver)

    async def many() -> int:
        replies = await asyncio.gather(*(chosen.complete(question()) for _ in range(5)))
        await chosen.close()
        return len(replies)

    assert asyncio.run(many()) == 5
    assert [each.path for each, _ in httpserver.log].count("/v1/models") == 1
