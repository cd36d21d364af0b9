"""Granularity: work packages that are too small become one, too large ones several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Estimate, Rename, Resize, Rewrite
from stellwerk.domain.edits.items import Need, Remove, Unneed
from stellwerk.domain.edits.surgery import place
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.limits import LENGTH, MAX_TITLE
from stellwerk.domain.notes import Notes, Part, Section, compose, parse, tidy
from stellwerk.domain.plan import Plan
from stellwerk.domain.text import shortened
from stellwerk.domain.work import Status, Task, ThreePoint, WorkPackage
from stellwerk.validation.refining import Material, Proposal, Refiner

NAME: Final = "granularity"
TOO_LARGE: Final = "SW405"
TOO_SMALL: Final = "SW406"
SMALL_HOURS: Final = 0.25
"""Below it a work package is not worth one of its own."""
_STEP: Final = re.compile(r"^\d{1,9}[.)][ \t]+", re.MULTILINE)
_FENCE: Final = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_LISTS: Final = frozenset({Part.STEPS, Part.CRITERIA, Part.RISKS, Part.SOURCES, Part.IMAGES})


async def merge(material: Material) -> Sequence[Proposal]:
    """Return a merger for each pair of neighbours that are too small, if the plan has many."""
    if not any(finding.code == TOO_SMALL for finding in material.findings):
        return ()
    plan, made = material.subject.plan, []
    for route in plan.routes:
        for task in route.tasks:
            for one, other in _pairs(plan, task, material):
                edit = merged(plan, one, other, material.subject.notes)
                reason = "Each of them takes less than a quarter of an hour."
                made.append(Proposal(NAME, edit, reason))
    return made


def _pairs(
    plan: Plan, task: Task, material: Material
) -> Iterator[tuple[WorkPackage, WorkPackage]]:
    """Yield neighbours of a task that are both small and untouched, none of them twice."""
    waiting: WorkPackage | None = None
    for package in task.packages:
        if not (_small(plan, package) and material.open(package.uid, "*")):
            waiting = None
        elif waiting is not None and waiting.assignee == package.assignee:
            yield waiting, package
            waiting = None
        else:
            waiting = package


def _small(plan: Plan, package: WorkPackage) -> bool:
    return package.hours(plan.goal.unit_hours) < SMALL_HOURS and untouched(package)


def untouched(package: WorkPackage) -> bool:
    """Whether nobody has begun a work package, or settled it."""
    return package.status is Status.TODO and package.standing.started_at is None


def merged(plan: Plan, one: WorkPackage, other: WorkPackage, notes: Mapping[str, str]) -> Edit:
    """Return the edit by which a work package takes its neighbour's work over."""
    old, more = notes.get(one.uid, ""), notes.get(other.uid, "")
    length = min(one.length + other.length, LENGTH[1])
    edits: list[Edit] = [
        Rename(one.uid, shortened(f"{one.title}; {other.title}", MAX_TITLE)),
        Rewrite(one.uid, old, tidy(compose(_joined(parse(old), parse(more))))),
        Resize(one.uid, length, max(one.grade, other.grade)),
        Estimate(one.uid, _hours(one, other), _days(one, other)),
    ]
    edits += _rewired(plan, one, other)
    edits += (Unneed(other.uid, on) for on in other.needs)
    bare = replace(other, needs=())
    edits.append(Remove(bare, *place(plan, other.uid), {other.uid: more} if more else {}))
    return Batch(tuple(edits), f"merged {plan.name(other.uid)} into", one.uid)


def _rewired(plan: Plan, one: WorkPackage, other: WorkPackage) -> Iterator[Edit]:
    """Yield the edits by which every need of the one or on the other is the merger's."""
    yield from (
        Need(one.uid, on) for on in other.needs if on != one.uid and on not in one.needs
    )
    for package in plan.packages:
        if other.uid in package.needs and package.uid != one.uid:
            yield Unneed(package.uid, other.uid)
            if one.uid not in package.needs:
                yield Need(package.uid, one.uid)
        elif other.uid in package.needs:
            yield Unneed(one.uid, other.uid)


def _hours(one: WorkPackage, other: WorkPackage) -> ThreePoint | None:
    """Return the estimates of both together; None where one of them says nothing."""
    if one.estimate is None or other.estimate is None:
        return None
    first, then = one.estimate, other.estimate
    return ThreePoint(first.p10 + then.p10, first.p50 + then.p50, first.p90 + then.p90)


def _days(one: WorkPackage, other: WorkPackage) -> int | None:
    """Return the days that must pass for both: one after the other where one needs it."""
    days = [each.elapsed_days for each in (one, other) if each.elapsed_days is not None]
    after = one.uid in other.needs or other.uid in one.needs
    return (sum(days) if after else max(days)) if days else None


def _joined(one: Notes, other: Notes) -> Notes:
    """Return two notes as one: sections of one kind one below the other, steps running on."""
    sections = list(one.sections)
    for more in other.sections:
        kinds = [_kind(each) for each in sections]
        if _kind(more) not in kinds:
            sections.append(more)
            continue
        at = kinds.index(_kind(more))
        gap = "\n" if more.part in _LISTS else "\n\n"
        body = f"{sections[at].body.rstrip()}{gap}{more.body.lstrip(chr(10))}"
        counts = more.part is Part.STEPS and not _FENCE.search(body)
        sections[at] = replace(sections[at], body=_renumbered(body) if counts else body)
    return Notes(tuple(_ended(each) for each in sections))


def _kind(section: Section) -> str:
    """Return what a section is; an unknown one is its heading, text before all a summary."""
    if section.part is None:
        return section.heading.strip() or Part.SUMMARY
    return section.part


def _ended(section: Section) -> Section:
    """Return a section that another one can follow."""
    heading = section.heading.rstrip("\n")
    body = section.body.rstrip()
    return replace(
        section,
        heading=f"{heading}\n" if heading else "",
        body=f"{body}\n\n" if body else "\n",
    )


def _renumbered(body: str) -> str:
    """Return a list of steps whose numbers count from one."""
    numbers = count(1)
    return _STEP.sub(lambda _: f"{next(numbers)}. ", body)


async def divide(material: Material) -> Sequence[Proposal]:
    """Return smaller work packages for each one that is too large."""
    writer = material.writer
    made = []
    for finding in material.findings:
        uid = material.uid(finding, "*")
        if writer and uid and finding.code == TOO_LARGE and _divisible(material, uid):
            edit = await writer.divided(uid, [finding.message])
            if edit is not None:
                made.append(Proposal(NAME, edit, finding.message))
    return made


def _divisible(material: Material, uid: str) -> bool:
    """Whether a work package can be divided: nothing of it is ticked or begun."""
    notes = parse(material.subject.notes.get(uid, ""))
    fresh = untouched(material.subject.plan.package(uid))
    return fresh and not any(ticked for ticked, _ in notes.criteria)


MERGING: Final = Refiner("granularity-merge", merge)
DIVIDING: Final = Refiner("granularity-split", divide, needs_model=True)
