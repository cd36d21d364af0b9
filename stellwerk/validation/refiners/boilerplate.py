"""Boilerplate: what says too little is written anew, and what is missing added, by a model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from stellwerk.domain.edits.edit import Edit, clash
from stellwerk.domain.edits.whole import Batch
from stellwerk.validation.findings import Finding
from stellwerk.validation.refining import Material, Proposal, Refiner, Writer

NAME: Final = "boilerplate"
ADVICE: Final = "SW501"
EMPTY_TASK: Final = "SW103"
TOO_LARGE: Final = "SW405"
"""It is divided, so its words are not mended before."""
MENDED: Final = (
    ADVICE,
    *("SW301", "SW302", "SW303", "SW304", "SW305", "SW306", "SW307", "SW308", "SW310"),
    *("SW311", "SW312", "SW313", "SW314", "SW317", "SW318", "SW502", "SW507"),
)
"""Findings about the words of a single work package."""
_PROBLEMS: Final = 12
_PACKAGES: Final = 40


async def propose(material: Material) -> Sequence[Proposal]:
    """Return a rewritten work package for each one that needs it, the worst first."""
    writer = material.writer
    if writer is None:
        return ()
    return [*await _rewritten(material, writer), *await _extended(material, writer)]


async def _rewritten(material: Material, writer: Writer) -> list[Proposal]:
    """Return what becomes of work packages about whose words something was said."""
    plan, made = material.subject.plan, []
    large = {each.ref for each in material.findings if each.code == TOO_LARGE}
    packages = {each.uid for each in plan.packages if plan.ref(each.uid) not in large}
    found = _problems(material, packages)
    for uid in sorted(found, key=lambda uid: -len(found[uid]))[:_PACKAGES]:
        told = found[uid][:_PROBLEMS]
        edit = await writer.rewritten(uid, [_line(each) for each in told])
        if edit is not None and (edit := _permitted(edit, material)):
            made.append(Proposal(NAME, edit, _reason(told)))
    return made


async def _extended(material: Material, writer: Writer) -> list[Proposal]:
    """Return what tasks get that lack work; a route that lacks some gets it in its last task."""
    plan, made = material.subject.plan, []
    last = {route.uid: route.tasks[-1].uid for route in plan.routes if route.tasks}
    tasks = {task.uid for route in plan.routes for task in route.tasks}
    lacking: dict[str, list[Finding]] = {}
    for uid, told in _problems(material, tasks, (ADVICE, EMPTY_TASK)).items():
        lacking.setdefault(uid, []).extend(told)
    for uid, told in _problems(material, last, (ADVICE,)).items():
        lacking.setdefault(last[uid], []).extend(told)
    for uid, told in lacking.items():
        edit = await writer.extended(uid, [_line(each) for each in told[:_PROBLEMS]])
        if edit is not None:
            made.append(Proposal(NAME, edit, _reason(told)))
    return made


def _permitted(edit: Edit, material: Material) -> Edit | None:
    """Return a rewriting without the fields that must not be touched; None if none is left."""
    if not isinstance(edit, Batch):
        return edit
    allowed = tuple(
        each for each in edit.edits if clash(each.touches, material.protected) is None
    )
    return replace(edit, edits=allowed) if allowed else None


def _reason(findings: Sequence[Finding]) -> str:
    """Return why something is proposed: what was said, or the codes of it."""
    if findings[0].code == ADVICE or len(findings) == 1:
        return findings[0].message
    return f"Mends {', '.join(dict.fromkeys(each.code for each in findings))}."


def _line(finding: Finding) -> str:
    return f"{finding.message} {finding.hint}".strip()


def _problems(
    material: Material, items: Collection[str], codes: tuple[str, ...] = MENDED
) -> dict[str, list[Finding]]:
    """Return what was said about some items, by their uid."""
    found: dict[str, list[Finding]] = {}
    for finding in material.findings:
        uid = material.uid(finding)
        if uid is not None and uid in items and finding.code in codes:
            found.setdefault(uid, []).append(finding)
    return found


REFINER: Final = Refiner(NAME, propose, needs_model=True)
