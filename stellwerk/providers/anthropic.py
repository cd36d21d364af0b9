"""Anthropic over its own package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

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
from stellwerk.providers.addresses import MESSAGES_ENDINGS, base_url, without_credentials
from stellwerk.providers.chat_protocol import count_of, name_of, text_of, told_error
from stellwerk.providers.credentials import missing, revealed
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import (
    CONNECT_SECONDS,
    Received,
    failing_as,
    opened,
    received,
)
from stellwerk.providers.sdk_errors import quieten
from stellwerk.providers.stages import STAGES
from stellwerk.providers.wire_schema import closed, with_schema

STELLWERK_API = 1
_WHO: Final = "Anthropic"
_SECTION: Final = "ai.anthropic"
_HINTS: Final = {"path": "it usually is https://api.anthropic.com, without /v1"}
_FINISHES: Final[Mapping[str, FinishReason]] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refusal",
}


class AnthropicProvider:
    """The models of Anthropic.

    Args:
        options: `base_url`, `model`, `reasoning_model`, `timeout_seconds`, a key.
    """

    name = "anthropic"
    kind = SourceKind.MODEL
    stages = STAGES
    modes: tuple[Mode, ...] = ("schema", "text")

    def __init__(self, options: ProviderOptions) -> None:
        self._settings = options.settings
        self._key = options.key
        given = self._settings.get("base_url") or "https://api.anthropic.com"
        self._url = base_url(given, MESSAGES_ENDINGS)
        self._seconds = float(self._settings.get("timeout_seconds") or 90.0)
        self._client: Any = None

    def target(self, request: ModelRequest) -> Target:
        """Return where a request would go."""
        shape = {"max_tokens": request.max_tokens}
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
            _HINTS,
            secret=key,
        )
        body = messages_body(request, self._model(request))
        client = self._opened(peer, key)
        import anthropic

        async with failing_as(peer, self._seconds, (anthropic.AnthropicError,)):
            opening = client.messages.with_streaming_response.create(**body)
            answer = await received(peer, opening)
        return messages_reply(peer, answer)

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _model(self, request: ModelRequest) -> str:
        fast = str(self._settings.get("model") or "claude-sonnet-4-6")
        if request.role == "fast":
            return fast
        return str(self._settings.get("reasoning_model") or fast)

    def _opened(self, peer: Peer, key: str) -> Any:
        import anthropic

        if self._client is None:
            quieten()
            connect = min(self._seconds, CONNECT_SECONDS)
            timeout = anthropic.Timeout(self._seconds, connect=connect)
            self._client = opened(
                peer,
                lambda: anthropic.AsyncAnthropic(
                    api_key=key, base_url=self._url, timeout=timeout, max_retries=0
                ),
            )
        return self._client


def messages_body(request: ModelRequest, model: str) -> dict[str, Any]:
    """Return the body of a request; system messages have a place of their own."""
    messages: Sequence[Mapping[str, str]] = request.messages()
    if request.mode != "schema":
        messages = with_schema(messages, request.schema)
    system = [each["content"] for each in messages if each["role"] == "system"]
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": request.max_tokens,
        "messages": [dict(each) for each in messages if each["role"] != "system"],
    }
    if system:
        body["system"] = "\n\n".join(system)
    if request.mode == "schema":
        schema = {"type": "json_schema", "schema": closed(request.schema)}
        body["output_config"] = {"format": schema}
    return body


def messages_reply(peer: Peer, answer: Received) -> ModelReply:
    """Return what a message says.

    Raises:
        ModelError: It is none, or tells of an error.
    """
    data = answer.data
    usage = messages_usage(data.get("usage"))
    content = data.get("content")
    if not isinstance(content, list):
        raise told_error(peer, answer, usage)
    texts = [
        each for each in content if isinstance(each, Mapping) and each.get("type") == "text"
    ]
    return ModelReply(
        text=text_of(texts),
        model=name_of(data.get("model")) or peer.model,
        finish_reason=_FINISHES.get(str(data.get("stop_reason")), "other"),
        usage=usage,
        request_id=answer.request_id,
    )


def messages_usage(usage: object) -> Usage:
    """Return what a message used; what the cache took and gave counts as asked."""
    asked = [
        count_of(usage, name)
        for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    ]
    return Usage(
        input_tokens=None if asked[0] is None else sum(each or 0 for each in asked),
        output_tokens=count_of(usage, "output_tokens"),
        cached_tokens=asked[2],
    )
