"""What is sent: as few parameters as possible, and never what belongs to somebody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from stellwerk.planning.models import Mode, ProviderOptions
from stellwerk.providers.compatible import CompatibleProvider
from tests.providers.wires import KEY, TASKS, WIRES, Wire, asked, every_wire, failed, question

EACH_MODE = [
    pytest.param(wire, mode, id=f"{wire.id}-{mode}")
    for wire in WIRES
    for mode in wire.built("http://localhost:1").modes
]
BY_ID = {wire.id: wire for wire in WIRES}


def sent(server: HTTPServer, wire: Wire, request: Any, **settings: Any) -> Any:
    """Return the request for an answer as it arrived."""
    server.expect_request(wire.path, method="POST").respond_with_json(wire.reply(TASKS))
    assert asked(wire.built(server.url_for(""), **settings), request).text == TASKS
    (arrived,) = [each for each, _ in server.log if each.path == wire.path]
    return arrived


@pytest.mark.parametrize(("wire", "mode"), EACH_MODE)
def test_the_model_sees_the_schema_in_every_mode(
    httpserver: HTTPServer, wire: Wire, mode: Mode
):
    title = {"type": "string", "description": "A marker to be found."}
    schema = {"type": "object", "properties": {"title": title}, "required": ["title"]}
    arrived = sent(httpserver, wire, question(mode=mode, schema=schema))
    assert "A marker to be found." in arrived.get_data(as_text=True)


@pytest.mark.parametrize(
    ("id_", "parameters"),
    [
        ("openai-responses", {"model", "input", "max_output_tokens", "store", "text"}),
        ("openai-chat", {"model", "messages", "max_completion_tokens", "response_format"}),
        ("anthropic", {"model", "system", "messages", "max_tokens", "output_config"}),
        (
            "ollama",
            {"model", "messages", "stream", "format", "options", "truncate", "shift"},
        ),
        ("compatible", {"model", "messages", "max_tokens", "response_format"}),
    ],
)
def test_nothing_is_sent_that_is_not_needed(
    httpserver: HTTPServer, id_: str, parameters: set[str]
):
    assert set(sent(httpserver, BY_ID[id_], question()).get_json()) == parameters


@every_wire
def test_text_mode_asks_for_no_format(httpserver: HTTPServer, wire: Wire):
    body = sent(httpserver, wire, question(mode="text")).get_json()
    assert not {"text", "response_format", "output_config", "format"} & set(body)


def test_responses_are_held_to_the_schema_and_not_stored(httpserver: HTTPServer):
    body = sent(httpserver, BY_ID["openai-responses"], question()).get_json()
    assert body["text"]["format"]["type"] == "json_schema"
    assert body["text"]["format"]["strict"] is True
    assert body["text"]["format"]["name"] == "tasks"
    assert body["store"] is False


def test_responses_can_be_held_to_json_alone(httpserver: HTTPServer):
    body = sent(httpserver, BY_ID["openai-responses"], question(mode="json")).get_json()
    assert body["text"] == {"format": {"type": "json_object"}}


def test_anthropic_gets_system_messages_in_their_own_place(httpserver: HTTPServer):
    body = sent(httpserver, BY_ID["anthropic"], question()).get_json()
    assert body["system"] == "You are a planner."
    assert [each["role"] for each in body["messages"]] == ["user"]


def test_an_answer_that_was_turned_down_goes_back_as_the_assistants(httpserver: HTTPServer):
    said = [
        {"role": "user", "content": "JSON?"},
        {"role": "assistant", "content": "{}"},
        {"role": "user", "content": "It lacks tasks."},
    ]
    request = question(messages=lambda: said)
    body = sent(httpserver, BY_ID["anthropic"], request).get_json()
    assert body["messages"] == said
    assert "system" not in body


def test_ollama_gets_the_window_and_refuses_what_does_not_fit(httpserver: HTTPServer):
    request = question(max_tokens=50_000)
    body = sent(httpserver, BY_ID["ollama"], request, num_ctx=4096).get_json()
    assert body["options"] == {"num_ctx": 4096, "num_predict": 4096}
    assert body["truncate"] is body["shift"] is body["stream"] is False
    assert "$ref" not in json.dumps(body["format"])


@every_wire
def test_the_key_is_sent_as_a_header_and_nowhere_else(httpserver: HTTPServer, wire: Wire):
    arrived = sent(httpserver, wire, question())
    if wire.id == "ollama":
        assert "Authorization" not in arrived.headers
    else:
        told = (arrived.headers.get("Authorization"), arrived.headers.get("X-Api-Key"))
        assert {f"Bearer {KEY}", KEY} & set(told)
    assert KEY not in arrived.get_data(as_text=True) + arrived.url


def test_a_server_gets_no_key_of_openai_and_nothing_else_of_its_environment(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai-itself")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-of-openai")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Corp: secret\nAuthorization: Bearer secret")
    wire = BY_ID["compatible"]
    httpserver.expect_request(wire.path).respond_with_json(wire.reply(TASKS))
    given = {"base_url": httpserver.url_for("/v1"), "model": "m"}
    asked(CompatibleProvider(ProviderOptions(given)), question())
    for arrived, _ in httpserver.log:
        assert "Authorization" not in arrived.headers
        assert not any("secret" in value or "sk-" in value for _, value in arrived.headers)


@pytest.mark.parametrize("written", ["/v1", "/v1/", "/v1/chat/completions", "/v1/models/"])
def test_base_urls_are_taken_as_people_write_them(httpserver: HTTPServer, written: str):
    for wire in (BY_ID["openai-chat"], BY_ID["compatible"]):
        httpserver.clear()
        httpserver.expect_request(wire.path).respond_with_json(wire.reply(TASKS))
        provider = wire.built("", base_url=httpserver.url_for(written))
        assert asked(provider, question()).text == TASKS


@pytest.mark.parametrize("written", ["", "/", "/v1", "/v1/", "/v1/messages"])
def test_anthropics_base_url_may_end_in_what_the_package_adds(
    httpserver: HTTPServer, written: str
):
    wire = BY_ID["anthropic"]
    httpserver.expect_request(wire.path).respond_with_json(wire.reply(TASKS))
    assert (
        asked(wire.built("", base_url=httpserver.url_for(written)), question()).text == TASKS
    )


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://api.openai.com/v1/", "responses"),
        ("https://eu.api.openai.com/v1", "responses"),
        ("https://proxy.example/v1", "chat"),
        ("https://evil-api.openai.com.example/v1", "chat"),
        ("https://notapi.openai.com/v1", "chat"),
    ],
)
def test_openai_speaks_responses_at_home_and_chat_elsewhere(url: str, api: str):
    provider = BY_ID["openai-chat"].built("", base_url=url)
    assert provider.target(question()).parameters["api"] == api


@every_wire
def test_what_was_refused_carries_all_that_is_known(httpserver: HTTPServer, wire: Wire):
    httpserver.expect_request(wire.path).respond_with_json(
        {"error": {"message": "busy"}},
        status=503,
        headers={"Retry-After-Ms": "1500", "X-Request-Id": "req_7", "Request-Id": "req_7"},
    )
    error = failed(wire.built(httpserver.url_for("")), question())
    assert (error.status, error.retry_after, error.request_id) == (503, 1.5, "req_7")


@every_wire
def test_an_error_of_50_mb_is_told_in_one_line(httpserver: HTTPServer, wire: Wire):
    httpserver.expect_request(wire.path).respond_with_data("x" * 50_000_000, status=500)
    error = failed(wire.built(httpserver.url_for("")), question())
    assert error.status == 500
    assert len(error.message) < 500
