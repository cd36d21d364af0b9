"""What must be true of a database afterwards; each check yields what is not, in words."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from stellwerk.bootstrap import Stellwerk
from stellwerk.domain.edits.edit import apply, clash
from stellwerk.domain.journal import EntryKind, EntryLine
from stellwerk.domain.plan import Plan
from stellwerk.errors import StellwerkError
from stellwerk.planning.ports import PlanStore
from tests.fire.goals import SEED


@dataclass(frozen=True)
class Told:
    """An edit that was acknowledged to somebody.

    Attributes:
        goal: Uid of the goal.
        revision: The revision it made.
        author: To whom.
        says: What it said it did.
        base: The revision it was prepared on, if that is known.
    """

    goal: str
    revision: int
    author: str
    says: str
    base: int | None = None


def intact(path: Path) -> Iterator[str]:
    """Yield what SQLite itself finds wrong with a file."""
    with closing(sqlite3.connect(path)) as connection:
        for (found,) in connection.execute("PRAGMA integrity_check"):
            if found != "ok":
                yield f"integrity_check: {found}"
        for found in connection.execute("PRAGMA foreign_key_check"):
            yield f"foreign_key_check: {found}"


def journaled(
    store: PlanStore, goal: str, told: Sequence[Told], spare: int = 0
) -> Iterator[str]:
    """Yield what is wrong with a journal, given all that was acknowledged.

    Args:
        store: The store.
        goal: Uid of the goal.
        told: What was acknowledged to everybody but the seed.
        spare: How many edits may be there that nobody was told of.
    """
    lines = store.lines(goal)
    found = [line.revision for line in lines]
    if found != list(range(1, len(found) + 1)):
        yield f"the revisions are not 1 to {len(found)}, each once"
    if (revision := store.load(goal).revision) != len(found):
        yield f"the goal is at revision {revision}, its journal has {len(found)} entries"
    told = [each for each in told if each.goal == goal]
    for revision, count in Counter(each.revision for each in told).items():
        if count > 1:
            yield f"revision {revision} was acknowledged {count} times"
    by_revision = {line.revision: line for line in lines}
    for each in told:
        yield from _kept(each, by_revision.get(each.revision))
        yield from _unseen(each, by_revision)
    known = {each.revision for each in told}
    more = [line.revision for line in lines if line.revision not in known]
    unsaid = [revision for revision in more if by_revision[revision].author != SEED]
    if len(unsaid) > spare:
        yield f"{len(unsaid)} edits are there that nobody was told of: {unsaid[:5]}"


def _kept(told: Told, line: EntryLine | None) -> Iterator[str]:
    """Yield how a line of the journal differs from what was acknowledged."""
    what = f"revision {told.revision}"
    if line is None:
        yield f"{what} is lost: {told.author}: {told.says}"
    elif line.author != told.author:
        yield f"{what} is {line.author}'s, not {told.author}'s"
    elif line.kind is EntryKind.EDIT and line.says != told.says:
        yield f"{what} says {line.says!r}, not {told.says!r}"


def _unseen(told: Told, lines: Mapping[int, EntryLine]) -> Iterator[str]:
    """Yield what an edit wrote over although its author had not seen it."""
    if told.base is None or told.revision not in lines:
        return
    mine = lines[told.revision]
    for revision in range(told.base + 1, told.revision):
        if revision in lines and clash(mine.touches, lines[revision].touches):
            yield f"revision {told.revision} wrote over {revision}, which it had not seen"


def replayed(work: Stellwerk, goal: str) -> Iterator[str]:
    """Yield how a plan differs from its journal, taken back to 0 and replayed from there."""
    try:
        yield from _replayed(work, goal)
    except (StellwerkError, LookupError) as error:
        yield f"the journal cannot be replayed: {error}"


def _replayed(work: Stellwerk, goal: str) -> Iterator[str]:
    base = work.store.load(goal)
    plan = work.dispatcher.at_revision(base, 0)
    if plan != Plan(plan.goal):
        yield "taken back to revision 0 the plan is not empty"
    texts: dict[str, str] = {}
    for entry in reversed(work.store.entries(goal, after=0)):
        plan = apply(entry.edit, plan)
        texts.update(entry.edit.texts)
    if plan != base.plan:
        yield "the plan is not what its journal makes of nothing"
    noted = {each.uid: texts[each.notes] for each in plan.packages if each.notes}
    if noted != dict(work.store.notes(goal)):
        yield "the notes are not those of the journal"
