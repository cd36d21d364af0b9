"""Fixing a plan by the edits that findings bring along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from stellwerk.domain.edits.edit import WHOLE, Edit, apply
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import WorkPackage
from stellwerk.errors import PlanError
from stellwerk.validation.findings import Finding
from stellwerk.validation.judging import Verdict

_ROUNDS: Final = 20
"""A fix may bring up the next one; a plan that is never done with is left after so many."""
Judging: TypeAlias = Callable[[Plan, Mapping[str, str]], Verdict]


class Fix(NamedTuple):
    """An edit that was made for a finding.

    Attributes:
        code: Of the finding.
        says: What the edit does.
        edit: The edit.
    """

    code: str
    says: str
    edit: Edit


class Fixed(NamedTuple):
    """A plan after its fixes.

    Attributes:
        plan: The plan.
        notes: Texts of its notes by package uid.
        verdict: What there is to say about it now.
        fixes: What was done, in order.
    """

    plan: Plan
    notes: Mapping[str, str]
    verdict: Verdict
    fixes: tuple[Fix, ...]

    @property
    def edit(self) -> Edit:
        """All fixes as one edit."""
        if len(self.fixes) == 1:
            code, says, edit = self.fixes[0]
            return Batch((edit,), f"fixed {code}: {says}")
        counts = Counter(fix.code for fix in self.fixes)
        told = ", ".join(f"{code} ({count})" for code, count in sorted(counts.items()))
        title = f"fixed {len(self.fixes)} findings: {told}"
        return Batch(tuple(fix.edit for fix in self.fixes), title)


def fixed(
    plan: Plan, notes: Mapping[str, str], judge: Judging, verdict: Verdict | None = None
) -> Fixed:
    """Return a plan after all fixes that its findings have, one round after the other.

    In a round no two fixes touch the same item, as each was made for the plan before it.
    """
    verdict = verdict or judge(plan, notes)
    fixes: list[Fix] = []
    for _ in range(_ROUNDS):
        before = len(fixes)
        for finding in _apart(verdict.findings):
            assert finding.fix is not None
            try:
                after = apply(finding.fix, plan)
            except PlanError:
                continue  # it fitted a plan that has gone by
            fixes.append(Fix(finding.code, finding.fix.says(plan, after), finding.fix))
            plan, notes = after, _noted(after, notes, finding.fix)
        if len(fixes) == before:
            break
        verdict = judge(plan, notes)
    return Fixed(plan, notes, verdict, tuple(fixes))


def _apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings with fixes that touch no item of those before them."""
    taken: set[str] = set()
    for finding in findings:
        if finding.fix is None:
            continue
        touched = {uid for uid, _ in finding.fix.touches}
        if taken.isdisjoint(touched) and (WHOLE[0] not in touched | taken or not taken):
            taken |= touched
            yield finding


def _noted(plan: Plan, notes: Mapping[str, str], edit: Edit) -> Mapping[str, str]:
    """Return the texts of a plan's notes after an edit."""
    texts = edit.texts
    uids = {uid for uid, _ in edit.touches}
    if WHOLE in edit.touches:
        uids = {package.uid for package in plan.packages}
    items = {uid: plan.index.items.get(uid) for uid in uids}
    kept = {uid: text for uid, text in notes.items() if items.get(uid, plan) is not None}
    for uid, item in items.items():
        if isinstance(item, WorkPackage) and not item.notes:
            kept.pop(uid, None)
        elif isinstance(item, WorkPackage) and item.notes in texts:
            kept[uid] = texts[item.notes]
    return kept
