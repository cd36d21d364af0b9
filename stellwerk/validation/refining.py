"""Refining a plan: proposals, each an edit with its reason, and which of them may stand.

A proposal never touches what is protected, and never lowers the score of the plan.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeAlias

from stellwerk.domain.edits.edit import Edit, Touch, apply, clash
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import digest
from stellwerk.errors import EditError
from stellwerk.validation.findings import Finding, Subject
from stellwerk.validation.judging import Judge, Verdict

_ONE_BY_ONE: Final = 60
"""So many proposals are weighed one by one; of more, all or halves of them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit that would make a plan better.

    Attributes:
        refiner: Who proposes it.
        edit: The edit.
        reason: Why, in a sentence.
    """

    refiner: str
    edit: Edit
    reason: str


class Writer(Protocol):
    """Writes work packages anew; a language model does it."""

    async def rewritten(self, package: str, problems: Sequence[str]) -> Edit | None:
        """Return the edit after which a work package no longer has some problems.

        Args:
            package: Its uid.
            problems: What is wrong with it, a sentence each.
        """
        ...

    async def divided(self, package: str, problems: Sequence[str]) -> Edit | None:
        """Return the edit that puts several smaller work packages in the place of one."""
        ...

    async def extended(self, task: str, problems: Sequence[str]) -> Edit | None:
        """Return the edit that adds the work packages that a task lacks."""
        ...


@dataclass(frozen=True, slots=True)
class Material:
    """What a refiner works with.

    Attributes:
        subject: The plan.
        findings: What was said about it.
        writer: Who writes anew; None if there is no model.
        protected: Fields that must not be touched.
    """

    subject: Subject
    findings: tuple[Finding, ...]
    writer: Writer | None = None
    protected: frozenset[Touch] = frozenset()

    def open(self, uid: str, field: str = "notes") -> bool:
        """Whether a field of an item may be touched."""
        return clash(frozenset({(uid, field)}), self.protected) is None

    def uid(self, finding: Finding, field: str = "notes") -> str | None:
        """Return the uid of what a finding is about, unless that field is protected."""
        uid = self.subject.plan.index.by_ref.get(finding.ref)
        return uid if uid is not None and self.open(uid, field) else None


Propose: TypeAlias = Callable[[Material], Awaitable[Sequence[Proposal]]]


@dataclass(frozen=True, slots=True)
class Refiner:
    """Proposes edits that make a plan better.

    Attributes:
        name: Its name.
        propose: What it does.
        needs_model: Whether it proposes nothing without a model.
    """

    name: str
    propose: Propose
    needs_model: bool = False


@dataclass(frozen=True, slots=True)
class Refined:
    """What came of proposals.

    Attributes:
        subject: The plan with those that stand.
        verdict: On that plan.
        standing: Those that may stand, in the order in which they are made.
        dropped: Those that may not, with why.
    """

    subject: Subject
    verdict: Verdict
    standing: tuple[Proposal, ...] = ()
    dropped: tuple[tuple[Proposal, str], ...] = field(default=())


async def proposals(refiners: Sequence[Refiner], material: Material) -> tuple[Proposal, ...]:
    """Return what refiners propose, one after the other; those in need of a model if one is."""
    found: list[Proposal] = []
    for refiner in refiners:
        if material.writer or not refiner.needs_model:
            found += await refiner.propose(material)
    return tuple(found)


def refined(
    subject: Subject,
    verdict: Verdict,
    proposed: Sequence[Proposal],
    judge: Judge,
    protected: frozenset[Touch] = frozenset(),
) -> Refined:
    """Return the plan with the proposals that may stand.

    Args:
        subject: The plan.
        verdict: On it.
        proposed: What is proposed.
        judge: Gives a verdict on a plan.
        protected: Fields that must not be touched.
    """
    state = Refined(subject, verdict)
    allowed = []
    for each in proposed:
        if clash(_written(each.edit), protected) is not None:
            dropped = (each, "It would change what a person wrote or began.")
            state = replace(state, dropped=(*state.dropped, dropped))
        else:
            allowed.append(each)
    size = 1 if len(allowed) <= _ONE_BY_ONE else len(allowed)
    return _weighed(state, allowed, judge, size)


def _weighed(state: Refined, proposed: Sequence[Proposal], judge: Judge, size: int) -> Refined:
    """Take up proposals in groups of a size; groups that do harm in halves."""
    for start in range(0, len(proposed), size):
        group = proposed[start : start + size]
        subject, why = _with(state.subject, group)
        verdict = judge(subject) if subject else state.verdict
        if subject and verdict.score.value >= state.verdict.score.value:
            state = replace(
                state, subject=subject, verdict=verdict, standing=(*state.standing, *group)
            )
        elif len(group) > 1:
            state = _weighed(state, group, judge, (len(group) + 1) // 2)
        else:
            why = why or _lower(state.verdict, verdict)
            state = replace(state, dropped=(*state.dropped, (group[0], why)))
    return state


def _lower(before: Verdict, after: Verdict) -> str:
    """Return how far a score would fall, with as many decimals as that takes to be seen."""
    told = f"{before.score.value:.2f}", f"{after.score.value:.2f}"
    if told[0] == told[1]:
        told = f"{before.score.value:.4f}", f"{after.score.value:.4f}"
    return f"The quality would fall from {told[0]} to {told[1]}."


def _with(subject: Subject, group: Sequence[Proposal]) -> tuple[Subject | None, str]:
    try:
        for each in group:
            subject = changed(subject, each.edit)
    except EditError as error:
        return None, error.message
    return subject, ""


def changed(subject: Subject, edit: Edit) -> Subject:
    """Return a plan with its notes after an edit (EditError)."""
    plan = apply(edit, subject.plan)
    return Subject(plan, notes_after(plan, subject.notes, edit), subject.size)


def notes_after(plan: Plan, notes: Mapping[str, str], edit: Edit) -> dict[str, str]:
    """Return the notes of every work package after an edit, by uid.

    Args:
        plan: The plan after it.
        notes: Before it.
        edit: The edit, with the texts it brings.
    """
    brought = edit.texts
    by_digest = {digest(text): text for text in notes.values()} if edit.structural else {}
    found = {}
    for package in plan.packages:
        if not package.notes:
            continue
        text = brought.get(package.notes)
        if text is None:
            text = notes.get(package.uid) or by_digest.get(package.notes, "")
        found[package.uid] = text
    return found


def _written(edit: Edit) -> frozenset[Touch]:
    """Return the fields that an edit writes; what it only rests on is not among them."""
    return frozenset((uid, name) for uid, name in edit.touches if name)
