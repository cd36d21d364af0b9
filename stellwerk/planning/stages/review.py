"""Review: a second look at the whole plan; what it says is advice, and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from stellwerk.domain.notes import parse
from stellwerk.domain.plan import Plan
from stellwerk.domain.text import one_line, shortened
from stellwerk.errors import ProviderError
from stellwerk.planning.asking import Panel, Question
from stellwerk.planning.composing import Composition
from stellwerk.planning.drafts import ProblemDraft, ReviewDraft
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import Wish
from stellwerk.validation.findings import Finding, Severity

QUESTION = Question("review", ReviewDraft, role="reasoning", max_tokens=8_000)
NOT_REVIEWED: Final = "SW590"
_MOST: Final = 20
_SUMMARY: Final = 300


async def review(
    panel: Panel, wish: Wish, composition: Composition
) -> tuple[tuple[Finding, ...], str]:
    """Return a reviewer's advice and who gave it; none if nobody could be asked.

    A plan without a review is a plan all the same.
    """
    inputs = {"wish": asdict(wish), "plan": outline(composition)}
    try:
        answer = await QUESTION.ask(panel, wish.title, inputs, Where(language=wish.language))
    except ProviderError as error:
        message = f"Nobody reviewed the plan: {error.message}"
        return (Finding(NOT_REVIEWED, Severity.INFO, "", message),), ""
    known = composition.plan.index.by_ref
    told = [_finding(each, known) for each in answer.draft.problems[:_MOST]]
    return tuple(told), answer.model


def outline(composition: Composition) -> list[dict[str, Any]]:
    """Return a plan as a reviewer sees it: titles, and what work packages are about."""
    plan = composition.plan
    return [
        {
            "key": plan.ref(route.uid),
            "title": route.title,
            "after": _before(plan, route.uid),
            "decision": _decision(plan, route.uid),
            "tasks": [
                {
                    "key": plan.ref(task.uid),
                    "title": task.title,
                    "packages": [
                        {
                            "key": plan.ref(package.uid),
                            "title": package.title,
                            "about": _about(composition, package.uid),
                        }
                        for package in task.packages
                    ],
                }
                for task in route.tasks
            ],
        }
        for route in plan.routes
    ]


def _before(plan: Plan, route: str) -> list[str]:
    """Return the routes that come before one, in an order that is the same for every run."""
    before = plan.index.before[route]
    return [plan.ref(each.uid) for each in plan.routes if each.uid in before]


def _decision(plan: Plan, route: str) -> dict[str, Any] | None:
    switch = next((each for each in plan.switches if each.route == route), None)
    if switch is None:
        return None
    options = [{"to": plan.ref(o.head), "label": o.label} for o in switch.options]
    return {"title": switch.title, "options": options}


def _about(composition: Composition, package: str) -> str:
    return shortened(one_line(parse(composition.notes.get(package, "")).summary), _SUMMARY)


def _finding(problem: ProblemDraft, known: Mapping[str, str]) -> Finding:
    ref = problem.key if problem.key in known else ""
    quote = f" (“{one_line(problem.quote)}”)" if problem.quote else ""
    severity = Severity.WARNING if problem.severity == "high" else Severity.INFO
    return Finding(
        "SW501", severity, ref, f"{one_line(problem.problem)}{quote}", one_line(problem.change)
    )
