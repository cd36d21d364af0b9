"""Values typed for fields, checked and explained."""

from __future__ import annotations

import math
from datetime import date
from typing import TypeVar

from stellwerk.cli.desk import Desk
from stellwerk.domain.plan import Item
from stellwerk.domain.work import ThreePoint
from stellwerk.errors import PlanError, UsageError

Kind = TypeVar("Kind", bound=Item)
_NAMES = {
    "Route": "a route like r3",
    "Task": "a task like r3.2",
    "WorkPackage": "a work package like r3.2.1",
}


def one_item(desk: Desk, ref: str, kind: type[Kind]) -> Kind:
    """Return the item of a ref, which must be of a kind (UsageError)."""
    base, item = desk.at(ref)
    if isinstance(item, kind):
        return item
    wanted = _NAMES[kind.__name__]
    msg = f"{base.plan.name(item.uid)} is not what is needed here: {wanted}."
    raise UsageError(msg, "`stellwerk show` lists them.")


def numbers(text: str, count: int) -> list[float]:
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


def estimate(text: str) -> ThreePoint | None:
    """Return the estimate in a text like `2,4,8`; `none` is no estimate (UsageError)."""
    if text.lower() == "none":
        return None
    try:
        return ThreePoint(*numbers(text, 3))
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
