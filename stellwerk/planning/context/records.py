"""Earlier goals with their plans, as far as sources draw on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import Railway, Signal, railway_of
from stellwerk.domain.text import one_line, shortened
from stellwerk.domain.work import Status, WorkPackage
from stellwerk.errors import NotFoundError
from stellwerk.planning.ports import PlanReader
from stellwerk.planning.similarity.search import Candidate

MOST: Final = 40
"""So many of the latest goals are looked at, besides those that are like the new one."""
_SOMEBODY: Final = "somebody"
_TITLE: Final = 100


class Record(NamedTuple):
    """An earlier goal somebody worked on.

    Attributes:
        plan: Its plan.
        railway: How it stands.
        score: How like the new goal it is.
        title: Its title, without names of people.
    """

    plan: Plan
    railway: Railway
    score: float
    title: str

    @property
    def done(self) -> list[WorkPackage]:
        """The work packages that are done."""
        return [each for each in self.plan.packages if each.status is Status.DONE]

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do or to decide on it."""
        signals = self.railway.signals.items()
        live = {uid for uid, signal in signals if signal is not Signal.CLOSED}
        return bool(self.done) and self.railway.settled.issuperset(live)


class Records(NamedTuple):
    """The goals somebody worked on, the nearest to the new one first.

    Attributes:
        all: The goals.
        names: Of all people in them, as they must not be told.
    """

    all: tuple[Record, ...]
    names: re.Pattern[str] | None

    def nameless(self, text: str) -> str:
        """Return a line without names of people."""
        return nameless(text, self.names)


def records(
    reader: PlanReader, near: Sequence[Candidate], extra: Iterable[str] = ()
) -> Records:
    """Return the earlier goals on which something was done.

    Args:
        reader: Reads them.
        near: The goals that are like the new one.
        extra: More names that must not be told.
    """
    scores = {each.goal.uid: each.score for each in near}
    goals = [line.goal for line in reader.goals() if not line.goal.deleted]
    latest = [goal.uid for goal in goals[-MOST:]]
    plans = _plans(reader, [goal for goal in goals if goal.uid in {*scores, *latest}])
    names = _names([*(person.name for plan in plans for person in plan.people), *extra])
    found = [
        Record(
            plan,
            railway_of(plan),
            scores.get(plan.goal.uid, 0.0),
            shortened(nameless(one_line(plan.goal.title), names), _TITLE),
        )
        for plan in plans
        if any(package.status is Status.DONE for package in plan.packages)
    ]
    found.sort(key=lambda each: (-each.score, each.plan.goal.created_at, each.plan.goal.uid))
    return Records(tuple(found), names)


def nameless(text: str, names: re.Pattern[str] | None) -> str:
    """Return a text in which no name stands."""
    return names.sub(_SOMEBODY, text) if names else text


def _plans(reader: PlanReader, goals: Sequence[Goal]) -> list[Plan]:
    plans = []
    for goal in goals:
        with suppress(NotFoundError):  # somebody deleted it meanwhile
            plans.append(reader.load(goal.uid).plan)
    return plans


def _names(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return the pattern of names, whole and word by word."""
    parts = {part for name in names for part in (name.strip(), *name.split()) if len(part) > 1}
    if not parts:
        return None
    longest = sorted(map(re.escape, parts), key=lambda part: (-len(part), part))
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)
