"""A model's reply as a draft: parsed, validated, refused with the exact errors."""

from __future__ import annotations

import json
from typing import TypeVar

from pydantic import ValidationError

from stellwerk.domain.text import clean
from stellwerk.errors import ProviderError
from stellwerk.planning.drafts import Draft
from stellwerk.planning.models import ModelReply

Answer = TypeVar("Answer", bound=Draft)


def draft_of(kind: type[Answer], reply: ModelReply) -> Answer:
    """Return the draft in a reply.

    Raises:
        ProviderError: The reply was cut, refused, is not JSON or not such a draft.
    """
    if reply.finish_reason != "stop":
        msg = f"{reply.model} ended its answer early ({reply.finish_reason})."
        raise ProviderError(msg)
    data = reply.data if reply.data is not None else _loaded(reply)
    try:
        return kind.model_validate(_clean(data))
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
            for each in error.errors(include_url=False)[:5]
        )
        msg = f"The answer of {reply.model} does not fit {kind.__name__}: {told}."
        raise ProviderError(msg) from error


def _loaded(reply: ModelReply) -> object:
    try:
        return json.loads(reply.text)
    except (ValueError, RecursionError) as error:
        msg = f"The answer of {reply.model} is not JSON: {error}."
        raise ProviderError(msg) from error


def _clean(value: object) -> object:
    """Return data with every string cleaned: answers are hostile until proven otherwise."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    return value
