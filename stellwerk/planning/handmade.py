"""What a person wrote or began: refinements leave it alone unless they are told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stellwerk.domain.edits.edit import WHOLE, Touch
from stellwerk.domain.goal import SourceKind
from stellwerk.domain.journal import EntryKind, EntryLine
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import Status

REFINED: Final = "refined: "
"""How the line in the history of a refinement begins."""
_SETTINGS: Final = frozenset({"", "status", "chosen", "recommended", "assignee"})
"""Fields that say how things stand, not what is to be done."""


def handmade(plan: Plan, history: Iterable[EntryLine]) -> frozenset[Touch]:
    """Return the fields of a plan that people wrote, and all of the work they began.

    A plan that was written by hand, or replaced by an import, is theirs as a whole.

    Args:
        plan: The plan as it is.
        history: Its journal.
    """
    made = plan.goal.source.kind is not SourceKind.MANUAL
    birth = ""
    found: set[Touch] = set()
    for line in history:
        if WHOLE in line.touches and made and line.says == (birth := birth or line.says):
            continue
        if line.undone_by is not None or line.kind is EntryKind.UNDO:
            continue
        if line.says.startswith(REFINED):
            continue
        if WHOLE in line.touches:
            return frozenset({WHOLE})
        found |= {touch for touch in line.touches if touch[1] not in _SETTINGS}
    for package in plan.packages:
        if package.status is not Status.TODO or package.standing.started_at is not None:
            found.add((package.uid, "*"))
    return frozenset(found)
