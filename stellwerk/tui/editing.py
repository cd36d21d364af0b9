"""What the places that show a plan have in common: edits, undo, and what is about a package."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Final

from stellwerk.domain.births import Births
from stellwerk.domain.edits.compound import removal
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Assign, Rename, Rewrite
from stellwerk.domain.edits.items import Add, contents
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.goal import Person
from stellwerk.domain.limits import MAX_NOTES, MAX_TITLE
from stellwerk.domain.notes import tidy
from stellwerk.domain.plan import Route, title_of
from stellwerk.domain.refs import PEOPLE
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.text import clean
from stellwerk.domain.work import WorkPackage
from stellwerk.errors import ConflictError, StellwerkError
from stellwerk.planning.dispatcher import Outcome
from stellwerk.tui import fields, wishes
from stellwerk.tui.impact import impact
from stellwerk.tui.place import Place
from stellwerk.tui.questions import Steps, questions
from stellwerk.tui.session import Session
from stellwerk.tui.widgets.asking import Ask, Confirm, Pick

_LOOK: Final = 1.0
"""Seconds between two looks whether somebody else changed the plan."""


class Editing(Place):
    """A place that shows a plan and edits it.

    Attributes:
        session: The goal.
    """

    session: Session

    @property
    @abstractmethod
    def package(self) -> str | None:
        """Uid of the work package that actions are about."""

    @property
    def item(self) -> str | None:
        """Uid of what the cursor is on."""
        return self.package

    @property
    def births(self) -> Births:
        """Identity and time for items born now."""
        return self.box.stellwerk.dispatcher.births

    def on_mount(self) -> None:
        """Look again and again whether somebody else changed the plan."""
        self.set_interval(_LOOK, self._look)

    def renew(self) -> None:
        """Read the plan again and show it; a goal that was deleted is left."""
        self.session.reload()
        if not self.session.plan.goal.deleted:
            self.refresh_plan()
            return
        self.box.show_goals()
        self.app.notify(f"Somebody deleted {self.session.plan.goal.title}.", markup=False)

    def _look(self) -> None:
        if self.is_active and self.attempt(self.session.changed):
            self.renew()
            if self.is_active:
                self.say("Somebody else changed this plan; it is shown as it is now.")

    def edited(self, outcome: Outcome) -> None:
        """Show what came of an edit."""
        del outcome
        self.refresh_plan()

    def make(self, wanted: Edit | Callable[[Snapshot], Edit]) -> Outcome | None:
        """Make an edit and show it, or tell why it cannot be made."""
        edit = (
            wanted
            if isinstance(wanted, Edit)
            else self.attempt(lambda: wanted(self.session.base))
        )
        if edit is None:
            return None
        try:
            return self._show(self.session.make(edit))
        except ConflictError as error:
            self.renew()
            if isinstance(edit, Rename | Rewrite):
                self._settle(edit)
            else:
                self.told(error)
        except StellwerkError as error:
            self.told(error)
        return None

    def _show(self, outcome: Outcome) -> Outcome:
        self.edited(outcome)
        said = outcome.says
        self.say(said if said.endswith(("?", "!", ".")) else f"{said}.")
        return outcome

    @questions
    def _settle(self, mine: Rename | Rewrite) -> Steps:
        """Ask which of two versions counts that were written at the same time, or both."""
        plan = self.session.plan
        if mine.uid not in plan.index.items:
            self.say("Somebody deleted it meanwhile; the history has it (y).")
            return
        if isinstance(mine, Rename):
            theirs, own = title_of(plan.item(mine.uid)), mine.title
        else:
            theirs, own = self.session.notes(mine.uid), mine.new
        at = yield (
            Pick(
                f"Somebody else changed {plan.ref(mine.uid)} meanwhile. Which one counts?",
                [
                    f"theirs: {_gist(theirs, own)}",
                    f"mine: {_gist(own, theirs)}",
                    "both, mine behind theirs",
                ],
                begin=2,
            )
        )
        if at in (None, 0):
            return
        if isinstance(mine, Rename):
            self.make(Rename(mine.uid, own if at == 1 else f"{theirs} / {own}"[:MAX_TITLE]))
        else:
            both = tidy(f"{theirs}\n{own}")
            self.make(Rewrite(mine.uid, theirs, own if at == 1 else both))

    @questions
    def action_rename(self) -> Steps:
        """Give what the cursor is on another title."""
        if (uid := self.item) is None:
            return
        old = title_of(self.session.plan.item(uid))
        title = yield Ask("Rename", old)
        if title and title != old:
            self.make(Rename(uid, title))

    @questions
    def action_fields(self) -> Steps:
        """Change any field of what the cursor is on."""
        if (uid := self.item) is not None:
            yield from self._change(uid)

    def _change(self, uid: str) -> Steps:
        """Ask which field of an item should be what."""
        if wish := (yield from fields.asked(self.session.plan, uid, self.written)):
            self.make(lambda base: wish(base.plan))

    @questions
    def action_delete(self) -> Steps:
        """Delete what the cursor is on, after showing what goes with it."""
        if (uid := self.item) is None:
            return
        plan = self.session.plan
        if (yield Confirm(f"Delete {plan.name(uid)}?", impact(plan, uid))):
            self.make(lambda base: self._removal(base, uid))

    def _removal(self, base: Snapshot, uid: str) -> Edit:
        parts = contents(base.plan.item(uid))
        gone = [part.uid for part in parts if isinstance(part, WorkPackage)]
        notes = {each: text for each in gone if (text := self.session.notes(each))}
        return removal(base.plan, uid, notes)

    def action_undo(self) -> None:
        """Take back the latest edit."""
        if outcome := self.attempt(self.session.undo):
            self._show(outcome)

    def action_redo(self) -> None:
        """Bring back what was undone."""
        if outcome := self.attempt(self.session.redo):
            self._show(outcome)

    def action_history(self) -> None:
        """Show who changed what."""
        self.box.show_history(self.session)

    def action_tick(self) -> None:
        """Finish the work package, or open it again."""
        if uid := self._needed():
            self.make(lambda base: wishes.ticking(base, self.births, uid))

    def action_start(self) -> None:
        """Start the work package, or stop it again."""
        if uid := self._needed():
            self.make(lambda base: wishes.starting(base, self.births, uid))

    def _needed(self) -> str | None:
        if self.package is None:
            self.say("There is no open work package here.")
        return self.package

    @questions
    def action_wait(self) -> Steps:
        """Put the work package on hold."""
        if (uid := self._needed()) is None:
            return
        told = yield Ask("Whom or what does it wait for?")
        if told:
            now = self.box.stellwerk.dispatcher.clock()
            old = self.session.plan.package(uid).standing
            standing = wishes.on_hold(old, now, told)
            self.make(SetStatus(uid, standing))

    @questions
    def action_assign(self) -> Steps:
        """Say who does the work package."""
        if (uid := self._needed()) is None:
            return
        plan = self.session.plan
        names = [person.name for person in plan.people]
        at = yield Pick(f"Who does {plan.name(uid)}?", [*names, "nobody", "somebody new"])
        if at is None:
            return
        if at <= len(names):
            whom = plan.people[at].uid if at < len(names) else None
            if plan.package(uid).assignee != whom:
                self.make(Assign(uid, whom))
        else:
            name = yield Ask("What is their name?")
            if name:
                self.make(self._employing(uid, name))

    def _employing(self, uid: str, name: str) -> Callable[[Snapshot], Edit]:
        births = self.births

        def edit(base: Snapshot) -> Edit:
            person = Person(births.new_uid(), base.book.next(PEOPLE), name, births.now)
            added = Add(person, base.plan.goal.uid)
            says = f"gave {base.plan.name(uid)} to {name}"
            return Batch((added, Assign(uid, person.uid)), says)

        return edit

    @questions
    def action_expand(self) -> Steps:
        """Have a model put what the cursor is on in more detail."""
        if (uid := self.item) is None:
            return
        if isinstance(item := self.session.plan.item(uid), Route) and item.tasks:
            uid = self.package or uid
        ask = Ask(
            f"More detail for {self.session.plan.name(uid)}",
            hint="what to mind, or nothing",
            blank=True,
        )
        told = yield ask
        if told is not None:
            self.box.show_proposals(self.session, told, uid)

    def action_notes(self) -> None:
        """Write the notes of the work package in an editor."""
        if (uid := self._needed()) is None:
            return
        old = self.session.notes(uid)
        told = self.written(old)
        if told is None:
            return
        new = tidy(clean(told))[:MAX_NOTES]
        if new == old:
            self.say("The notes were left as they are.")
            return
        self.make(Rewrite(uid, old, new))


def _gist(text: str, other: str) -> str:
    """Return where a text differs from another one first, for a line."""
    known = set(other.splitlines())
    lines = [line for line in text.splitlines() if line.strip() and line not in known]
    line = " ".join((lines or [text])[0].split())
    return line if len(line) <= 60 else f"{line[:59]}…"
