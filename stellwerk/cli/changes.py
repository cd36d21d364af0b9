"""From the flags of `edit` to edits of an item, or fields of the goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from stellwerk.cli.fields import day, estimate
from stellwerk.cli.titles import titled
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
from stellwerk.domain.limits import MAX_NOTES
from stellwerk.domain.notes import tidy
from stellwerk.domain.plan import Item, Option, Plan, Route, RouteKind, title_of
from stellwerk.domain.text import clean, one_line
from stellwerk.domain.work import WorkPackage
from stellwerk.errors import UsageError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the flags of `edit` ask for; None where a flag was not given."""

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
        """The flags that were given, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


_GOAL: Final = {"title", "description", "status", "target_date", "unit_hours"}
_ANY: Final = {"title", "description"}
_FLAGS: Final[dict[type, set[str]]] = {
    WorkPackage: {"title", "notes", "length", "grade", "estimate", "elapsed_days"},
    Route: {*_ANY, "kind"},
    Option: {*_ANY, "probability", "recommend"},
    Person: {*_ANY, "role", "direction", "email", "capacity_hours"},
}


def goal_fields(wanted: Wanted) -> dict[str, object]:
    """Return the fields of the goal that the flags set (UsageError)."""
    _refuse_others("the goal", wanted, _GOAL)
    fields_ = dict(wanted.given)
    if wanted.title is not None:
        fields_["title"] = titled([wanted.title])
    if wanted.description is not None:
        fields_["description"] = clean(wanted.description).strip()
    if wanted.target_date is not None:
        fields_["target_date"] = day(wanted.target_date)
    return fields_


def item_edits(plan: Plan, item: Item, wanted: Wanted, notes: str) -> list[Edit]:
    """Return the edits that the flags ask for; those that change nothing are left out.

    Raises:
        UsageError: A flag does not fit the item.
    """
    _refuse_others(plan.name(item.uid), wanted, _FLAGS.get(type(item), _ANY))
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


def _refuse_others(name: str, wanted: Wanted, known: set[str]) -> None:
    for flag in wanted.given.keys() - known:
        told = ", ".join(f"--{each.replace('_', '-')}" for each in sorted(known))
        spoken = {"capacity_hours": "capacity"}.get(flag, flag).replace("_", "-")
        raise UsageError(f"--{spoken} does not fit {name}.", f"It takes {told}.")
