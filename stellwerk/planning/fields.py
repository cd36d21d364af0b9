"""Fields as somebody types them, checked and explained, and the edits that set them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import (
    Describe,
    Estimate,
    Rename,
    Resize,
    Rewrite,
    SetKind,
    SetPerson,
    description_of,
)
from stellwerk.domain.edits.lines import Recommend
from stellwerk.domain.goal import Direction, GoalStatus, Person, Role
from stellwerk.domain.limits import MAX_NOTES, MAX_TITLE
from stellwerk.domain.notes import tidy
from stellwerk.domain.plan import Item, Option, Plan, Route, RouteKind, title_of
from stellwerk.domain.text import clean, one_line
from stellwerk.domain.work import ThreePoint, WorkPackage
from stellwerk.errors import PlanError, UsageError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What fields should be; None where somebody says nothing of one."""

    title: str | None = None
    description: str | None = None
    notes: str | None = None
    length: int | None = None
    grade: int | None = None
    estimate: str | None = None
    elapsed_days: int | None = None
    kind: RouteKind | None = None
    probability: float | None = None
    recommend: bool | None = None
    role: Role | None = None
    direction: Direction | None = None
    email: str | None = None
    capacity_hours: float | None = None
    status: GoalStatus | None = None
    target_date: str | None = None
    unit_hours: float | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What is said, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


_ANY: Final = frozenset({"title", "description"})
_GOAL: Final = _ANY | {"status", "target_date", "unit_hours"}
_OWN: Final[dict[type, frozenset[str]]] = {
    WorkPackage: frozenset({"title", "notes", "length", "grade", "estimate", "elapsed_days"}),
    Route: _ANY | {"kind"},
    Option: _ANY | {"probability", "recommend"},
    Person: _ANY | {"role", "direction", "email", "capacity_hours"},
}


def fields_of(item: Item | None) -> frozenset[str]:
    """Return the names of the fields of `Wanted` that an item has; None is the goal."""
    return _GOAL if item is None else _OWN.get(type(item), _ANY)


def goal_fields(wanted: Wanted) -> dict[str, Any]:
    """Return what is wanted of the goal by the names of its fields (UsageError)."""
    fields_ = dict(wanted.given)
    if wanted.title is not None:
        fields_["title"] = titled([wanted.title])
    if wanted.description is not None:
        fields_["description"] = clean(wanted.description).strip()
    if wanted.target_date is not None:
        fields_["target_date"] = day(wanted.target_date)
    return fields_


def item_edits(plan: Plan, item: Item, wanted: Wanted, notes: str) -> list[Edit]:
    """Return the edits that are wanted; those that change nothing are left out (UsageError)."""
    edits = list(_texts(item, wanted, notes))
    if isinstance(item, WorkPackage):
        edits += _effort(item, wanted)
    elif isinstance(item, Route) and wanted.kind not in (None, item.kind):
        edits.append(SetKind(item.uid, wanted.kind or item.kind))
    elif isinstance(item, Option):
        edits += _odds(plan, item, wanted)
    elif isinstance(item, Person):
        edits += _person(item, wanted)
    return edits


def _texts(item: Item, wanted: Wanted, notes: str) -> Iterator[Edit]:
    if wanted.title is not None and (title := titled([wanted.title])) != title_of(item):
        yield Rename(item.uid, title)
    if wanted.description is not None:
        text = clean(wanted.description).strip()
        if text != description_of(item):
            yield Describe(item.uid, text)
    if wanted.notes is not None:
        text = noted(wanted.notes)
        if text != notes:
            yield Rewrite(item.uid, notes, text)


def noted(told: str) -> str:
    """Return notes as they are kept: cleaned, tidied, not too long (UsageError)."""
    text = tidy(clean(told))
    if len(text) > MAX_NOTES:
        msg = f"The notes have {len(text):,} characters; at most {MAX_NOTES:,} are kept."
        raise UsageError(msg, "Put long material into a file and link to it.")
    return text


def _effort(package: WorkPackage, wanted: Wanted) -> Iterator[Edit]:
    length = package.length if wanted.length is None else wanted.length
    grade = package.grade if wanted.grade is None else wanted.grade
    if (length, grade) != (package.length, package.grade):
        yield Resize(package.uid, length, grade)
    hours, days = package.estimate, package.elapsed_days
    if wanted.estimate is not None:
        hours = estimate(wanted.estimate)
    if wanted.elapsed_days is not None:
        days = wanted.elapsed_days or None
    if (hours, days) != (package.estimate, package.elapsed_days):
        yield Estimate(package.uid, hours, days)


def _odds(plan: Plan, option: Option, wanted: Wanted) -> Iterator[Edit]:
    switch = plan.switch(plan.index.parents[option.uid])
    recommended = switch.recommended
    if wanted.recommend is True:
        recommended = option.uid
    elif wanted.recommend is False and recommended == option.uid:
        recommended = None
    odds = {}
    if wanted.probability is not None and wanted.probability != option.probability:
        odds[option.uid] = wanted.probability
    if odds or recommended != switch.recommended:
        yield Recommend(switch.uid, recommended, odds)


def _person(person: Person, wanted: Wanted) -> Iterator[Edit]:
    made: dict[str, Callable[[Any], Any]] = {"email": one_line}
    given = {
        name: made.get(name, lambda value: value)(value)
        for name, value in wanted.given.items()
        if name not in _ANY
    }
    changed = {name: value for name, value in given.items() if getattr(person, name) != value}
    if changed:
        yield SetPerson(tuple(sorted(changed)), replace(person, **changed))


def titled(words: Sequence[str]) -> str:
    """Return the title that some words make.

    Raises:
        UsageError: It is empty or longer than titles are.
    """
    title = one_line(" ".join(words))
    if not any(char.isprintable() and not char.isspace() for char in title):
        raise UsageError("The title is empty.", "Type some words.")
    if len(title) > MAX_TITLE:
        msg = f"The title has {len(title)} characters; titles have at most {MAX_TITLE}."
        raise UsageError(msg, "Put the rest into the notes: `stellwerk edit REF`.")
    return title


def estimate(text: str) -> ThreePoint | None:
    """Return the estimate in a text like `2,4,8`; `none` is no estimate (UsageError)."""
    if text.lower() == "none":
        return None
    try:
        return ThreePoint(*_numbers(text, 3))
    except PlanError as error:
        raise UsageError(error.message, "Write it like 2,4,8.") from error


def day(text: str) -> date | None:
    """Return the date in a text like `2027-05-31`; `none` is no date (UsageError)."""
    if text.lower() == "none":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date.", "Write it like 2027-05-31.") from None


def _numbers(text: str, count: int) -> list[float]:
    """Return the numbers in a text like `2,4,8` or `2/4/8` (UsageError)."""
    parts = text.replace("/", ",").replace(" ", ",").split(",")
    try:
        found = [float(part) for part in parts if part]
    except ValueError:
        found = []
    if len(found) != count or not all(math.isfinite(number) for number in found):
        msg = f"{text!r} is not {count} numbers."
        raise UsageError(msg, "Write them like 2,4,8.")
    return found
