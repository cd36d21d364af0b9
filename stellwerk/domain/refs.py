"""Refs, the short addresses people type, and the counters that hand them out.

Forms: `r3` route, `r3.2` task, `r3.2.1` work package, `d1` switch, `d1.b` option,
`p2` person. A number is handed out once and never again, whatever is undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stellwerk.domain.value import Value

if TYPE_CHECKING:
    from stellwerk.domain.plan import Plan

ROUTES: Final = "r"
SWITCHES: Final = "d"
PEOPLE: Final = "p"
PATTERN: Final = re.compile(r"r\d+(\.\d+){0,2}|d\d+(\.[a-z]+)?|p\d+")


def letters(number: int) -> str:
    """Return the letters of an option: 1 is `a`, 26 is `z`, 27 is `aa`."""
    text = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("a") + digit) + text
    return text


def number_of(text: str) -> int:
    """Return the number that `letters` wrote."""
    number = 0
    for char in text:
        number = number * 26 + ord(char) - ord("a") + 1
    return number


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RefBook(Value):
    """What has been handed out for a goal; lives beside the plan, outside its equality.

    Attributes:
        last: Highest number handed out under each parent: `r`, `d`, `p`, or the uid of
            the route, task or switch. It only grows, so an undone birth keeps its number.
        aliases: Refs that items had before they moved, to uids.
    """

    last: Mapping[str, int] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def next(self, parent: str) -> int:
        """Return the number a new item under that parent gets."""
        return self.last.get(parent, 0) + 1

    def following(self, before: Plan, after: Plan) -> RefBook:
        """Return the book after an edit: births counted, moved items' old refs kept."""
        last = dict(self.last)
        for parent, number, _ in _numbers(after):
            if number > last.get(parent, 0):
                last[parent] = number
        old, new = before.index.refs, after.index.refs
        moved = {ref: uid for uid, ref in old.items() if new.get(uid, ref) != ref}
        return RefBook(last, {**self.aliases, **moved} if moved else self.aliases)

    def resolve(self, plan: Plan, ref: str) -> str | None:
        """Return the uid a ref means now, by its present or a former ref, or None."""
        uid = plan.index.find(ref) or self.aliases.get(ref)
        return uid if uid in plan.index.items else None


NO_REFS: Final = RefBook()


def _numbers(plan: Plan) -> Iterator[tuple[str, int, str]]:
    """Yield (parent, number, uid) of every item."""
    for route in plan.routes:
        yield ROUTES, route.number, route.uid
        for task in route.tasks:
            yield route.uid, task.number, task.uid
            for package in task.packages:
                yield task.uid, package.number, package.uid
    for switch in plan.switches:
        yield SWITCHES, switch.number, switch.uid
        for option in switch.options:
            yield switch.uid, option.number, option.uid
    for person in plan.people:
        yield PEOPLE, person.number, person.uid
