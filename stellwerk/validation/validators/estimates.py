"""SW401 to SW407: hours that are missing, contradict lengths, or were not thought about.

Bad (work): r1.1.1 = 2 units
Good (work): r1.1.1 = 2 units 2 h
Bad (work): r1.1.1 = 1 unit 5 h
Good (work): r1.1.1 = 4 units 5 h
Bad (work): r1.1.1-6 = 2 units 2 h
Good (work): r1.1.1-5 = 2 units 2 h, r1.1.6 = 5 units 4 h
Bad (work): r1.1.1 = 8 units 100 h
Good (work): r1.1.1 = 8 units 16 h
Bad (work): r1.1.1-4 = 1 unit 0.2 h, r1.2.1-2 = 2 units 1 h
Good (work): r1.1.1-2 = 1 unit 0.5 h, r1.2.1-4 = 2 units 1 h
Bad (work): r1.1.1 = 8 units 9/9/9 h
Good (work): r1.1.1 = 8 units 6/9/15 h
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stellwerk.domain.plan import Plan
from stellwerk.domain.work import ThreePoint, WorkPackage
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Validator,
)
from stellwerk.validation.subject import Subject

MISSING: Final = Code(
    *("SW401", Severity.INFO, "No work package has hours."),
    *(Aspect.ESTIMATES, 0.3, Per.PLAN),
)
CONTRADICTED: Final = Code(
    *("SW402", Severity.WARNING, "An estimate contradicts the length of its work package."),
    *(Aspect.ESTIMATES, 0.8, Per.PACKAGE),
)
ALIKE: Final = Code(
    *("SW403", Severity.WARNING, "All work packages have the same length and grade."),
    *(Aspect.ESTIMATES, 0.5, Per.PLAN),
)
HUGE: Final = Code(
    *("SW405", Severity.WARNING, "A work package takes more than 80 hours."),
    *(Aspect.ESTIMATES, 1.0, Per.PACKAGE),
)
TINY: Final = Code(
    *("SW406", Severity.WARNING, "Most work packages take less than a quarter of an hour."),
    *(Aspect.ESTIMATES, 0.4, Per.PLAN),
)
CERTAIN: Final = Code(
    *("SW407", Severity.INFO, "An estimate of long work leaves no room for doubt."),
    *(Aspect.ESTIMATES, 0.3, Per.PACKAGE),
)
_FACTOR: Final = 4
"""How many times longer or shorter an estimate may be than its length says."""
_HABIT: Final = 6
"""Work packages from which on what they share is no coincidence."""
_MOST: Final = 80
_LEAST: Final = 0.25
_LONG: Final = 4
_DOUBT: Final = 1.1
"""How many times P10 a P90 is at least, if somebody thought of what could go wrong."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield what there is to say about lengths, grades and hours."""
    plan = subject.plan
    packages = tuple(plan.packages)
    if packages and not any(package.estimate for package in packages):
        ref = plan.ref(packages[0].uid)
        hint = f"Guess at three numbers: `stellwerk edit {ref} --estimate P10,P50,P90`."
        yield MISSING.at("", "No work package has hours.", hint)
    if len(packages) >= _HABIT:
        yield from _habits(plan, packages)
    for package in packages:
        if package.estimate:
            yield from _estimated(plan, package, package.estimate)
        hours = package.hours(plan.goal.unit_hours)
        if hours > _MOST and not package.settled:
            message = f"{plan.name(package.uid)} takes {hours:g} hours."
            hint = "Split it into parts that somebody finishes within a week or two."
            yield HUGE.at(plan.ref(package.uid), message, hint, quote=package.title)


def _habits(plan: Plan, packages: Sequence[WorkPackage]) -> Iterator[Finding]:
    """Yield what there is to say about all work packages together."""
    first, count = packages[0], len(packages)
    if len({(each.length, each.grade, each.estimate) for each in packages}) == 1:
        units = f"{first.length} unit{'s' if first.length > 1 else ''}"
        message = f"All {count} work packages have {units} and grade {first.grade}."
        hint = f"Tell great from small: `stellwerk edit {plan.ref(first.uid)} --length N`."
        yield ALIKE.at("", message, hint)
    unit = plan.goal.unit_hours
    tiny = [each for each in packages if each.hours(unit) < _LEAST]
    if 2 * len(tiny) > count:
        message = f"{len(tiny)} of {count} work packages take less than a quarter of an hour."
        hint = "Make them steps of fewer work packages."
        if not any(each.estimate for each in tiny):
            hint += f" Or is a unit more than {unit:g} hours (`stellwerk edit goal`)?"
        yield TINY.at("", message, hint, quote=tiny[0].title)


def _estimated(plan: Plan, package: WorkPackage, estimate: ThreePoint) -> Iterator[Finding]:
    """Yield what there is to say about the hours of a work package."""
    ref, name = plan.ref(package.uid), plan.name(package.uid)
    low, hours, high = estimate.p10, estimate.p50, estimate.p90
    nominal = package.length * plan.goal.unit_hours
    if hours > _FACTOR * nominal or nominal > _FACTOR * hours:
        message = f"{name} is estimated at {hours:g} hours, but its length says {nominal:g}."
        hint = f"Set the one by the other: `stellwerk edit {ref} --length N`, or `--estimate`."
        yield CONTRADICTED.at(ref, message, hint, quote=package.title)
    if hours > _LONG and high < _DOUBT * low:
        message = f"{name} takes {low:g} to {high:g} hours: that leaves no room for doubt."
        hint = "P10 is when all goes well, P90 when much goes wrong."
        yield CERTAIN.at(ref, message, hint, quote=f"{low:g}/{hours:g}/{high:g}")


VALIDATOR: Final = Validator((MISSING, CONTRADICTED, ALIKE, HUGE, TINY, CERTAIN), check)
