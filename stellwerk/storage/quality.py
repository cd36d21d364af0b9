"""Quality scores of plans, one for a revision: plain SQL, as lists of goals show them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from stellwerk.errors import NotFoundError
from stellwerk.planning.ports import Graded

if TYPE_CHECKING:
    import sqlite3

    from stellwerk.validation.score import Score

Opening: TypeAlias = "Callable[[], AbstractContextManager[sqlite3.Connection]]"
_MANY: Final = 500
"""Goals that one query asks for; SQLite takes a limited number of parameters."""
_KEPT: Final = "SELECT score, parts FROM quality_scores WHERE goal_uid = ? AND revision = ?"
_KEEP: Final = (
    "INSERT INTO quality_scores (goal_uid, revision, score, parts, at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (goal_uid, revision) DO UPDATE"
    " SET score = excluded.score, parts = excluded.parts, at = excluded.at"
)
_LATEST: Final = (
    "SELECT goal_uid, revision, score FROM quality_scores AS kept WHERE goal_uid IN ({})"
    " AND revision = (SELECT max(revision) FROM quality_scores WHERE goal_uid = kept.goal_uid)"
)


class SqlQualityLog:
    """Keeps quality scores in the database of the plans.

    Args:
        reading: Opens a transaction that reads.
        writing: Opens one that writes.
    """

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def record(self, goal: str, revision: int, score: Score, at: datetime) -> None:
        """Keep the score of a revision; one that is kept already is not written again."""
        value, parts = score.value, parts_json(score)
        with self._reading() as connection:
            if connection.execute(_KEPT, (goal, revision)).fetchall() == [(value, parts)]:
                return
        when = at.isoformat().replace("+00:00", "Z")
        with self._writing() as connection:
            if not connection.execute("SELECT 1 FROM goals WHERE uid = ?", (goal,)).fetchall():
                msg = f"There is no goal with the uid {goal}."
                raise NotFoundError(msg, "List goals with `stellwerk list`.")
            connection.execute(_KEEP, (goal, revision, value, parts, when))

    def latest(self, goals: Collection[str]) -> dict[str, Graded]:
        """Return the latest score of each goal that has one."""
        found, left = dict[str, Graded](), iter(goals)
        while uids := tuple(islice(left, _MANY)):
            query = _LATEST.format(", ".join("?" * len(uids)))
            with self._reading() as connection:
                rows = connection.execute(query, uids).fetchall()
            found.update((uid, Graded(revision, score)) for uid, revision, score in rows)
        return found


def parts_json(score: Score) -> str:
    """Return the parts of a score as JSON text."""
    import json

    return json.dumps(list(_parts(score)))


def _parts(score: Score) -> Iterator[dict[str, object]]:
    for part in score.parts:
        losses = [
            {"code": each.code.code, "count": each.found, "of": each.of, "lost": each.lost}
            for each in part.losses
        ]
        yield {
            "aspect": part.aspect.value,
            "weight": part.weight,
            "value": part.value,
            "losses": losses,
        }
