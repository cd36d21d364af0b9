"""Vectors over the wire: what is sent, what comes back, and what is refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from stellwerk.config.discovery import load
from stellwerk.config.keys import KeyRing
from stellwerk.errors import NotFoundError, ProviderError
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ProviderOptions
from stellwerk.planning.similarity.vectors import HashedEmbedder
from stellwerk.plugins.discovery import Plugins
from stellwerk.plugins.embedders import Contained, chosen_embedder, embedder_or_builtin
from stellwerk.providers.embeddings import (
    OllamaEmbedder,
    OpenAIEmbedder,
    compatible_embedder,
)
from tests.providers.aimock import AiMock
from tests.providers.raw_server import dripping, dropping, flooding, nonsense, serving
from tests.providers.wires import KEY

VECTORS = [[1.0, 0.0], [0.0, 2]]


def ollama(url: str, **more: Any) -> OllamaEmbedder:
    """Return Ollama at an address."""
    return OllamaEmbedder(ProviderOptions({"base_url": url, "timeout_seconds": 5, **more}))


def openai(url: str, **more: Any) -> OpenAIEmbedder:
    """Return OpenAI's protocol at an address."""
    settings = {"base_url": f"{url}/v1", "timeout_seconds": 5, **more}
    return OpenAIEmbedder(ProviderOptions(settings, key=lambda: KEY))


def data(*vectors: object) -> dict[str, Any]:
    """Return an answer of OpenAI's protocol, the last vector first."""
    items = [{"index": at, "embedding": each} for at, each in enumerate(vectors)]
    return {"data": items[::-1]}


def test_ollama_is_asked_in_its_own_way(httpserver: HTTPServer):
    wanted = {"model": "bge-m3", "input": ["one", "two"]}
    served = httpserver.expect_request("/api/embed", method="POST", json=wanted)
    served.respond_with_json({"embeddings": VECTORS})
    made = ollama(httpserver.url_for("/v1/"), model="bge-m3")
    assert made.dimension == 0
    assert made.embed(["one", "two"]) == VECTORS
    assert (made.id, made.dimension) == ("ollama/bge-m3", 2)


def test_an_older_ollama_answers_one_text_with_one_vector(httpserver: HTTPServer):
    httpserver.expect_request("/api/embed").respond_with_json({"embedding": [1, 2]})
    assert ollama(httpserver.url_for("")).embed(["one"]) == [[1, 2]]


def test_openai_is_asked_with_its_key_and_answers_in_any_order(httpserver: HTTPServer):
    wanted = {
        "model": "text-embedding-3-small",
        "input": ["a", "b"],
        "encoding_format": "float",
    }
    headers = {"Authorization": f"Bearer {KEY}"}
    served = httpserver.expect_request("/v1/embeddings", json=wanted, headers=headers)
    served.respond_with_json(data(*VECTORS))
    made = openai(httpserver.url_for("").rstrip("/"))
    assert made.embed(["a", "b"]) == VECTORS
    assert made.id == f"openai/text-embedding-3-small at {httpserver.url_for('/v1')}"


def test_a_server_without_a_key_gets_none(httpserver: HTTPServer):
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(json.dumps(data([1.0])), content_type="application/json")

    httpserver.expect_request("/v1/embeddings").respond_with_handler(answer)
    options = ProviderOptions({"base_url": httpserver.url_for("/v1/embeddings")})
    assert compatible_embedder(options).embed(["a"]) == [[1.0]]
    assert "Authorization" not in seen[0].headers


def test_a_server_nobody_here_wrote_is_understood(aimock: AiMock):
    made = openai(aimock.url)
    first, second = made.embed(["Learn Spanish", "Run a marathon"])
    assert len(first) == len(second) == made.dimension > 1


def test_many_texts_are_sent_in_batches(httpserver: HTTPServer):
    sizes: list[int] = []

    def answer(request: Request) -> Response:
        count = len(json.loads(request.data)["input"])
        sizes.append(count)
        vectors = {"embeddings": [[1.0, 2.0]] * count}
        return Response(json.dumps(vectors), content_type="application/json")

    httpserver.expect_request("/api/embed").respond_with_handler(answer)
    assert len(ollama(httpserver.url_for("")).embed(["text"] * 150)) == 150
    assert sizes == [64, 64, 22]


def test_long_and_broken_texts_are_sent_cut_and_whole(httpserver: HTTPServer):
    served = httpserver.expect_request("/api/embed", json={
        "model": "nomic-embed-text", "input": ["x" * 2000, "?", " "]
    })  # fmt: skip
    served.respond_with_json({"embeddings": [[1.0]] * 3})
    assert ollama(httpserver.url_for("")).embed(["x" * 9000, "\ud800", ""]) == [[1.0]] * 3


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"embeddings": []},
        {"embeddings": [[1.0]]},
        {"embeddings": [[1.0], "text"]},
        {"embeddings": [[1.0], []]},
        {"embeddings": [[1.0], [0.0]]},
        {"embeddings": [[1.0], [True]]},
        {"embeddings": [[1.0], ["1"]]},
        {"embeddings": [[1.0], [1e999]]},
        {"embeddings": [[1.0], [1.0, 2.0]]},
        {"embeddings": {"0": [1.0]}},
        {"embeddings": [[1.0], [0.5] * 20_000]},
    ],
    ids=str,
)
def test_what_is_no_vector_is_refused(httpserver: HTTPServer, said: dict[str, Any]):
    httpserver.expect_request("/api/embed").respond_with_data(
        json.dumps(said), content_type="application/json"
    )
    with pytest.raises(ModelError) as caught:
        ollama(httpserver.url_for("")).embed(["a", "b"])
    assert caught.value.kind is FailureKind.GARBLED


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "invalid_api_key", FailureKind.AUTH),
        (404, "model_not_found", FailureKind.NO_MODEL),
        (429, "rate_limit_exceeded", FailureKind.RATE_LIMITED),
    ],
)
def test_a_refusal_is_an_error_of_its_kind_without_the_key(
    httpserver: HTTPServer, status: int, code: str, kind: FailureKind
):
    said = {"error": {"message": f"No: {KEY}", "code": code}}
    httpserver.expect_request("/v1/embeddings").respond_with_json(said, status=status)
    with pytest.raises(ModelError) as caught:
        openai(httpserver.url_for("")).embed(["a"])
    assert caught.value.kind is kind
    assert KEY not in f"{caught.value.message} {caught.value.hint} {caught.value.raw}"


@pytest.mark.parametrize("handler", [dropping, nonsense, flooding, dripping])
def test_a_server_that_misbehaves_ends_in_an_error(handler: Any):
    async def attempt() -> None:
        async with serving(handler) as url:
            made = ollama(url, timeout_seconds=1)
            await asyncio.to_thread(made.embed, ["a"])

    with pytest.raises(ModelError):
        asyncio.run(attempt())


def test_nobody_at_home_says_how_to_start_it():
    with pytest.raises(ModelError) as caught:
        ollama("http://127.0.0.1:9").embed(["a"])
    assert "ollama serve" in caught.value.hint


def test_openai_itself_needs_a_key_and_a_compatible_server_an_address():
    with pytest.raises(ModelError) as caught:
        OpenAIEmbedder(ProviderOptions()).embed(["a"])
    assert "stellwerk keys set openai" in caught.value.hint
    with pytest.raises(ProviderError) as refused:
        compatible_embedder(ProviderOptions())
    assert "ai.compatible.base_url" in refused.value.hint


class Odd:
    """An embedder of a stranger's that does what it is told to."""

    id = "odd"
    dimension = 2

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def embed(self, texts: Any) -> Any:
        """Answer, or fail."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer", [ValueError("boom"), [[1.0]], [], None, [["x", 1]], [[1.0, 2.0, 3.0]]], ids=repr
)
def test_a_strangers_faults_are_errors_of_a_provider(answer: Any):
    made = Contained("odd", lambda _: Odd(answer), ProviderOptions())
    with pytest.raises(ProviderError, match="odd"):
        made.embed(["a"])


def test_a_strangers_vectors_go_by_its_name():
    """Two plugins with one id of their own do not mix."""
    made = Contained("theirs", lambda _: Odd([(1, 2)]), ProviderOptions())
    assert (made.id, made.dimension, made.embed(["a"])) == ("theirs:odd", 2, [[1.0, 2.0]])
    with pytest.raises(ProviderError, match="broke down"):
        Contained("theirs", lambda _: 1 / 0, ProviderOptions())


def test_the_settings_choose_and_an_unknown_one_is_told(tmp_path: Any):
    keys = KeyRing({}, tmp_path)
    plain = load(tmp_path, {"HOME": str(tmp_path)}, {})
    assert isinstance(chosen_embedder(Plugins(), plain, keys), HashedEmbedder)
    odd = load(tmp_path, {"HOME": str(tmp_path)}, {"ai.embedder": "nobodys"})
    with pytest.raises(NotFoundError, match="nobodys"):
        chosen_embedder(Plugins(), odd, keys)
    said: list[str] = []
    assert isinstance(embedder_or_builtin(Plugins(), odd, keys, said.append), HashedEmbedder)
    assert said[0].startswith(
        "Earlier goals are compared by the built-in vectors: There is no"
    )
