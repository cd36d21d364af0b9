"""What is known of a damaged database beside the rows that could be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stellwerk.domain.refs import PEOPLE, ROUTES, SWITCHES
from stellwerk.storage.copies.ownership import GOALS, owned_tables
from stellwerk.storage.repair.damaged import Reading
from stellwerk.storage.repair.mending import Gone, broken_goals
from stellwerk.storage.repair.replaying import Step, is_gap, step_of
from stellwerk.storage.rows import COLUMNS

_COUNTED: Final = {ROUTES: "routes", SWITCHES: "switches", PEOPLE: "people"}


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows of a table that are lost.

    Attributes:
        table: The table; `table.column` if only that value of them is lost.
        rows: How many.
        names: What is known of them: refs, titles, revisions.
    """

    table: str
    rows: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a damaged database, beside the rows that could be read.

    Attributes:
        gone: Rows that are lost, by the uid of their goal.
        stray: Rows that are lost and belong to no goal, or nobody knows to which.
        blind: Tables in which more may be lost than is known.
        doubts: Tables in which an index has rows of a goal otherwise, by the goal.
        plan: Tables that hold plans, those of an older schema included.
        journals: The entries that could be read, by goal and revision.
        revisions: The revisions there were, by goal.
        broken: Goals with rows that lead nowhere.
    """

    gone: Mapping[str, Sequence[Gone]]
    stray: Sequence[Gone]
    blind: frozenset[str]
    doubts: Mapping[str, Collection[str]]
    plan: frozenset[str]
    journals: Mapping[str, Mapping[int, Step]]
    revisions: Mapping[str, Collection[int]]
    broken: Collection[str]

    def steps(self, uid: str) -> Mapping[int, Step]:
        """Return the entries of a goal's journal that could be read."""
        return self.journals.get(uid, {})

    def unsure(self, uid: str) -> set[str]:
        """Return the tables whose rows of a goal may be others than those that are known."""
        return {*(self.blind - {GOALS}), *self.doubts.get(uid, ())}


def gathered(
    connection: sqlite3.Connection, readings: Mapping[str, Reading], refused: Iterable[Gone]
) -> Evidence:
    """Return what is known, once all that could be read is in the new database.

    Args:
        connection: The new database.
        readings: What was read, by table.
        refused: Rows that were read and did not go in.
    """
    runs = dict(connection.execute("SELECT uid, goal_uid FROM runs").fetchall())
    by_goal: dict[str, list[Gone]] = {}
    stray, blind = list[Gone](), {r.table for r in readings.values() if r.blind}
    lost = (Gone(r.table, known) for r in readings.values() for known in r.lost.values())
    for each in (*lost, *refused):
        known, owner = _owner(each, runs)
        if owner is None:
            stray.append(each)
            blind |= set() if known else {each.table}
        else:
            by_goal.setdefault(owner, []).append(each)
    journals = _journals(readings["journal"])
    revisions = {uid: set(steps) for uid, steps in journals.items()}
    for uid, rows in by_goal.items():
        found = (each.known.get("revision") for each in rows if each.table == "journal")
        revisions.setdefault(uid, set()).update(r for r in found if r is not None)
    old = readings.keys() - owned_tables(connection).keys()
    return Evidence(
        *(by_goal, stray, frozenset(blind), _doubts(readings, runs)),
        *(frozenset({*COLUMNS, *old}), journals, revisions, broken_goals(connection)),
    )


def goals_of(readings: Mapping[str, Reading], evidence: Evidence) -> list[str]:
    """Return the uid of every goal of which anything is known, in the order of its rows.

    Where the list of goals is whole, nothing else makes a goal.
    """
    lost = [each for rows in evidence.gone.values() for each in rows if each.table == GOALS]
    goals = [*(row["uid"] for row in readings[GOALS].dicts()), *(e.known["uid"] for e in lost)]
    if GOALS in evidence.blind or any(
        GOALS in doubted for doubted in evidence.doubts.values()
    ):
        rows = (row for reading in readings.values() for row in reading.dicts())
        goals += [*evidence.gone, *(row["goal_uid"] for row in rows if row.get("goal_uid"))]
    return list(dict.fromkeys(goals))


def senseless_entries(readings: Mapping[str, Reading], evidence: Evidence) -> list[Gone]:
    """Return the entries of journals that could be read, but not what they mean."""
    return [
        Gone("journal", {name: row[name] for name in ("goal_uid", "revision", "says")})
        for row in readings["journal"].dicts()
        if row["revision"] not in evidence.steps(row["goal_uid"]) and not is_gap(row)
    ]


def losses(gone: Iterable[Gone], names: Mapping[str, str]) -> tuple[Loss, ...]:
    """Return lost rows by table, with what is known of them."""
    tables: dict[str, list[str]] = {}
    for each in gone:
        tables.setdefault(each.table, []).append(_name(each, names))
    return tuple(
        Loss(table, len(found), tuple(name for name in found if name))
        for table, found in sorted(tables.items())
    )


def _owner(row: Gone, runs: Mapping[str, str | None]) -> tuple[bool, str | None]:
    """Return whether it is known to which goal a row belongs, and the goal's uid."""
    known = row.known
    if row.table == GOALS:
        return "uid" in known, known.get("uid")
    if "goal_uid" in known:
        return True, known["goal_uid"]
    run = known.get("run_uid")
    return run in runs, runs.get(str(run))


def _journals(reading: Reading) -> dict[str, dict[int, Step]]:
    journals: dict[str, dict[int, Step]] = {}
    for row in reading.dicts():
        if step := step_of(row):
            journals.setdefault(row["goal_uid"], {})[row["revision"]] = step
    return journals


def _doubts(
    readings: Mapping[str, Reading], runs: Mapping[str, str | None]
) -> dict[str, set[str]]:
    """Return the tables with doubted rows by goal."""
    doubts: dict[str, set[str]] = {}
    for gone in _doubted(readings):
        _, owner = _owner(gone, runs)
        if owner:
            doubts.setdefault(owner, set()).add(gone.table)
    return doubts


def _doubted(readings: Mapping[str, Reading]) -> Iterator[Gone]:
    for reading in readings.values():
        for rowid in reading.doubted:
            row = zip(reading.columns, reading.rows[rowid], strict=True)
            yield Gone(reading.table, dict(row))


def _name(gone: Gone, names: Mapping[str, str]) -> str:
    """Return what a lost row is called, as far as that is known."""
    known: Mapping[str, Any] = gone.known
    if gone.table == "journal":
        return f"{known.get('revision', '?')} {known.get('says', '')}".strip()
    if known.get("uid") in names:
        return names[known["uid"]]
    for column in ("title", "label", "name", "ref", "author", "slug"):
        if known.get(column):
            return str(known[column])
    parent = str(known.get("parent", ""))
    return names.get(parent) or _COUNTED.get(parent, "")
