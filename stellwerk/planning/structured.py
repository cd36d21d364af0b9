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


def draft_of(kind: type[Answer], reply: ModelReply, asked: str = "") -> Answer:
    """Return the draft in a reply; `asked` says what it answers, for errors.

    Raises:
        ProviderError: The reply was cut, refused, is not JSON or not such a draft.
    """
    who = f"{reply.model} to {asked}" if asked else reply.model
    if reply.finish_reason != "stop":
        msg = f"The answer of {who} ended early ({reply.finish_reason})."
        raise ProviderError(msg)
    try:
        data = _clean(reply.data if reply.data is not None else json.loads(reply.text))
    except RecursionError:
        raise ProviderError(f"The answer of {who} is nested too deeply.") from None
    except ValueError as error:
        raise ProviderError(f"The answer of {who} is not JSON: {error}.") from error
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
            for each in error.errors(include_url=False)[:5]
        )
        msg = f"The answer of {who} does not fit {kind.__name__}: {told}."
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
