"""The desk of one call: its global options, the services behind it, its two streams.

stdout is data, stderr is narration; with `--json` the data is one JSON envelope.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stellwerk.cli.folding import folded
from stellwerk.cli.ink import Ink
from stellwerk.domain.text import clean

if TYPE_CHECKING:
    import typer

    from stellwerk.bootstrap import Stellwerk
    from stellwerk.config.settings import Settings
    from stellwerk.domain.edits.edit import Edit
    from stellwerk.domain.journal import Snapshot
    from stellwerk.domain.plan import Item
    from stellwerk.planning.dispatcher import Dispatcher, Outcome

SCHEMA_VERSION: Final = 1


@dataclass
class Desk:
    """What a verb works with.

    Attributes:
        goal: Slug named with `-g` or `STELLWERK_GOAL`.
        json: Whether answers are JSON.
        quiet: Whether narration is left out.
        verbose: How much more is told.
        debug: Whether errors show their traceback.
        flags: Settings made on the command line, by key.
    """

    goal: str | None = None
    json: bool = False
    quiet: bool = False
    verbose: int = 0
    debug: bool = False
    flags: dict[str, object] = field(default_factory=dict)

    @cached_property
    def settings(self) -> Settings:
        """The settings that count here; says which ones wait for trust."""
        from stellwerk.config.discovery import load

        settings = load(Path.cwd(), os.environ, self.flags)
        for file, key in settings.untrusted:
            self.say(f"{file} sets {key}, which counts only after `stellwerk config trust`.")
        return settings

    @cached_property
    def stellwerk(self) -> Stellwerk:
        """The wired services."""
        from stellwerk.bootstrap import build

        return build(self.settings, os.environ)

    @property
    def dispatcher(self) -> Dispatcher:
        """Finds goals and carries edits."""
        return self.stellwerk.dispatcher

    def open(self, *, deleted: bool = False) -> Snapshot:
        """Return the plan of the goal that is meant."""
        goal = self.goal or os.environ.get("STELLWERK_GOAL")
        return self.dispatcher.open(goal, deleted=deleted)

    def at(self, ref: str) -> tuple[Snapshot, Item]:
        """Return the plan and the item a ref means; `slug:ref` names another goal."""
        from stellwerk.planning.dispatcher import located

        if ":" in ref:
            self.goal, ref = ref.split(":", 1)
        base = self.open()
        return base, located(base, ref)

    def notes(self, base: Snapshot, uids: Collection[str]) -> Mapping[str, str]:
        """Return the notes of some work packages by uid."""
        return self.stellwerk.store.notes(base.plan.goal.uid, uids)

    def make(self, base: Snapshot, edit: Edit) -> Outcome:
        """Make an edit and tell what it did."""
        outcome = self.dispatcher.make(base, edit)
        self.tell(outcome)
        return outcome

    def tell(self, outcome: Outcome) -> None:
        """Tell what came of an edit, and what became possible by it."""
        from stellwerk.cli.present.edits import outcome_data, outcome_text

        if self.json:
            self.envelope("outcome", outcome_data(outcome))
        else:
            self.out(outcome_text(outcome, self.ink))

    @cached_property
    def ink(self) -> Ink:
        """Colour for stdout."""
        return Ink(sys.stdout)

    @property
    def width(self) -> int:
        """Columns to write to: the terminal's, or 80 into a pipe or file."""
        return shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else 80

    @property
    def interactive(self) -> bool:
        """Whether somebody is there to answer."""
        return sys.stdin.isatty() and sys.stdout.isatty() and not self.json

    def out(self, text: str, *, paging: bool = False) -> None:
        """Write data; on a terminal it is folded at words, and paged if wanted and long."""
        if sys.stdout.isatty():
            text = folded(text, self.width)
        lines = text.count("\n") + 1
        if paging and self.interactive and lines >= shutil.get_terminal_size().lines:
            from stellwerk.cli.pager import paged

            if paged(text):
                return
        print(text)

    def envelope(self, kind: str, data: Mapping[str, Any]) -> None:
        """Write data as the JSON envelope."""
        whole = {"schema_version": SCHEMA_VERSION, "kind": kind, **data}
        print(json.dumps(whole, ensure_ascii=False, indent=2))

    def answer(
        self, kind: str, data: Mapping[str, Any], text: str, *, paging: bool = False
    ) -> None:
        """Write an answer as JSON or as text, whichever is wanted."""
        if self.json:
            self.envelope(kind, data)
        else:
            self.out(text, paging=paging)

    def say(self, text: str, *, level: int = 0) -> None:
        """Narrate on stderr, unless told to be quiet."""
        if not self.quiet and self.verbose >= level:
            print(clean(text), file=sys.stderr)


def desk_of(context: typer.Context) -> Desk:
    """Return the desk of a call."""
    desk = context.find_root().obj
    assert isinstance(desk, Desk)
    return desk
