"""JSON data made safe: strings cleaned, depth bounded, numbers finite, doubled keys told."""

from __future__ import annotations

import math
from typing import Any, Final

from stellwerk.domain.text import clean
from stellwerk.planning.replies.parsing import Doubled
from stellwerk.planning.replies.places import MAX_DEPTH, Place, quoted

MAX_ITEMS: Final = 1000
"""More than a whole plan has of anything."""


def tidied(value: Any, place: Place, depth: int = 0) -> Any:
    """Return data with every string cleaned; what JSON does not allow is told."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        place.wrong("NaN and infinite numbers are not JSON; give a number or null")
        return None
    if not isinstance(value, list | tuple | dict):
        return value
    if depth >= MAX_DEPTH:
        place.wrong(f"nested deeper than {MAX_DEPTH} levels")
        return None
    if len(value) > MAX_ITEMS:
        place.wrong(f"has {len(value)} members; {MAX_ITEMS} are more than enough")
        return None
    if isinstance(value, dict):
        _tell_doubled(value, place)
        return {
            clean(str(key)): tidied(each, place / clean(str(key)), depth + 1)
            for key, each in value.items()
        }
    return [tidied(each, place / at, depth + 1) for at, each in enumerate(value)]


def _tell_doubled(value: dict[Any, Any], place: Place) -> None:
    """Two different values under one key: a parser would drop one, and nobody would see it."""
    if not isinstance(value, Doubled):
        return
    for key, differs in value.doubled.items():
        if differs:
            place.wrong(f"the key {quoted(key)} stands twice with different values")
        else:
            place.note(f"the key {quoted(key)} stood twice with the same value")
