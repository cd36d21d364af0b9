"""The desk of one call: its global options, the services behind it, its two streams.

stdout is data, stderr is narration; with `--json` the data is one JSON envelope.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from stellwerk.cli.ink import Ink
from stellwerk.cli.streams import as_json, fitted
from stellwerk.domain.text import clean
from stellwerk.errors import UsageError

if TYPE_CHECKING:
    import typer

    from stellwerk.bootstrap import Stellwerk
    from stellwerk.config.settings import Settings
    from stellwerk.domain.edits.edit import Edit
    from stellwerk.domain.goal import Goal
    from stellwerk.domain.plan import Item
    from stellwerk.domain.snapshot import Snapshot
    from stellwerk.planning.dispatcher import Dispatcher, Outcome

SCHEMA_VERSION: Final = 1
Kind = TypeVar("Kind", bound="Item")
_KINDS: Final = {
    "Route": "a route like r3",
    "Task": "a task like r3.2",
    "WorkPackage": "a work package like r3.2.1",
}
_STYLE: Final = "(\x1b\\[[0-9;]*m)"


@dataclass(eq=False, repr=False)
class Desk:
    """What a verb works with.

    Attributes:
        goal: Slug named with `-g` or `STELLWERK_GOAL`.
        json: Whether answers are JSON.
        quiet: Whether narration is left out.
        events: Whether programs read stderr: events and errors, a line of JSON each.
        verbose: How much more is told.
        debug: Whether errors show their traceback.
        about: Uid of the goal that refs were about so far.
        flags: Settings made on the command line, by key.
    """

    goal: str | None = None
    json: bool = False
    quiet: bool = False
    events: bool = False
    verbose: int = 0
    debug: bool = False
    about: str | None = None
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

        return build(self.settings, os.environ, say=self.say)

    def close(self) -> None:
        """Close the store, if this call opened it."""
        if "stellwerk" in self.__dict__:
            self.stellwerk.store.close()

    @property
    def dispatcher(self) -> Dispatcher:
        """Finds goals and carries edits."""
        return self.stellwerk.dispatcher

    def open(self, *, deleted: bool = False) -> Snapshot:
        """Return the plan of the goal that is meant."""
        return self.dispatcher.open(self.named, deleted=deleted)

    @property
    def meant(self) -> Goal:
        """The goal that is meant."""
        return self.dispatcher.current(self.named)

    @property
    def named(self) -> str | None:
        """The goal that was named, by an option, a ref or the environment (UsageError)."""
        if self.goal == "":
            raise UsageError("The slug of the goal is empty.", "`stellwerk list` shows them.")
        return self.goal or os.environ.get("STELLWERK_GOAL")

    def at(self, ref: str) -> tuple[Snapshot, Item]:
        """Return the plan and the item a ref means; `slug:ref` names another goal.

        Raises:
            NotFoundError: There is no such goal or item.
            UsageError: It is not a ref, or of another goal than the refs before it.
        """
        from stellwerk.planning.dispatcher import located

        plain = self._plain(ref)
        base = self.open()
        return base, located(base, plain)

    def one(self, ref: str, kind: type[Kind]) -> Kind:
        """Return the item of a ref, which must be of a kind (UsageError)."""
        base, item = self.at(ref)
        if isinstance(item, kind):
            return item
        name = base.plan.name(item.uid)
        msg = f"{name} is not what is needed here: {_KINDS[kind.__name__]}."
        raise UsageError(msg, "`stellwerk show` lists them.")

    def excerpt(self, wanted: Callable[[Snapshot], Iterable[str]] = lambda _: ()) -> Snapshot:
        """Return an excerpt of the goal that is meant; see `Dispatcher.excerpt`."""
        return self.dispatcher.excerpt(self.named, wanted)

    def around(self, refs: Iterable[str]) -> tuple[Snapshot, list[Item]]:
        """Return an excerpt and the items that refs mean, which it has in full (as `at`)."""
        from stellwerk.planning.dispatcher import located

        plain = [self._plain(ref) for ref in refs]
        base = self.excerpt(lambda outline: [located(outline, ref).uid for ref in plain])
        return base, [located(base, ref) for ref in plain]

    def _plain(self, ref: str) -> str:
        """Return a ref without its slug, which counts from here on."""
        told = ref
        if ":" in ref:
            self.goal, ref = ref.split(":", 1)
        goal = self.meant.uid
        self.about = self.about or goal
        if goal != self.about:
            msg = f"{told} is of another goal than what was named before it."
            raise UsageError(msg, "A call is about one goal; make two of it.")
        return ref

    def notes(self, base: Snapshot, uids: Collection[str]) -> Mapping[str, str]:
        """Return the notes of some work packages by uid."""
        return self.stellwerk.store.notes(base.plan.goal.uid, uids)

    def make(self, base: Snapshot, edit: Edit) -> Outcome:
        """Make an edit and tell what it did."""
        outcome = self.dispatcher.make(base, edit)
        self.tell(outcome)
        return outcome

    def set_goal(self, base: Snapshot, **values: object) -> Outcome:
        """Set fields of the goal and tell it; they have to change something (UsageError)."""
        from stellwerk.domain.edits.fields import SetGoal

        goal = replace(base.plan.goal, **values)  # type: ignore[arg-type]
        if goal == base.plan.goal:
            raise UsageError("The goal has these values already.", "Nothing was changed.")
        return self.make(base, SetGoal(tuple(sorted(values)), goal))

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
        text = self._harmless(text)
        if sys.stdout.isatty():
            from stellwerk.cli.folding import folded

            text = folded(text, self.width)
        lines = text.count("\n") + 1
        if paging and self.interactive and lines >= shutil.get_terminal_size().lines:
            from stellwerk.cli.pager import paged

            if paged(text):
                return
        print(text)

    def write(self, text: str) -> None:
        """Write the text of a file to stdout as it is: UTF-8, whatever the locale."""
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()

    def envelope(self, kind: str, data: Mapping[str, Any]) -> None:
        """Write data as the JSON envelope."""
        whole = {"schema_version": SCHEMA_VERSION, "kind": kind, **data}
        print(as_json(whole, indent=2))

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
        if not (self.quiet or self.events) and self.verbose >= level:
            print(fitted(clean(text), sys.stderr), file=sys.stderr)

    def _harmless(self, text: str) -> str:
        """Return text that sends a terminal nothing but our own colours."""
        if not self.ink.on:
            return clean(text)
        parts = re.split(_STYLE, text)
        return "".join(part if at % 2 else clean(part) for at, part in enumerate(parts))


def desk_of(context: typer.Context) -> Desk:
    """Return the desk of a call."""
    desk = context.find_root().obj
    assert isinstance(desk, Desk)
    return desk
