"""The dispatcher: finds goals and refs, carries edits to the store, undoes and redoes.

The services that command line and TUI share; neither changes a plan in any other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from stellwerk.domain.births import Births
from stellwerk.domain.excerpt import packages_in
from stellwerk.domain.goal import Goal, GoalStatus
from stellwerk.domain.plan import Item, Plan
from stellwerk.domain.refs import NO_REFS, PATTERN, RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.text import slugify
from stellwerk.errors import ConflictError, NotFoundError, UsageError
from stellwerk.planning.ports import GoalLine, PlanStore

if TYPE_CHECKING:
    from stellwerk.domain.edits.edit import Edit
    from stellwerk.domain.journal import Entry, EntryKind, EntryLine


class Outcome(NamedTuple):
    """What an edit led to.

    Attributes:
        before: The goal as it was when the edit was prepared.
        after: The goal after it.
        says: The line the journal has for it.
    """

    before: Snapshot
    after: Snapshot
    says: str


class Dispatcher:
    """Carries wishes to the store.

    Args:
        store: Where plans are kept.
        author: Who acts, or who tells when it is asked for.
        clock: Returns the present, UTC.
        new_uid: Returns a fresh uid.
    """

    def __init__(
        self,
        store: PlanStore,
        author: str | Callable[[], str],
        clock: Callable[[], datetime],
        new_uid: Callable[[], str],
    ) -> None:
        self.store = store
        self.clock = clock
        self.new_uid = new_uid
        self._author = author

    @cached_property
    def author(self) -> str:
        """Who acts."""
        return self._author if isinstance(self._author, str) else self._author()

    @property
    def selected(self) -> str | None:
        """Uid of the goal the author selected with `use`."""
        selections = self.store.selections()
        return selections.get(self.author) if selections else None

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
        goals = [line.goal for line in self.goals()]
        selected = self.selected if len(goals) > 1 else None
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

    def excerpt(
        self,
        slug: str | None = None,
        wanted: Callable[[Snapshot], Iterable[str]] = lambda _: (),
    ) -> Snapshot:
        """Return an excerpt of the goal that is meant (see `current`).

        Args:
            slug: The goal.
            wanted: Given the plan with lines for all work packages, says by uid which
                items are to be there in full, with all they hold.
        """

        def packages(outline: Snapshot) -> list[str]:
            return list(packages_in(outline.plan, wanted(outline)))

        return self.store.excerpt(self.current(slug).uid, packages)

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
        from stellwerk.domain.journal import Change

        change = Change(edit, self.author, self.clock())
        after = self.store.commit(base.plan.goal.uid, change, base)
        return Outcome(base, after, edit.says(base.plan, after.plan))

    def adopt(
        self, plan: Plan, notes: Mapping[str, str], title: str, book: RefBook = NO_REFS
    ) -> Outcome:
        """Store a new goal under a free slug together with its plan, as one transaction."""
        from stellwerk.domain.edits.whole import ReplacePlan
        from stellwerk.domain.journal import Change

        wished = plan.goal.slug
        while True:
            goal = replace(plan.goal, slug=self.free_slug(wished))
            base = Snapshot(Plan(goal), book, 0)
            edit = ReplacePlan(base.plan, replace(plan, goal=goal), {}, notes, title)
            try:
                first = Change(edit, self.author, self.clock())
                after = self.store.create(goal, book, first)
            except ConflictError:
                if goal.slug == self.free_slug(wished):
                    raise
            else:
                return Outcome(base, after, edit.says(base.plan, after.plan))

    def set_goal(self, base: Snapshot, **values: object) -> Outcome:
        """Set fields of the goal."""
        from stellwerk.domain.edits.fields import SetGoal

        goal = replace(base.plan.goal, **values)  # type: ignore[arg-type]
        return self.make(base, SetGoal(tuple(sorted(values)), goal))

    def undo(self, of: Snapshot | Goal) -> Outcome:
        """Take back the author's latest standing edit on a goal.

        Args:
            of: The goal as somebody holds it; or the goal alone, and what is needed of its
                plan is read.

        Raises:
            NotFoundError: There is nothing to take back.
            ConflictError: A later edit touched the same fields.
        """
        from stellwerk.domain.journal import EntryKind

        goal = _goal(of)
        entry = self.store.undoable(goal.uid, self.author)
        if entry is None:
            msg = f"There is no edit of yours ({self.author}) on {goal.slug} to undo."
            raise NotFoundError(msg, "`stellwerk log` shows who did what.")
        return self._reverse(of, entry, EntryKind.UNDO)

    def redo(self, of: Snapshot | Goal) -> Outcome:
        """Bring back what the author undid last on a goal.

        Args:
            of: As of `undo`.

        Raises:
            NotFoundError: There is nothing to bring back.
            ConflictError: A later edit touched the same fields.
        """
        from stellwerk.domain.journal import EntryKind

        goal = _goal(of)
        entry = self.store.redoable(goal.uid, self.author)
        if entry is None:
            msg = f"There is nothing to redo on {goal.slug}."
            raise NotFoundError(msg, "Only what you undid, and did not edit over, comes back.")
        return self._reverse(of, entry, EntryKind.REDO)

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
        from stellwerk.domain.journal import rewound

        goal = base.plan.goal.uid
        return rewound(base.plan, self.store.entries(goal, after=revision))

    def _reverse(self, of: Snapshot | Goal, entry: Entry, kind: EntryKind) -> Outcome:
        from stellwerk.domain.journal import Change, EntryKind, refuse_clash

        edit, line, goal = entry.inverse, entry.line, _goal(of).uid
        refuse_clash(edit, self.store.standing(goal, after=line.revision))
        base = of if isinstance(of, Snapshot) else self._around(goal, edit)
        change = Change(edit, self.author, self.clock(), kind, line.revision)
        after = self.store.commit(goal, change, base)
        verb = "undid" if kind is EntryKind.UNDO else "redid"
        told = line.says if kind is EntryKind.UNDO else edit.says(base.plan, after.plan)
        return Outcome(base, after, f"{verb}: {told}")

    def _around(self, goal: str, edit: Edit) -> Snapshot:
        """Return as much of a plan as an edit needs."""
        if edit.structural:
            return self.store.load(goal)
        touched = [uid for uid, _ in edit.touches]
        return self.store.excerpt(goal, lambda o: list(packages_in(o.plan, touched)))


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
    top = ref.lower().partition(".")[0]
    near = [
        each for each in plan.index.by_ref if "." not in each or each.startswith(f"{top}.")
    ]
    raise _unknown("ref", ref, near, "stellwerk show")


def _goal(of: Snapshot | Goal) -> Goal:
    return of.plan.goal if isinstance(of, Snapshot) else of


def _unknown(word: str, name: str, known: Sequence[str], where: str) -> NotFoundError:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return NotFoundError(f"There is no {word} {name}.", f"{hint}See `{where}`.")
