"""Single values of a draft from what models write in their place."""

from __future__ import annotations

import math
from typing import Any, Final

from stellwerk.domain.limits import MAX_TITLE
from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.replies.places import Place, Where, quoted

_NOTHING: Final = frozenset(
    ("", "-", "–", "n/a", "na", "none", "null", "nil", "unknown", "unbekannt", "tbd", "keine")
)
_TEXTS: Final = ("text", "title", "titel", "name", "value", "content", "description")
_MOST: Final = 1e12
"""Larger numbers are no quantities; they are left for the draft to refuse."""


def nothing(value: Any) -> bool:
    """Whether a value, or a word in its place, says that there is none."""
    return value is None or (isinstance(value, str) and value.strip().casefold() in _NOTHING)


def text(value: Any, place: Place) -> Any:
    """Return a text from a number, a list of texts or an object with one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        place.note("a number read as text")
        return quoted(value, 200)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        place.note("a list of texts put together")
        return "\n".join(value)
    if isinstance(value, dict):
        found = [value[name] for name in _TEXTS if isinstance(value.get(name), str)]
        if found:
            place.note("the text of an object taken")
            return found[0]
    return value


def set_texts(fields: dict[str, Any], names: tuple[str, ...], place: Place) -> None:
    """Read some fields as texts; what is null is left out."""
    for name in names:
        if name in fields and fields[name] is None:
            del fields[name]
        elif name in fields:
            fields[name] = text(fields[name], place / name)


def fit_title(fields: dict[str, Any], head: str, rest: str, place: Place) -> None:
    """Shorten a title that is too long; all of it goes in front of another text."""
    title = fields.get(head)
    if not isinstance(title, str) or len(title.strip()) <= MAX_TITLE:
        return
    more = fields.get(rest)
    whole = title.strip()
    if isinstance(more, str) and more.strip():
        fields[rest] = more if whole in more else f"{whole}\n\n{more}"
    else:
        fields[rest] = whole
    fields[head] = shortened(one_line(whole), MAX_TITLE)
    (place / head).note(f"shortened to {MAX_TITLE} characters; all of it stands in {rest}")


def number(value: Any, where: Where) -> float | None:
    """Return a number, or the number that a text is."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        from stellwerk.planning.replies.quantities import plain_number

        return plain_number(value, where.language)
    return float(value) if isinstance(value, int | float) and abs(value) < _MOST else None


def scaled(value: Any, top: int, where: Where, place: Place) -> Any:
    """Return a whole number from `2/10`, `60 %`, `7.0`, "ca. 3"; parts of one are of `top`."""
    if isinstance(value, int):
        return value
    part = _part_of_one(value, where)
    read = number(value, where) if part is None else part * top
    if read is None or abs(read) >= _MOST:
        return value
    whole = rounded(read)
    if isinstance(value, str) or whole != value:
        place.note(f"{quoted(value)} read as {whole}")
    return whole


def share(value: Any, where: Where, place: Place) -> Any:
    """Return a share of one from a percentage, a fraction or a number as text."""
    if nothing(value):
        return None
    if not isinstance(value, str):
        return value
    part = _part_of_one(value, where)
    read = number(value, where) if part is None else part
    if read is None:
        return value
    place.note(f"{quoted(value)} read as {read:g}")
    return read


def working_hours(value: Any, where: Where) -> float | None:
    """Return the working hours in a text, None if it tells none."""
    if not isinstance(value, str):
        return None
    from stellwerk.planning.replies.quantities import hours

    return hours(value, where.language)


def calendar_days(value: Any, where: Where) -> float | None:
    """Return the calendar days in a text, None if it tells none."""
    if not isinstance(value, str):
        return None
    from stellwerk.planning.replies import quantities

    return quantities.calendar_days(value, where.language)


def rounded(value: float) -> int:
    """Return the nearest whole number, halves upwards."""
    return math.floor(value + 0.5)


def _part_of_one(value: Any, where: Where) -> float | None:
    if not isinstance(value, str):
        return None
    from stellwerk.planning.replies.quantities import share

    return share(value, where.language)


def percentages(values: list[Any], places: list[Place]) -> list[Any]:
    """Return shares of one; if a number among them is above 1, all are percentages."""
    numbers = [each for each in values if _is_number(each)]
    if not any(each > 1 for each in numbers) or any(not 0 <= each <= 100 for each in numbers):
        return values
    for value, place in zip(values, places, strict=True):
        if _is_number(value):
            place.note(f"{quoted(value)} read as a percentage")
    return [each / 100 if _is_number(each) else each for each in values]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
