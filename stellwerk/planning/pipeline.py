"""The pipeline from a wish to a plan; it reads like the picture in the design.

    wish -> decompose -> check -> tasks (per route) -> packages (per task) -> compose -> review
         -> refine, while the score is low

A route's work packages start as soon as that route's tasks are in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

from stellwerk.domain.births import Births
from stellwerk.domain.goal import Source, SourceKind
from stellwerk.domain.limits import SIZES, PlanSize
from stellwerk.errors import ProviderError
from stellwerk.planning.asking import Answered, Brake, Panel
from stellwerk.planning.composing import Composition, composed, skeleton
from stellwerk.planning.drafts import PackagesDraft, RouteDraft, StructureDraft
from stellwerk.planning.enriching import Chapter
from stellwerk.planning.events import Found, RunDone, RunStarted, StageDone, StageStarted
from stellwerk.planning.refinement import Refinery, refine_new
from stellwerk.planning.stages.decompose import decompose
from stellwerk.planning.stages.packages import task_packages
from stellwerk.planning.stages.review import Review, advised, review
from stellwerk.planning.stages.tasks import route_tasks
from stellwerk.planning.wish import CAPS, Caps, Wish
from stellwerk.validation.findings import Severity, Subject
from stellwerk.validation.judging import Judge, Verdict, judged
from stellwerk.validation.validators import STRUCTURE, findings

Value = TypeVar("Value")
REFINERY: Final = Refinery(judged)
_PROMPTS: Final = ("decompose", "packages", "tasks")


@dataclass(frozen=True, slots=True)
class Planned:
    """A finished run.

    Attributes:
        composition: The plan with its notes.
        verdict: What validators and the review have to say about it, and its score.
    """

    composition: Composition
    verdict: Verdict


async def plan_goal(
    wish: Wish,
    panel: Panel,
    births: Births,
    caps: Caps = CAPS,
    refinery: Refinery = REFINERY,
) -> Planned:
    """Turn a wish into a plan.

    Args:
        wish: What is wanted.
        panel: Who answers the questions of the stages.
        births: Identity and time of what is born; the same ones make the same plan.
        caps: The most there may be of everything.
        refinery: Who judges the plan, and makes it better while it is not good enough.

    Raises:
        ProviderError: The models gave no answers that make a plan.
    """
    first, *others = panel.models
    names = tuple(model.name for model in others)
    panel.emit(RunStarted(first.name, wish.title, panel.run, names))
    panel.emit(StageStarted("decompose", wish.title))
    sized = first.kind is not SourceKind.PLAYBOOK
    check = partial(_problems, wish, caps, sized=sized)
    structure = await decompose(panel, wish, caps, check)
    draft = structure.draft
    panel.emit(StageDone("decompose", wish.title, len(draft.routes), structure.model))
    chapters = await _together(
        [partial(_chapter, wish, draft, route, panel, caps) for route in draft.routes],
        panel.brake,
    )
    composition = composed(wish, draft, chapters, _source(panel, structure), births)
    size = _size(wish, draft, sized=sized)
    subject = Subject(composition.plan, composition.notes, size)
    judge = _advised(refinery.judge, await _advice(wish, composition, panel))
    refinery = replace(refinery, judge=judge)
    made = await refine_new(wish, subject, judge(subject), panel, births, refinery)
    for finding in made.verdict.findings:
        panel.emit(Found(finding))
    plan = made.subject.plan
    panel.emit(RunDone(len(plan.routes), sum(1 for _ in plan.packages)))
    return Planned(Composition(plan, dict(made.subject.notes)), made.verdict)


async def _chapter(
    wish: Wish, structure: StructureDraft, route: RouteDraft, panel: Panel, caps: Caps
) -> Chapter:
    """Plan one route: its tasks, then the packages of all of them at once."""
    panel.emit(StageStarted("tasks", route.title))
    tasks, _, author = await route_tasks(panel, wish, structure, route, caps)
    panel.emit(StageDone("tasks", route.title, len(tasks.tasks), author))

    async def packages_of(index: int) -> PackagesDraft:
        task = tasks.tasks[index]
        panel.emit(StageStarted("packages", task.title))
        packages, _, author = await task_packages(
            panel, wish, structure, route, tasks, task, caps
        )
        panel.emit(StageDone("packages", task.title, len(packages.packages), author))
        return packages

    several = [partial(packages_of, index) for index in range(len(tasks.tasks))]
    return Chapter(route, tasks, tuple(await _together(several, panel.brake)))


async def _advice(wish: Wish, composition: Composition, panel: Panel) -> Review | None:
    """Return what a reviewer says of a plan, if there is one."""
    if not panel.answering("review"):
        return None
    panel.emit(StageStarted("review", wish.title))
    advice = await review(panel, wish, composition)
    if advice.model:
        panel.emit(StageDone("review", wish.title, len(advice.findings), advice.model))
    return advice


def _advised(judge: Judge, advice: Review | None) -> Judge:
    """Return who judges a plan as before and adds what a reviewer said."""
    if advice is None:
        return judge
    return lambda subject: advised(judge(subject), advice, subject)


async def _together(
    calls: Iterable[Callable[[], Awaitable[Value]]], brake: Brake
) -> list[Value]:
    """Return what several calls return.

    When one fails, however it does, what was sent for the others is waited for, as it is paid
    for, and nothing more is sent; the first error of the run is the one that is told.
    """

    async def held(call: Callable[[], Awaitable[Value]]) -> Value:
        try:
            return await call()
        except Exception as error:
            brake.pull(error)
            raise

    results = await asyncio.gather(*map(held, calls), return_exceptions=True)
    errors = [each for each in results if isinstance(each, BaseException)]
    if errors:
        raise brake.cause or errors[0]
    return [each for each in results if not isinstance(each, BaseException)]


def _problems(
    wish: Wish, caps: Caps, structure: StructureDraft, *, sized: bool
) -> Sequence[str]:
    """Return why a structure cannot carry a plan, before anything is built on it."""
    if sized and len(structure.routes) > caps.routes:
        return (f"It has {len(structure.routes)} routes; at most {caps.routes} are wanted.",)
    try:
        plan = skeleton(wish, structure)
    except ProviderError as error:
        return (error.message,)
    found = findings(Subject(plan, {}, _size(wish, structure, sized=sized)), STRUCTURE)
    return [
        f"{finding.message} {finding.hint}".strip()
        for finding in found
        if finding.severity is Severity.ERROR
    ]


def _size(wish: Wish, structure: StructureDraft, *, sized: bool) -> PlanSize | None:
    """Return the size a plan is held to: as asked, or the one it came to have.

    A playbook has one size, so it is not held to another.
    """
    if wish.size in SIZES and sized:
        return SIZES[wish.size]
    routes = len(structure.routes)
    return next((size for size in SIZES.values() if routes <= size.routes[1]), None)


def _source(panel: Panel, structure: Answered[StructureDraft]) -> Source:
    kinds = {model.name: model.kind for model in panel.models}
    kind = kinds.get(structure.provider, SourceKind.MODEL)
    labels = (panel.shelf.prompt(name).label for name in _PROMPTS)
    made_of = () if kind is SourceKind.PLAYBOOK else tuple(labels)
    return Source(kind, structure.provider, structure.model, made_of)
