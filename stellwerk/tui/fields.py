"""Any field of anything: picked from a list, asked for, and made an edit of."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias

from textual.screen import ModalScreen

from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.fields import SetGoal, description_of
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Direction, GoalStatus, Person, Role
from stellwerk.domain.limits import GRADE, LENGTH, MAX_TITLE
from stellwerk.domain.plan import Item, Option, Plan, Route, RouteKind, Switch, title_of
from stellwerk.domain.work import ThreePoint, WorkPackage
from stellwerk.errors import EditError, UsageError
from stellwerk.planning.fields import Wanted, goal_fields, item_edits
from stellwerk.tui.widgets.asking import Ask, Pick

Wish: TypeAlias = Callable[[Plan], Edit]
"""Makes the edit that is wanted for the plan as it is when it is made (StellwerkError)."""
_LINE: Final = 2000
"""The most characters of a description that is written in a line; others need an editor."""
_GIST: Final = 44
"""Characters of a value that are shown in a list."""
_YES: Final = {True: "yes", False: "no"}


class Field(NamedTuple):
    """A field as it is shown and typed.

    Attributes:
        name: As `Wanted` calls it.
        title: As people call it.
        value: As it is now.
        hint: How to write it.
        choices: What it can be, if that is one of a few.
        most: Characters it can have.
    """

    name: str
    title: str
    value: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    most: int = MAX_TITLE


def asked(
    plan: Plan, uid: str | None, written: Callable[[str], str | None]
) -> Generator[ModalScreen[Any], Any, Wish | None]:
    """Ask which field of an item, or of a part of it, should be what.

    Args:
        plan: The plan as it is shown.
        uid: Of the item; None is the goal.
        written: Returns a longer text as somebody left it in an editor, None if that failed.

    Returns:
        What is wanted, or None for nothing.
    """
    item = None if uid is None else plan.item(uid)
    fields, parts = list(fields_of(plan, item)), parts_of(plan, item)
    lines = [f"{each.title}: {_short(each.value)}" for each in fields]
    lines += [f"{plan.name(each.uid)} …" for each in parts]
    at = yield Pick(plan.name(uid or plan.goal.uid), lines)
    if at is None:
        return None
    if at >= len(fields):
        return (yield from asked(plan, parts[at - len(fields)].uid, written))
    field = fields[at]
    if field.choices:
        number = yield Pick(field.title, field.choices)
        told = None if number is None else field.choices[number]
    elif len(field.value) > field.most or "\n" in field.value:
        told = written(field.value)
    else:
        told = yield Ask(
            *(field.title, field.value, field.hint, field.most),
            blank=True,
            check=lambda told: apply(setting(plan, uid, field.name, told), plan),
        )
    if told is None or told == field.value:
        return None
    return lambda now: setting(now, uid, field.name, told)


def fields_of(plan: Plan, item: Item | None) -> Iterator[Field]:
    """Yield the fields of an item, or of the goal, in the order in which they are shown."""
    if item is None:
        yield Field("title", "title", plan.goal.title)
        yield Field("description", "description", plan.goal.description, most=_LINE)
        until = plan.goal.target_date
        hint = "a date like 2027-05-31, or nothing"
        yield Field("target_date", "target date", until.isoformat() if until else "", hint)
        hours = f"{plan.goal.unit_hours:g}"
        yield Field("unit_hours", "hours in a unit of length", hours)
        yield Field("status", "status", plan.goal.status, choices=tuple(GoalStatus))
        return
    yield Field("title", _TITLES.get(type(item), "title"), title_of(item))
    if isinstance(item, WorkPackage):
        yield from _effort(item)
        return
    title = _DESCRIPTIONS.get(type(item), "description")
    yield Field("description", title, description_of(item), most=_LINE)
    if isinstance(item, Route):
        yield Field("kind", "kind", item.kind, choices=tuple(RouteKind))
    elif isinstance(item, Option):
        odds = "" if item.probability is None else f"{item.probability:g}"
        yield Field("probability", "probability", odds, "0 to 1, or 25%, of being chosen")
        recommended = plan.switch(plan.index.parents[item.uid]).recommended == item.uid
        yield Field("recommend", "recommended", _YES[recommended], choices=("yes", "no"))
    elif isinstance(item, Person):
        yield Field("role", "role", item.role, choices=tuple(Role))
        yield Field("direction", "direction", item.direction, choices=tuple(Direction))
        yield Field("email", "e-mail", item.email)
        hours = "" if item.capacity_hours is None else f"{item.capacity_hours:g}"
        yield Field("capacity_hours", "capacity", hours, "hours a week")


_TITLES: Final = {Switch: "question", Option: "label", Person: "name"}
_DESCRIPTIONS: Final = {Switch: "what to know", Option: "trade-off", Person: "notes"}


def _effort(package: WorkPackage) -> Iterator[Field]:
    low, high = LENGTH
    yield Field("length", "length", f"{package.length}", f"{low} to {high} units")
    low, high = GRADE
    yield Field("grade", "grade", f"{package.grade}", f"{low} to {high}, how hard it is")
    hint = "hours at best, in the middle, at worst, as 2/4/9; or nothing"
    yield Field("estimate", "estimate", three(package.estimate), hint)
    days = f"{package.elapsed_days or 0}"
    yield Field("elapsed_days", "calendar days", days, "days it takes at least, 0 for none")


def parts_of(plan: Plan, item: Item | None) -> list[Item]:
    """Return the parts of an item that have fields of their own and no place of their own."""
    if isinstance(item, Route):
        switch = plan.index.switch_at.get(item.uid)
        return [*item.tasks, *([switch] if switch else [])]
    return [*item.options] if isinstance(item, Switch) else []


def setting(plan: Plan, uid: str | None, name: str, told: str) -> Edit:
    """Return the edit that gives a field of an item, or of the goal, another value.

    Raises:
        UsageError: What was told is no value for that field.
        EditError: It has that value already.
    """
    try:
        value = _READ.get(name, str)(told)
    except ValueError:
        raise UsageError(f"“{told}” is no number.", "Write digits, as 3 or 0.5.") from None
    wanted = Wanted(**{name: value})
    if uid is None:
        fields = goal_fields(wanted)
        return SetGoal(tuple(fields), replace(plan.goal, **fields))
    edits = item_edits(plan, plan.item(uid), wanted, "")
    if not edits:
        raise EditError(f"{plan.name(uid)} has that already.", "Nothing was changed.")
    return edits[0] if len(edits) == 1 else Batch(tuple(edits))


def _or_none(told: str) -> str:
    return told or "none"


def _share(told: str) -> float:
    return float(told.removesuffix("%")) / 100 if told.endswith("%") else float(told)


_READ: Final[dict[str, Callable[[str], Any]]] = {
    "target_date": _or_none,
    "estimate": _or_none,
    "length": int,
    "grade": int,
    "elapsed_days": int,
    "unit_hours": float,
    "probability": _share,
    "capacity_hours": float,
    "kind": RouteKind,
    "role": Role,
    "direction": Direction,
    "status": GoalStatus,
    "recommend": lambda told: told == _YES[True],
}


def three(estimate: ThreePoint | None) -> str:
    """Return an estimate as somebody types it, or nothing."""
    return f"{estimate.p10:g}/{estimate.p50:g}/{estimate.p90:g}" if estimate else ""


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _GIST else f"{line[: _GIST - 1]}…"
