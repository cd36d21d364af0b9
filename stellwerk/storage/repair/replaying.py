"""A plan made again from its journal, to check the stored one or to stand in for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from stellwerk.domain.edits.edit import WHOLE, Edit, apply
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.edits.items import Add
from stellwerk.domain.edits.whole import Batch, ReplacePlan
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import Entry, EntryKind, EntryLine
from stellwerk.domain.plan import Plan, title_of
from stellwerk.domain.refs import NO_REFS, RefBook
from stellwerk.domain.values import from_data, to_data
from stellwerk.errors import StellwerkError

MEANINGLESS: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What reading values raises that nobody wrote."""

LOST: Final = "(lost)"
"""What stands for the item and the author of an entry that is lost."""
_GONE: Final = Rename(LOST, LOST)
"""The edit of such an entry: no plan takes it, so nothing is taken back over it."""


class Step(NamedTuple):
    """An entry of a journal: what was done, and what takes it back.

    Attributes:
        edit: What was done.
        inverse: What takes it back.
        exact: Whether both read as they are written, with nothing beside.
    """

    edit: Edit
    inverse: Edit
    exact: bool = True

    @property
    def texts(self) -> dict[str, str]:
        """Every text of notes in it, by its digest."""
        return {**self.edit.texts, **self.inverse.texts}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a journal leads to.

    Attributes:
        plan: The plan after its last entry.
        book: The refs it handed out.
        since: The first revision that was looked at; what was before does not matter.
        odd: Revisions that are not as they were made, or whose inverse is not their own.
    """

    plan: Plan
    book: RefBook
    since: int
    odd: tuple[int, ...]


class Stuck(NamedTuple):
    """The revision that cannot be made again; 0 where there is nothing to begin with."""

    revision: int


def gap(revision: int, at: datetime) -> Entry:
    """Return the entry that stands where one is lost.

    It touches everything, so no earlier edit is undone over it by mistake, and no plan can
    be taken back beyond it.
    """
    says = "an entry that was lost when the database was damaged"
    line = EntryLine(revision, EntryKind.EDIT, LOST, at, says, frozenset({WHOLE}))
    return Entry(line, _GONE, _GONE)


def is_gap(row: Mapping[str, Any]) -> bool:
    """Whether a row of the journal is one that stands where an entry is lost."""
    return bool(row["edit"] == row["inverse"] == json.dumps(to_data(_GONE)))


def step_of(row: Mapping[str, Any]) -> Step | None:
    """Return the entry of a row of the journal, if it can be told from the row."""
    if is_gap(row):
        return None
    with suppress(*MEANINGLESS):
        EntryKind(row["kind"])
        datetime.fromisoformat(row["at"])
        frozenset((uid, field) for uid, field in json.loads(row["touches"]))
        written = [json.loads(row[name]) for name in ("edit", "inverse")]
        edit, inverse = (from_data(Edit, data) for data in written)  # type: ignore[type-abstract]
        exact = _within(written, [to_data(edit), to_data(inverse)])
        return Step(edit, inverse, exact)
    return None


def replayed(goal: Goal | None, steps: Mapping[int, Step], last: int) -> Replayed | Stuck:
    """Make a plan again from the newest entry on that holds a whole plan.

    Args:
        goal: The goal as it is now, where that is known.
        steps: The entries that could be read, by revision.
        last: The last revision.

    Returns:
        The plan, or where it got stuck: at an entry that is missing or does not fit.
    """
    since = last
    while since in steps and not isinstance(steps[since].edit, ReplacePlan):
        since -= 1
    begun = Plan(goal) if since == 0 and goal is not None else None
    if since in steps:
        # What takes a whole plan back holds the one that was before it.
        before = steps[since].inverse
        begun = before.new if isinstance(before, ReplacePlan) else None
    if begun is None:
        return Stuck(since)
    plan, book, odd = begun, NO_REFS, []
    for revision in range(max(since, 1), last + 1):
        edit, inverse, exact = steps[revision]
        try:
            after = apply(edit, plan)
            if not exact or edit.invert(plan) != inverse:
                odd.append(revision)
        except (*MEANINGLESS, StellwerkError):
            return Stuck(revision)
        book = book.following(plan, after) if edit.structural else book
        plan = after
    if goal is not None and _fields(goal) == _fields(plan.goal):
        plan = replace(plan, goal=goal)
    return Replayed(plan, book, since, tuple(odd))


def texts_of(steps: Mapping[int, Step]) -> dict[str, str]:
    """Return every text of notes that a journal holds, by its digest."""
    return {key: text for step in steps.values() for key, text in step.texts.items()}


def names_of(steps: Mapping[int, Step]) -> dict[str, str]:
    """Return what items are called in a journal, by uid; the newest name counts."""
    names: dict[str, str] = {}
    for revision in sorted(steps):
        for edit in _parts(steps[revision].edit):
            if isinstance(edit, ReplacePlan):
                with suppress(*MEANINGLESS):
                    names |= {uid: edit.new.name(uid) for uid in edit.new.index.items}
            elif isinstance(edit, Add):
                names[edit.item.uid] = title_of(edit.item)
    return names


def _fields(goal: Goal) -> Goal:
    """Return a goal without its slug, which a restore may have changed."""
    return replace(goal, slug="any")


def _parts(edit: Edit) -> Iterator[Edit]:
    if isinstance(edit, Batch):
        for each in edit.edits:
            yield from _parts(each)
    else:
        yield edit


def _within(written: Any, again: Any) -> bool:
    """Whether all that was written is there again; values that came to be later may be new."""
    if isinstance(written, dict) and isinstance(again, dict):
        return all(
            key in again and _within(value, again[key]) for key, value in written.items()
        )
    if isinstance(written, list) and isinstance(again, list):
        return len(written) == len(again) and all(map(_within, written, again))
    return bool(written == again)
