"""Salvage: what can be read of a damaged database, mended, in a new file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from shutil import copyfile
from typing import Final

from stellwerk.errors import ConflictError, NotFoundError, StorageError
from stellwerk.faults import reach
from stellwerk.storage.copies.backup import (
    damage,
    raw_copy,
    refuse_itself,
    refuse_target,
    resolved,
)
from stellwerk.storage.copies.ownership import GOALS
from stellwerk.storage.placing import placed, private, settle, workshop
from stellwerk.storage.repair import mending
from stellwerk.storage.repair.damaged import Column, Reading, opened, read_table
from stellwerk.storage.repair.evidence import (
    Evidence,
    Loss,
    gathered,
    goals_of,
    losses,
    senseless_entries,
)
from stellwerk.storage.repair.judging import (
    State,
    Verdict,
    judged,
    looked_beside,
    names_in,
    settled,
)
from stellwerk.storage.repair.layout import Layout, completed, layout_of, shape_of
from stellwerk.storage.repair.mending import Gone
from stellwerk.storage.repair.orphans import orphans
from stellwerk.storage.schema import HEAD, KNOWN
from stellwerk.storage.sqlite import APPLICATION_ID, connect, translated

SUFFIX: Final = ".repaired"
_VERSION: Final = "alembic_version"
_MENDED: Final = (State.REBUILT, State.PARTIAL, State.LOST)
_BACKUPS: Final = (".before-upgrade*", ".before-restore*")


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of a goal.

    Attributes:
        uid: The goal.
        slug: In the new file, or as far as it is known.
        title: Likewise.
        revision: The last one there was, as far as it is known.
        state: What became of it.
        checked: Whether its plan is what its journal leads to.
        missing: Revisions that its journal lacks.
        losses: Rows that are lost.
        remarks: What else is not as it was, or not known, in sentences.
    """

    uid: str
    slug: str
    title: str
    revision: int
    state: State
    checked: bool
    missing: tuple[int, ...]
    losses: tuple[Loss, ...]
    remarks: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing of the goal is lost."""
        return self.state in (State.WHOLE, State.REBUILT)


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did.

    Attributes:
        file: The new database; None if there was nothing to repair.
        damage: What SQLite says is wrong with the damaged one.
        goals: What became of each goal.
        losses: Lost rows that belong to no goal, or nobody knows to which.
        remarks: What is not known, in sentences.
    """

    file: Path | None
    damage: str
    goals: tuple[Salvaged, ...]
    losses: tuple[Loss, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is lost."""
        whole = all(goal.complete for goal in self.goals)
        return whole and not self.losses and not self.remarks


def repair(database: Path, into: Path | None = None) -> Repair:
    """Save what can be read of a damaged database into a new file.

    The damaged one is only read. The new one is checked as a whole, and every goal in it is
    loaded. Where nothing is damaged, nothing is made.

    Args:
        database: The damaged database.
        into: The new file; a free name beside the database if not given.

    Raises:
        NotFoundError: There is no database.
        ConflictError: There is such a file.
        StorageError: Nothing can be read, or it is none of Stellwerk's.
    """
    with translated(database):
        if not database.is_file():
            msg = f"There is no database {database}, so there is nothing to repair."
            raise NotFoundError(msg, "`stellwerk doctor` says which database is used.")
    number = 1
    while True:
        target = into or _numbered(database, number)
        try:
            return _repaired(database, target, into or _numbered(database, 1))
        except ConflictError:
            if into is not None:
                raise
            number += 1


def backups_of(database: Path) -> list[Path]:
    """Return the copies of a database that upgrades and restores made beside it."""
    return sorted(
        path
        for ending in _BACKUPS
        for path in database.parent.glob(f"{database.name}{ending}")
    )


def _repaired(database: Path, into: Path, swept: Path) -> Repair:
    """Repair into a file; what dead repairs into another one left is swept away."""
    with placed(into):
        target = resolved(into)
        refuse_itself(database, target)
        refuse_target(target, overwrite=False)
        with workshop(resolved(swept)) as folder:
            with translated(database):
                copy = raw_copy(resolved(database), folder)
                reach("repair.begun")
                found = _wrong(copy, database)
            new, readings, refused = _read(copy, folder, database)
            reach("repair.read")
            report = _mended(new, readings, refused, found)
            if not found and report.file is None:
                return report
            reach("repair.checked")
            settle(new, target, overwrite=False, about="repair")
    return replace(report, file=into)


def _wrong(copy: Path, database: Path) -> str:
    """Return what is wrong with a database; one that is sound, but not ours, is refused."""
    with closing(sqlite3.connect(copy)) as connection:
        found = damage(connection)
    if not found:
        try:
            connect(copy).close()
        except StorageError as error:
            message = error.message.replace(str(copy), str(database))
            raise StorageError(message, error.hint) from error
    return found


def _read(
    copy: Path, folder: Path, database: Path
) -> tuple[Path, dict[str, Reading], list[Gone]]:
    """Read what can be read into a new database; return it, and what did not go in."""
    fresh, new = folder / "fresh.db", folder / "new.db"
    connect(fresh).close()
    layout = completed(copy, fresh)
    if not layout.keys() >= {GOALS, "journal"}:
        raise _hopeless(database)
    with closing(opened(str(copy))) as source:
        version = _version(source, database)
        private(new)
        if version == HEAD:
            copyfile(fresh, new)
        else:
            _make(new, layout, version)
        with closing(sqlite3.connect(new, isolation_level=None)) as target:
            shapes = {
                name: shape_of(target, name)
                for name, part in layout_of(new).items()
                if part.kind == "table" and name != _VERSION
            }
            found = cache(partial(orphans, copy))
            readings = {
                name: read_table(source, name, shape, found) for name, shape in shapes.items()
            }
            refused = _filled(target, readings)
    if version != HEAD:
        from stellwerk.storage.migrate import upgrade

        upgrade(new, version)
    return new, readings, refused


def _version(source: sqlite3.Connection, database: Path) -> str:
    """Return the schema's version; where it cannot be read, the present one is tried."""
    found = read_table(source, _VERSION, [Column("version_num", "", needed=True)])
    version = next((str(row[0]) for row in found.rows.values()), HEAD)
    if version not in KNOWN:
        msg = f"The database {database} is from a newer Stellwerk (schema {version})."
        raise StorageError(msg, "Repair it with that one.")
    return version


def _make(path: Path, layout: Layout, version: str) -> None:
    """Make an empty database of an older schema, as the damaged one has it written."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for part in sorted(layout.values(), key=lambda part: part.kind, reverse=True):
            if part.sql:
                connection.execute(part.sql)
        connection.execute(f"INSERT INTO {_VERSION} VALUES (?)", (version,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _filled(connection: sqlite3.Connection, readings: Mapping[str, Reading]) -> list[Gone]:
    """Insert all that was read under its old numbers; return what did not go in."""
    refused = []
    connection.execute("BEGIN")
    for reading in readings.values():
        columns = ", ".join(("rowid", *reading.columns))
        marks = ", ".join("?" * (len(reading.columns) + 1))
        query = f"INSERT OR IGNORE INTO {reading.table} ({columns}) VALUES ({marks})"
        for rowid, row in sorted(reading.rows.items()):
            if not connection.execute(query, (rowid, *row)).rowcount:
                known = dict(zip(reading.columns, row, strict=True))
                refused.append(Gone(reading.table, known))
    connection.execute("COMMIT")
    return refused


def _mended(
    new: Path, readings: Mapping[str, Reading], refused: list[Gone], found: str
) -> Repair:
    """Mend a new database, check it, and say what became of each goal."""
    with closing(sqlite3.connect(new, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        evidence = gathered(connection, readings, refused)
        uids = goals_of(readings, evidence)
        ownerless = [e for uid, rows in evidence.gone.items() if uid not in uids for e in rows]
        # Such a row may have been any goal's before its owner became unreadable.
        blind = evidence.blind | {each.table for each in ownerless}
        evidence = replace(evidence, blind=blind)
        verdicts = {uid: judged(connection, uid, evidence) for uid in uids}
        _drop_entries(connection, verdicts, senseless_entries(readings, evidence))
        stray = _drop(connection, verdicts, [*evidence.stray, *ownerless])
        for verdict in verdicts.values():
            looked_beside(connection, verdict, evidence)
            settled(connection, verdict, evidence)
        stray = _drop(connection, verdicts, stray)
        connection.execute("COMMIT")
        if wrong := damage(connection):
            msg = f"What could be read makes no sound database ({wrong}); nothing was made."
            raise StorageError(msg, "Keep the damaged file, and go back to a backup.")
        connection.execute("PRAGMA journal_mode = WAL")
        goals = tuple(_told(connection, each, evidence) for each in verdicts.values())
    unknown = {GOALS: "There may be goals of which nothing could be read."}
    remarks = tuple(told for table, told in unknown.items() if table in evidence.blind)
    changed = (
        stray
        or any(goal.losses or goal.state in _MENDED for goal in goals)
        or any(verdict.gapped for verdict in verdicts.values())
    )
    file = new if found or changed else None
    return Repair(file, found, goals, losses(stray, {}), remarks)


def _drop_entries(
    connection: sqlite3.Connection, verdicts: Mapping[str, Verdict], entries: list[Gone]
) -> None:
    """Remove entries of journals that nobody can read any more."""
    for each in entries:
        query = "DELETE FROM journal WHERE goal_uid = ? AND revision = ?"
        connection.execute(query, (each.known["goal_uid"], each.known["revision"]))
        if verdict := verdicts.get(each.known["goal_uid"]):
            verdict.gone.append(each)


def _drop(
    connection: sqlite3.Connection, verdicts: Mapping[str, Verdict], stray: list[Gone]
) -> list[Gone]:
    """Remove what leads nowhere; return what belonged to no goal, after what is known."""
    gone = list[Gone]()
    for verdict in verdicts.values():
        if verdict.state is State.LOST:
            connection.execute("DELETE FROM goals WHERE uid = ?", (verdict.uid,))
    gone += mending.drop_dangling(connection)
    for each in gone:
        verdict_ = verdicts.get(each.known.get("goal_uid", ""))
        (verdict_.gone if verdict_ else stray).append(each)
    for verdict in verdicts.values():
        if verdict.state is State.PARTIAL:
            verdict.gone += mending.mend_plan(connection, verdict.uid)
    return stray


def _told(connection: sqlite3.Connection, verdict: Verdict, evidence: Evidence) -> Salvaged:
    names = names_in(connection, verdict, evidence)
    return Salvaged(
        *(verdict.uid, verdict.slug, verdict.title, verdict.revision, verdict.state),
        *(
            verdict.checked,
            verdict.missing,
            losses(verdict.gone, names),
            tuple(verdict.remarks),
        ),
    )


def _hopeless(database: Path) -> StorageError:
    """Return the error for a database of which nothing can be read."""
    msg = (
        f"Nothing of {database} can be read: the pages that say where everything is are"
        " destroyed. Nothing was made."
    )
    backups = backups_of(database)
    if not backups:
        return StorageError(msg, "There is no backup beside it; look where you keep yours.")
    return StorageError(msg, f"There are backups beside it: {', '.join(map(str, backups))}.")


def _numbered(database: Path, number: int) -> Path:
    ending = SUFFIX if number == 1 else f"{SUFFIX}.{number}"
    return database.with_name(f"{database.name}{ending}")
