"""LiteLLM: whatever it speaks, for those who installed `stellwerk[litellm]`."""

from __future__ import annotations

import asyncio
import os
import re
import warnings
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
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
from stellwerk.providers.addresses import base_url, without_credentials
from stellwerk.providers.chat_protocol import chat_reply, response_format
from stellwerk.providers.credentials import revealed
from stellwerk.providers.openai_client import openai_errors
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import Received
from stellwerk.providers.sdk_errors import failure, lowered, quieten, transport_errors
from stellwerk.providers.stages import STAGES
from stellwerk.providers.status_errors import refusal
from stellwerk.providers.wire_schema import closed, with_schema

STELLWERK_API = 1
_WHO: Final = "LiteLLM"
_SECTION: Final = "ai.litellm"
_HINTS: Final = {
    "model": "LiteLLM wants its provider in front of a model, as in gemini/gemini-2.5-flash.",
    "path": "leave it out unless the provider has an address of its own",
    "reach": "Is this machine online? ai.litellm.base_url says where else to look.",
}
_INSTALL: Final = "Install it with `pip install 'stellwerk[litellm]'`."
_OLDEST: Final = (1, 106)
_BY_WORDS: Final = (
    ("certificate", FailureKind.TLS),
    ("cannot connect to host", FailureKind.UNREACHABLE),
    ("connection error", FailureKind.UNREACHABLE),
    ("llm provider not provided", FailureKind.NO_MODEL),
)
"""What its exceptions say of a lost cause."""
_BY_CLASS: Final[Mapping[str, FailureKind]] = {
    "ContextWindowExceededError": FailureKind.CONTEXT_TOO_LONG,
    "ContentPolicyViolationError": FailureKind.FILTERED,
    "UnsupportedParamsError": FailureKind.UNSUPPORTED,
    "PaymentRequiredError": FailureKind.QUOTA,
    "LiteLLMUnknownProvider": FailureKind.NO_MODEL,
}


class LiteLLMProvider:
    """The models that LiteLLM reaches.

    Args:
        options: `model`, `reasoning_model`, `base_url`, `timeout_seconds`, a key.

    Raises:
        ProviderError: There is no `model`.
    """

    name = "litellm"
    kind = SourceKind.MODEL
    stages = STAGES
    modes: tuple[Mode, ...] = ("schema", "json", "text")

    def __init__(self, options: ProviderOptions) -> None:
        settings = options.settings
        if not settings.get("model"):
            msg = "There is no model for the provider litellm."
            hint = "Set ai.litellm.model, for example to gemini/gemini-2.5-flash."
            raise ProviderError(msg, hint)
        self._fast = str(settings["model"])
        self._reasoning = str(settings.get("reasoning_model") or self._fast)
        self._url = base_url(settings["base_url"]) if settings.get("base_url") else ""
        self._seconds = float(settings.get("timeout_seconds") or 120.0)
        self._key = options.key
        self._litellm: Any = None

    def target(self, request: ModelRequest) -> Target:
        """Return where a request would go."""
        shape = {"max_tokens": request.max_tokens}
        return Target(self._model(request), without_credentials(self._url), shape)

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request.

        Raises:
            ModelError: It was not answered.
            ProviderError: LiteLLM is not installed.
        """
        key = revealed(_WHO, _SECTION, self._key)
        model = self._model(request)
        shown = without_credentials(self._url)
        peer = Peer(_WHO, _SECTION, model, shown, request.mode, _HINTS, secret=key)
        litellm = self._loaded()
        body = completion_body(request, model)
        async with _failing_as(peer, self._seconds):
            reply = await litellm.acompletion(
                **body,
                api_key=key or None,
                base_url=self._url or None,
                timeout=self._seconds,
                num_retries=0,
                max_retries=0,
            )
        return completion_reply(peer, reply)

    async def close(self) -> None:
        """Let go of connections."""
        litellm, self._litellm = self._litellm, None
        if litellm is not None:
            await litellm.close_litellm_async_clients()
            litellm.in_memory_llm_clients_cache.flush_cache()

    def _model(self, request: ModelRequest) -> str:
        return self._fast if request.role == "fast" else self._reasoning

    def _loaded(self) -> Any:
        if self._litellm is None:
            self._litellm = load_litellm()
        return self._litellm


def load_litellm() -> Any:
    """Import LiteLLM, kept from the network, from `.env` files and from the terminal.

    Raises:
        ProviderError: It is not installed, or too old to be trusted.
    """
    try:
        installed = version("litellm")
    except PackageNotFoundError:
        msg = "LiteLLM is not installed, so the provider litellm cannot answer."
        raise ProviderError(msg, _INSTALL) from None
    if tuple(int(each) for each in re.findall(r"\d+", installed)[:2]) < _OLDEST:
        msg = f"LiteLLM {installed} has known security holes and is not used."
        raise ProviderError(msg, _INSTALL)
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        litellm: Any = import_module("litellm")
    warnings.filterwarnings("ignore", r"Items? .* on TypedDict class", UserWarning)
    quieten()
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    litellm.redact_messages_in_exceptions = True
    return litellm


def completion_body(request: ModelRequest, model: str) -> dict[str, Any]:
    """Return what is asked of LiteLLM."""
    messages: list[dict[str, str]] = request.messages()
    if request.mode != "schema":
        messages = with_schema(messages, request.schema)
    return {
        "model": model,
        "messages": messages,
        "max_tokens": request.max_tokens,
        **response_format(request, closed(request.schema)),
    }


def completion_reply(peer: Peer, reply: Any) -> ModelReply:
    """Return what LiteLLM gives back, with its cost where it knows a price.

    Raises:
        ModelError: It is no answer.
    """
    hidden = getattr(reply, "_hidden_params", None) or {}
    headers = {
        name.removeprefix("llm_provider-"): value
        for name, value in lowered(hidden.get("additional_headers") or {}).items()
    }
    told = chat_reply(peer, Received(reply.model_dump(), headers, ""))
    cost = hidden.get("response_cost")
    if not isinstance(cost, int | float):
        return told
    return replace(told, usage=replace(told.usage, cost_micro=round(cost * 1e6)))


@asynccontextmanager
async def _failing_as(peer: Peer, seconds: float) -> AsyncIterator[None]:
    """Bound the time of a call, and tell its failures apart."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (*openai_errors(), *transport_errors()) as error:
        raise completion_failure(peer, error) from None


def completion_failure(peer: Peer, error: Exception) -> ModelError:
    """Return the error for an exception of LiteLLM: by class, by words, by status."""
    names = {each.__name__ for each in type(error).__mro__}
    message = str(getattr(error, "message", ""))
    said = message.partition("Exception - ")[2] or message
    known = next((kind for name, kind in _BY_CLASS.items() if name in names), None)
    kind = known or next((kind for words, kind in _BY_WORDS if words in said.lower()), None)
    status = getattr(error, "status_code", None)
    if kind:
        return peer.error(kind, said, status=status if known else None)
    if isinstance(status, int) and "APIConnectionError" not in names:
        headers = getattr(error, "litellm_response_headers", None)
        response = getattr(error, "response", None)
        return refusal(
            peer, status, said, lowered(headers or getattr(response, "headers", {}))
        )
    return failure(peer, error)
