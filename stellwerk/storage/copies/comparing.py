"""The goals of a backup beside those here: which are gone, which differ, who is ahead."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stellwerk.storage.copies.ownership import GOALS, Owned


class Relation(StrEnum):
    """How a goal of a backup stands to the one here.

    Here is `ahead` if its journal goes on where the backup's ends, `behind` if it is the
    other way round; else they `parted`. `other` is one journal and differing rows.
    """

    NEW = "new"
    SAME = "same"
    AHEAD = "ahead"
    BEHIND = "behind"
    PARTED = "parted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Seen:
    """A goal of a backup beside the one here.

    Attributes:
        uid: The same in both.
        slug: In the backup.
        title: In the backup.
        revision: In the backup.
        relation: How the two stand to each other.
        slug_here: Its slug here, if it is here.
        revision_here: Its revision here.
        common: Revision up to which both journals are one.
        tables: Tables whose rows differ.
    """

    uid: str
    slug: str
    title: str
    revision: int
    relation: Relation
    slug_here: str | None = None
    revision_here: int | None = None
    common: int = 0
    tables: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """Both revisions and how they stand to each other, in brackets."""
        here = self.revision_here or 0
        how = {
            Relation.AHEAD: f"what is here is ahead by {here - self.common}",
            Relation.BEHIND: f"the backup is ahead by {self.revision - self.common}",
            Relation.PARTED: f"they parted after revision {self.common}",
            Relation.OTHER: f"the journals are one, {', '.join(self.tables)} differ",
        }[self.relation]
        return f"(revision {here} here, {self.revision} in the backup: {how})"


def looked_at(connection: sqlite3.Connection, tables: Sequence[Owned]) -> list[Seen]:
    """Return every goal of the attached database `backup`, oldest first."""
    query = (
        "SELECT b.uid, b.slug, b.title, b.revision, m.slug, m.revision FROM backup.goals b"
        " LEFT JOIN main.goals m ON m.uid = b.uid ORDER BY b.created_at, b.uid"
    )
    return [_seen(connection, tables, row) for row in connection.execute(query).fetchall()]


def _seen(
    connection: sqlite3.Connection,
    tables: Sequence[Owned],
    row: tuple[str, str, str, int, str | None, int | None],
) -> Seen:
    uid, slug, title, revision, slug_here, here = row
    if here is None:
        return Seen(uid, slug, title, revision, Relation.NEW)
    differing = tuple(sorted(t.name for t in tables if _differs(connection, t, uid)))
    common = _common(connection, uid, revision)
    return Seen(
        *(uid, slug, title, revision, _relation(differing, common, revision, here)),
        *(slug_here, here, common, differing),
    )


def _relation(differing: tuple[str, ...], common: int, revision: int, here: int) -> Relation:
    if not differing:
        return Relation.SAME
    if common == revision == here:
        return Relation.OTHER
    if common == revision:
        return Relation.AHEAD
    return Relation.BEHIND if common == here else Relation.PARTED


def _differs(connection: sqlite3.Connection, table: Owned, uid: str) -> bool:
    """Whether a table holds something else of a goal; a slug alone is not a difference."""
    columns = [c for c in table.columns if table.name != GOALS or c != "slug"]
    mine, theirs = (
        f"SELECT {', '.join(columns)} FROM {schema}.{table.name}"
        f" WHERE {table.where.format(schema=schema)}"
        for schema in ("main", "backup")
    )
    query = f"SELECT EXISTS ({mine} EXCEPT {theirs}) OR EXISTS ({theirs} EXCEPT {mine})"
    return bool(connection.execute(query, {"goal": uid}).fetchone()[0])


def _common(connection: sqlite3.Connection, uid: str, revision: int) -> int:
    """Return the revision up to which two journals are one.

    Whether an entry was taken back later is not part of what it is.
    """
    parts = ("kind", "author", "at", "says", "touches", "undoes", "edit", "inverse")
    differ = " OR ".join(f"b.{part} IS NOT m.{part}" for part in parts)
    query = (
        "SELECT min(b.revision) FROM backup.journal b LEFT JOIN main.journal m"
        " ON m.goal_uid = b.goal_uid AND m.revision = b.revision"
        f" WHERE b.goal_uid = ? AND (m.revision IS NULL OR {differ})"
    )
    first = connection.execute(query, (uid,)).fetchone()[0]
    return revision if first is None else first - 1
