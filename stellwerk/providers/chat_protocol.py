"""OpenAI's chat protocol, which many servers speak: requests written, replies read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from stellwerk.domain.text import one_line
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import FinishReason, ModelReply, ModelRequest, Usage
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import Received
from stellwerk.providers.status_errors import refusal

_FINISHES: Final[Mapping[str, FinishReason]] = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "filtered",
    "refusal": "refusal",
}


def response_format(request: ModelRequest, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a reply is held to JSON, as arguments of a chat request."""
    if request.mode == "text":
        return {}
    if request.mode == "json":
        return {"response_format": {"type": "json_object"}}
    named = {"name": request.stage, "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def chat_reply(peer: Peer, received: Received) -> ModelReply:
    """Return what a chat completion says.

    Raises:
        ModelError: It is none, or it tells of an error although its status was fine.
    """
    data = received.data
    usage = chat_usage(data.get("usage"))
    choice = first_mapping(data.get("choices"))
    if choice is None or not isinstance(message := choice.get("message"), Mapping):
        raise told_error(peer, received, usage)
    refused = message.get("refusal")
    finish = _FINISHES.get(str(choice.get("finish_reason")).lower(), "other")
    if isinstance(refused, str) and refused:
        finish = "refusal"
    return ModelReply(
        text=refused if finish == "refusal" and refused else text_of(message.get("content")),
        model=name_of(data.get("model")) or peer.model,
        finish_reason=finish,
        usage=usage,
        request_id=received.request_id,
    )


def chat_usage(usage: object) -> Usage:
    """Return what a chat completion used."""
    if not isinstance(usage, Mapping):
        return Usage()
    asked = usage.get("prompt_tokens_details")
    answered = usage.get("completion_tokens_details")
    return Usage(
        input_tokens=count_of(usage, "prompt_tokens"),
        output_tokens=count_of(usage, "completion_tokens"),
        cached_tokens=count_of(asked, "cached_tokens"),
        reasoning_tokens=count_of(answered, "reasoning_tokens"),
    )


def told_error(peer: Peer, received: Received, usage: Usage) -> ModelError:
    """Return the error for a reply whose status is fine and which holds no answer."""
    error = received.data.get("error")
    if not error:
        return peer.error(
            FailureKind.GARBLED,
            "JSON without an answer",
            request_id=received.request_id,
            usage=usage,
            raw=received.text,
        )
    code = error.get("code") if isinstance(error, Mapping) else None
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    return refusal(peer, status, received.data, received.headers, usage)


def text_of(content: object) -> str:
    """Return the text of a message: a string, or parts with texts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = (each.get("text") for each in content if isinstance(each, Mapping))
    return "".join(each for each in texts if isinstance(each, str))


def name_of(value: object) -> str:
    """Return the name of a model as it may be shown."""
    return one_line(value)[:200] if isinstance(value, str) else ""


def count_of(counts: object, name: str) -> int | None:
    """Return a number of tokens, or None if it is not told."""
    value = counts.get(name) if isinstance(counts, Mapping) else None
    fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if fits else None


def first_mapping(values: object) -> Mapping[str, Any] | None:
    """Return the first element of a list, if it is an object."""
    first = values[0] if isinstance(values, list) and values else None
    return first if isinstance(first, Mapping) else None
