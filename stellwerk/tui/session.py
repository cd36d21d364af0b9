"""A goal as the app holds it: its plan, what follows from it, and the way edits are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple

from stellwerk.bootstrap import Stellwerk
from stellwerk.domain.critical_path import critical_routes
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import Progress, Railway, progress_of, railway_of
from stellwerk.domain.snapshot import Snapshot
from stellwerk.planning.dispatcher import Outcome
from stellwerk.planning.ports import Graded
from stellwerk.railway.scene import Scene, Station, scene_of


class Sight(NamedTuple):
    """A goal at one moment, with all that is shown of it.

    Attributes:
        base: The plan at its revision.
        railway: As its switches are set.
        progress: Of the goal.
        scene: The railway laid out.
        critical: Whether the main line is the critical path.
    """

    base: Snapshot
    railway: Railway
    progress: Progress
    scene: Scene
    critical: bool = False

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.base.plan

    def station(self, uid: str | None) -> Station | None:
        """Return a station by the uid of its route, or None."""
        return next((each for each in self.scene.stations if each.uid == uid), None)


def sight_of(base: Snapshot, last: Sight | None = None, *, critical: bool = False) -> Sight:
    """Return the sight of a plan; stations keep the lanes they had in the last one."""
    plan = base.plan
    railway = railway_of(plan)
    line = critical_routes(plan, railway) if critical else ()
    lanes = last.scene.lanes if last else None
    scene = scene_of(plan, railway, line, lanes)
    return Sight(base, railway, progress_of(plan, railway), scene, critical)


class Session:
    """One goal, from when it is opened until it is closed.

    Args:
        stellwerk: The wired services.
        goal: Uid of the goal.
    """

    def __init__(self, stellwerk: Stellwerk, goal: str) -> None:
        self.stellwerk = stellwerk
        self.goal = goal
        self._notes: dict[str, str] = {}

    @cached_property
    def base(self) -> Snapshot:
        """The plan as it was read or changed last."""
        return self.stellwerk.store.load(self.goal)

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.base.plan

    def make(self, wanted: Edit | Callable[[Snapshot], Edit]) -> Outcome:
        """Make an edit on the plan as it is held (ConflictError, EditError)."""
        edit = wanted if isinstance(wanted, Edit) else wanted(self.base)
        return self._done(self.stellwerk.dispatcher.make(self.base, edit))

    def undo(self) -> Outcome:
        """Take back the author's latest edit (NotFoundError, ConflictError)."""
        return self._done(self.stellwerk.dispatcher.undo(self.base))

    def redo(self) -> Outcome:
        """Bring back what was undone (NotFoundError, ConflictError)."""
        return self._done(self.stellwerk.dispatcher.redo(self.base))

    def reload(self) -> Snapshot:
        """Read the plan again."""
        self.__dict__.pop("base", None)
        self._notes.clear()
        return self.base

    def changed(self) -> bool:
        """Whether somebody changed the goal since it was read."""
        found = self.stellwerk.store.lines(self.goal, newest=1)
        return bool(found) and found[-1].revision != self.base.revision

    def notes(self, uid: str) -> str:
        """Return the notes of a work package."""
        if uid not in self._notes:
            self._notes |= {uid: "", **self.stellwerk.store.notes(self.goal, [uid])}
        return self._notes[uid]

    def all_notes(self) -> Mapping[str, str]:
        """Return the notes of all work packages by uid."""
        return self.stellwerk.store.notes(self.goal)

    def quality(self) -> Graded | None:
        """Return the latest score, if the plan ever got one."""
        return self.stellwerk.store.quality.latest([self.goal]).get(self.goal)

    def _done(self, outcome: Outcome) -> Outcome:
        self.__dict__["base"] = outcome.after
        self._notes.clear()
        return outcome
