"""The search for earlier goals that are like a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Final, NamedTuple

from stellwerk.domain.goal import Goal
from stellwerk.errors import StellwerkError, StorageError
from stellwerk.planning.ports import Embedder, PlanReader, StoredVector, VectorShelf
from stellwerk.planning.similarity.gates import Gate, failed
from stellwerk.planning.similarity.vectors import HashedEmbedder, digest, nearness, packed
from stellwerk.planning.similarity.words import normalised
from stellwerk.planning.wish import Wish

SAME: Final = 0.35
"""Goals that pass every gate are shown from this similarity on."""
LIKE: Final = 0.6
"""Those whose words agree are shown from this one on, whatever else differs."""
NEARLY: Final = 0.75
"""All others are shown from this one on: to learn this is much like to learn that."""
_LOOKED_AT: Final = 12


class Candidate(NamedTuple):
    """An earlier goal and how like the new one it is.

    Attributes:
        goal: The goal.
        score: Cosine of their vectors, 1 for the same goal.
        failed: The gates it did not pass.
    """

    goal: Goal
    score: float
    failed: tuple[Gate, ...] = ()

    @property
    def reusable(self) -> bool:
        """Whether its plan may stand in for a new one."""
        return not self.failed and self.score >= SAME

    @property
    def worth_saying(self) -> bool:
        """Whether somebody may want to know of it."""
        other = any(gate.name == "words" for gate in self.failed)
        return self.reusable or self.score >= (NEARLY if other else LIKE)


@dataclass
class Similar:
    """Finds earlier goals that are like a new one, one search a wish.

    Attributes:
        plans: The goals there are.
        shelf: Where vectors are kept.
        embedder: Makes vectors; the built-in one takes over when it fails.
        say: Told in a sentence if it did.
        keep: Whether new vectors are kept.
    """

    plans: PlanReader
    shelf: VectorShelf
    embedder: Embedder = field(default_factory=HashedEmbedder)
    say: Callable[[str], None] = lambda _: None
    keep: bool = True
    _found: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def builtin(self) -> bool:
        """Whether vectors are made without a model."""
        return isinstance(self.embedder, HashedEmbedder)

    def nearest(self, wish: Wish, most: int = _LOOKED_AT) -> tuple[Candidate, ...]:
        """Return the earlier goals most like a wish, the nearest first."""
        goals = {each.goal.uid: each.goal for each in self.plans.goals()}
        goals = {uid: goal for uid, goal in goals.items() if not goal.deleted}
        if not goals:
            return ()
        scores = self._scores(wish.title, [*goals.values()])
        best = nlargest(most, scores.items(), key=lambda pair: pair[1])
        found = (compared(wish, goals[uid], score) for uid, score in best if uid in goals)
        return tuple(sorted(found, key=lambda each: (not each.reusable, -each.score)))

    def _scores(self, title: str, goals: Sequence[Goal]) -> dict[str, float]:
        if title not in self._found:
            try:
                self._found[title] = self._measured(title, goals)
            except StellwerkError as error:
                if self.builtin:
                    raise
                self.say(
                    f"Earlier goals are compared by the built-in vectors: {error.message}"
                )
                self.embedder = HashedEmbedder()
                self._found[title] = self._measured(title, goals)
        return self._found[title]

    def _measured(self, title: str, goals: Sequence[Goal]) -> dict[str, float]:
        query = packed(self.embedder.embed([title])[0])
        return nearness(query, self._vectors(goals))

    def _vectors(self, goals: Sequence[Goal]) -> dict[str, bytes]:
        """Return the vectors of goals, those that are missing or out of date made anew."""
        embedder = self.embedder
        kept = self.shelf.vectors(embedder.id) if goals else {}
        found: dict[str, bytes] = {}
        missing: list[Goal] = []
        for goal in goals:
            old = kept.get(goal.uid)
            if (
                old
                and old.dimension == embedder.dimension
                and old.digest == digest(goal.title)
            ):
                found[goal.uid] = old.vector
            else:
                missing.append(goal)
        if missing:
            made = embedder.embed([goal.title for goal in missing])
            pairs = zip(missing, map(packed, made), strict=True)
            new = {
                goal.uid: StoredVector(embedder.dimension, digest(goal.title), vector)
                for goal, vector in pairs
            }
            found |= {uid: each.vector for uid, each in new.items()}
            if self.keep:
                with suppress(StorageError):  # they can be made again
                    self.shelf.keep(embedder.id, new)
        return found


def compared(wish: Wish, goal: Goal, score: float) -> Candidate:
    """Return an earlier goal with the gates between it and a wish."""
    same = normalised(wish.title) == normalised(goal.title)
    gates = [*failed(wish.title, goal.title), *_details(wish, goal)]
    if wish.language != goal.language:
        gates.append(Gate("language", f"its plan is in another language ({goal.language})"))
    return Candidate(goal, 1.0 if same else round(max(score, 0.0), 4), tuple(gates))


def _details(wish: Wish, goal: Goal) -> list[Gate]:
    """What was said beside the new goal must have been said beside the earlier one."""
    told = normalised(goal.description)
    missing = [
        each for each in (wish.description, wish.context) if normalised(each) not in told
    ]
    return [Gate("details", "you told more about the new one")] if missing else []
