"""Review: a second look at the whole plan; what it says is advice, and changes nothing.

A plan's text may try to talk its reviewer round. So a review can only lower a score, by as
much as the problems weigh whose quotes stand in the plan, and never below half of the
coherence that the rules found; praise counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, Final, NamedTuple

from stellwerk.domain.notes import parse
from stellwerk.domain.plan import Plan
from stellwerk.domain.text import one_line, shortened
from stellwerk.errors import ProviderError
from stellwerk.planning.asking import Panel, Question
from stellwerk.planning.composing import Composition
from stellwerk.planning.drafts import ProblemDraft, ReviewDraft
from stellwerk.planning.structured import Where
from stellwerk.planning.wish import STANDARDS, Wish
from stellwerk.validation.findings import Code, Finding, Severity, Subject
from stellwerk.validation.judging import Verdict
from stellwerk.validation.score import reviewed
from stellwerk.validation.wording import plain

QUESTION = Question("review", ReviewDraft, role="reasoning", max_tokens=8_000)
ADVICE: Final = Code("SW501", Severity.INFO, "A reviewer would change something.")
UNREVIEWED: Final = Code("SW590", Severity.INFO, "Nobody could review the plan.")
NOT_REVIEWED: Final = UNREVIEWED.code
WORST: Final = 0.5
"""What a review can take from a plan's coherence at most."""
_WEIGHTS: Final = {"high": 0.25, "medium": 0.1, "low": 0.03}
_MOST: Final = 20
_SUMMARY: Final = 300


class Review(NamedTuple):
    """What a reviewer says.

    Attributes:
        findings: The advice.
        penalty: What it takes from the plan's coherence, 0 to `WORST`.
        model: Who gave it; empty if nobody could be asked.
    """

    findings: tuple[Finding, ...]
    penalty: float = 0.0
    model: str = ""


async def review(
    panel: Panel, wish: Wish, composition: Composition, feedback: str = ""
) -> Review:
    """Return a reviewer's advice.

    A plan without a review is a plan all the same.

    Args:
        panel: Who is asked.
        wish: What the plan is for.
        composition: The plan.
        feedback: What somebody wants to be different; then only that is looked for.
    """
    shown = outline(composition)
    inputs = {
        "wish": asdict(wish),
        "background": wish.told(STANDARDS),
        "plan": shown,
        "feedback": feedback,
    }
    try:
        answer = await QUESTION.ask(panel, wish.title, inputs, Where(language=wish.language))
    except ProviderError as error:
        message = f"Nobody reviewed the plan: {error.message}"
        return Review((UNREVIEWED.at("", message),))
    known, texts = composition.plan.index.by_ref, [plain(text) for text in _texts(shown)]
    problems = answer.draft.problems[:_MOST]
    grounded = [each for each in problems if _stands_in(each.quote, texts)]
    lost = sum(_WEIGHTS[each.severity] * each.confidence for each in grounded)
    told = tuple(_finding(each, known, grounded=each in grounded) for each in problems)
    return Review(told, min(lost, WORST), answer.model)


def advised(verdict: Verdict, advice: Review, subject: Subject) -> Verdict:
    """Return a verdict on a plan with what a reviewer said of it, or of an earlier form of it.

    What it takes from the score stays, also where the words it was said of are gone: nobody
    looked again.
    """
    quotes = [each.quote for each in advice.findings if each.quote]
    texts: list[str] = []
    if quotes:
        shown = outline(Composition(subject.plan, dict(subject.notes)))
        texts = [plain(text) for text in _texts(shown)]
    kept = (
        each for each in advice.findings if not each.quote or _stands_in(each.quote, texts)
    )
    score = reviewed(verdict.score, advice.penalty)
    return Verdict((*verdict.findings, *kept), score)


def _stands_in(quote: str, texts: list[str]) -> bool:
    """Whether the words are in the plan, as somebody reads them."""
    words = plain(quote)
    return bool(words) and any(words in text for text in texts)


def _texts(shown: object) -> Iterator[str]:
    """Yield every text of an outline."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, dict):
        for value in shown.values():
            yield from _texts(value)
    elif isinstance(shown, list):
        for value in shown:
            yield from _texts(value)


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


def _finding(problem: ProblemDraft, known: Mapping[str, str], *, grounded: bool) -> Finding:
    ref = problem.key if problem.key in known else ""
    quote = one_line(problem.quote) if grounded else ""
    told = f"{one_line(problem.problem).rstrip('.')} ({problem.confidence:.0%} sure)"
    message = f"{told}: “{quote}”" if quote else f"{told}."
    found = ADVICE.at(ref, message, one_line(problem.change), quote=quote)
    serious = problem.severity == "high" and grounded
    return replace(found, severity=Severity.WARNING) if serious else found
