"""OpenAI's two APIs: what their replies say."""

from __future__ import annotations

from typing import Any

import pytest

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ProviderOptions, Usage
from stellwerk.providers.chat_protocol import chat_reply
from stellwerk.providers.openai import OpenAIProvider, responses_reply
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import Received
from tests.providers.wires import asked, question

PEER = Peer("OpenAI", "ai.openai", "gpt-5-mini", "https://api.openai.com/v1", "schema")


def chat(data: dict[str, Any]):
    return chat_reply(PEER, Received(data, {"x-request-id": "req_1"}, ""))


def responses(data: dict[str, Any]):
    return responses_reply(PEER, Received(data, {"x-request-id": "req_1"}, ""))


def said(content: Any = "{}", finish: Any = "stop", **more: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"content": content, **more}, "finish_reason": finish}]}


def parts(*given: dict[str, Any], status: str = "completed", **more: Any) -> dict[str, Any]:
    output = [{"type": "reasoning"}, {"type": "message", "content": list(given)}]
    return {"status": status, "output": output, **more}


@pytest.mark.parametrize(
    ("told", "finish"),
    [
        ("stop", "stop"),
        ("STOP", "stop"),
        ("eos_token", "stop"),
        ("length", "length"),
        ("content_filter", "filtered"),
        ("tool_calls", "other"),
        (None, "other"),
        (7, "other"),
        ({}, "other"),
    ],
)
def test_a_chat_ends_for_a_reason(told: Any, finish: str):
    assert chat(said(finish=told)).finish_reason == finish


def test_a_chat_that_refuses_says_why():
    reply = chat(said(None, refusal="I can't help with that."))
    assert reply.finish_reason == "refusal"
    assert reply.text == "I can't help with that."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ("", ""),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}, 3], "ab"),
        (12, ""),
    ],
)
def test_a_chat_without_text_is_an_empty_answer(content: Any, text: str):
    assert chat(said(content)).text == text


def test_a_chat_counts_its_tokens():
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "prompt_tokens_details": {"cached_tokens": 80},
        "completion_tokens_details": {"reasoning_tokens": 40},
    }
    reply = chat({**said(), "usage": usage, "model": "gpt-5-mini-2025-08-07"})
    assert reply.usage == Usage(100, 50, None, 80, 40)
    assert reply.model == "gpt-5-mini-2025-08-07"
    assert reply.request_id == "req_1"


@pytest.mark.parametrize("usage", [None, 3, {"prompt_tokens": -1}, {"prompt_tokens": True}])
def test_tokens_that_make_no_sense_are_unknown(usage: Any):
    assert chat({**said(), "usage": usage}).usage == Usage()


def test_a_model_cannot_paint_the_terminal_with_its_name():
    assert chat({**said(), "model": "gpt\x1b[2J\n5"}).model == "gpt 5"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"message": "slow", "code": 429}, FailureKind.RATE_LIMITED),
        ({"message": "no credit balance", "code": 402}, FailureKind.QUOTA),
        ({"message": "down", "code": "x"}, FailureKind.SERVER_ERROR),
        ("down", FailureKind.SERVER_ERROR),
    ],
)
def test_an_error_under_a_fine_status_is_an_error(error: Any, kind: FailureKind):
    with pytest.raises(ModelError) as caught:
        chat({"error": error, "usage": {"prompt_tokens": 9}})
    assert caught.value.kind is kind
    assert caught.value.usage.input_tokens == 9


@pytest.mark.parametrize(
    ("data", "finish"),
    [
        (parts({"type": "output_text", "text": "{}"}), "stop"),
        (parts(status="incomplete"), "length"),
        (
            parts(status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
            "length",
        ),
        (
            parts(status="incomplete", incomplete_details={"reason": "content_filter"}),
            "filtered",
        ),
        (parts(status="incomplete", incomplete_details={"reason": "what"}), "other"),
        (parts(status="in_progress"), "other"),
        ({"status": "completed", "output": []}, "stop"),
        ({"status": "completed", "output": [None, {"type": "message"}]}, "stop"),
    ],
)
def test_a_response_ends_for_a_reason(data: dict[str, Any], finish: str):
    assert responses(data).finish_reason == finish


def test_a_response_that_refuses_says_why():
    reply = responses(parts({"type": "refusal", "refusal": "I will not."}))
    assert (reply.finish_reason, reply.text) == ("refusal", "I will not.")


def test_a_response_counts_its_tokens():
    usage = {
        "input_tokens": 100,
        "output_tokens": 50,
        "input_tokens_details": {"cached_tokens": 80},
        "output_tokens_details": {"reasoning_tokens": 40},
    }
    assert responses(parts(usage=usage)).usage == Usage(100, 50, None, 80, 40)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("rate_limit_exceeded", FailureKind.RATE_LIMITED),
        ("insufficient_quota", FailureKind.QUOTA),
        ("server_error", FailureKind.SERVER_ERROR),
        ("invalid_prompt", FailureKind.FILTERED),
    ],
)
def test_a_response_that_failed_is_an_error_with_its_usage(code: str, kind: FailureKind):
    error = {"code": code, "message": "It did not work."}
    with pytest.raises(ModelError) as caught:
        responses({"status": "failed", "error": error, "usage": {"input_tokens": 5}})
    assert caught.value.kind is kind
    assert caught.value.usage.input_tokens == 5
    assert "It did not work" in caught.value.message


def test_a_response_without_output_is_no_answer():
    with pytest.raises(ModelError) as caught:
        responses({"status": "completed"})
    assert caught.value.kind is FailureKind.GARBLED


@pytest.mark.parametrize("key", [None, lambda: "", lambda: "  "])
def test_without_a_key_nobody_is_asked(key: Any):
    provider = OpenAIProvider(ProviderOptions({"base_url": "http://127.0.0.1:9"}, key=key))
    with pytest.raises(ModelError) as caught:
        asked(provider, question())
    assert caught.value.kind is FailureKind.AUTH
    assert caught.value.message == "There is no key for OpenAI."
    assert "stellwerk keys set openai" in caught.value.hint


def test_without_settings_it_is_openai_as_it_comes():
    target = OpenAIProvider(ProviderOptions()).target(question(role="reasoning"))
    assert target.base_url == "https://api.openai.com/v1"
    assert target.model == "gpt-5-mini"
