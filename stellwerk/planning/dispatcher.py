"""The dispatcher: finds goals and refs, carries edits to the store, undoes and redoes.

The services that command line and TUI share; neither changes a plan in any other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from stellwerk.domain.births import Births
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import SetGoal
from stellwerk.domain.edits.whole import ReplacePlan
from stellwerk.domain.goal import Goal, GoalStatus
from stellwerk.domain.journal import (
    Change,
    EntryKind,
    EntryLine,
    Snapshot,
    refuse_clash,
    rewound,
)
from stellwerk.domain.plan import Item, Plan
from stellwerk.domain.refs import NO_REFS, PATTERN, RefBook
from stellwerk.domain.text import slugify
from stellwerk.errors import NotFoundError, UsageError
from stellwerk.planning.ports import GoalLine, PlanStore


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit led to.

    Attributes:
        before: The goal as it was when the edit was prepared.
        after: The goal after it.
        says: The line the journal has for it.
    """

    before: Snapshot
    after: Snapshot
    says: str


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Carries wishes to the store.

    Attributes:
        store: Where plans are kept.
        author: Who acts.
        clock: Returns the present, UTC.
        new_uid: Returns a fresh uid.
    """

    store: PlanStore
    author: str
    clock: Callable[[], datetime]
    new_uid: Callable[[], str]

    @property
    def births(self) -> Births:
        """Identity and time for items born now."""
        return Births(self.clock(), self.new_uid)

    def goals(self, *, archived: bool = False) -> list[GoalLine]:
        """Return the goals there are, oldest first; archived ones if asked for."""
        return [
            line
            for line in self.store.goals()
            if not line.goal.deleted
            if archived or line.goal.status is not GoalStatus.ARCHIVED
        ]

    def find(self, slug: str, *, deleted: bool = False) -> Goal:
        """Return the goal with that slug, or an unambiguous beginning of it.

        Raises:
            NotFoundError: There is none; the hint names the nearest.
        """
        goals = [line.goal for line in self.store.goals()]
        goals = [goal for goal in goals if deleted or not goal.deleted]
        exact = [goal for goal in goals if slug in (goal.slug, goal.uid)]
        near = exact or [goal for goal in goals if goal.slug.startswith(slug.lower())]
        if len(near) == 1:
            return near[0]
        if near:
            msg = f"“{slug}” could be {', '.join(goal.slug for goal in near)}."
            raise NotFoundError(msg, "Type more of the slug.")
        raise _unknown("goal", slug, [goal.slug for goal in goals], "stellwerk list")

    def current(self, slug: str | None = None, *, deleted: bool = False) -> Goal:
        """Return the goal that is meant: named, selected with `use`, or the only one.

        Raises:
            NotFoundError: There is no goal of that name, or none at all.
            UsageError: There are several and none is selected.
        """
        if slug:
            return self.find(slug, deleted=deleted)
        selected = self.store.selected(self.author)
        goals = [line.goal for line in self.goals()]
        found = [goal for goal in goals if goal.uid == selected] or goals
        if len(found) == 1:
            return found[0]
        if not found and (away := self.goals(archived=True)):
            names = ", ".join(line.goal.slug for line in away[:8])
            msg = f"Every goal is archived: {names}."
            raise NotFoundError(
                msg, f"Bring one back: `stellwerk archive {names.split(',')[0]} --back`."
            )
        if not found:
            raise NotFoundError("There is no goal yet.", 'Start with `stellwerk plan "..."`.')
        names = ", ".join(goal.slug for goal in goals[:8])
        msg = f"There are {len(goals)} goals and none is selected: {names}."
        raise UsageError(
            msg, "Name one with `-g SLUG`, or select one with `stellwerk use SLUG`."
        )

    def open(self, slug: str | None = None, *, deleted: bool = False) -> Snapshot:
        """Return the plan of the goal that is meant (see `current`)."""
        return self.store.load(self.current(slug, deleted=deleted).uid)

    def create(self, goal: Goal, book: RefBook = NO_REFS) -> Snapshot:
        """Store a new goal under a free slug."""
        return self.store.create(replace(goal, slug=self.free_slug(goal.slug)), book)

    def free_slug(self, wish: str) -> str:
        """Return the wished slug, numbered if a goal has it already."""
        taken = {line.goal.slug for line in self.store.goals()}
        slug, number = slugify(wish), 1
        while slug in taken:
            number += 1
            slug = f"{slugify(wish)}-{number}"
        return slug

    def make(self, base: Snapshot, edit: Edit) -> Outcome:
        """Make an edit that was prepared on a snapshot."""
        change = Change(edit, self.author, self.clock())
        after = self.store.commit(base.plan.goal.uid, change, base)
        return Outcome(base, after, edit.says(base.plan, after.plan))

    def adopt(
        self, plan: Plan, notes: Mapping[str, str], title: str, book: RefBook = NO_REFS
    ) -> Outcome:
        """Store a new goal together with its plan: one creation, one ReplacePlan."""
        base = self.create(plan.goal, book)
        plan = replace(plan, goal=base.plan.goal)
        edit = ReplacePlan(base.plan, plan, {}, notes, title)
        return self.make(base, edit)

    def set_goal(self, base: Snapshot, **values: object) -> Outcome:
        """Set fields of the goal."""
        goal = replace(base.plan.goal, **values)  # type: ignore[arg-type]
        return self.make(base, SetGoal(tuple(sorted(values)), goal))

    def undo(self, base: Snapshot) -> Outcome:
        """Take back the author's latest standing edit.

        Raises:
            NotFoundError: There is nothing to take back.
            ConflictError: A later edit touched the same fields.
        """
        entry = self.store.undoable(base.plan.goal.uid, self.author)
        if entry is None:
            msg = (
                f"There is no edit of yours ({self.author}) on {base.plan.goal.slug} to undo."
            )
            raise NotFoundError(msg, "`stellwerk log` shows who did what.")
        return self._reverse(base, entry.inverse, entry.line, EntryKind.UNDO)

    def redo(self, base: Snapshot) -> Outcome:
        """Bring back what the author undid last.

        Raises:
            NotFoundError: There is nothing to bring back.
            ConflictError: A later edit touched the same fields.
        """
        entry = self.store.redoable(base.plan.goal.uid, self.author)
        if entry is None:
            msg = f"There is nothing to redo on {base.plan.goal.slug}."
            raise NotFoundError(msg, "Only what you undid, and did not edit over, comes back.")
        return self._reverse(base, entry.inverse, entry.line, EntryKind.REDO)

    def history(self, base: Snapshot, newest: int | None = None) -> list[EntryLine]:
        """Return the journal of a goal, oldest first."""
        return self.store.lines(base.plan.goal.uid, newest=newest)

    def at_revision(self, base: Snapshot, revision: int) -> Plan:
        """Return the plan as it was at a revision.

        Raises:
            NotFoundError: There is no such revision.
        """
        if not 0 <= revision <= base.revision:
            msg = f"{base.plan.goal.slug} has revisions 0 to {base.revision}, not {revision}."
            raise NotFoundError(msg, "`stellwerk log` lists them.")
        goal = base.plan.goal.uid
        return rewound(base.plan, self.store.entries(goal, after=revision))

    def _reverse(
        self, base: Snapshot, edit: Edit, line: EntryLine, kind: EntryKind
    ) -> Outcome:
        goal = base.plan.goal.uid
        later = self.store.lines(goal, after=line.revision)
        refuse_clash(edit, _standing(later))
        change = Change(edit, self.author, self.clock(), kind, line.revision)
        after = self.store.commit(goal, change, base)
        verb = "undid" if kind is EntryKind.UNDO else "redid"
        told = line.says if kind is EntryKind.UNDO else edit.says(base.plan, after.plan)
        return Outcome(base, after, f"{verb}: {told}")


def located(base: Snapshot, ref: str) -> Item:
    """Return the item a ref means in a plan.

    Raises:
        UsageError: It is not a ref.
        NotFoundError: The plan has nothing of that ref; the hint names near ones.
    """
    plan = base.plan
    uid = base.book.resolve(plan, ref.lower())
    if uid is not None:
        return plan.item(uid)
    if not PATTERN.fullmatch(ref.lower()):
        msg = f"“{ref}” is not a ref."
        hint = "Refs look like r3 (route), r3.2 (task), r3.2.1 (work package), d1 or p2."
        raise UsageError(msg, hint)
    raise _unknown("ref", ref, list(plan.index.by_ref), "stellwerk show")


def _standing(lines: Sequence[EntryLine]) -> list[EntryLine]:
    """Leave out what no longer has an effect.

    An entry has one unless it was taken back by an entry that has one. An entry that takes
    back one of the others adds nothing to what that one lacks.
    """
    effective: dict[int, bool] = {}
    for line in sorted(lines, key=lambda line: -line.revision):
        effective[line.revision] = not effective.get(line.undone_by or 0, False)
    return [
        line for line in lines if effective[line.revision] and line.undoes not in effective
    ]


def _unknown(word: str, name: str, known: Sequence[str], where: str) -> NotFoundError:
    near = get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return NotFoundError(f"There is no {word} {name}.", f"{hint}See `{where}`.")
