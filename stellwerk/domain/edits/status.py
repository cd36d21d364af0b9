"""The edit of every day: where a work package stands. A module of its own, to be quick."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from stellwerk.domain.edits.edit import Edit, FieldEdit
from stellwerk.domain.edits.surgery import expect, replaced
from stellwerk.domain.plan import Plan
from stellwerk.domain.text import one_line, shortened
from stellwerk.domain.work import Standing, Status, WorkPackage

_SAID = {
    Status.TODO: "reopened",
    Status.DOING: "started",
    Status.WAITING: "put on hold",
    Status.DONE: "finished",
    Status.DIVERTED: "diverted",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SetStatus(FieldEdit):
    """Set where a work package stands, with times, hours and reasons."""

    field: ClassVar[str] = "status"
    standing: Standing

    def change(self, plan: Plan) -> Plan:
        """Return the plan with the new standing."""
        package = expect(plan, self.uid, WorkPackage)
        return replaced(plan, replace(package, standing=self.standing))

    def invert(self, plan: Plan) -> Edit:
        """Return the edit back to the old standing."""
        return SetStatus(self.uid, expect(plan, self.uid, WorkPackage).standing)

    def says(self, before: Plan, after: Plan) -> str:
        """Tell the new status and why."""
        standing = self.standing
        told = f"{_SAID[standing.status]} {after.name(self.uid)}"
        if standing.status is Status.WAITING and standing.waiting_for:
            told += f", waiting for {one_line(standing.waiting_for)}"
        reason = shortened(one_line(standing.reason), 80)
        return f"{told}: {reason}" if reason else told
