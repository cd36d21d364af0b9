"""The journal of a goal as values: entries, and the rule by which a change lands.

A change made against an older revision is rebased if it touches nothing that was changed
since, and refused as a conflict otherwise. Undo follows the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from stellwerk.domain.edits.edit import Edit, Touch, apply, clash
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.value import Value
from stellwerk.errors import ConflictError, EditError


class EntryKind(StrEnum):
    """How an entry came about."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EntryLine(Value):
    """An entry of the journal without the edit itself.

    Attributes:
        revision: The revision it made, from 1; entries are ordered by it alone.
        kind: Edit, undo or redo.
        author: Who made it.
        at: When, by the author's clock, UTC.
        says: One line for people.
        touches: What it touched.
        undoes: Revision it took back (undo) or brought back (redo).
        undone_by: Revision that took it back.
    """

    revision: int
    kind: EntryKind
    author: str
    at: datetime
    says: str
    touches: frozenset[Touch]
    undoes: int | None = None
    undone_by: int | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entry(Value):
    """An entry of the journal with its edit and the inverse of it."""

    line: EntryLine
    edit: Edit
    inverse: Edit


class Change(NamedTuple):
    """An edit somebody wants to make."""

    edit: Edit
    author: str
    at: datetime
    kind: EntryKind = EntryKind.EDIT
    undoes: int | None = None

    def rebased(self, before: RefBook, now: RefBook) -> Change:
        """Return the change with the refs of its births free again; see `renumbered`."""
        if self.kind is not EntryKind.EDIT or not self.edit.structural or before == now:
            return self
        from stellwerk.domain.edits.renumbering import renumbered

        return self._replace(edit=renumbered(self.edit, before, now))


def land(
    now: Snapshot,
    change: Change,
    missed: Sequence[EntryLine] = (),
    base: Snapshot | None = None,
) -> tuple[Snapshot, Entry]:
    """Return the snapshot after a change and the entry that records it.

    Args:
        now: The goal as it is.
        change: What is to be done.
        missed: The entries made since the revision the change was made against.
        base: The goal at that revision.

    Raises:
        ConflictError: A missed entry touched the same field, or left no place for it.
        EditError: The edit does not fit the plan, and never did.
    """
    edit, before = change.edit, now.plan
    refuse_clash(edit, missed)
    try:
        after = apply(edit, before)
    except EditError as error:
        if not missed:
            raise
        if base and base.whole:
            apply(edit, base.plan)
        what = "The plan changed meanwhile and the edit no longer fits"
        msg = f"{what}: {error.message}"
        raise ConflictError(msg, _LOOK) from error
    line = EntryLine(
        revision=now.revision + 1,
        kind=change.kind,
        author=change.author,
        at=change.at,
        says=edit.says(before, after),
        touches=edit.touches,
        undoes=change.undoes,
    )
    book = now.book.following(before, after) if edit.structural else now.book
    entry = Entry(line, edit, edit.invert(before))
    return Snapshot(after, book, line.revision), entry


def refuse_clash(edit: Edit, later: Iterable[EntryLine]) -> None:
    """Raise ConflictError if a later entry touched what the edit touches."""
    for line in later:
        if clash(edit.touches, line.touches):
            made = f"{line.author} changed it at {line.at:%Y-%m-%d %H:%M} UTC"
            msg = f"Revision {line.revision} is in the way ({line.says}); {made}."
            raise ConflictError(msg, _LOOK)


class Mark(NamedTuple):
    """What an entry did to others, and others to it."""

    revision: int
    undoes: int | None
    undone_by: int | None


def in_effect(marks: Iterable[Mark]) -> set[int]:
    """Return the revisions, of all after some revision, that changed what there was then.

    An entry has an effect unless it was taken back by an entry that has one. An entry that
    takes back one of the others adds nothing to what that one lacks.
    """
    effective: dict[int, bool] = {}
    newest_first = sorted(marks, reverse=True)
    for mark in newest_first:
        effective[mark.revision] = not effective.get(mark.undone_by or 0, False)
    return {
        mark.revision
        for mark in newest_first
        if effective[mark.revision] and mark.undoes not in effective
    }


def rewound(plan: Plan, entries: Iterable[Entry]) -> Plan:
    """Return the plan before some entries, which come newest first."""
    for entry in entries:
        plan = apply(entry.inverse, plan)
    return plan


_LOOK = "Look at `stellwerk log` and `stellwerk show`, then try again."
