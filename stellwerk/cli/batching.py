"""Edits of many verbs gathered into one: each verb works on the plan the last one left."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from stellwerk.cli.desk import Desk
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import Change, land
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import StellwerkError, UsageError
from stellwerk.planning.dispatcher import Outcome

VERBS: Final = frozenset(
    (
        "start done reopen divert wait choose add edit rename move remove link unlink assign"
    ).split()
)
MAX_LINES: Final = 10_000
_UNCHANGED: Final = "Nothing was changed."


@dataclass
class DraftDesk(Desk):
    """A desk whose edits go to a draft of the plan instead of the store.

    Attributes:
        draft: The plan as the edits so far have made it.
        edits: Those edits.
        texts: Notes that came with them, by digest.
    """

    draft: Snapshot | None = None
    edits: list[Edit] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def open(self, *, deleted: bool = False) -> Snapshot:  # noqa: ARG002
        """Return the draft; other goals are out of reach (UsageError)."""
        assert self.draft is not None
        if self.goal is not None:
            goal = self.dispatcher.find(self.goal)
            if goal.uid != self.draft.plan.goal.uid:
                raise UsageError(f"{goal.slug} is another goal.", "A batch is about one goal.")
        return self.draft

    @property
    def meant(self) -> Goal:
        """The goal of the batch."""
        return self.open().plan.goal

    def excerpt(
        self,
        wanted: Callable[[Snapshot], Iterable[str]] = lambda _: (),  # noqa: ARG002
    ) -> Snapshot:
        """Return the draft, which is whole."""
        return self.open()

    def notes(self, base: Snapshot, uids: Collection[str]) -> Mapping[str, str]:
        """Return notes, those of the draft first."""
        stored = dict(super().notes(base, uids))
        for uid in uids:
            item = base.plan.index.items.get(uid)
            if (key := getattr(item, "notes", "")) in self.texts:
                stored[uid] = self.texts[key]
        return stored

    def make(self, base: Snapshot, edit: Edit) -> Outcome:
        """Make an edit on the draft."""
        change = Change(edit, self.dispatcher.author, self.dispatcher.clock())
        self.draft, entry = land(base, change)
        self.edits.append(edit)
        self.texts.update(edit.texts)
        return Outcome(base, self.draft, entry.line.says)

    def tell(self, outcome: Outcome) -> None:
        """Tell nothing: the batch speaks for all."""


def run_batch(desk: Desk, text: str) -> None:
    """Make the edits that the lines of a text ask for, as one edit.

    Raises:
        UsageError: A line is not one of the verbs, or fails; nothing was changed then.
    """
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise UsageError(f"A batch has at most {MAX_LINES:,} lines, not {len(lines):,}.")
    base = desk.open()
    draft = DraftDesk(flags=dict(desk.flags), quiet=True)
    draft.__dict__["stellwerk"] = desk.stellwerk
    draft.draft = base
    for number, line in enumerate(lines, 1):
        if words := _words(line, number):
            _run(draft, words, number)
    if not draft.edits:
        raise UsageError(
            "The batch has no edit in it.", "Write a verb a line, as `done r1.1.1`."
        )
    made = tuple(draft.edits)
    desk.make(base, Batch(made, f"made {len(made)} edits as one") if made[1:] else made[0])


def _words(line: str, number: int) -> list[str]:
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        raise UsageError(f"Line {number}: {error}.", _UNCHANGED) from error
    if words and words[0] not in VERBS:
        msg = f"Line {number}: {words[0]!r} is not a verb of a batch."
        raise UsageError(msg, f"Use {', '.join(sorted(VERBS))}. {_UNCHANGED}")
    if "--help" in words:
        raise UsageError(f"Line {number}: a batch shows no help.", _UNCHANGED)
    return words


def _run(draft: DraftDesk, words: list[str], number: int) -> None:
    from typer.exceptions import TyperException

    from stellwerk.cli.main import invoke

    flags = dict(draft.flags)
    draft.goal = None
    try:
        invoke(words, draft)
        if draft.flags != flags:
            raise UsageError("--db is about the batch as a whole.", _UNCHANGED)
    except StellwerkError as error:
        error.message = f"Line {number}: {error.message}"
        if _UNCHANGED not in error.hint:
            told = error.hint and f"{error.hint.rstrip('.')}. "
            error.hint = f"{told}{_UNCHANGED}"
        raise
    except TyperException as error:
        msg = f"Line {number}: {error.format_message().rstrip('.')}."
        raise UsageError(msg, _UNCHANGED) from error
