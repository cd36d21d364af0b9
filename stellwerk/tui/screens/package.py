"""A work package in full: where it stands, its checklist to tick, its notes to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from rich.markdown import Markdown
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.domain.edits.compound import linking, moving, unlinking
from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.domain.edits.fields import Estimate, Resize, Rewrite
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.limits import GRADE, LENGTH
from stellwerk.domain.notes import Notes, Part, Section, compose, parse, ticked
from stellwerk.domain.plan import Plan, title_of
from stellwerk.domain.work import Status, WorkPackage
from stellwerk.errors import UsageError
from stellwerk.tui.actions import PACKAGE
from stellwerk.tui.editing import Editing
from stellwerk.tui.fields import setting, three
from stellwerk.tui.questions import Steps, questions
from stellwerk.tui.session import Session
from stellwerk.tui.widgets.asking import Ask, Find
from stellwerk.tui.widgets.footer import Keyline
from stellwerk.tui.widgets.labelled import labelled


class PackagePlace(Editing):
    """One work package.

    Args:
        session: The goal.
        uid: Of the work package.
    """

    place: ClassVar[str] = PACKAGE

    def __init__(self, session: Session, uid: str) -> None:
        super().__init__()
        self.session = session
        self._uid = uid

    @property
    def package(self) -> str | None:
        """The work package."""
        return self._uid

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(id="head")
        with VerticalScroll(id="sheet"):
            yield Static(id="fields")
            yield OptionList(id="criteria", compact=True)
            yield Static(id="notes")
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Show it."""
        self.refresh_plan()
        criteria = self.query_one("#criteria", OptionList)
        (criteria if criteria.option_count else self.query_one(VerticalScroll)).focus()

    def on_resize(self) -> None:
        """Fit the keys into the width there is."""
        self.refresh_plan()

    def refresh_plan(self) -> None:
        """Show it as it is now."""
        plan = self.session.plan
        if self._uid not in plan.index.items:
            self.app.pop_screen()
            return
        package, notes = plan.package(self._uid), self.session.notes(self._uid)
        head = f"{plan.ref(self._uid)} {package.title}"
        self.query_one("#head", Static).update(Text(head, "bold", no_wrap=True))
        self.query_one("#fields", Static).update(labelled(_rows(plan, package), 9))
        listed = self.query_one("#criteria", OptionList)
        at = listed.highlighted
        listed.clear_options()
        parts = parse(notes)
        criteria = parts.criteria
        listed.add_options(
            Option(labelled([("[x]" if done else "[ ]", text)])) for done, text in criteria
        )
        listed.display = bool(criteria)
        if criteria:
            listed.highlighted = min(at or 0, len(criteria) - 1)
        rest = compose(Notes(tuple(each for each in parts.sections if not _checklist(each))))
        empty = "" if notes else "No notes yet: E writes some."
        shown = Markdown(rest) if rest.strip() else Text(empty, "dim")
        self.query_one("#notes", Static).update(shown)
        keys = self.query_one(Keyline)
        offered = [each for each in self.offered if each.name in _FIRST]
        offered.sort(key=lambda each: _FIRST.index(each.name))
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)

    def action_tick(self) -> None:
        """Tick the criterion the cursor is on; without a checklist finish the package."""
        listed = self.query_one("#criteria", OptionList)
        if listed.highlighted is None:
            super().action_tick()
        elif listed.has_focus:
            self._tick(listed.highlighted)
        else:
            listed.focus()

    def action_pan_down(self) -> None:
        """Read on."""
        self.query_one("#sheet", VerticalScroll).scroll_page_down(animate=False)

    def action_pan_up(self) -> None:
        """Read what is above."""
        self.query_one("#sheet", VerticalScroll).scroll_page_up(animate=False)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._tick(event.option_index)

    def _tick(self, number: int) -> None:
        old = self.session.notes(self._uid)
        new = ticked(old, number)
        if self.make(Rewrite(self._uid, old, new)) is not None:
            criteria = parse(new).criteria
            done = sum(1 for met, _ in criteria if met)
            self.say(f"{done} of {len(criteria)} criteria are met.")

    def action_history(self) -> None:
        """Show who changed what in this work package."""
        self.box.show_history(self.session, self._uid)

    def action_done(self) -> None:
        """Finish the package, or open it again."""
        super().action_tick()

    @questions
    def action_needs(self) -> Steps:
        """Say what it needs first, or no longer needs."""
        plan = self.session.plan
        needed = plan.package(self._uid).needs
        others = [each for each in plan.packages if each.uid != self._uid]
        others.sort(key=lambda each: each.uid not in needed)
        marks = {True: "[x]", False: "[ ]"}
        names = [f"{marks[each.uid in needed]} {plan.name(each.uid)}" for each in others]
        at = yield Find(f"What does {plan.ref(self._uid)} need first?", names)
        if at is None:
            return
        on = others[at].uid
        if on in needed:
            self.make(lambda base: unlinking(base.plan, self._uid, on))
        else:
            self.make(lambda base: linking(base.plan, base.book, self.births, self._uid, on))

    @questions
    def action_move_to(self) -> Steps:
        """Put it into another task."""
        plan = self.session.plan
        tasks = [task for route in plan.routes for task in route.tasks]
        here = plan.index.parents[self._uid]
        tasks = [task for task in tasks if task.uid != here]
        at = yield Find(
            f"Into which task goes {plan.name(self._uid)}?",
            [f"{plan.name(each.uid)}, {plan.route_of(each.uid).title}" for each in tasks],
        )
        if at is not None:
            task = tasks[at]
            last = len(task.packages)
            self.make(lambda base: moving(base.plan, base.book, self._uid, task.uid, last))

    @questions
    def action_divert(self) -> Steps:
        """Settle it: it ended up elsewhere."""
        told = yield Ask("Where did it end up?", hint="why it is not done here")
        if told:
            old = self.session.plan.package(self._uid).standing
            now = self.box.stellwerk.dispatcher.clock()
            new = replace(old.become(Status.DIVERTED, now), reason=told)
            self.make(SetStatus(self._uid, new))

    @questions
    def action_estimate(self) -> Steps:
        """Say how much effort it takes."""
        package = self.session.plan.package(self._uid)
        now = three(package.estimate) or f"{package.length} {package.grade}"
        low, high = LENGTH
        hint = f"length {low} to {high} and grade {GRADE[0]} to {GRADE[1]}, as 3 5; or hours, as 2/4/9"
        plan = self.session.plan
        told = yield Ask(
            *("How much effort does it take?", now, hint),
            check=lambda told: apply(effort(plan, self._uid, told), plan),
        )
        if told and told != now:
            self.make(lambda base: effort(base.plan, self._uid, told))


_FIRST = ("tick", "done", "start", "estimate", "notes", "fields", "undo", "back", "help")


def effort(plan: Plan, uid: str, told: str) -> Edit:
    """Return the edit that a told effort asks for (EditError, UsageError).

    `3 5` is length and grade, without an estimate from then on; `2/4/9` is one in hours.
    """
    if "/" in told:
        return setting(plan, uid, "estimate", told)
    found = re.fullmatch(r"(\d{1,3})(?: +(\d{1,3}))?", told.strip())
    if found is None:
        msg = f"“{told}” is no effort."
        raise UsageError(msg, "Write `3 5` for length and grade, or `2/4/9` for hours.")
    package = plan.package(uid)
    size = Resize(uid, int(found[1]), int(found[2] or package.grade))
    if package.estimate is None:
        return size
    return Batch((size, Estimate(uid, None, package.elapsed_days)))


def _checklist(section: Section) -> bool:
    """Whether a section has nothing in it but criteria, which stand above to be ticked."""
    lines = [line for line in section.body.splitlines() if line.strip()]
    items = [line for line in lines if not line[0].isspace()]
    return (
        section.part is Part.CRITERIA
        and bool(items)
        and len(items) == len(Notes((section,)).criteria)
    )


def _rows(plan: Plan, package: WorkPackage) -> Iterator[tuple[str, str]]:
    yield "Status", package.standing.told
    yield "Route", plan.name(plan.route_of(package.uid).uid)
    hours = package.hours(plan.goal.unit_hours)
    yield "Effort", f"length {package.length} ({hours:g} h), grade {package.grade}"
    if package.estimate:
        yield "Estimate", f"{three(package.estimate)} h"
    if package.elapsed_days:
        yield "Days", f"{package.elapsed_days} at least"
    if package.needs:
        yield "Needs", ", ".join(plan.name(uid) for uid in package.needs)
    waiting = [each for each in plan.packages if package.uid in each.needs]
    if waiting:
        yield "Before", ", ".join(plan.name(each.uid) for each in waiting)
    if package.assignee:
        yield "Who", title_of(plan.item(package.assignee))
