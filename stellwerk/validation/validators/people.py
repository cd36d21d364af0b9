"""SW410 and SW411: people with more to do than time, and work that nobody does.

The days of the examples count from the first of January 2026, a Thursday.

Bad (people): until 2026-01-07, p1 = 20 h, r1.1.1 = 21 h p1
Good (people): until 2026-01-08, p1 = 20 h, r1.1.1 = 21 h p1
Good (people): until 2026-01-07, p1 = 20 h, r1.1.1 = 10 h p1, r1.1.2 = 40 h
Bad (people): p1, r1.1.1-10
Good (people): p1, r1.1.1-9, r1.1.10 = p1
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from stellwerk.domain.goal import Person
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import railway_of
from stellwerk.domain.work import Status
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Validator,
)
from stellwerk.validation.subject import Subject

OVERFULL: Final = Code(
    "SW410",
    Severity.WARNING,
    "Somebody is assigned more hours than they have until the goal's target date.",
    *(Aspect.ESTIMATES, 0.4, Per.PLAN),
)
UNASSIGNED: Final = Code(
    "SW411", Severity.INFO, "The plan has people, but nobody is assigned a work package."
)
_CAPACITY: Final = 40.0
"""Hours a week of somebody who did not say."""
_MANY: Final = 10


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each person with too much to do, or for all with nothing."""
    plan = subject.plan
    if not plan.people:
        return
    if any(package.assignee for package in plan.packages):
        if plan.goal.target_date:
            yield from _overfull(plan, plan.goal.target_date)
    elif (count := sum(1 for _ in plan.packages)) >= _MANY:
        message = f"None of the {count} work packages is assigned to anybody."
        ref = plan.ref(next(plan.packages).uid)
        hint = f"Say who does what: `stellwerk assign {ref} p{plan.people[0].number}`."
        yield UNASSIGNED.at("", message, hint, quote=plan.people[0].name)


def _overfull(plan: Plan, end: date) -> Iterator[Finding]:
    """Yield a finding for each person who has less time than work on the expected way."""
    assigned = _assigned(plan)
    begin = plan.goal.created_at.date()
    for person in plan.people:
        work, time = assigned[person.uid], hours_of(person, begin, end)
        if work > time + 1e-9:
            message = (
                f"{plan.name(person.uid)} is assigned {round(work, 1):g} hours until {end},"
                f" and has {round(time, 1):g}."
            )
            hint = (
                "Give some of it to others with `stellwerk assign`, or say more hours a week:"
                f" `stellwerk edit {plan.ref(person.uid)} --capacity HOURS`."
            )
            yield OVERFULL.at(plan.ref(person.uid), message, hint, quote=person.name)


def _assigned(plan: Plan) -> Mapping[str, float]:
    """Return the hours of work that each person has, of what is travelled as expected."""
    expected, unit = railway_of(plan).expected, plan.goal.unit_hours
    hours = dict.fromkeys((person.uid for person in plan.people), 0.0)
    for route in plan.routes:
        if route.uid in expected:
            for package in route.packages:
                if package.assignee and package.status is not Status.DIVERTED:
                    hours[package.assignee] += package.hours(unit)
    return hours


def hours_of(person: Person, first: date, last: date) -> float:
    """Return how many hours a person works from one day to another, both included."""
    weekdays = frozenset(person.weekdays)
    if not weekdays:
        return 0.0
    begin, end = first.toordinal(), last.toordinal()
    days = _worked(weekdays, begin, end)
    for absence in sorted(person.absences, key=lambda each: each.first):
        off = max(absence.first.toordinal(), begin), min(absence.last.toordinal(), end)
        days -= _worked(weekdays, *off)
        begin = max(begin, off[1] + 1)
    week = _CAPACITY if person.capacity_hours is None else person.capacity_hours
    return days * week / len(weekdays)


def _worked(weekdays: frozenset[int], begin: int, end: int) -> int:
    """Return how many of the days between two ordinals, both included, are worked on."""
    if end < begin:
        return 0
    weeks, rest = divmod(end - begin + 1, 7)
    # Ordinal 1 is a Monday.
    odd = sum((day - 1) % 7 + 1 in weekdays for day in range(begin, begin + rest))
    return weeks * len(weekdays) + odd


VALIDATOR: Final = Validator((OVERFULL, UNASSIGNED), check)
