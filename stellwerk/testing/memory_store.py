"""A plan store that forgets everything when it goes; keeps every promise of the real one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from stellwerk.domain.excerpt import excerpt_of
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import (
    Change,
    Entry,
    EntryKind,
    EntryLine,
    Mark,
    in_effect,
    land,
)
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import NO_REFS, RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import ConflictError, NotFoundError
from stellwerk.planning.ports import GoalLine, Graded
from stellwerk.validation.score import Score


class MemoryQualityLog:
    """Keeps quality scores of the goals in a dictionary."""

    def __init__(self, goals: Mapping[str, Snapshot]) -> None:
        self._goals = goals
        self._scores: dict[str, dict[int, Score]] = {}

    def record(self, goal: str, revision: int, score: Score, at: datetime) -> None:
        """Keep the score of a revision."""
        del at
        if goal not in self._goals:
            msg = f"There is no goal with the uid {goal}."
            raise NotFoundError(msg)
        self._scores.setdefault(goal, {})[revision] = score

    def latest(self, goals: Collection[str]) -> dict[str, Graded]:
        """Return the latest score of each goal that has one."""
        newest = {goal: max(self._scores[goal]) for goal in goals if goal in self._scores}
        return {
            goal: Graded(revision, self._scores[goal][revision].value)
            for goal, revision in newest.items()
        }


class MemoryStore:
    """Keeps goals, plans, notes and journals in dictionaries."""

    def __init__(self) -> None:
        self._snapshots: dict[str, Snapshot] = {}
        self._journals: dict[str, list[Entry]] = {}
        self._texts: dict[str, str] = {}
        self._selected: dict[str, str] = {}
        self.quality = MemoryQualityLog(self._snapshots)

    def goals(self) -> list[GoalLine]:
        """Return every goal, deleted ones too, oldest first."""
        found = [GoalLine(s.plan.goal, s.revision) for s in self._snapshots.values()]
        return sorted(found, key=lambda line: (line.goal.created_at, line.goal.uid))

    def load(self, goal: str) -> Snapshot:
        """Return the plan of a goal as it is now (NotFoundError)."""
        if goal not in self._snapshots:
            msg = f"There is no goal with the uid {goal}."
            raise NotFoundError(msg)
        return self._snapshots[goal]

    def excerpt(
        self, goal: str, wanted: Callable[[Snapshot], Collection[str]] = lambda _: ()
    ) -> Snapshot:
        """Return an excerpt of the plan of a goal as it is now (NotFoundError)."""
        whole = self.load(goal)
        outline = whole._replace(plan=excerpt_of(whole.plan, ()), whole=False)
        return outline._replace(plan=excerpt_of(whole.plan, wanted(outline)))

    def notes(self, goal: str, packages: Collection[str] | None = None) -> Mapping[str, str]:
        """Return the notes of some work packages, or of all, by uid."""
        return {
            package.uid: self._texts[package.notes]
            for package in self.load(goal).plan.packages
            if package.notes and (packages is None or package.uid in packages)
        }

    def create(
        self, goal: Goal, book: RefBook = NO_REFS, first: Change | None = None
    ) -> Snapshot:
        """Store a new goal, with the change that fills its plan if given (ConflictError)."""
        self._refuse_taken(goal)
        if goal.uid in self._snapshots:
            msg = f"There is a goal with the uid of {goal.slug} already."
            raise ConflictError(msg)
        empty = Snapshot(Plan(goal), book, 0)
        after, entry = land(empty, first) if first else (empty, None)
        self._snapshots[goal.uid] = after
        self._journals[goal.uid] = [entry] if entry else []
        self._texts.update(first.edit.texts if first else {})
        return after

    def commit(self, goal: str, change: Change, base: Snapshot) -> Snapshot:
        """Make a change that was prepared on `base`; return the plan after it."""
        current = self.load(goal)
        missed = self.lines(goal, after=base.revision)
        undone = None
        if change.undoes is not None:
            undone = self._journals[goal][change.undoes - 1]
            if undone.line.undone_by is not None:
                msg = f"Revision {change.undoes} has been taken back already."
                raise ConflictError(msg)
        change = change.rebased(base.book, current.book)
        after, entry = land(current, change, missed, base)
        self._refuse_taken(after.plan.goal)
        if undone:
            line = replace(undone.line, undone_by=after.revision)
            self._journals[goal][line.revision - 1] = replace(undone, line=line)
        self._texts.update(change.edit.texts)
        self._journals[goal].append(entry)
        self._snapshots[goal] = after
        return after

    def lines(
        self, goal: str, *, after: int = 0, newest: int | None = None
    ) -> list[EntryLine]:
        """Return the entries after a revision, oldest first; or only the newest ones."""
        found = [entry.line for entry in self._journals[goal][after:]]
        return found if newest is None else found[max(len(found) - newest, 0) :]

    def standing(self, goal: str, *, after: int) -> list[EntryLine]:
        """Return the entries after a revision that changed what there was then."""
        later = self.lines(goal, after=after)
        found = in_effect(Mark(e.revision, e.undoes, e.undone_by) for e in later)
        return [line for line in later if line.revision in found]

    def entries(self, goal: str, *, after: int) -> list[Entry]:
        """Return whole entries after a revision, newest first."""
        return self._journals[goal][after:][::-1]

    def undoable(self, goal: str, author: str) -> Entry | None:
        """Return an author's latest standing edit."""
        return next(
            (e for e in self._own(goal, author) if e.line.kind is not EntryKind.UNDO), None
        )

    def redoable(self, goal: str, author: str) -> Entry | None:
        """Return the latest undo of an author that no edit of theirs followed."""
        for entry in reversed(self._journals[goal]):
            line = entry.line
            if line.author == author and line.kind is EntryKind.EDIT:
                return None
            if line.author == author and line.kind is EntryKind.UNDO and not line.undone_by:
                return entry
        return None

    def selections(self) -> Mapping[str, str]:
        """Return the uid of the goal each author selected."""
        return dict(self._selected)

    def select(self, author: str, goal: str | None) -> None:
        """Remember, or forget, the author's goal."""
        self._selected.pop(author, None)
        if goal is not None:
            self._selected[author] = goal

    def close(self) -> None:
        """Hold on: there is nothing to let go of."""

    def _own(self, goal: str, author: str) -> list[Entry]:
        """Return an author's standing entries, newest first."""
        journal = reversed(self._journals[goal])
        return [e for e in journal if e.line.author == author and not e.line.undone_by]

    def _refuse_taken(self, goal: Goal) -> None:
        for other in self._snapshots.values():
            if other.plan.goal.slug == goal.slug and other.plan.goal.uid != goal.uid:
                msg = f"There is a goal with the slug of {goal.slug} already."
                raise ConflictError(msg)
