"""Editing on the map: what is about the station that is selected there."""

from __future__ import annotations

from abc import abstractmethod

from stellwerk.domain.edits.compound import linking, removal, unlinking
from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import EditError
from stellwerk.tui import wishes
from stellwerk.tui.impact import impact
from stellwerk.tui.questions import Steps, questions
from stellwerk.tui.walking import Walking
from stellwerk.tui.widgets.asking import Ask, Confirm, Pick


class MapEditing(Walking):
    """A place with a map to edit."""

    @property
    @abstractmethod
    def inside(self) -> bool:
        """Whether the cursor is in the list of work packages, not on the map."""

    @questions
    def action_add_after(self) -> Steps:
        """Add a work package in the list, or a route on the map."""
        if self.inside and (uid := self.item):
            yield from self._add_package(uid)
            return
        here = self.session.plan.name(self.selected) if self.selected else ""
        where = f"behind {here}" if here else "at the beginning"
        told = yield Ask(f"New route {where}")
        if told:
            self.make(lambda base: wishes.route_after(base, self.births, self.selected, told))

    @questions
    def action_add_package(self) -> Steps:
        """Add a work package to the station, behind all it has."""
        if self.selected is None:
            self.say("There is no route yet: a adds the first one.")
            return
        yield from self._add_package(self.selected)

    def _add_package(self, uid: str) -> Steps:
        title = yield Ask(f"New work package in {self.session.plan.name(self.selected or '')}")
        if title:
            self.make(lambda base: wishes.package_after(base, self.births, uid, title))

    @questions
    def action_add_before(self) -> Steps:
        """Add a task in the list, or a route before the station on the map."""
        if (uid := self.item) is None:
            return
        if self.inside:
            title = yield Ask(f"New task in {self.session.plan.name(self.selected or '')}")
            if title:
                self.make(lambda base: wishes.task_after(base, self.births, uid, title))
            return
        title = yield Ask(f"New route before {self.session.plan.name(uid)}")
        if title:
            self.make(lambda base: wishes.route_before(base, self.births, uid, title))

    @questions
    def action_branch(self) -> Steps:
        """Let the line part behind the station."""
        if (uid := self.selected) is None:
            return
        question = yield Ask(f"What is to be decided after {self.session.plan.name(uid)}?")
        if not question:
            return
        hint = "its ways, parted by semicolons: Make it; Buy it"
        base = self.session.base
        told = yield Ask(
            *(question, "", hint, 2000),
            check=lambda told: wishes.branching(base, self.births, uid, question, _ways(told)),
        )
        if told:
            ways = _ways(told)
            self.make(lambda base: wishes.branching(base, self.births, uid, question, ways))

    @questions
    def action_connect(self) -> Steps:
        """Lay a track to another station, which is pointed at by its letters."""
        if (uid := self.selected) is None:
            return
        self.say(f"A track from {self.session.plan.ref(uid)} to: type the letters there.")
        head = yield self.pointing(lambda each: each != uid)
        if head:
            self.make(lambda base: linking(base.plan, base.book, self.births, head, uid))

    @questions
    def action_cut(self) -> Steps:
        """Lift a track that leaves the station."""
        if (uid := self.selected) is None:
            return
        heads = self.session.plan.index.after[uid]
        if not heads:
            self.say("No track leaves this station.")
            return
        if len(heads) == 1:
            (head,) = heads
        else:
            self.say("Lift the track to: type the letters there.")
            head = yield self.pointing(lambda each: each in heads)
        if head:
            self.make(lambda base: unlinking(base.plan, head, uid))

    @questions
    def action_people(self) -> Steps:
        """Change or remove people of the plan."""
        plan = self.session.plan
        if not plan.people:
            self.say("Nobody yet: p gives work to somebody new.")
            return
        at = yield Pick("Who?", [person.name for person in plan.people])
        if at is None:
            return
        person = plan.people[at]
        deed = yield Pick(person.name, ["change", "remove from the plan"])
        if deed == 0:
            yield from self._change(person.uid)
        elif deed == 1:
            gone = f"Remove {person.name} from the plan?"
            if (yield Confirm(gone, impact(plan, person.uid), "remove")):
                self.make(lambda base: removal(base.plan, person.uid, {}))

    def action_move_up(self) -> None:
        """Move the station or work package up."""
        self._move(-1)

    def action_move_down(self) -> None:
        """Move the station or work package down."""
        self._move(1)

    def _move(self, step: int) -> None:
        if (uid := self.item) is None:
            return

        def edit(base: Snapshot) -> Edit:
            found = wishes.moved(base.plan, uid, step)
            if found is None:
                end = "first" if step < 0 else "last"
                raise EditError(f"{base.plan.name(uid)} is the {end} one here.")
            return found

        self.make(edit)

    def action_choose(self, number: int) -> None:
        """Take a way of the switch here, or leave it open again."""
        if (uid := self.selected) is None:
            return

        def edit(base: Snapshot) -> Edit:
            found = wishes.setting(base.plan, uid, number)
            if found is None:
                msg = f"{base.plan.name(uid)} has no way {number} to take."
                raise EditError(msg, "b goes to the next switch.")
            return found

        self.make(edit)


def _ways(told: str) -> list[str]:
    return [way.strip() for way in told.split(";") if way.strip()]
