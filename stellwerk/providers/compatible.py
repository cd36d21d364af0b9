"""Any server that speaks OpenAI's chat protocol: llama.cpp, vLLM, LM Studio, gateways."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from stellwerk.domain.goal import SourceKind
from stellwerk.errors import ProviderError
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import (
    Mode,
    ModelReply,
    ModelRequest,
    ProviderOptions,
    Target,
)
from stellwerk.providers.addresses import CHAT_ENDINGS, base_url, without_credentials
from stellwerk.providers.chat_protocol import chat_reply, response_format
from stellwerk.providers.credentials import revealed
from stellwerk.providers.discovery import Served, compatible_models
from stellwerk.providers.openai_client import openai_client, openai_errors, without_key
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import failing_as, opened, received
from stellwerk.providers.stages import STAGES
from stellwerk.providers.wire_schema import closed, inlined, with_schema

STELLWERK_API = 1
_SECTION: Final = "ai.compatible"
_SECONDS: Final = 5.0


class CompatibleProvider:
    """The models of a server with OpenAI's chat protocol.

    Args:
        options: `base_url`, `model`, `timeout_seconds`, a key where the server wants one.

    Raises:
        ProviderError: There is no `base_url`.
    """

    name = "openai-compatible"
    kind = SourceKind.MODEL
    stages = STAGES
    modes: tuple[Mode, ...] = ("schema", "json", "text")

    def __init__(self, options: ProviderOptions) -> None:
        settings = options.settings
        if not settings.get("base_url"):
            msg = "There is no server for the provider openai-compatible."
            hint = "Set ai.compatible.base_url, for example to http://localhost:8000/v1."
            raise ProviderError(msg, hint)
        self._url = base_url(settings["base_url"], CHAT_ENDINGS)
        self._shown = without_credentials(self._url)
        self._wanted = str(settings.get("model") or "")
        self._seconds = float(settings.get("timeout_seconds") or 120.0)
        self._key = options.key
        self._listed: tuple[Served, ...] | None = None
        self._listing = asyncio.Lock()
        self._client: Any = None

    def target(self, request: ModelRequest) -> Target:
        """Return where a request would go; without a model in the settings none is named."""
        return Target(self._wanted, self._shown, {"max_tokens": request.max_tokens})

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: It was not answered.
        """
        key = revealed(f"the server at {self._shown}", _SECTION, self._key)
        asked = await self._asked(key)
        peer = self._peer(asked.name, request.mode, key)
        client = self._opened(peer, key)
        body = chat_body(request, asked) | ({} if key else without_key())
        async with failing_as(peer, self._seconds, openai_errors()):
            opening = client.chat.completions.with_streaming_response.create(**body)
            answer = await received(peer, opening)
        return chat_reply(peer, answer)

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _asked(self, key: str) -> Served:
        """Return the model to ask, with its window where the server tells it."""
        async with self._listing:
            if self._listed is None:
                self._listed = await self._models(key)
        if not self._wanted:
            return self._listed[0]
        named = (each for each in self._listed if each.name == self._wanted)
        return next(named, Served(self._wanted))

    async def _models(self, key: str) -> tuple[Served, ...]:
        """Return what the server lists; with a model in the settings that may fail."""
        try:
            models = await compatible_models(self._url, key, min(self._seconds, _SECONDS))
        except ModelError:
            if not self._wanted:
                raise
            return ()
        if not models and not self._wanted:
            raise self._peer("", "text", key).error(FailureKind.NO_MODEL)
        return models

    def _peer(self, model: str, mode: Mode, key: str) -> Peer:
        who = f"The server at {self._shown}"
        hints = {"model": f"Set ai.compatible.model to one of {self._shown}/models."}
        if not key:
            hints["key"] = "It wants one: store it with `stellwerk keys set compatible`."
        return Peer(who, _SECTION, model, self._shown, mode, hints, secret=key)

    def _opened(self, peer: Peer, key: str) -> Any:
        if self._client is None:
            self._client = opened(
                peer, lambda: openai_client(self._url, key, self._seconds, stranger=True)
            )
        return self._client


def chat_body(request: ModelRequest, asked: Served) -> dict[str, Any]:
    """Return the body of a request.

    Such servers turn a schema into a grammar and show it to no model, so it stands in the
    prompt as well. Some refuse more tokens than fit their window: half of it is the most.
    """
    most = request.max_tokens if asked.window is None else asked.window // 2
    return {
        "model": asked.name,
        "messages": with_schema(request.messages(), request.schema),
        "max_tokens": min(request.max_tokens, most),
        **response_format(request, inlined(closed(request.schema))),
    }
