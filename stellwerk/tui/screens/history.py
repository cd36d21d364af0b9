"""Who changed what: the journal of a goal, and what each entry changed."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.domain.difference import Difference, Sign, differences
from stellwerk.domain.journal import EntryKind, EntryLine
from stellwerk.tui.actions import HISTORY
from stellwerk.tui.editing import Editing
from stellwerk.tui.session import Session
from stellwerk.tui.widgets.footer import Keyline

_MARKS = {
    Sign.ADDED: ("+", "green"),
    Sign.REMOVED: ("-", "red"),
    Sign.CHANGED: ("~", "yellow"),
}


class HistoryPlace(Editing):
    """The journal of a goal, or what of it is about one item.

    Args:
        session: The goal.
        about: Uid of the item; all is shown without one.
    """

    place: ClassVar[str] = HISTORY

    def __init__(self, session: Session, about: str = "") -> None:
        super().__init__()
        self.session, self._about = session, about
        self._lines: list[EntryLine] = []

    @property
    def package(self) -> str | None:
        """None: an entry is no work package."""
        return None

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(id="head")
        yield OptionList(id="list", compact=True)
        with VerticalScroll(id="sheet"):
            yield Static(id="notes")
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Show it."""
        self.refresh_plan()
        self.query_one(OptionList).focus()

    def refresh_plan(self) -> None:
        """Read the journal."""
        dispatcher = self.box.stellwerk.dispatcher
        lines = self.attempt(lambda: dispatcher.history(self.session.base)) or []
        self._lines = [line for line in lines[::-1] if self._concerns(line)]
        plan = self.session.plan
        title = f"History of {plan.name(self._about or plan.goal.uid)}"
        self.query_one("#head", Static).update(Text(title, "bold", no_wrap=True))
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(Option(_entry(line)) for line in self._lines)
        if self._lines:
            listed.highlighted = 0
        keys = self.query_one(Keyline)
        offered = [each for each in self.offered if each.name in ("undo", "redo", "back")]
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)

    def _concerns(self, line: EntryLine) -> bool:
        return not self._about or any(uid == self._about for uid, _ in line.touches)

    @on(OptionList.OptionHighlighted)
    def _looked(self, event: OptionList.OptionHighlighted) -> None:
        line = self._lines[event.option_index]
        found = self.attempt(lambda: self._changes(line.revision)) or []
        text = Text()
        for each in found[:200]:
            mark, style = _MARKS[each.sign]
            text.append(f"{mark} ", style)
            text.append(_told(each) + "\n")
        self.query_one("#notes", Static).update(text or Text("Nothing to compare.", "dim"))

    def _changes(self, revision: int) -> list[Difference]:
        dispatcher = self.box.stellwerk.dispatcher
        before = dispatcher.at_revision(self.session.base, revision - 1)
        after = dispatcher.at_revision(self.session.base, revision)
        return list(differences(before, after))


def _entry(line: EntryLine) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{line.revision:>4} ", "bold")
    text.append(f"{line.at.astimezone():%Y-%m-%d %H:%M}  ", "dim")
    verb = "" if line.kind is EntryKind.EDIT else f"{line.kind.value} of {line.undoes}: "
    gone = " (taken back)" if line.undone_by else ""
    text.append(f"{verb}{line.says}{gone}", "dim" if line.undone_by else "")
    text.append(f"  {line.author.partition(' <')[0]}", "dim")
    return text


def _told(each: Difference) -> str:
    if not each.field:
        return each.name
    return f"{each.name}: {each.field} {_short(each.old)} > {_short(each.new)}"


def _short(value: object) -> str:
    text = "nothing" if value in (None, "", []) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
