"""Tasks and work packages from what models write in their place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from stellwerk.domain.graph import find_cycle
from stellwerk.domain.limits import GRADE, LENGTH
from stellwerk.domain.notes import Part, parse
from stellwerk.planning.replies import listing, scalars
from stellwerk.planning.replies.keys import Mentions, keys_under, rounded_off
from stellwerk.planning.replies.naming import HOURS, PACKAGE, PACKAGES, TASK, TASKS, named
from stellwerk.planning.replies.places import Place, Where, quoted

_NOTES: Final = {
    "summary": Part.SUMMARY,
    "steps": Part.STEPS,
    "done_when": Part.CRITERIA,
    "risks": Part.RISKS,
    "sources": Part.SOURCES,
    "images": Part.IMAGES,
}
_KEY: Final = re.compile(r"r\d{1,6}\.\d{1,6}(?:\.\d{1,6})?")
"""Of a work package, or of a task for all of its work packages."""
_PERCENTILES: Final = ("p10", "p50", "p90")
_Z90: Final = 1.2816
"""The 90th percentile of the standard normal distribution."""


def tasks(value: Mapping[str, Any], where: Where, place: Place) -> dict[str, Any]:
    """Return the answer of `tasks` with our keys."""
    fields = named(value, TASKS, place)
    found = listing.objects(fields.get("tasks"), TASK, "title", place / "tasks")
    if not isinstance(found, list):
        return {"tasks": found}
    made = [_task(each, place / "tasks" / at) for at, each in enumerate(found)]
    keys = keys_under(where.subject, _field(made, "key"))
    return {"tasks": _keyed(made, keys, place / "tasks")}


def _task(value: Any, place: Place) -> Any:
    if not isinstance(value, dict):
        return value
    fields = named(value, TASK, place)
    fields.pop("packages", None)
    scalars.set_texts(fields, ("title", "description"), place)
    scalars.fit_title(fields, "title", "description", place)
    return fields


def packages(value: Mapping[str, Any], where: Where, place: Place) -> dict[str, Any]:
    """Return the answer of `packages` with our keys, needs following them."""
    fields = named(value, PACKAGES, place)
    place = place / "packages"
    found = listing.objects(fields.get("packages"), PACKAGE, "title", place)
    if not isinstance(found, list):
        return {"packages": found}
    made = [package(each, where, place / at) for at, each in enumerate(found)]
    given = _field(made, "key")
    keys = keys_under(where.subject, given)
    mentions = Mentions(keys, given, _field(made, "title"))
    made = _keyed(made, keys, place)
    for at, each in enumerate(made):
        if isinstance(each, dict) and "needs" in each:
            each["needs"] = _needs(each, mentions, where, place / at)
    _tell_circle(made, place)
    return {"packages": made}


def refined(value: Mapping[str, Any], where: Where, place: Place) -> Any:
    """Return the answer of `refine`: one package, which keeps its key."""
    fields = package(dict(value), where, place)
    if where.subject:
        fields["key"] = where.subject
    mentions = Mentions((), (), ())
    if "needs" in fields:
        fields["needs"] = _needs(fields, mentions, where, place)
    return fields


def package(value: Any, where: Where, place: Place) -> Any:
    """Return one work package; its key and needs are as given."""
    if not isinstance(value, dict):
        return value
    fields = named(value, PACKAGE, place)
    _take_notes(fields, place)
    scalars.set_texts(fields, ("title", "summary"), place)
    scalars.fit_title(fields, "title", "summary", place)
    for name in ("steps", "done_when"):
        if name in fields:
            fields[name] = listing.texts(fields[name], place / name)
    for name, read in _LISTS.items():
        if name in fields:
            fields[name] = read(fields[name], place / name)
    _take_numbers(fields, where, place)
    return fields


_LISTS: Final = {
    "risks": listing.risks,
    "sources": listing.sources,
    "images": listing.sources,
}


def _take_notes(fields: dict[str, Any], place: Place) -> None:
    """Fill what is missing from notes in Markdown, as the first Stellwerk asked for them."""
    text = fields.pop("notes", None)
    if not isinstance(text, str):
        return
    notes = parse(text)
    for name, part in _NOTES.items():
        body = notes.summary if part is Part.SUMMARY else notes.body(part)
        if body and not fields.get(name):
            fields[name] = body
            place.note(f"{name} read from the notes")


def _take_numbers(fields: dict[str, Any], where: Where, place: Place) -> None:
    if "length" in fields:
        fields["length"] = length(fields["length"], where, place / "length")
    if "grade" in fields:
        fields["grade"] = scalars.scaled(fields["grade"], GRADE[1], where, place / "grade")
    if "hours" in fields:
        fields["hours"] = hours(fields["hours"], fields.get("grade"), where, place / "hours")
    if "elapsed_days" in fields:
        told = fields["elapsed_days"]
        fields["elapsed_days"] = elapsed_days(told, where, place / "elapsed_days")


def length(value: Any, where: Where, place: Place) -> Any:
    """Return a length from a time, "2/8", or a number as text.

    The rule for times: working hours divided by the hours of a unit, rounded, at least the
    shortest and at most the longest length. Numbers without a unit of time are taken as
    they are, so one that is out of bounds stays so.
    """
    time = scalars.working_hours(value, where)
    if time is None:
        return scalars.scaled(value, LENGTH[1], where, place)
    units = min(time / where.unit_hours, LENGTH[1])
    whole = max(scalars.rounded(units), LENGTH[0])
    place.note(f"{quoted(value)} read as {whole}")
    return whole


def elapsed_days(value: Any, where: Where, place: Place) -> Any:
    """Return calendar days from a time or a number as text; parts of a day count as one."""
    if scalars.nothing(value):
        return None
    days = scalars.calendar_days(value, where)
    if days is None or days >= 1e9:
        return scalars.scaled(value, 1, where, place)
    whole = math.ceil(days)
    place.note(f"{quoted(value)} read as {whole}")
    return whole


def hours(value: Any, grade: Any, where: Where, place: Place) -> Any:
    """Return three percentiles from an object, three numbers, or the middle one alone.

    One number is the median; how far the others are from it follows from the grade: on a
    logarithmic scale the standard deviation is 0.35 and 0.05 more for each grade.
    """
    if scalars.nothing(value) or value in ({}, []):
        return None
    if isinstance(value, list) and len(value) == 3:
        value = dict(zip(_PERCENTILES, value, strict=True))
    if isinstance(value, dict):
        fields = named(value, HOURS, place)
        told = {name: each for name, each in fields.items() if not scalars.nothing(each)}
        read = {name: _hours(each, where) for name, each in told.items()}
        if read.keys() == {"p50"}:
            return _spread(read["p50"], grade, place)
        return _risen(read, place)
    return _spread(_hours(value, where), grade, place)


def _hours(value: Any, where: Where) -> Any:
    """Return hours from a time or a number as text, else the value itself."""
    time = scalars.working_hours(value, where)
    read = scalars.number(value, where) if time is None else time
    return value if read is None or not isinstance(value, str) else read


def _spread(value: Any, grade: Any, place: Place) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        return value
    known = isinstance(grade, int) and GRADE[0] <= grade <= GRADE[1]
    away = math.exp(_Z90 * (0.35 + 0.05 * (grade if known else 5)))
    place.note(f"{quoted(value)} read as the median")
    return {"p10": _tidy(value / away), "p50": value, "p90": _tidy(value * away)}


def _tidy(value: float) -> float:
    """Round to two significant digits: more would feign knowledge."""
    return float(f"{value:.2g}")


def _risen(fields: dict[str, Any], place: Place) -> dict[str, Any]:
    """Return percentiles in rising order."""
    told = [fields.get(name) for name in _PERCENTILES]
    numbers = [each for each in told if isinstance(each, int | float)]
    if len(numbers) < len(told) or numbers == sorted(numbers):
        return fields
    place.note("percentiles put into rising order")
    return dict(zip(_PERCENTILES, sorted(numbers), strict=True))


def _needs(
    fields: dict[str, Any], mentions: Mentions, where: Where, place: Place
) -> list[Any] | Any:
    """Return keys of work packages; what names none of them is left out with a note."""
    place = place / "needs"
    given = fields["needs"]
    given = re.split(r"[,;\n]|\b(?:and|und)\b", given) if isinstance(given, str) else given
    given = list(given.values()) if isinstance(given, dict) and "key" not in given else given
    if scalars.nothing(given):
        return []
    if not isinstance(given, list | dict):
        return given
    found: list[Any] = []
    for at, each in enumerate(given if isinstance(given, list) else [given]):
        key = _need(each, mentions, where, place / at)
        if key == fields.get("key"):
            (place / at).note("left out, for nothing needs itself")
        elif key and key not in found:
            found.append(key)
    return found


def _need(value: Any, mentions: Mentions, where: Where, place: Place) -> Any:
    """Return the key a need means, None if it means no work package and no task."""
    if known := mentions.find(value):
        return known
    if mentions.several(value):
        mentions.tell_missing(value, "work package", place)
        return value
    if scalars.nothing(value):
        return None
    text = value.get("key") if isinstance(value, dict) else value
    text = text.strip() if isinstance(text, str) else ""
    own = bool(where.subject) and f"{text}.".startswith(f"{where.subject}.")
    above = f"{where.subject}.".startswith(f"{text}.")
    if _KEY.fullmatch(text) and not above and not (own and mentions.keys):
        return text
    if isinstance(value, str | dict):
        place.note(f"left out, for there is no such work package: {quoted(text or value)}")
        return None
    return value


def _tell_circle(made: list[Any], place: Place) -> None:
    """Tell work packages that need each other in a circle."""
    given = {each["key"]: each.get("needs") for each in made if isinstance(each, dict)}
    needs = {
        key: [need for need in told if isinstance(need, str) and need in given]
        for key, told in given.items()
        if isinstance(told, list)
    }
    if cycle := rounded_off(find_cycle(given, needs), list(given)):
        place.wrong(f"these need each other in a circle: {' -> '.join(cycle)}")


def _field(items: list[Any], name: str) -> list[Any]:
    return [each.get(name) if isinstance(each, dict) else None for each in items]


def _keyed(items: list[Any], keys: list[str], place: Place) -> list[Any]:
    made = []
    for at, (each, key) in enumerate(zip(items, keys, strict=True)):
        if isinstance(each, dict):
            if each.get("key") != key:
                (place / at / "key").note(
                    f"{quoted(each['key'])} became {key}" if each.get("key") else f"got {key}"
                )
            each = {**each, "key": key}  # noqa: PLW2901  (the same item)
        made.append(each)
    return made
