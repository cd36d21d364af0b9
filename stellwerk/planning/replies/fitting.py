"""What a draft refuses, told so that a model can mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from stellwerk.planning.replies.places import Place, Problem, quoted

_TOLD: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "model_type": "must be an object",
    "list_type": "must be a list",
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "literal_error": "must be {expected}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} items and has {actual_length}",
}
_SHOWN: Final = frozenset(
    (
        "model_type list_type string_type int_type float_type greater_than greater_than_equal"
        " less_than_equal literal_error"
    ).split()
)
"""Where it helps to see the value that was given."""


def refused(error: ValidationError) -> Iterator[Problem]:
    """Yield what is wrong, in the order of the answer."""
    for each in error.errors(include_url=False, include_context=True):
        place = Place()
        for part in each["loc"]:
            place /= part
        yield Problem(place.pointer, _told(each))


def _told(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    if kind not in _TOLD:
        return str(error["msg"])
    told = _TOLD[kind].format_map(_context(error))
    return f"{told}, not {quoted(error['input'])}" if kind in _SHOWN else told


def _context(error: Mapping[str, Any]) -> dict[str, Any]:
    return dict(error.get("ctx") or {})
