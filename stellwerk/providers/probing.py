"""One small question to a provider, to see that its key, its address and its model work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import Any, Final, NamedTuple

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import (
    LanguageModel,
    Mode,
    ModelReply,
    ModelRequest,
    Usage,
    WireModel,
)
from stellwerk.planning.replies.spans import found_in
from stellwerk.providers.ladder import Ladder
from stellwerk.providers.pricing import Prices

ANSWER: Final = 42
_SCHEMA: Final = {
    "type": "object",
    "properties": {"answer": {"type": "integer"}},
    "required": ["answer"],
    "additionalProperties": False,
}
_QUESTION: Final = 'What is 17 + 25? Answer with one JSON object: {"answer": NUMBER}'
_MOST_TOKENS: Final = 4000
"""Models that reason spend some hundred on the smallest question."""


class Probe(NamedTuple):
    """What came of the question.

    Attributes:
        provider: Who was asked.
        model: Who answered.
        base_url: Where; empty if the provider does not say.
        mode: How JSON was asked for; None if the provider leaves no choice.
        refused: The stricter ways that it does not know.
        seconds: How long the answer took.
        usage: What it used, with its cost if the price is known.
        request_id: By which the provider knows the call.
        right: Whether the sum was right.
    """

    provider: str
    model: str
    base_url: str
    mode: Mode | None
    refused: tuple[Mode, ...]
    seconds: float
    usage: Usage
    request_id: str
    right: bool


async def probe(
    model: LanguageModel,
    prices: Prices,
    seconds: float,
    clock: Callable[[], float] = perf_counter,
) -> Probe:
    """Ask a model the question, in the strictest way it knows.

    Args:
        model: Who is asked.
        prices: What calls cost.
        seconds: How long the answer may take.
        clock: Counts seconds.

    Raises:
        ModelError: It did not answer, or not with the JSON it was asked for.
    """
    request = ModelRequest(
        stage="test",
        subject="a sum",
        inputs={},
        schema=_SCHEMA,
        prompt="",
        messages=lambda: [{"role": "user", "content": _QUESTION}],
        max_tokens=_MOST_TOKENS,
    )
    tried: list[Mode] = []
    began = clock()

    async def send(asked: ModelRequest) -> ModelReply:
        nonlocal began
        tried.append(asked.mode)
        began = clock()
        return await model.complete(asked)

    wire = model if isinstance(model, WireModel) else None
    try:
        async with asyncio.timeout(seconds):
            if wire:
                ask = Ladder(send, wire, lambda _: (), lambda *_: None)
                reply = await ask(request)
            else:
                reply = await send(request)
        took = clock() - began
    except TimeoutError:
        msg = f"{model.name} gave no whole answer in {seconds:g} seconds."
        hint = "A local model may be loading: try again, or with a longer --timeout."
        raise ModelError(FailureKind.TIMEOUT, msg, hint) from None
    finally:
        if wire:
            await wire.close()
    target = wire.target(request) if wire else None
    name = target.model if target and target.model else reply.model
    return Probe(
        provider=model.name,
        model=reply.model or name,
        base_url=target.base_url if target else "",
        mode=tried[-1] if wire else None,
        refused=tuple(tried[:-1]),
        seconds=took,
        usage=_priced(reply.usage, prices, model.name, name),
        request_id=reply.request_id,
        right=_number(reply, model.name) == ANSWER,
    )


def _priced(usage: Usage, prices: Prices, provider: str, model: str) -> Usage:
    price = prices.price(provider, model)
    if usage.cost_micro is not None or price is None:
        return usage
    return replace(usage, cost_micro=price.cost(usage))


def _number(reply: ModelReply, name: str) -> Any:
    """Return the number in a reply (ModelError: there is none)."""
    if reply.finish_reason == "length":
        msg = f"{name} did not end its answer within {_MOST_TOKENS:,} tokens."
        raise ModelError(FailureKind.TRUNCATED, msg, "Try another model with --model.")
    candidates = [reply.data]
    with suppress(ValueError):
        candidates += [json.loads(span.text) for span in found_in(reply.text).spans]
    for data in candidates:
        if isinstance(data, dict) and "answer" in data:
            return data["answer"]
    msg = f"{name} answered, but not with the JSON it was asked for."
    hint = "Planning asks again in such a case, which costs more: try another model (--model)."
    raise ModelError(FailureKind.NOT_JSON, msg, hint, usage=reply.usage, raw=reply.text)
