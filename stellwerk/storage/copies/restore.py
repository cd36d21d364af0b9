"""Bringing goals of a backup back: those that are gone, or an older state of those here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Final

from stellwerk.errors import ConflictError, NotFoundError, StorageError
from stellwerk.faults import reach
from stellwerk.storage.copies.backup import (
    Backup,
    back_up_beside,
    damage,
    is_damage,
    one_moment,
    raw_copy,
    refuse_damage,
    refuse_itself,
    resolved,
    salvage_of,
)
from stellwerk.storage.copies.comparing import Relation, Seen, looked_at
from stellwerk.storage.copies.ownership import GOALS, Owned, owned_tables
from stellwerk.storage.placing import workshop
from stellwerk.storage.sqlite import connect, transaction, translated

SUFFIX: Final = ".before-restore"
_SELECTIONS: Final = "selections"
_LOGGED: Final = frozenset({"runs", "calls"})
"""What was asked of models and answered. It stays true whatever becomes of a plan: rows are
added, none is replaced or removed, and a goal does not differ by them."""
_NOT_YET: Final = "`stellwerk backup FILE` makes one."


class Policy(StrEnum):
    """What to do about goals that are here and differ from the backup."""

    REFUSE = "refuse"
    REPLACE = "replace"
    SKIP = "skip"


class Deed(StrEnum):
    """What is done about a goal of a backup."""

    ADDED = "added"
    SAME = "same"
    REPLACED = "replaced"
    SKIPPED = "skipped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Restored:
    """A goal of a backup and what became of it.

    Attributes:
        seen: The goal, in the backup and here.
        deed: What was done.
        slug: What it is called here.
    """

    seen: Seen
    deed: Deed
    slug: str


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a restore did, or would do.

    Attributes:
        goals: The goals of the backup that were meant.
        saved: The backup that was made of what was here, if anything was replaced.
        rows: Rows of restored goals, each compared with the backup.
        strays: Rows brought back that belong to no goal, as planning runs without one.
    """

    goals: tuple[Restored, ...]
    saved: Backup | None = None
    rows: int = 0
    strays: int = 0


def restore(
    database: Path,
    file: Path,
    *,
    goal: str | None = None,
    policy: Policy = Policy.REFUSE,
    dry_run: bool = False,
) -> Restoration:
    """Bring goals of a backup into a database, in one transaction, and compare them.

    Args:
        database: Where to; made if it is missing.
        file: The backup, or any database of Stellwerk's; it is only read.
        goal: Slug of the only goal to restore, or an unambiguous beginning of it.
        policy: What to do about goals that are here and differ.
        dry_run: Whether to tell what would be done, and do nothing.

    Raises:
        NotFoundError: There is no such file, or no such goal in it.
        ConflictError: Goals that are here differ, and nothing says what to do.
        StorageError: One of the two is damaged, newer, or none of Stellwerk's.
    """
    with _read(file):
        _refuse_absent(file)
    with closing(connect(database)) as connection, translated(database):
        refuse_itself(database, resolved(file))
        refuse_damage(connection, database)
        with workshop(database) as folder:
            uri = _readable(file, folder).absolute().as_uri()
            connection.execute("ATTACH ? AS backup", (f"{uri}?mode=ro",))
            moment = one_moment(connection) if dry_run else transaction(connection, database)
            with moment:
                tables = owned_tables(connection)
                plan = _planned(connection, tables, file, goal, policy)
                if dry_run:
                    return Restoration(plan)
                _refuse(plan, file)
                return _carried_out(connection, tables, database, plan, whole=not goal)


def _refuse_absent(file: Path) -> None:
    """Refuse a backup that is not there, no file, or empty."""
    if not file.is_file():
        known = "is not a file" if file.exists() else "is not there"
        raise NotFoundError(f"The backup {file} {known}.", _NOT_YET)
    if not file.stat().st_size:
        msg = f"The backup {file} is empty: there is not a byte in it."
        raise StorageError(msg, "Name another backup.")


@contextmanager
def _read(file: Path) -> Iterator[None]:
    """Turn the file system's errors about a backup into StorageErrors."""
    try:
        yield
    except OSError as error:
        msg = f"The backup {file} could not be read: {error.strerror or error}."
        raise StorageError(
            msg, "Check its permissions, and the space left (`df -h`)."
        ) from error


def _readable(file: Path, folder: Path) -> Path:
    """Return a sound copy of a backup at the present schema; the backup is only read."""
    with _read(file):
        copy = raw_copy(resolved(file), folder)
    try:
        with closing(connect(copy)) as opened:
            found = damage(opened)
    except StorageError as error:
        hint = salvage_of(file) if is_damage(error.__cause__) else error.hint
        raise StorageError(error.message.replace(str(copy), str(file)), hint) from error
    if found:
        raise StorageError(f"The backup {file} is damaged: {found}.", salvage_of(file))
    return copy


def _planned(
    connection: sqlite3.Connection,
    tables: Mapping[str, Owned],
    file: Path,
    goal: str | None,
    policy: Policy,
) -> tuple[Restored, ...]:
    """Decide what to do about every goal of the backup that is meant."""
    compared = [t for t in tables.values() if t.name not in (_SELECTIONS, *_LOGGED)]
    seen = _meant(looked_at(connection, compared), goal, file)
    deeds = [(each, _deed(each, policy)) for each in seen]
    going = {each.uid for each, deed in deeds if deed is Deed.REPLACED}
    here = connection.execute("SELECT uid, slug FROM main.goals").fetchall()
    taken = {slug for uid, slug in here if uid not in going}
    plan = []
    for each, deed in deeds:
        slug = each.slug if each.slug_here is None else each.slug_here
        if deed in (Deed.ADDED, Deed.REPLACED):
            slug = _free(each.slug, taken)
            taken.add(slug)
        plan.append(Restored(each, deed, slug))
    return tuple(plan)


def _meant(seen: Sequence[Seen], goal: str | None, file: Path) -> Sequence[Seen]:
    """Return the goals that are meant: all, or the one that is named."""
    if goal is None:
        return seen
    exact = [each for each in seen if goal in (each.slug, each.uid)]
    near = exact or [each for each in seen if each.slug.startswith(goal.lower())]
    if len(near) == 1:
        return near
    if near:
        names = ", ".join(each.slug for each in near)
        raise NotFoundError(f"“{goal}” could be {names}.", "Type more of the slug.")
    close = get_close_matches(goal.lower(), [each.slug for each in seen], n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    msg = f"There is no goal {goal} in {file}."
    raise NotFoundError(msg, f"{hint}See `stellwerk --db {file} list --all`.")


def _deed(seen: Seen, policy: Policy) -> Deed:
    if seen.relation is Relation.NEW:
        return Deed.ADDED
    if seen.relation is Relation.SAME:
        return Deed.SAME
    return {
        Policy.REFUSE: Deed.REFUSED,
        Policy.REPLACE: Deed.REPLACED,
        Policy.SKIP: Deed.SKIPPED,
    }[policy]


def _free(slug: str, taken: set[str]) -> str:
    """Return a slug, numbered if another goal has it."""
    free, number = slug, 1
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def _refuse(plan: Sequence[Restored], file: Path) -> None:
    refused = [each.seen for each in plan if each.deed is Deed.REFUSED]
    if not refused:
        return
    told = "; ".join(f"{each.slug_here} {each.told}" for each in refused)
    one = len(refused) == 1
    what = "1 goal is here and differs" if one else f"{len(refused)} goals are here and differ"
    msg = f"{what} from {file}; nothing was changed: {told}."
    hint = (
        "Say --replace to put the backup's state in place (what is here is backed up first),"
        " --skip to restore only the others, or -g SLUG to restore one goal."
    )
    raise ConflictError(msg, hint)


def _carried_out(
    connection: sqlite3.Connection,
    tables: Mapping[str, Owned],
    database: Path,
    plan: tuple[Restored, ...],
    *,
    whole: bool,
) -> Restoration:
    """Write what was planned, and compare it with the backup before it counts."""
    reach("restore.begun")
    replaced = [each for each in plan if each.deed is Deed.REPLACED]
    saved = back_up_beside(database, SUFFIX) if replaced else None
    reach("restore.saved")
    connection.execute("PRAGMA defer_foreign_keys = ON")
    empty = not connection.execute("SELECT 1 FROM main.goals").fetchone()
    moved = [each for each in plan if each.deed in (Deed.ADDED, Deed.REPLACED)]
    for each in replaced:
        _clear(connection, tables, each.seen.uid)
    for each in moved:
        _copy(connection, tables, each)
    strays = _strays(connection, tables, selections=empty) if whole else 0
    reach("restore.written")
    rows = sum(_compared(connection, tables, each) for each in moved)
    reach("restore.compared")
    return Restoration(plan, saved, rows, strays)


def _clear(connection: sqlite3.Connection, tables: Mapping[str, Owned], uid: str) -> None:
    """Remove what makes up a goal; its slug is given up."""
    for table in reversed([*tables.values()]):
        if table.name not in (GOALS, _SELECTIONS, *_LOGGED):
            where = table.where.format(schema="main")
            connection.execute(f"DELETE FROM main.{table.name} WHERE {where}", {"goal": uid})
    connection.execute("UPDATE main.goals SET slug = uid WHERE uid = ?", (uid,))


def _copy(connection: sqlite3.Connection, tables: Mapping[str, Owned], goal: Restored) -> None:
    """Copy what belongs to a goal from the backup; a goal that is here keeps its row."""
    values = {"goal": goal.seen.uid, "slug": goal.slug}
    for table in tables.values():
        if table.name == _SELECTIONS:
            continue
        columns = sources = ", ".join(table.columns)
        also = ""
        if table.name == GOALS:
            sources = ", ".join(":slug" if c == "slug" else c for c in table.columns)
            sets = ", ".join(f"{c} = excluded.{c}" for c in table.columns)
            also = f" ON CONFLICT (uid) DO UPDATE SET {sets}"
        verb = "INSERT OR IGNORE" if table.name in _LOGGED else "INSERT"
        connection.execute(
            f"{verb} INTO main.{table.name} ({columns}) SELECT {sources}"
            f" FROM backup.{table.name} WHERE {table.where.format(schema='backup')}"
            f" ORDER BY rowid{also}",
            values,
        )


def _strays(
    connection: sqlite3.Connection, tables: Mapping[str, Owned], *, selections: bool
) -> int:
    """Bring back rows of no goal, and into a database without goals all selections."""
    before = connection.total_changes
    for table in tables.values():
        if table.name == GOALS or (table.name == _SELECTIONS and not selections):
            continue
        columns = ", ".join(table.columns)
        where = table.where.format(schema="backup")
        if table.name == _SELECTIONS:
            where = "TRUE"
        connection.execute(
            f"INSERT OR IGNORE INTO main.{table.name} ({columns}) SELECT {columns}"
            f" FROM backup.{table.name} WHERE {where} ORDER BY rowid",
            {"goal": None},
        )
    return connection.total_changes - before


def _compared(
    connection: sqlite3.Connection, tables: Mapping[str, Owned], goal: Restored
) -> int:
    """Compare every row of a restored goal with the backup; return how many there are."""
    rows = 0
    for table in tables.values():
        if table.name == _SELECTIONS:
            continue
        if table.name in _LOGGED:
            rows += _logged(connection, table, goal)
            continue
        kept = [c for c in table.columns if goal.slug == goal.seen.slug or c != "slug"]
        mine, theirs = (
            f"SELECT {', '.join(kept if table.name == GOALS else table.columns)}"
            f" FROM {schema}.{table.name} WHERE {table.where.format(schema=schema)}"
            for schema in ("main", "backup")
        )
        query = (
            f"SELECT (SELECT count(*) FROM ({mine})), (SELECT count(*) FROM ({theirs})),"
            f" EXISTS ({mine} EXCEPT {theirs})"
        )
        here, there, differ = connection.execute(query, {"goal": goal.seen.uid}).fetchone()
        if here != there or differ:
            raise _different(goal, table)
        rows += here
    return rows


def _logged(connection: sqlite3.Connection, table: Owned, goal: Restored) -> int:
    """Look for every logged row of a restored goal; return how many the backup has."""
    theirs = f"FROM backup.{table.name} WHERE {table.where.format(schema='backup')}"
    lost = f"EXISTS (SELECT uid {theirs} EXCEPT SELECT uid FROM main.{table.name})"
    query = f"SELECT (SELECT count(*) {theirs}), {lost}"
    there, lacking = connection.execute(query, {"goal": goal.seen.uid}).fetchone()
    if lacking:
        raise _different(goal, table)
    return int(there)


def _different(goal: Restored, table: Owned) -> StorageError:
    msg = f"{goal.slug} came out different in {table.name}; nothing was changed."
    return StorageError(msg, "Check the disk (`dmesg`), then try again.")
