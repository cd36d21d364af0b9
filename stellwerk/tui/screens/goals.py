"""All goals: how far they are, how good their plans are, and what is next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.analytics.upcoming import upcoming
from stellwerk.domain.goal import Goal, GoalStatus
from stellwerk.domain.railway import progress_of
from stellwerk.domain.snapshot import Snapshot
from stellwerk.planning.dispatcher import Outcome
from stellwerk.planning.ports import GoalLine, Graded
from stellwerk.railway.fitting import fitted
from stellwerk.railway.glyphs import Charset
from stellwerk.tui.actions import GOALS
from stellwerk.tui.fields import asked
from stellwerk.tui.place import Place
from stellwerk.tui.questions import Steps, questions
from stellwerk.tui.widgets.asking import Ask, Confirm
from stellwerk.tui.widgets.footer import Keyline

_WELCOME = """\
There is no goal yet.

Press n and say in your own words what you want to reach, such as

  Run a marathon under four hours

Stellwerk makes a plan of it, with decisions where there are any, and draws it as a railway.
"""
_LOOK = 2.0
"""Seconds between two looks whether somebody changed something."""


class Line(NamedTuple):
    """A goal as the list shows it."""

    goal: GoalLine
    base: Snapshot
    quality: Graded | None


class Goals(Place):
    """The list of goals."""

    place: ClassVar[str] = GOALS

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._archived = False
        self._wanted = ""
        self._known: list[GoalLine] = []
        self._edited: Goal | None = None

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(id="head")
        yield OptionList(id="list", compact=True)
        yield Static(Text(_WELCOME), id="welcome")
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Look again and again whether somebody changed something."""
        self.set_interval(_LOOK, self._look)

    def _look(self) -> None:
        if self.is_active:
            lines = self.attempt(self.box.stellwerk.store.goals)
            if lines is not None and list(lines) != self._known:
                self.refresh_plan()

    def on_screen_resume(self) -> None:
        """Show what there is, which may have changed meanwhile; the goal left is pointed at."""
        self.refresh_plan()
        uids = [each.goal.goal.uid for each in self._lines]
        if self.box.goal in uids:
            self.query_one(OptionList).highlighted = uids.index(self.box.goal)

    def on_resize(self) -> None:
        """Fit the lines into the width there is."""
        self._show()

    def refresh_plan(self) -> None:
        """Read the goals."""
        self.attempt(self._read)
        self._show()

    def _read(self) -> None:
        store = self.box.stellwerk.store
        self._known = list(store.goals())
        found = self.box.stellwerk.dispatcher.goals(archived=self._archived)
        quality = store.quality.latest([each.goal.uid for each in found])
        self._lines = [
            Line(each, store.excerpt(each.goal.uid), quality.get(each.goal.uid))
            for each in found
            if self._wanted.casefold() in f"{each.goal.title} {each.goal.slug}".casefold()
        ]

    def _show(self) -> None:
        listed, at = self.query_one(OptionList), self.query_one(OptionList).highlighted
        width = max(self.app.size.width - 4, 10)
        listed.clear_options()
        listed.add_options(
            Option(goal_text(line, width, self.box.charset)) for line in self._lines
        )
        if self._lines:
            listed.highlighted = min(at or 0, len(self._lines) - 1)
        empty = not self._lines and not self._wanted
        listed.display, self.query_one("#welcome").display = not empty, empty
        archived = sum(1 for each in self._known if each.goal.status is GoalStatus.ARCHIVED)
        told = f"No goal is under way. a shows {archived} archived, n plans a new one."
        self.query_one("#welcome", Static).update(Text(told if archived else _WELCOME))
        told = "Stellwerk" if not self._wanted else f"Stellwerk: goals with “{self._wanted}”"
        count = f"{len(self._lines)} goal{'s' if len(self._lines) != 1 else ''}"
        self.query_one("#head", Static).update(Text(f"{told}  {count}", no_wrap=True))
        keys = self.query_one(Keyline)
        offered = [each for each in self.offered if each.footer]
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)
        if listed.display:
            listed.focus()

    @property
    def _selected(self) -> Line | None:
        at = self.query_one(OptionList).highlighted
        return self._lines[at] if at is not None and at < len(self._lines) else None

    def action_back(self) -> None:
        """Show all goals again, when they were searched."""
        if self._wanted:
            self._wanted = ""
            self.refresh_plan()
        else:
            super().action_back()

    @on(OptionList.OptionSelected)
    def _opened(self) -> None:
        self.action_open_goal()

    def action_open_goal(self) -> None:
        """Open the goal."""
        if line := self._selected:
            self.box.open_goal(line.goal.goal.uid)

    def action_show_archived(self) -> None:
        """Show or hide archived goals."""
        self._archived = not self._archived
        self.refresh_plan()

    def action_archive(self) -> None:
        """Archive the goal, or bring it back."""
        line = self._selected
        if line is None:
            return
        away = line.goal.goal.status is GoalStatus.ARCHIVED
        status = GoalStatus.PLANNED if away else GoalStatus.ARCHIVED
        if self._set(line, status=status) and not away:
            self.say(f"{line.goal.goal.title} is archived: a shows archived goals.")

    @questions
    def action_rename(self) -> Steps:
        """Give the goal another title."""
        if (line := self._selected) is None:
            return
        old = line.goal.goal.title
        title = yield Ask("Rename", old)
        if title and title != old:
            self._set(line, title=title)

    @questions
    def action_fields(self) -> Steps:
        """Change any field of the goal."""
        if (line := self._selected) is None:
            return
        store, dispatcher = self.box.stellwerk.store, self.box.stellwerk.dispatcher
        uid = line.goal.goal.uid
        if wish := (yield from asked(line.base.plan, None, self.written)):
            base = store.excerpt(uid)
            self._tell(lambda: dispatcher.make(base, wish(base.plan)))

    @questions
    def action_delete(self) -> Steps:
        """Delete the goal."""
        if (line := self._selected) is None:
            return
        goal = line.goal.goal
        told = ["u brings it back, as long as you stay here;"]
        told += [f"`stellwerk undo -g {goal.slug}` does so later. x only archives it."]
        if (yield Confirm(f"Delete {goal.title}?", told)):
            self._set(line, deleted=True)

    def action_undo(self) -> None:
        """Take back the latest edit that was made here."""
        self._again(self.box.stellwerk.dispatcher.undo)

    def action_redo(self) -> None:
        """Bring back what was undone here."""
        self._again(self.box.stellwerk.dispatcher.redo)

    def _again(self, deed: Callable[[Goal], Outcome]) -> None:
        """Undo or redo on the goal that was edited here last, which may be gone from the list."""
        if (goal := self._edited) is None:
            self.say("Nothing was changed in this list: what is in a goal is undone there.")
        elif self._tell(lambda: deed(goal)):
            uids = [each.goal.goal.uid for each in self._lines]
            if goal.uid in uids:
                self.query_one(OptionList).highlighted = uids.index(goal.uid)

    def _set(self, line: Line, **values: object) -> Outcome | None:
        """Set fields of a goal and tell it."""
        dispatcher = self.box.stellwerk.dispatcher
        return self._tell(lambda: dispatcher.set_goal(line.base, **values))

    def _tell(self, edit: Callable[[], Outcome]) -> Outcome | None:
        """Make an edit and tell it."""
        outcome = self.attempt(edit)
        if outcome is not None:
            self._edited = outcome.before.plan.goal
            self.say(f"{outcome.says}.")
            self.refresh_plan()
        return outcome

    @questions
    def action_search(self) -> Steps:
        """Search by title."""
        told = yield Ask("Search goals", hint="words of a title; nothing shows all")
        self._wanted = told or ""
        self.refresh_plan()

    @questions
    def action_new_goal(self) -> Steps:
        """Plan a new goal."""
        from stellwerk.domain.limits import MAX_GOAL_TEXT
        from stellwerk.tui.screens.planning import PlanningPlace

        hint = "in your own words; enter plans it, esc leaves it"
        told = yield Ask("What do you want to reach?", hint=hint, most=MAX_GOAL_TEXT)
        if told:
            self.app.push_screen(PlanningPlace(told))

    def key_j(self) -> None:
        """Go down."""
        self.query_one(OptionList).action_cursor_down()

    def key_k(self) -> None:
        """Go up."""
        self.query_one(OptionList).action_cursor_up()


def goal_text(line: Line, width: int, charset: Charset) -> Text:
    """Return a goal in two rows: title, progress and quality; and what is next."""
    plan = line.base.plan
    share = progress_of(plan).share
    quality = f"{line.quality.score:.2f}" if line.quality else "  - "
    length = 10 if width >= 60 else 5
    done = round(share * length)
    bar = charset.bar[0] * done + charset.bar[1] * (length - done)
    figures = (
        f" {bar} {share:>4.0%}  quality {quality}" if width >= 60 else f" {bar} {share:>4.0%}"
    )
    room = max(width - len(figures), 8)
    title = fitted(plan.goal.title, room, charset)
    head = Text(title, "bold", no_wrap=True)
    if plan.goal.status is GoalStatus.ARCHIVED:
        head.stylize("dim")
    head.pad_right(max(room - head.cell_len, 0))
    head.append(figures, "not bold")
    head.append(f"\n  {fitted(next_step(line.base), width - 2, charset)}", "dim not bold")
    return head


def next_step(base: Snapshot) -> str:
    """Return what to do next on a plan, in a line."""
    plan = base.plan
    if plan.goal.status is GoalStatus.ARCHIVED:
        return "archived"
    if plan.goal.status is GoalStatus.ACHIEVED:
        return "achieved"
    found = upcoming(plan)
    if found.doing:
        return f"going on: {_named(base, found.doing)}"
    if found.suggestions:
        first = found.suggestions[0]
        return f"{'decide' if first.total_float is None else 'next'}: {plan.name(first.uid)}"
    if found.waiting:
        return f"waiting: {_named(base, found.waiting)}"
    return "nothing left to do" if plan.routes else "no route yet"


def _named(base: Snapshot, uids: Sequence[str]) -> str:
    more = f" and {len(uids) - 1} more" if len(uids) > 1 else ""
    return f"{base.plan.name(uids[0])}{more}"
