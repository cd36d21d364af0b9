"""Ollama: what it has, what its replies say, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ProviderOptions, Usage
from stellwerk.providers.ollama import OllamaProvider
from tests.providers.wires import asked, failed, ollama_chat, question


def provider(server: HTTPServer, **settings: Any) -> OllamaProvider:
    given = {"base_url": server.url_for(""), "timeout_seconds": 10.0}
    return OllamaProvider(ProviderOptions({**given, **settings}))


def lists(server: HTTPServer, *names: str) -> None:
    models = [{"name": name, "model": name} for name in names]
    server.expect_request("/api/tags").respond_with_json({"models": models})


def answers(server: HTTPServer, **more: Any) -> None:
    server.expect_request("/api/chat").respond_with_json({**ollama_chat("{}"), **more})


def test_without_a_model_the_first_one_that_writes_is_asked(httpserver: HTTPServer):
    lists(httpserver, "nomic-embed-text:latest", "bge-reranker", "qwen3:8b", "llama3")
    answers(httpserver)
    chosen = provider(httpserver)
    assert chosen.target(question()).model == ""
    assert asked(chosen, question()).model == "qwen3:8b"


def test_the_list_is_read_once(httpserver: HTTPServer):
    lists(httpserver, "qwen3:8b")
    answers(httpserver)
    chosen = provider(httpserver)
    asked(chosen, question())
    asked(chosen, question())
    assert [each.path for each, _ in httpserver.log].count("/api/tags") == 1


def test_a_server_without_models_says_how_to_get_one(httpserver: HTTPServer):
    lists(httpserver)
    error = failed(provider(httpserver), question())
    assert error.kind is FailureKind.NO_MODEL
    assert "ollama pull" in error.hint


def test_a_model_that_was_never_fetched_says_how_to_fetch_it(httpserver: HTTPServer):
    httpserver.expect_request("/api/chat").respond_with_json(
        {"error": "model 'qwen9' not found"}, status=404
    )
    error = failed(provider(httpserver, model="qwen9"), question())
    assert error.kind is FailureKind.NO_MODEL
    assert "`ollama pull qwen9`" in error.hint


def test_nobody_at_home_says_how_to_start_it():
    error = failed(
        OllamaProvider(ProviderOptions({"base_url": "http://127.0.0.1:9"})), question()
    )
    assert error.kind is FailureKind.UNREACHABLE
    assert "ollama serve" in error.hint


@pytest.mark.parametrize(
    ("told", "finish"),
    [
        ({"done_reason": "stop"}, "stop"),
        ({"done_reason": "length"}, "length"),
        ({"done_reason": "load"}, "other"),
        ({"done_reason": None}, "other"),
        ({"done": False}, "other"),
    ],
)
def test_an_answer_ends_for_a_reason(
    httpserver: HTTPServer, told: dict[str, Any], finish: str
):
    answers(httpserver, **told)
    assert asked(provider(httpserver, model="m"), question()).finish_reason == finish


def test_tokens_are_counted_and_cost_nothing(httpserver: HTTPServer):
    answers(httpserver, prompt_eval_count=12, eval_count=34, model="m")
    reply = asked(provider(httpserver, model="m"), question())
    assert reply.usage == Usage(12, 34, 0)


@pytest.mark.parametrize(
    "said",
    [
        "the input length exceeds the context length",
        "input exceeds maximum context length",
        "exceeds the available context size",
    ],
)
def test_a_question_that_does_not_fit_is_told_of(httpserver: HTTPServer, said: str):
    httpserver.expect_request("/api/chat").respond_with_json({"error": said}, status=400)
    error = failed(provider(httpserver, model="m"), question())
    assert error.kind is FailureKind.CONTEXT_TOO_LONG
    assert "ai.ollama.num_ctx" in error.hint


def test_a_schema_it_cannot_follow_is_a_mode_it_has_not(httpserver: HTTPServer):
    httpserver.expect_request("/api/chat").respond_with_json(
        {"error": "failed to parse grammar"}, status=500
    )
    error = failed(provider(httpserver, model="m"), question())
    assert error.kind is FailureKind.UNSUPPORTED


def test_what_is_not_ollama_says_so(httpserver: HTTPServer):
    httpserver.expect_request("/api/tags").respond_with_data(
        "hello", content_type="text/plain"
    )
    error = failed(provider(httpserver), question())
    assert error.kind is FailureKind.GARBLED
    assert "http://localhost:11434" in error.hint
