"""A model's reply as a valid draft, or a typed failure with the exact problems.

    finish reason -> size -> thoughts, fences and prose aside -> strict parse
                  -> lenient repair -> tidy -> coerce -> validate

An answer that was cut off is never repaired: half a plan that looks whole is worse than none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError

from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.drafts import Draft
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply
from stellwerk.planning.replies.coercion import coerced
from stellwerk.planning.replies.fitting import refused
from stellwerk.planning.replies.parsing import Read, UnreadableError
from stellwerk.planning.replies.places import Place, Problem, Where
from stellwerk.planning.replies.tidying import tidied
from stellwerk.planning.replies.wrapping import answer_in, frame_of, is_item, is_schema

__all__ = ["Drafted", "Where", "draft_of"]

Answer = TypeVar("Answer", bound=Draft)

_PROBLEMS: Final = 30
_ANYWHERE: Final = Where()
_EARLY: Final = {
    "refusal": (FailureKind.REFUSED, "is a refusal"),
    "filtered": (FailureKind.FILTERED, "was held back by a content filter"),
    "length": (FailureKind.TRUNCATED, "was cut off"),
}
_ANOTHER: Final = "Try another model with --model, or another provider with --provider."
_HINTS: Final = {
    FailureKind.NOT_JSON: _ANOTHER,
    FailureKind.INVALID: _ANOTHER,
    FailureKind.TRUNCATED: "Ask for a smaller plan (--size), or use a model with longer answers.",
    FailureKind.REFUSED: "Say the goal in other words, or use another provider.",
    FailureKind.FILTERED: "Say the goal in other words, or use another provider.",
}


@dataclass(frozen=True, slots=True)
class Drafted(Generic[Answer]):
    """A draft made of a reply.

    Attributes:
        draft: The draft.
        repaired: Whether its text was no JSON and had to be repaired.
        notes: What was changed to make it fit, a line each.
    """

    draft: Answer
    repaired: bool = False
    notes: tuple[str, ...] = ()


def draft_of(
    kind: type[Answer], reply: ModelReply, asked: str = "", where: Where = _ANYWHERE
) -> Drafted[Answer]:
    """Return the draft in a reply.

    Args:
        kind: What is expected.
        reply: What came.
        asked: What it answers, for errors.
        where: What the question was about.

    Raises:
        ModelError: The reply was cut off, refused, filtered, too large, is no JSON, or does
            not fit; its `problems` are lines fit to be sent back to the model.
    """
    try:
        _check_end(reply)
        found = Read(reply.data) if reply.data is not None else _read(kind, reply, where)
        place = Place()
        data = _answer(kind, tidied(found.value, place), where, place)
    except UnreadableError as error:
        problem = Problem("", error.problem)
        raise _failed(reply, asked, error.kind, error.told, [problem]) from None
    draft = _validated(kind, data, place)
    if draft is None:
        told = _summary(place.problems)
        raise _failed(reply, asked, FailureKind.INVALID, told, place.problems)
    return Drafted(draft, found.repaired, tuple(place.notes))


def _check_end(reply: ModelReply) -> None:
    """Refuse a reply that did not end by itself."""
    if reply.finish_reason == "stop":
        return
    early = f"ended early ({one_line(reply.finish_reason)})"
    kind, told = _EARLY.get(reply.finish_reason, (FailureKind.TRUNCATED, early))
    if kind is FailureKind.REFUSED and (words := shortened(one_line(reply.text), 300)):
        words = words.rstrip(".")
        told = f"{told}: “{words}”"
    raise UnreadableError(kind, told)


def _read(kind: type[Draft], reply: ModelReply, where: Where) -> Read:
    from stellwerk.planning.replies.reading import read  # answers that are data need none

    return read(kind, reply.text, where.subject)


def _answer(kind: type[Draft], value: Any, where: Where, place: Place) -> Any:
    """Return the data of a draft from tidy JSON data; what is wrong with it is told."""
    found, main = answer_in(kind, value, where.subject), frame_of(kind).main
    if found is None and main and is_item(kind, value):
        found = {main: [value]}
    elif found is None and main and isinstance(value, list):
        found = {main: value}
    if found is None:
        _check_stranger(value)
        found = value if isinstance(value, dict) else None
    elif found is not value:
        place.note("the answer taken out of what stood around it")
    return value if found is None else coerced(kind, found, where, place)


def _check_stranger(value: Any) -> None:
    """Refuse an object that is no answer but something we know: the schema, or a refusal."""
    if is_schema(value):
        problem = "is the schema; answer with an object that follows it"
        raise UnreadableError(FailureKind.INVALID, "is the schema sent back", problem)
    from stellwerk.planning.replies.reading import refusal

    fields = value.values() if isinstance(value, dict) else ()
    for words in filter(None, (refusal(each) for each in fields if isinstance(each, str))):
        raise UnreadableError(FailureKind.REFUSED, f"is a refusal: “{words}”")


def _validated(kind: type[Answer], data: Any, place: Place) -> Answer | None:
    """Return the draft, None if anything is wrong with it; all of that is told."""
    try:
        draft = kind.model_validate(data)
    except ValidationError as error:
        told = {problem.pointer for problem in place.problems}
        place.problems.extend(each for each in refused(error) if each.pointer not in told)
        return None
    return None if place.problems else draft


def _summary(problems: list[Problem]) -> str:
    """Return the end of a sentence that names the first problem and counts the others."""
    others = len(problems) - 1
    more = f" (and {others} more)" if others else ""
    return f"does not fit: {problems[0].line}{more}"


def _failed(
    reply: ModelReply, asked: str, kind: FailureKind, told: str, problems: list[Problem]
) -> ModelError:
    who = f"{reply.model} to {asked}" if asked else reply.model
    return ModelError(
        kind,
        f"The answer of {who} {told}.",
        _HINTS.get(kind, ""),
        request_id=reply.request_id,
        usage=reply.usage,
        raw=reply.text or _dumped(reply.data),
        problems=tuple(problem.line for problem in problems[:_PROBLEMS]),
    )


def _dumped(data: Any) -> str:
    """Return data as text, so that the model can be shown what it answered."""
    if data is None:
        return ""
    try:
        return json.dumps(data, ensure_ascii=False)
    except (RecursionError, TypeError, ValueError):
        return ""
