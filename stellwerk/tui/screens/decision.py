"""A decision: its options side by side, and what each one opens, closes and costs in work."""

from __future__ import annotations

from typing import ClassVar

from rich.console import Group
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from stellwerk.tui import wishes
from stellwerk.tui.actions import DECISION
from stellwerk.tui.editing import Editing
from stellwerk.tui.session import Session
from stellwerk.tui.weighing import Way, ways
from stellwerk.tui.widgets.footer import Keyline
from stellwerk.tui.widgets.labelled import labelled


class DecisionPlace(Editing):
    """One switch.

    Args:
        session: The goal.
        uid: Of the switch.
    """

    place: ClassVar[str] = DECISION

    def __init__(self, session: Session, uid: str) -> None:
        super().__init__()
        self.session = session
        self._uid = uid

    @property
    def package(self) -> str | None:
        """None: a decision is no work package."""
        return None

    @property
    def item(self) -> str | None:
        """The decision."""
        return self._uid

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Static(id="head")
        yield Static(id="fields")
        with VerticalScroll(id="sheet"):
            yield Container(
                *(Static(classes="option") for _ in ways(self.session.plan, self._uid)),
                id="options",
            )
        yield Keyline(id="keys")

    def on_mount(self) -> None:
        """Show it."""
        self.refresh_plan()
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        """Put the options side by side where there is room."""
        columns = max(self.app.size.width // 34, 1)
        options = self.query_one("#options")
        options.styles.grid_size_columns = max(min(columns, len(options.children)), 1)
        self.refresh_plan()

    def refresh_plan(self) -> None:
        """Show it as it is now."""
        plan = self.session.plan
        if self._uid not in plan.index.items:
            self.app.pop_screen()
            return
        switch = plan.switch(self._uid)
        head = f"{plan.ref(self._uid)} {switch.title}"
        self.query_one("#head", Static).update(Text(head, "bold"))
        told = f"At the end of {plan.name(switch.route)}"
        if (chosen := switch.option(switch.chosen)) is not None:
            told += f"; chosen: {chosen.label}"
        self.query_one("#fields", Static).update(
            Text(f"{told}\n{switch.prompt}".strip(), "dim")
        )
        found = ways(plan, self._uid)
        boxes = list(self.query("#options .option").results(Static))
        for box, way in zip(boxes, found, strict=False):
            box.set_class(way.chosen, "chosen")
            box.update(_way(way))
        for extra in boxes[len(found) :]:
            extra.remove()
        for way in found[len(boxes) :]:
            self.query_one("#options").mount(Static(_way(way), classes="option"))
        keys = self.query_one(Keyline)
        ways_ = [f"choose_{number}" for number in range(1, len(found) + 1)][:4]
        offered = [each for each in self.offered if each.name in (*ways_, *_FIRST)]
        keys.show(offered, self.box.keys, plain=self.box.charset.plain)

    def action_choose(self, number: int) -> None:
        """Take a way, or leave the decision open again."""
        route = self.session.plan.switch(self._uid).route
        edit = wishes.setting(self.session.plan, route, number)
        if edit is None:
            self.say(f"There is no way {number}.")
        else:
            self.make(edit)


_FIRST = ("fields", "rename", "undo", "back")


def _way(way: Way) -> Group:
    text = Text()
    text.append(f"{way.number} {way.letter}: {way.label}", "bold")
    marks = [
        word
        for word, told in (("chosen", way.chosen), ("recommended", way.recommended))
        if told
    ]
    if marks:
        text.append(f"  {', '.join(marks)}", "italic")
    if way.probability is not None:
        text.append(f"\n{way.probability:.0%} likely", "dim")
    if way.tradeoff:
        text.append(f"\n\n{way.tradeoff}")
    text.append("\n")
    noun = "work package" if way.packages == 1 else "work packages"
    rows = (
        ("Opens", way.opens or "nothing of its own"),
        ("Closes", way.closes or "nothing"),
        ("Work", f"{way.hours:g} h in {way.packages} {noun} of its own"),
    )
    return Group(text, labelled(rows))
