"""Having a plan made better: what is proposed, and which of it is taken."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.bootstrap import Stellwerk
from stellwerk.domain.edits.edit import Edit, apply
from stellwerk.errors import PlanError
from stellwerk.planner import PLAIN
from stellwerk.planning.events import Emit
from stellwerk.refining import Refining, Request, adopting, chosen
from stellwerk.tui.actions import PROPOSALS
from stellwerk.tui.running import Running
from stellwerk.tui.session import Session
from stellwerk.tui.widgets.footer import Keyline
from stellwerk.validation.refining import Proposal, Refined


class Wanted(NamedTuple):
    """What is to become better.

    Attributes:
        feedback: In somebody's words; empty for what the findings say.
        expand: Uid of the item to put in more detail, if that is wanted.
    """

    feedback: str = ""
    expand: str = ""


class ProposalsPlace(Running):
    """Proposals for a plan.

    Args:
        session: The goal.
        wanted: What is to become better.
    """

    place: ClassVar[str] = PROPOSALS

    def __init__(self, session: Session, wanted: Wanted) -> None:
        plan = session.plan
        about = f"More detail for {plan.name(wanted.expand)}" if wanted.expand else ""
        super().__init__(about or wanted.feedback or f"Refining {plan.goal.title}")
        self._session, self._wanted = session, wanted
        self._base, self._notes = session.base, session.all_notes()
        self._proposals: tuple[Proposal, ...] = ()
        self._taken: set[int] = set()

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(Text(self._title, "bold", no_wrap=True), id="head")
        with VerticalScroll(id="sheet"):
            yield Static(id="fields")
            yield Static(id="notes")
        yield OptionList(id="list", compact=True)
        yield Keyline(id="keys")

    def carry_out(self, services: Stellwerk, run: str, hear: Emit) -> Refined:
        """Have it refined; nothing is stored. Answers already paid for are not asked again."""
        del run
        planner = self.planner(services)
        choice = services.providers.choose((), offline=True)
        refining = Refining(planner, self._base, self._notes)
        if self._wanted.expand:
            wish = self._wanted.feedback
            return refining.expanded(self._wanted.expand, wish, choice, hear, PLAIN)
        return refining.proposed(Request(self._wanted.feedback), choice, hear, PLAIN)

    def made(self, found: Refined) -> None:
        """Show what is proposed; all of it is taken at first."""
        self._proposals = found.standing
        self._taken = set(range(len(self._proposals)))
        listed = self.query_one(OptionList)
        if not self._proposals:
            self.note("Nothing is proposed: what is left needs a person, or a model.")
            return
        self._list()
        listed.highlighted = 0
        listed.focus()

    def _list(self) -> None:
        listed = self.query_one(OptionList)
        at = listed.highlighted
        listed.clear_options()
        for number, each in enumerate(self._proposals):
            mark = "[x]" if number in self._taken else "[ ]"
            listed.add_option(
                Option(Text(f"{mark} {self._says(each.edit)}\n    {each.reason}"))
            )
        listed.highlighted = at
        keys = self.query_one(Keyline)
        wanted = ("take", "adopt", "back", "help")
        offered = [each for each in self.offered if each.name in wanted]
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)

    def _says(self, edit: Edit) -> str:
        plan = self._base.plan
        try:
            return edit.says(plan, apply(edit, plan))
        except PlanError:
            return "changes what another proposal brings"

    def action_take(self) -> None:
        """Take the proposal the cursor is on, or leave it."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self._taken ^= {at}
            self._list()

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_adopt()

    def action_adopt(self) -> None:
        """Make the proposals that are taken, as one edit."""
        picked = [each for at, each in enumerate(self._proposals) if at in self._taken]
        if not picked:
            self.say("No proposal is taken: space takes one.")
            return
        refinery = self.box.stellwerk.refinery()
        final = chosen(self._base, self._notes, picked, refinery)
        if not final.standing:
            self.say("None of them may stand without the others.")
            return
        edit = adopting(self._base, final)
        outcome = self.attempt(lambda: self._session.make(edit))
        if outcome is not None:
            self.box.stellwerk.grade(outcome.after, self._session.all_notes())
            self.app.pop_screen()
            self.say(f"{outcome.says}; u takes it back.")
