"""Anthropic: what its replies say."""

from __future__ import annotations

from typing import Any

import pytest

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ProviderOptions, Usage
from stellwerk.providers.anthropic import AnthropicProvider, messages_reply
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import Received
from tests.providers.wires import asked, question

PEER = Peer("Anthropic", "ai.anthropic", "claude-x", "https://api.anthropic.com", "schema")


def replied(**data: Any):
    given = {"content": [{"type": "text", "text": "{}"}], "stop_reason": "end_turn"}
    return messages_reply(PEER, Received({**given, **data}, {"request-id": "req_1"}, ""))


@pytest.mark.parametrize(
    ("told", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "refusal"),
        ("pause_turn", "other"),
        ("tool_use", "other"),
        (None, "other"),
    ],
)
def test_a_message_ends_for_a_reason(told: Any, finish: str):
    assert replied(stop_reason=told).finish_reason == finish


def test_thoughts_are_no_part_of_the_answer():
    content = [
        {"type": "thinking", "thinking": "hm", "text": "hm"},
        {"type": "text", "text": '{"a":'},
        {"type": "text", "text": "1}"},
    ]
    assert replied(content=content).text == '{"a":1}'


def test_what_the_cache_took_and_gave_counts_as_asked():
    usage = {
        "input_tokens": 10,
        "cache_creation_input_tokens": 200,
        "cache_read_input_tokens": 3000,
        "output_tokens": 7,
    }
    assert replied(usage=usage).usage == Usage(3210, 7, None, 3000, None)


def test_tokens_that_are_not_told_are_unknown():
    assert replied(usage={"cache_read_input_tokens": 5}).usage == Usage(cached_tokens=5)


def test_an_error_under_a_fine_status_is_an_error():
    error = {"type": "overloaded_error", "message": "Overloaded"}
    with pytest.raises(ModelError) as caught:
        replied(content=None, type="error", error=error)
    assert caught.value.kind is FailureKind.OVERLOADED


def test_without_a_reasoning_model_the_other_one_reasons():
    provider = AnthropicProvider(ProviderOptions({"model": "m", "reasoning_model": None}))
    assert provider.target(question(role="reasoning")).model == "m"


def test_without_a_key_nobody_is_asked():
    with pytest.raises(ModelError) as caught:
        asked(AnthropicProvider(ProviderOptions()), question())
    assert caught.value.kind is FailureKind.AUTH
    assert "stellwerk keys set anthropic" in caught.value.hint
