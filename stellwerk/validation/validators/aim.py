"""SW505: a plan that is about something else than its goal.

Bad (goal): Renovate the bathroom :: Learn the subjunctive of fifty verbs
Good (goal): Renovate the bathroom :: Measure the bathroom and draw its four walls
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.domain.plan import Route
from stellwerk.domain.text import shortened
from stellwerk.validation.findings import Aspect, Code, Finding, Severity, Subject, Validator
from stellwerk.validation.wording import stems

OFF: Final = Code(
    *("SW505", Severity.WARNING, "Nothing in the plan mentions its goal."),
    *(Aspect.COHERENCE, 0.9),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding if the goal's words come up nowhere in the work."""
    plan = subject.plan
    wanted = stems(plan.goal.title)
    if not wanted or not any(route.tasks for route in plan.routes):
        return
    texts = (_text(subject, route) for route in plan.routes)
    if not any(stem in text for text in texts for stem in wanted):
        title = shortened(plan.goal.title, 80)
        message = f"No route, task or work package mentions “{title}” or a word of it."
        hint = "A plan takes up what it is for; rename the goal, or plan it anew."
        yield OFF.at("", message, hint, quote=plan.goal.title)


def _text(subject: Subject, route: Route) -> str:
    parts = [route.title, route.description]
    for task in route.tasks:
        parts += (task.title, task.description, *(each.title for each in task.packages))
    notes = (subject.lowered.get(package.uid, "") for package in route.packages)
    return "\n".join(("\n".join(parts).lower(), *notes))


VALIDATOR: Final = Validator((OFF,), check)
