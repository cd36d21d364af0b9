"""Ollama over its own API: the one that knows context windows and schemas."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from stellwerk.domain.goal import SourceKind
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import (
    FinishReason,
    Mode,
    ModelReply,
    ModelRequest,
    ProviderOptions,
    Target,
    Usage,
)
from stellwerk.providers.addresses import OLLAMA_ENDINGS, base_url, without_credentials
from stellwerk.providers.chat_protocol import count_of, name_of, text_of, told_error
from stellwerk.providers.discovery import OLLAMA_HINTS, answered, ollama_models
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import CONNECT_SECONDS, Received, failing_as, opened
from stellwerk.providers.sdk_errors import quieten
from stellwerk.providers.stages import STAGES
from stellwerk.providers.wire_schema import GRAMMAR_BOUNDS, closed, inlined, with_schema

STELLWERK_API = 1
_FINISHES: Final[Mapping[str, FinishReason]] = {"stop": "stop", "length": "length"}
_LISTING_SECONDS: Final = 10.0


class OllamaProvider:
    """The models of an Ollama server.

    Args:
        options: `base_url`, `model`, `num_ctx`, `timeout_seconds`.
    """

    name = "ollama"
    kind = SourceKind.MODEL
    stages = STAGES
    modes: tuple[Mode, ...] = ("schema", "json", "text")

    def __init__(self, options: ProviderOptions) -> None:
        settings = options.settings
        given = settings.get("base_url") or "http://localhost:11434"
        self._url = base_url(given, OLLAMA_ENDINGS)
        self._wanted = str(settings.get("model") or "")
        self._window = int(settings.get("num_ctx") or 16_384)
        self._seconds = float(settings.get("timeout_seconds") or 300.0)
        self._first = ""
        self._listing = asyncio.Lock()
        self._client: Any = None

    def target(self, request: ModelRequest) -> Target:
        """Return where a request would go; without a model in the settings none is named."""
        shape = {"max_tokens": request.max_tokens, "num_ctx": self._window}
        return Target(self._wanted, without_credentials(self._url), shape)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: It was not answered.
        """
        model = self._wanted or await self._first_model()
        peer = self._peer(model, request.mode)
        body = chat_body(request, model, self._window)
        client = self._opened(peer)
        async with (
            failing_as(peer, self._seconds),
            client.stream("POST", f"{self._url}/api/chat", json=body) as response,
        ):
            answer = await answered(peer, response)
        return chat_reply(peer, answer)

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _first_model(self) -> str:
        async with self._listing:
            if not self._first:
                seconds = min(self._seconds, _LISTING_SECONDS)
                models = await ollama_models(self._url, seconds)
                if not models:
                    raise self._peer("", "text").error(FailureKind.NO_MODEL)
                self._first = models[0].name
        return self._first

    def _peer(self, model: str, mode: Mode) -> Peer:
        shown = without_credentials(self._url)
        step = f"Fetch one with `ollama pull {model or 'qwen3:8b'}`, or set ai.ollama.model."
        hints = {**OLLAMA_HINTS, "model": step}
        return Peer("Ollama", "ai.ollama", model, shown, mode, hints)

    def _opened(self, peer: Peer) -> Any:
        import httpx2

        if self._client is None:
            quieten()
            connect = min(self._seconds, CONNECT_SECONDS)
            timeout = httpx2.Timeout(self._seconds, connect=connect)
            self._client = opened(peer, lambda: httpx2.AsyncClient(timeout=timeout))
        return self._client


def chat_body(request: ModelRequest, model: str, window: int) -> dict[str, Any]:
    """Return the body of a request.

    Ollama shows the model no schema, so it stands in the prompt as well; and it is told to
    refuse what does not fit its window instead of cutting it.
    """
    schema = inlined(closed(request.schema, GRAMMAR_BOUNDS))
    body: dict[str, Any] = {
        "model": model,
        "messages": with_schema(request.messages(), request.schema),
        "stream": False,
        "truncate": False,
        "shift": False,
        "options": {"num_ctx": window, "num_predict": min(request.max_tokens, window)},
    }
    if request.mode != "text":
        body["format"] = schema if request.mode == "schema" else "json"
    return body


def chat_reply(peer: Peer, answer: Received) -> ModelReply:
    """Return what Ollama says.

    Raises:
        ModelError: It is no answer, or tells of an error.
    """
    data = answer.data
    usage = Usage(
        input_tokens=count_of(data, "prompt_eval_count"),
        output_tokens=count_of(data, "eval_count"),
        cost_micro=0,
    )
    message = data.get("message")
    if not isinstance(message, Mapping):
        raise told_error(peer, answer, usage)
    finish = _FINISHES.get(str(data.get("done_reason")), "other")
    return ModelReply(
        text=text_of(message.get("content")),
        model=name_of(data.get("model")) or peer.model,
        finish_reason=finish if data.get("done") else "other",
        usage=usage,
        request_id=answer.request_id,
    )
