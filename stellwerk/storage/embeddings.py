"""Vectors of goals, in the database of the plans; all of them can be made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from stellwerk.planning.ports import StoredVector
from stellwerk.storage.connection import Connection
from stellwerk.storage.sqlite import BUSY_SECONDS, connect, transaction, translated

_FLOAT: Final = 4
_KEEP: Final = (
    "INSERT INTO embeddings (goal_uid, embedder, dimension, text_digest, vector)"
    " SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM goals WHERE uid = ?)"
    " ON CONFLICT (goal_uid, embedder) DO UPDATE SET dimension = excluded.dimension,"
    " text_digest = excluded.text_digest, vector = excluded.vector"
)


class SqlVectors:
    """Keeps vectors in one database file, opened for each call.

    Args:
        path: The database file; made if missing.
        busy_seconds: How long a call waits for somebody else's to end.
        say: Told in a sentence when the database was upgraded.
    """

    def __init__(
        self,
        path: Path,
        *,
        busy_seconds: float = BUSY_SECONDS,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._say = say

    def vectors(self, embedder: str) -> dict[str, StoredVector]:
        """Return the vectors an embedder made, by uid of the goal; broken ones are left out."""
        query = "SELECT goal_uid, dimension, text_digest, vector FROM embeddings WHERE embedder = ?"
        with self._opened() as connection, translated(self.path):
            rows = connection.execute(query, (embedder,)).fetchall()
        return {
            uid: StoredVector(dimension, digest, vector)
            for uid, dimension, digest, vector in rows
            if isinstance(vector, bytes) and len(vector) == dimension * _FLOAT
        }

    def keep(self, embedder: str, vectors: Mapping[str, StoredVector]) -> None:
        """Keep vectors by uid of the goal, in one transaction."""
        rows = [(uid, embedder, *stored, uid) for uid, stored in vectors.items()]
        with self._opened() as connection, transaction(connection, self.path):
            connection.executemany(_KEEP, rows)

    def _opened(self) -> closing[Connection]:
        return closing(connect(self.path, self._busy_seconds, self._say))
