"""Vectors of texts over the wire: Ollama's own API, and OpenAI's at any address."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stellwerk.errors import ProviderError
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ProviderOptions
from stellwerk.providers.addresses import (
    CHAT_ENDINGS,
    OLLAMA_ENDINGS,
    base_url,
    without_credentials,
)
from stellwerk.providers.credentials import missing, revealed
from stellwerk.providers.discovery import OLLAMA_HINTS, answered
from stellwerk.providers.peer import Peer
from stellwerk.providers.receiving import CONNECT_SECONDS, Received, failing_as, opened
from stellwerk.providers.sdk_errors import quieten

STELLWERK_API = 1
_BATCH: Final = 64
_LONGEST: Final = 2_000
"""So many characters of a text are sent."""
_MOST_PLACES: Final = 16_384
_SECONDS: Final = 30.0
_HOME: Final = "https://api.openai.com/v1"
_EMBEDDINGS: Final = ("/embeddings", *CHAT_ENDINGS)
_EMBED: Final = ("/embed", "/embeddings", *OLLAMA_ENDINGS)


class OllamaEmbedder:
    """Vectors of an Ollama server.

    Args:
        options: `base_url`, `model`, `timeout_seconds`.
    """

    def __init__(self, options: ProviderOptions) -> None:
        settings = options.settings
        url = base_url(settings.get("base_url") or "http://localhost:11434", _EMBED)
        self._model = str(settings.get("model") or "nomic-embed-text")
        step = f"Fetch it with `ollama pull {self._model}`, or set ai.embedding_model."
        hints = {**OLLAMA_HINTS, "model": step}
        shown = without_credentials(url)
        self._peer = Peer("Ollama", "ai.ollama", self._model, shown, "text", hints)
        self._url = f"{url}/api/embed"
        self._seconds = min(float(settings.get("timeout_seconds") or _SECONDS), _SECONDS)
        self.id = f"ollama/{self._model}"
        self.dimension = 0

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return a vector for each text.

        Raises:
            ModelError: There is none, or it is no vector.
        """
        found: list[Sequence[float]] = []
        for batch in _batches(texts):
            body = {"model": self._model, "input": batch}
            answer = asked(self._peer, self._url, body, self._seconds)
            told = answer.data.get("embeddings")
            if told is None and len(batch) == 1:
                told = [answer.data.get("embedding")]
            found += vectors_in(self._peer, answer, told, len(batch))
        self.dimension = _of_one_size(self._peer, found, self.dimension)
        return found


class OpenAIEmbedder:
    """Vectors of OpenAI, or of a server that speaks its protocol.

    Args:
        options: `base_url`, `model`, `timeout_seconds`, a key where the server wants one.
        section: Where its settings stand.
        home: Where it is reached without a `base_url`; empty if it has to have one.

    Raises:
        ProviderError: It has no address.
    """

    def __init__(
        self, options: ProviderOptions, section: str = "ai.openai", home: str = _HOME
    ) -> None:
        settings = options.settings
        given = settings.get("base_url") or home
        if not given:
            msg = "There is no server for vectors."
            raise ProviderError(msg, f"Set {section}.base_url, or another ai.embedder.")
        self._url = base_url(str(given), _EMBEDDINGS)
        self._shown = without_credentials(self._url)
        self._model = str(settings.get("model") or "text-embedding-3-small")
        self._section = section
        self._key = options.key
        self._seconds = min(float(settings.get("timeout_seconds") or _SECONDS), _SECONDS)
        at = "" if self._url == _HOME else f" at {self._shown}"
        self.id = f"openai/{self._model}{at}"
        self.dimension = 0

    def embed(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Return a vector for each text.

        Raises:
            ModelError: There is none, or it is no vector.
        """
        who = "OpenAI" if self._url == _HOME else f"The server at {self._shown}"
        key = revealed(who, self._section, self._key)
        if not key and self._url == _HOME:
            raise missing(who, self._section)
        hints = {"model": "Set ai.embedding_model to a model that makes vectors."}
        peer = Peer(who, self._section, self._model, self._shown, "text", hints, secret=key)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        found: list[Sequence[float]] = []
        for batch in _batches(texts):
            body = {"model": self._model, "input": batch, "encoding_format": "float"}
            answer = asked(peer, f"{self._url}/embeddings", body, self._seconds, headers)
            told = _in_order(answer.data.get("data"))
            found += vectors_in(peer, answer, told, len(batch))
        self.dimension = _of_one_size(peer, found, self.dimension)
        return found


def compatible_embedder(options: ProviderOptions) -> OpenAIEmbedder:
    """Return who makes vectors at the address of `ai.compatible`.

    Raises:
        ProviderError: It has no address.
    """
    return OpenAIEmbedder(options, "ai.compatible", "")


def asked(
    peer: Peer,
    url: str,
    body: Mapping[str, Any],
    seconds: float,
    headers: Mapping[str, str] | None = None,
) -> Received:
    """Send one request and return the JSON in its answer, in a loop of its own.

    Raises:
        ModelError: It was not answered.
    """

    async def exchange() -> Received:
        import httpx2

        quieten()
        timeout = httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
        client = opened(peer, lambda: httpx2.AsyncClient(timeout=timeout, headers=headers))
        async with (
            failing_as(peer, seconds),
            client,
            client.stream("POST", url, json=dict(body)) as response,
        ):
            return await answered(peer, response)

    return asyncio.run(exchange())


def vectors_in(
    peer: Peer, answer: Received, told: object, count: int
) -> list[Sequence[float]]:
    """Return the vectors in an answer, as many as were asked for.

    Raises:
        ModelError: They are not, or hold what is no number.
    """
    if not isinstance(told, list) or len(told) != count or not all(map(_is_vector, told)):
        said = f"{count} vectors were asked for"
        raise peer.error(
            FailureKind.GARBLED, said, request_id=answer.request_id, raw=answer.text[:2_000]
        )
    return told


def _batches(texts: Sequence[str]) -> list[list[str]]:
    cut = [text[:_LONGEST].encode(errors="replace").decode() or " " for text in texts]
    return [cut[at : at + _BATCH] for at in range(0, len(cut), _BATCH)]


def _in_order(told: object) -> list[Any]:
    """Return the vectors of OpenAI's answer as their texts stood."""
    items = (
        [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []
    )
    if all(isinstance(each.get("index"), int) for each in items):
        items.sort(key=lambda each: each["index"])
    return [each.get("embedding") for each in items]


def _is_vector(told: object) -> bool:
    if not isinstance(told, list) or not 0 < len(told) <= _MOST_PLACES:
        return False
    return any(told) and all(
        isinstance(each, int | float) and not isinstance(each, bool) and math.isfinite(each)
        for each in told
    )


def _of_one_size(peer: Peer, found: Sequence[Sequence[float]], known: int) -> int:
    """Return how many numbers all vectors have (ModelError: some have more)."""
    sizes = {len(each) for each in found} | ({known} if known else set())
    if len(sizes) > 1:
        raise peer.error(FailureKind.GARBLED, "its vectors differ in length")
    return next(iter(sizes), known)
