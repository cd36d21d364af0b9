"""Text to JSON data, strictly: what JSON does not know is told, not guessed at."""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

from stellwerk.planning.failures import FailureKind


class UnreadableError(ValueError):
    """A text holds no answer.

    Attributes:
        kind: Why.
        told: What the answer is or was, as the end of a sentence.
        problem: The same, for the model that gave it.
    """

    def __init__(self, kind: FailureKind, told: str, problem: str = "") -> None:
        super().__init__(told)
        self.kind = kind
        self.told = told
        self.problem = problem or told


class Read(NamedTuple):
    """The data of an answer, and whether its text had to be repaired."""

    value: Any
    repaired: bool = False


class Doubled(dict[str, Any]):
    """An object in which keys stood twice; the last value of each is kept.

    Attributes:
        doubled: Those keys; True where their values differ.
    """

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.doubled: dict[str, bool] = {}
        first: dict[str, Any] = {}
        for key, value in pairs:
            if key in first:
                differs = self.doubled.get(key, False) or first[key] != value
                self.doubled[key] = differs
            first.setdefault(key, value)


def strict(text: str) -> Any:
    """Return the JSON data in a text.

    Numbers that JSON does not have become NaN, so that their place can be told, and
    objects with doubled keys become `Doubled`.

    Raises:
        ValueError: It is not JSON.
        RecursionError: It is nested too deeply.
    """
    return json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Doubled(pairs)


def _no_number(_: str) -> float:
    return math.nan
