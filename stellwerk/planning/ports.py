"""What planning needs from outside, as Protocols; adapters live in other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from stellwerk.domain.refs import NO_REFS, RefBook

if TYPE_CHECKING:
    from stellwerk.domain.goal import Goal
    from stellwerk.domain.journal import Change, Entry, EntryLine
    from stellwerk.domain.snapshot import Snapshot


class GoalLine(NamedTuple):
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

    def excerpt(
        self, goal: str, wanted: Callable[[Snapshot], Collection[str]] = lambda _: ()
    ) -> Snapshot:
        """Return an excerpt of the plan of a goal, much quicker to read (NotFoundError).

        Args:
            goal: Its uid.
            wanted: Given the plan with lines for all work packages, says by uid which
                ones are to be there in full.
        """
        ...

    def notes(self, goal: str, packages: Collection[str] | None = None) -> Mapping[str, str]:
        """Return the notes of some work packages, or of all, by uid; empty ones missing."""
        ...


class PlanWriter(Protocol):
    """Writes goals and their plans; each call is one transaction."""

    def create(
        self, goal: Goal, book: RefBook = NO_REFS, first: Change | None = None
    ) -> Snapshot:
        """Store a new goal with an empty plan, at revision 0 (ConflictError).

        Args:
            goal: The goal.
            book: What refs were handed out where it comes from.
            first: The change that fills its plan, made in the same transaction.
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

    def standing(self, goal: str, *, after: int) -> list[EntryLine]:
        """Return the entries after a revision that changed what there was then.

        Without those that were taken back, and those that took back others of them.
        """
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

    def selections(self) -> Mapping[str, str]:
        """Return the uid of the goal each author selected."""
        ...

    def select(self, author: str, goal: str | None) -> None:
        """Remember, or forget, the author's goal."""
        ...


class PlanStore(PlanReader, PlanWriter, Journal, Selections, Protocol):
    """All that a store of plans offers; services ask for the smaller ports."""

    def close(self) -> None:
        """Let go of what the store holds open; the next call opens it again."""
        ...
