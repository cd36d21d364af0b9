"""What local servers have: their models, and whether they are there at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from stellwerk.planning.failures import ModelError
from stellwerk.providers.addresses import (
    CHAT_ENDINGS,
    OLLAMA_ENDINGS,
    base_url,
    without_credentials,
)
from stellwerk.providers.chat_protocol import count_of, name_of
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import Received, beginning_of, body_of, failing_as, parsed
from stellwerk.providers.sdk_errors import lowered, quieten
from stellwerk.providers.status_errors import refusal

SECONDS: Final = 1.0
"""A local server answers at once or is not there."""
OLLAMA_HINTS: Final = {
    "key": "Ollama has no keys: what stands in front of it wants one; see ai.ollama.base_url.",
    "reach": "Is Ollama running? `ollama serve` starts it; ai.ollama.base_url says where it is.",
    "path": "it usually is http://localhost:11434",
    "context": "Raise ai.ollama.num_ctx, or try a model with a larger context window.",
}
_WINDOWS: Final = ("max_model_len", "context_length", "context_window", "max_context_length")
_EMBEDDERS: Final = ("embed", "bert", "rerank", "whisper", "tts")


class Served(NamedTuple):
    """A model of a server.

    Attributes:
        name: By which it is asked for.
        window: Tokens of question and answer together; None where the server does not say.
    """

    name: str
    window: int | None = None


async def ollama_models(url: str, seconds: float = SECONDS) -> tuple[Served, ...]:
    """Return the models of an Ollama server, those that only embed left out.

    Raises:
        ModelError: It did not answer.
    """
    root = base_url(url, OLLAMA_ENDINGS)
    peer = Peer("Ollama", "ai.ollama", "", without_credentials(root), "text", OLLAMA_HINTS)
    listed = (await fetched(peer, f"{root}/api/tags", seconds)).data.get("models")
    return _served(listed, "model", "name")


async def compatible_models(
    url: str, key: str = "", seconds: float = SECONDS
) -> tuple[Served, ...]:
    """Return the models of a server that speaks OpenAI's protocol.

    Raises:
        ModelError: It did not answer.
    """
    root = base_url(url, CHAT_ENDINGS)
    shown = without_credentials(root)
    peer = Peer(f"The server at {shown}", "ai.compatible", "", shown, "text", secret=key)
    listed = (await fetched(peer, f"{root}/models", seconds, key)).data.get("data")
    return _served(listed, "id")


async def reachable(
    url: str, *, ollama: bool, key: str = "", seconds: float = SECONDS
) -> bool:
    """Tell whether a server answers with a list of models."""
    try:
        if ollama:
            await ollama_models(url, seconds)
        else:
            await compatible_models(url, key, seconds)
    except ModelError:
        return False
    return True


async def fetched(peer: Peer, url: str, seconds: float, key: str = "") -> Received:
    """Return the JSON behind an address.

    Raises:
        ModelError: There is none.
    """
    import httpx2

    quieten()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with (
        failing_as(peer, seconds),
        httpx2.AsyncClient(timeout=seconds, headers=headers) as client,
        client.stream("GET", url) as response,
    ):
        return await answered(peer, response)


async def answered(peer: Peer, response: Any) -> Received:
    """Return what a response of httpx2 holds.

    Raises:
        ModelError: It is a refusal, too large, or no JSON.
    """
    headers = lowered(response.headers)
    chunks = response.aiter_bytes()
    if response.is_success:
        return parsed(peer, headers, await body_of(peer, headers, chunks))
    raw = await beginning_of(chunks)
    try:
        said: object = parsed(peer, headers, raw).data
    except ModelError:
        said = raw.decode("utf-8", "replace")
    raise refusal(peer, response.status_code, said, headers)


def _served(listed: object, *names: str) -> tuple[Served, ...]:
    models = listed if isinstance(listed, list) else []
    found = [_model(each, names) for each in models if isinstance(each, Mapping)]
    return tuple(each for each in found if each.name and not _embeds(each.name))


def _model(told: Mapping[str, Any], names: tuple[str, ...]) -> Served:
    name = next((name_of(told[each]) for each in names if told.get(each)), "")
    windows = (count_of(told, each) for each in _WINDOWS)
    return Served(name, next((each for each in windows if each), None))


def _embeds(name: str) -> bool:
    return any(each in name.lower() for each in _EMBEDDERS)
