"""OpenAI over its own package: the Responses API, and the chat API for proxies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from stellwerk.domain.goal import SourceKind
from stellwerk.planning.models import (
    FinishReason,
    Mode,
    ModelReply,
    ModelRequest,
    ProviderOptions,
    Target,
    Usage,
)
from stellwerk.providers.addresses import CHAT_ENDINGS, base_url, without_credentials
from stellwerk.providers.chat_protocol import (
    chat_reply,
    count_of,
    name_of,
    response_format,
    text_of,
    told_error,
)
from stellwerk.providers.credentials import missing, revealed
from stellwerk.providers.openai_client import openai_client, openai_errors
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import Received, failing_as, opened, received
from stellwerk.providers.stages import STAGES
from stellwerk.providers.wire_schema import NO_BOUNDS, OPENAI_BOUNDS, closed, with_schema

STELLWERK_API = 1
HOME: Final = "https://api.openai.com/v1"
_WHO: Final = "OpenAI"
_SECTION: Final = "ai.openai"
_INCOMPLETE: Final[Mapping[str, FinishReason]] = {
    "max_output_tokens": "length",
    "max_tokens": "length",
    "content_filter": "filtered",
}
_FAILED: Final = {"rate_limit_exceeded": 429, "insufficient_quota": 429, "invalid_prompt": 400}


class OpenAIProvider:
    """The models of OpenAI.

    Args:
        options: `base_url`, `api`, `model`, `reasoning_model`, `timeout_seconds`, a key.
    """

    name = "openai"
    kind = SourceKind.MODEL
    stages = STAGES
    modes: tuple[Mode, ...] = ("schema", "json", "text")

    def __init__(self, options: ProviderOptions) -> None:
        self._settings = options.settings
        self._key = options.key
        self._url = base_url(self._settings.get("base_url") or HOME, CHAT_ENDINGS)
        self._seconds = float(self._settings.get("timeout_seconds") or 90.0)
        self._client: Any = None

    def target(self, request: ModelRequest) -> Target:
        """Return where a request would go."""
        shape = {"api": self._api, "max_tokens": request.max_tokens}
        return Target(self._model(request), without_credentials(self._url), shape)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: It was not answered.
        """
        key = revealed(_WHO, _SECTION, self._key)
        if not key:
            raise missing(_WHO, _SECTION)
        peer = Peer(
            _WHO,
            _SECTION,
            self._model(request),
            without_credentials(self._url),
            request.mode,
            secret=key,
        )
        body = self._body(request)
        client = self._opened(peer, key)
        calls = client.responses if self._api == "responses" else client.chat.completions
        async with failing_as(peer, self._seconds, openai_errors()):
            answer = await received(peer, calls.with_streaming_response.create(**body))
        if self._api == "responses":
            return responses_reply(peer, answer)
        return chat_reply(peer, answer)

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @property
    def _api(self) -> Literal["responses", "chat"]:
        chosen = self._settings.get("api") or "auto"
        if chosen == "auto":
            return "responses" if _at_home(self._url) else "chat"
        return "responses" if chosen == "responses" else "chat"

    def _model(self, request: ModelRequest) -> str:
        fast = str(self._settings.get("model") or "gpt-5-mini")
        if request.role == "fast":
            return fast
        return str(self._settings.get("reasoning_model") or fast)

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        messages: list[dict[str, str]] = request.messages()
        if request.mode != "schema":
            messages = with_schema(messages, request.schema)
        bounds = OPENAI_BOUNDS if _at_home(self._url) else NO_BOUNDS
        shape = response_format(request, closed(request.schema, bounds))
        model = self._model(request)
        if self._api == "responses":
            return responses_body(request, model, messages, shape)
        limit = {"max_completion_tokens": request.max_tokens}
        return {"model": model, "messages": messages, **limit, **shape}

    def _opened(self, peer: Peer, key: str) -> Any:
        if self._client is None:
            self._client = opened(peer, lambda: openai_client(self._url, key, self._seconds))
        return self._client


def responses_body(
    request: ModelRequest,
    model: str,
    messages: list[dict[str, str]],
    shape: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the body of a request to the Responses API; nothing is stored there."""
    body: dict[str, Any] = {
        "model": model,
        "input": messages,
        "max_output_tokens": request.max_tokens,
        "store": False,
    }
    if wanted := shape.get("response_format"):
        body["text"] = {"format": {**wanted.get("json_schema", {}), "type": wanted["type"]}}
    return body


def responses_reply(peer: Peer, answer: Received) -> ModelReply:
    """Return what the Responses API says.

    Raises:
        ModelError: It is no answer, or tells of an error.
    """
    data = answer.data
    usage = responses_usage(data.get("usage"))
    output = data.get("output")
    if data.get("status") in {"failed", "cancelled"} or not isinstance(output, list):
        raise told_error(peer, _with_status(answer), usage)
    parts = [
        part
        for item in output
        if isinstance(item, Mapping) and item.get("type") == "message"
        for part in item.get("content") or ()
        if isinstance(part, Mapping)
    ]
    refused = "".join(str(part.get("refusal") or "") for part in parts)
    return ModelReply(
        text=refused or text_of(parts),
        model=name_of(data.get("model")) or peer.model,
        finish_reason="refusal" if refused else _finish(data),
        usage=usage,
        request_id=answer.request_id,
    )


def responses_usage(usage: object) -> Usage:
    """Return what a response used."""
    if not isinstance(usage, Mapping):
        return Usage()
    return Usage(
        input_tokens=count_of(usage, "input_tokens"),
        output_tokens=count_of(usage, "output_tokens"),
        cached_tokens=count_of(usage.get("input_tokens_details"), "cached_tokens"),
        reasoning_tokens=count_of(usage.get("output_tokens_details"), "reasoning_tokens"),
    )


def _at_home(url: str) -> bool:
    """Tell whether a URL is OpenAI's own, those of its regions included."""
    return f".{urlsplit(url).hostname}".endswith(".api.openai.com")


def _finish(data: Mapping[str, Any]) -> FinishReason:
    status, why = data.get("status"), data.get("incomplete_details")
    if status != "incomplete":
        return "stop" if status == "completed" else "other"
    reason = why.get("reason") if isinstance(why, Mapping) else None
    return _INCOMPLETE.get(str(reason or "max_output_tokens"), "other")


def _with_status(answer: Received) -> Received:
    """Return a failed response with the status that its code stands for."""
    error = answer.data.get("error")
    if not isinstance(error, Mapping):
        return answer
    code = str(error.get("code"))
    told = {"code": _FAILED.get(code, 500), "type": code, "message": error.get("message")}
    return answer._replace(data={**answer.data, "error": told})
