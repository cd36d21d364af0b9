"""What would make the plan better: findings with their quotes, and fixes to take."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.tui.actions import FINDINGS
from stellwerk.tui.editing import Editing
from stellwerk.tui.navigation import station_of
from stellwerk.tui.session import Session
from stellwerk.tui.widgets.footer import Keyline
from stellwerk.validation.findings import Finding, Severity, Subject
from stellwerk.validation.judging import Verdict

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


class FindingsPlace(Editing):
    """What the validators say.

    Args:
        session: The goal.
    """

    place: ClassVar[str] = FINDINGS

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._findings: list[Finding] = []

    @property
    def package(self) -> str | None:
        """None: a finding is no work package."""
        return None

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(Text("Looking through the plan ..."), id="head")
        yield OptionList(id="list", compact=True)
        with VerticalScroll(id="sheet"):
            yield Static(id="notes")
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Judge the plan."""
        self.refresh_plan()
        self.query_one(OptionList).focus()

    def refresh_plan(self) -> None:
        """Judge the plan as it is now."""
        base = self.session.base
        notes = self.attempt(self.session.all_notes)
        if notes is not None:
            self._judge(Subject(base.plan, notes))
        self._offer(None)

    def _offer(self, finding: Finding | None) -> None:
        """Show the keys that are of use for a finding."""
        wanted = (
            *(("fix",) if finding is not None and finding.fix is not None else ()),
            *(("visit",) if finding is not None and self._about(finding) else ()),
            *("undo", "back", "help"),
        )
        offered = [each for each in self.offered if each.name in wanted]
        keys = self.query_one(Keyline)
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)

    @work(thread=True, exclusive=True, group="judging")
    def _judge(self, subject: Subject) -> None:
        verdict = self.box.stellwerk.validators.judge(subject)
        self.app.call_from_thread(self._list, verdict)

    def _list(self, verdict: Verdict) -> None:
        self._findings = list(verdict.findings)
        score = f"quality {verdict.score.value:.2f}"
        count = len(self._findings)
        told = "nothing to make better" if not count else f"{count} findings"
        self.query_one("#head", Static).update(Text(f"{told}, {score}", "bold"))
        listed = self.query_one(OptionList)
        at = listed.highlighted or 0
        listed.clear_options()
        listed.add_options(Option(_finding(each)) for each in self._findings)
        if self._findings:
            listed.highlighted = min(at, len(self._findings) - 1)

    @on(OptionList.OptionHighlighted)
    def _looked(self, event: OptionList.OptionHighlighted) -> None:
        each = self._findings[event.option_index]
        text = Text()
        text.append(f"{each.message}\n")
        if each.quote:
            text.append(f"\n  {each.quote}\n", "italic")
        if each.hint:
            text.append(f"\n{each.hint}\n", "dim")
        self._offer(each)
        if each.fix is not None:
            text.append("\nSpace makes the fix; u takes it back.", "bold")
        self.query_one("#notes", Static).update(text)

    def _about(self, finding: Finding) -> str | None:
        """Return the uid of the item with a station that a finding is about."""
        plan = self.session.plan
        uid = plan.index.find(finding.ref) if finding.ref else None
        return uid if uid and station_of(plan, uid) else None

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.action_visit()

    def action_visit(self) -> None:
        """Go to what the finding is about."""
        finding = self._pointed
        if finding is None:
            return
        if uid := self._about(finding):
            self.dismiss(uid)
        else:
            self.say("This one is about the plan as a whole.")

    @property
    def _pointed(self) -> Finding | None:
        at = self.query_one(OptionList).highlighted
        return self._findings[at] if at is not None and at < len(self._findings) else None

    def action_fix(self) -> None:
        """Make the fix of the finding the cursor is on."""
        finding = self._pointed
        if finding is None:
            return
        if finding.fix is None:
            self.say(
                "This one needs a person: nothing can be changed without losing something."
            )
        else:
            self.make(finding.fix)


def _finding(each: Finding) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(f"{each.code} ", _STYLES[each.severity])
    text.append(f"{each.ref:<8}" if each.ref else "        ", "dim")
    text.append(each.message)
    if each.fix is not None:
        text.append("  (fix)", "bold")
    return text
