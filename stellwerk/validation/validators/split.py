"""SW107, SW108, SW408: work that is not divided, or given hours that its steps cannot fill.

Bad (split): Found the company :: 300 hours
Good (split): Rent the shop :: 20 hours | Register the company :: 12 hours | Open it :: 30 hours
Bad (split): 9 x Sew a costume :: 4 hours
Good (split): 5 x Sew a costume :: 4 hours > 4 x Rehearse a scene :: 4 hours
Bad (split): Water the plants :: 36 hours, 6 steps | Build the shed :: 36 hours, 12 steps
Good (split): Water the plants :: 2 hours, 6 steps | Build the shed :: 36 hours, 12 steps
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.domain.plan import Plan
from stellwerk.domain.work import WorkPackage
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Subject,
    Validator,
)

WHOLE: Final = Code(
    *("SW107", Severity.WARNING, "One work package holds most of the plan's work."),
    *(Aspect.STRUCTURE, 0.8),
)
ONE_ROUTE: Final = Code(
    *(
        "SW108",
        Severity.WARNING,
        "All work stands on one route, so nothing shows how it runs.",
    ),
    *(Aspect.STRUCTURE, 0.6),
)
SLOW: Final = Code(
    *("SW408", Severity.WARNING, "Easy work of few steps is given very many hours."),
    *(Aspect.COHERENCE, 0.5, Per.PACKAGE),
)
_WEEK: Final = 40.0
"""Hours from which on work wants to be divided."""
_MOST: Final = 0.6
_EASY: Final = 4
_STEP_HOURS: Final = 5.0
_MANY_HOURS: Final = 30.0
_MANY: Final = 9
"""Work packages from which on one route is too few."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield findings about how the work is divided."""
    plan = subject.plan
    packages = list(plan.packages)
    if packages:
        yield from _whole(plan, packages)
    if len(plan.routes) == 1 and len(packages) >= _MANY:
        route = plan.routes[0]
        message = f"All {len(packages)} work packages stand on {plan.name(route.uid)}."
        hint = "Routes show what follows what: `stellwerk add route TITLE --after r1`."
        yield ONE_ROUTE.at(plan.ref(route.uid), message, hint, quote=route.title)
    unit = plan.goal.unit_hours
    for text in subject.texts:
        hours, steps = text.package.hours(unit), len(text.steps)
        easy = text.package.grade <= _EASY and steps and hours > _MANY_HOURS
        if easy and hours / steps > _STEP_HOURS:
            message = (
                f"{text.ref} takes {hours:g} hours for {steps} steps of grade"
                f" {text.package.grade}."
            )
            hint = f"Is it easy, or long? `stellwerk edit {text.ref} --hours P10/P50/P90`."
            yield SLOW.at(text.ref, message, hint, quote=text.package.title)


def _whole(plan: Plan, packages: list[WorkPackage]) -> Iterator[Finding]:
    unit = plan.goal.unit_hours
    largest = max(packages, key=lambda package: package.hours(unit))
    hours, total = largest.hours(unit), sum(package.hours(unit) for package in packages)
    if hours > _WEEK and hours > _MOST * total:
        ref = plan.ref(largest.uid)
        message = f"{plan.name(largest.uid)} holds {hours:g} of the plan's {total:g} hours."
        hint = f"Divide it: `stellwerk expand {ref}`, or `stellwerk add package`."
        yield WHOLE.at(ref, message, hint, quote=largest.title)


VALIDATOR: Final = Validator((WHOLE, ONE_ROUTE, SLOW), check)
