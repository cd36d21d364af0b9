"""The providers as the tests see them: how each is built, asked, and answered."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import pytest

from stellwerk.planning.drafts import TasksDraft
from stellwerk.planning.failures import ModelError
from stellwerk.planning.models import ModelReply, ModelRequest, ProviderOptions, WireModel
from stellwerk.providers.anthropic import AnthropicProvider
from stellwerk.providers.compatible import CompatibleProvider
from stellwerk.providers.ollama import OllamaProvider
from stellwerk.providers.openai import OpenAIProvider

KEY: Final = "sk-test-0123456789abcdefghij"
MESSAGES: Final = (
    {"role": "system", "content": "You are a planner."},
    {"role": "user", "content": "Break r1 down. Answer with JSON."},
)
TASKS: Final = '{"tasks": [{"key": "r1.1", "title": "Found a club", "description": ""}]}'


class Wire(NamedTuple):
    """A provider over one of its APIs.

    Attributes:
        id: Of the test.
        make: Its class.
        settings: What it is built with, apart from the address.
        path: Where its requests arrive.
        suffix: What its base URL ends in.
        reply: A whole reply with a text.
    """

    id: str
    make: Callable[[ProviderOptions], WireModel]
    settings: Mapping[str, Any]
    path: str
    suffix: str
    reply: Callable[[str], dict[str, Any]]

    def built(self, url: str, **settings: Any) -> WireModel:
        """Return the provider for a server."""
        given = {"base_url": url + self.suffix, "timeout_seconds": 20.0}
        options = ProviderOptions({**given, **self.settings, **settings}, key=lambda: KEY)
        return self.make(options)


def chat(text: str) -> dict[str, Any]:
    """Return a reply of OpenAI's chat API."""
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    return {"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}


def response(text: str) -> dict[str, Any]:
    """Return a reply of the Responses API."""
    parts = [{"type": "output_text", "text": text}]
    output = [{"type": "reasoning", "summary": []}, {"type": "message", "content": parts}]
    return {"status": "completed", "output": output, "usage": {"input_tokens": 3}}


def message(text: str) -> dict[str, Any]:
    """Return a reply of Anthropic's API."""
    return {"content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}


def ollama_chat(text: str) -> dict[str, Any]:
    """Return a reply of Ollama's API."""
    return {"message": {"content": text}, "done": True, "done_reason": "stop"}


OPENAI_MODELS: Final = {"model": "gpt-5-mini", "reasoning_model": "gpt-5"}
WIRES: Final = (
    Wire(
        "openai-responses",
        OpenAIProvider,
        {**OPENAI_MODELS, "api": "responses"},
        "/v1/responses",
        "/v1",
        response,
    ),
    Wire("openai-chat", OpenAIProvider, OPENAI_MODELS, "/v1/chat/completions", "/v1", chat),
    Wire(
        "anthropic",
        AnthropicProvider,
        {"model": "claude-sonnet-4-6", "reasoning_model": "claude-opus-4-6"},
        "/v1/messages",
        "",
        message,
    ),
    Wire("ollama", OllamaProvider, {"model": "qwen3:8b"}, "/api/chat", "", ollama_chat),
    Wire(
        "compatible",
        CompatibleProvider,
        {"model": "qwen3-32b"},
        "/v1/chat/completions",
        "/v1",
        chat,
    ),
)
every_wire = pytest.mark.parametrize("wire", WIRES, ids=[each.id for each in WIRES])


def question(**more: Any) -> ModelRequest:
    """Return a request for the tasks of a route."""
    given: dict[str, Any] = {
        "stage": "tasks",
        "subject": "r1",
        "inputs": {},
        "schema": TasksDraft.model_json_schema(),
        "prompt": "tasks@1",
        "messages": lambda: [dict(each) for each in MESSAGES],
    }
    return ModelRequest(**{**given, **more})


async def ask(provider: WireModel, request: ModelRequest) -> ModelReply:
    """Ask once and let go."""
    try:
        return await provider.complete(request)
    finally:
        await provider.close()


def asked(provider: WireModel, request: ModelRequest) -> ModelReply:
    """Ask once, in a loop of its own."""
    return asyncio.run(ask(provider, request))


async def refused(provider: WireModel, request: ModelRequest) -> ModelError:
    """Ask once and return how it failed, after a look at what that tells."""
    with pytest.raises(ModelError) as caught:
        await ask(provider, request)
    error = caught.value
    told = "".join(traceback.format_exception(error))
    for text in (error.message, error.hint, error.raw, repr(error), told):
        assert KEY not in text
    assert error.message.endswith(".")
    assert "\n" not in error.message + error.hint
    assert len(error.message) < 500
    return error


def failed(provider: WireModel, request: ModelRequest) -> ModelError:
    """Ask once and return how it failed, in a loop of its own."""
    return asyncio.run(refused(provider, request))
