"""What planning needs from outside, as Protocols; adapters live in other rooms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import Change, Entry, EntryLine, Snapshot
from stellwerk.domain.refs import NO_REFS, RefBook


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal in a list, with what a list tells of its plan.

    Attributes:
        goal: The goal itself.
        revision: Latest revision of its plan.
    """

    goal: Goal
    revision: int


class PlanReader(Protocol):
    """Reads goals and their plans."""

    def goals(self) -> Sequence[GoalLine]:
        """Return every goal, deleted ones too, oldest first."""
        ...

    def load(self, goal: str) -> Snapshot:
        """Return the plan of a goal (by uid) as it is now (NotFoundError)."""
        ...

    def notes(self, goal: str, packages: Collection[str] | None = None) -> Mapping[str, str]:
        """Return the notes of some work packages, or of all, by uid; empty ones missing."""
        ...


class PlanWriter(Protocol):
    """Writes goals and their plans; each call is one transaction."""

    def create(self, goal: Goal, book: RefBook = NO_REFS) -> Snapshot:
        """Store a new goal with an empty plan, at revision 0 (ConflictError).

        `book` tells what refs were handed out where the goal comes from.
        """
        ...

    def commit(self, goal: str, change: Change, base: Snapshot) -> Snapshot:
        """Make a change that was prepared on `base`; return the plan after it.

        Raises:
            ConflictError: What it touches was changed since `base`.
            EditError: It does not fit the plan.
        """
        ...


class Journal(Protocol):
    """Reads the history of a goal."""

    def lines(
        self, goal: str, *, after: int = 0, newest: int | None = None
    ) -> list[EntryLine]:
        """Return the entries after a revision, oldest first; or only the newest ones."""
        ...

    def entries(self, goal: str, *, after: int) -> list[Entry]:
        """Return whole entries after a revision, newest first."""
        ...

    def undoable(self, goal: str, author: str) -> Entry | None:
        """Return an author's latest standing edit."""
        ...

    def redoable(self, goal: str, author: str) -> Entry | None:
        """Return the latest undo of an author that no edit of theirs followed."""
        ...


class Selections(Protocol):
    """Remembers which goal an author works on (`stellwerk use`)."""

    def selected(self, author: str) -> str | None:
        """Return the uid of the author's selected goal."""
        ...

    def select(self, author: str, goal: str | None) -> None:
        """Remember, or forget, the author's goal."""
        ...


class PlanStore(PlanReader, PlanWriter, Journal, Selections, Protocol):
    """All that a store of plans offers; services ask for the smaller ports."""

    def close(self) -> None:
        """Let go of what the store holds open; the next call opens it again."""
        ...
