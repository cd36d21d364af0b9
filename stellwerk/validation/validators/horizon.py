"""SW504: effort that does not fit the time there is, or the size of the goal.

Bad (effort): Learn Spanish to B1 in 9 months :: 12 hours
Good (effort): Learn Spanish to B1 in 9 months :: 400 hours
Bad (effort): Buy a birthday present :: 300 hours
Good (effort): Buy a birthday present :: 3 hours
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import railway_of
from stellwerk.domain.spans import span_in
from stellwerk.domain.text import shortened
from stellwerk.validation.findings import Aspect, Code, Finding, Severity, Subject, Validator
from stellwerk.validation.wording import words

UNFIT: Final = Code(
    *("SW504", Severity.WARNING, "The effort does not fit the time there is, or the goal."),
    *(Aspect.COHERENCE, 0.6),
)
_WEEK: Final = 7.0
_MOST: Final = 60.0
"""Hours a week that one person can work for long."""
_LEAST: Final = 0.5
"""Hours a week below which a goal of months is not pursued."""
_LONG: Final = 56.0
_BIG: Final = frozenset(
    """
    marathon triathlon ironman thesis dissertation novel book startup company business house
    career degree language saas app wedding conference festival bakery café cafe restaurant shop
    b1 b2 c1 c2 migration renovate rebuild bachelorarbeit masterarbeit doktorarbeit roman buch firma
    unternehmen haus hochzeit konferenz sprache laden bäckerei umbau gründen
    """.split()
)
_ERRANDS: Final = frozenset(
    """
    buy post book call fix repair return renew wash clean send mail order pick cook bake visit cancel
    kaufen besorgen buchen anrufen reparieren zurückgeben verlängern waschen putzen schicken
    bestellen abholen kochen backen kündigen
    """.split()
)
_MANY_PACKAGES: Final = 12
_FEW_PACKAGES: Final = 4
_FEW_HOURS: Final = 25.0
_MANY_HOURS: Final = 60.0


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding if the work ahead is far too much, or far too little."""
    plan = subject.plan
    hours = expected_hours(plan)
    if not hours:
        return
    title = shortened(plan.goal.title, 80)
    if reason := _against_time(plan, hours) or _against_goal(plan, hours):
        message = f"“{title}” is planned with {hours:,.0f} hours: {reason}."
        hint = "Set the hours of a unit (`stellwerk edit goal --unit-hours`), or the work."
        yield UNFIT.at("", message, hint, quote=plan.goal.title)


def expected_hours(plan: Plan) -> float:
    """Return the hours of all work on the routes that are expected to be travelled."""
    expected = railway_of(plan).expected
    unit = plan.goal.unit_hours
    return sum(
        package.hours(unit)
        for route in plan.routes
        if route.uid in expected
        for package in route.packages
    )


def _against_time(plan: Plan, hours: float) -> str:
    goal = plan.goal
    span = span_in(f"{goal.title}. {goal.description}")
    days = span.days if span else None
    if goal.target_date is not None:
        days = max((goal.target_date - goal.created_at.date()).days, 1)
    if days is None:
        return ""
    weekly = hours / max(days / _WEEK, 1 / _WEEK)
    people = max(len(plan.people), 1)
    if days >= _WEEK and weekly > _MOST * people:
        return f"{weekly:,.0f} hours a week until its end are more than there are"
    if days >= _LONG and weekly < _LEAST:
        return f"{weekly:.1f} hours a week over its {days / _WEEK:.0f} weeks lead nowhere"
    return ""


def _against_goal(plan: Plan, hours: float) -> str:
    told = words(plan.goal.title)
    big = next((word for word in told[1:] if word in _BIG), "")
    count = sum(1 for _ in plan.packages)
    if big and (hours < _FEW_HOURS or count < _FEW_PACKAGES):
        return f"a goal with “{big}” in it takes more than its {count} work packages"
    errand = bool(told) and (told[0] in _ERRANDS or told[-1] in _ERRANDS)
    if not errand or big or len(told) > 9:
        return ""
    if hours > _MANY_HOURS:
        return "an errand takes less"
    if count > _MANY_PACKAGES:
        return f"an errand takes fewer than {count} work packages"
    return ""


VALIDATOR: Final = Validator((UNFIT,), check)
