"""What planning needs from outside, as Protocols; adapters live in other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from stellwerk.domain.refs import NO_REFS, RefBook

if TYPE_CHECKING:
    from datetime import datetime

    from stellwerk.domain.goal import Goal
    from stellwerk.domain.journal import Change, Entry, EntryLine
    from stellwerk.domain.snapshot import Snapshot
    from stellwerk.validation.score import Score


class GoalLine(NamedTuple):
    """A goal in a list, with what a list tells of its plan.

    Attributes:
        goal: The goal itself.
        revision: Latest revision of its plan.
    """

    goal: Goal
    revision: int


class Graded(NamedTuple):
    """A quality score as it was stored.

    Attributes:
        revision: Of the plan that it is about.
        score: 0 to 1.
    """

    revision: int
    score: float


class StoredVector(NamedTuple):
    """A vector of a goal's title, as it is kept.

    Attributes:
        dimension: How many numbers it has.
        digest: Of the text it was made of.
        vector: 32-bit floats, the lowest byte first, of length one.
    """

    dimension: int
    digest: str
    vector: bytes


class Embedder(Protocol):
    """Makes vectors of texts; near ones for texts that mean nearly the same."""

    @property
    def id(self) -> str:
        """Names it and its model: vectors of different ids are never compared."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers its vectors have; 0 before the first one, if only then known."""
        ...

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return a vector for each text (ProviderError)."""
        ...


class VectorShelf(Protocol):
    """Keeps vectors of goals, so that none is made twice."""

    def vectors(self, embedder: str) -> Mapping[str, StoredVector]:
        """Return the vectors an embedder made, by uid of the goal."""
        ...

    def keep(self, embedder: str, vectors: Mapping[str, StoredVector]) -> None:
        """Keep vectors by uid of the goal; those of goals that are gone are left out."""
        ...


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


class QualityLog(Protocol):
    """Remembers how good plans were, revision by revision."""

    def record(self, goal: str, revision: int, score: Score, at: datetime) -> None:
        """Keep the score of a goal's plan at a revision, in place of an earlier one.

        Args:
            goal: Its uid (NotFoundError).
            revision: Of the plan.
            score: How good it is.
            at: When that was said, UTC.
        """
        ...

    def latest(self, goals: Collection[str]) -> Mapping[str, Graded]:
        """Return the score of the latest revision that has one, by uid of the goal."""
        ...


class PlanStore(PlanReader, PlanWriter, Journal, Selections, Protocol):
    """All that a store of plans offers; services ask for the smaller ports."""

    @property
    def quality(self) -> QualityLog:
        """The quality scores of its plans."""
        ...

    def close(self) -> None:
        """Let go of what the store holds open; the next call opens it again."""
        ...
