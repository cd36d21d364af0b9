"""Questions over a place: a line to write, a yes or no, one of several, one of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Final, TypeVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from stellwerk.domain.limits import MAX_GOAL_TEXT, MAX_TITLE
from stellwerk.errors import StellwerkError

Answer = TypeVar("Answer")
_IN_A_LINE: Final = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
    if key != "ctrl+c"
}
"""What keys do in a line."""
_IN_A_LIST: Final = {
    "up": "cursor_up",
    "down": "cursor_down",
    "pageup": "page_up",
    "pagedown": "page_down",
}
"""What keys do in the list below it."""


class Question(ModalScreen[Answer]):
    """A question, which is answered once."""

    _answered = False

    def answer(self, told: Answer) -> None:
        """Answer; whatever is pressed afterwards is no second answer."""
        if not self._answered and self.is_active:
            self._answered = True
            self.dismiss(told)


class Line(Input):
    """A line to write; what is pasted becomes one line, and is cut to what there is room for."""

    def on_key(self, event: events.Key) -> None:
        """Leave the key to the question, which takes all of them in the order of typing."""
        event.prevent_default()

    async def take(self, event: events.Key) -> bool:
        """Write a character or run what a key does in a line; return whether it does anything."""
        if event.is_printable and event.character:
            self.replace(event.character, *self.selection)
        elif action := _IN_A_LINE.get(event.key):
            await self.run_action(action)
        else:
            return False
        return True

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        room = (self.max_length or len(event.text)) - len(self.value)
        text = " ".join(event.text[: 4 * MAX_GOAL_TEXT].split())
        self.insert_text_at_cursor(text[: max(room, 0)])
        if len(text) > room:
            self.notify(f"Cut: there is room for {self.max_length:,} characters.", timeout=4)


class Typed(Question[Answer | None]):
    """A question with a line to write, which gets all keys in the order of typing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "cancel", "cancel")]

    def __init__(self) -> None:
        super().__init__()
        self._early: list[events.Key] = []
        self._ready = False

    async def take(self, event: events.Key) -> None:
        """Take a key; what is typed before the field is there waits for it."""
        if event.key == "ctrl+c":  # which copies, in a line
            event.prevent_default()
            self.action_cancel()
        elif not self._ready:
            self._early.append(event)
        elif await self.typed(event):
            event.prevent_default()

    async def typed(self, event: events.Key) -> bool:
        """Do what a key does; return whether it does anything."""
        return await self.query_one(Line).take(event)

    async def on_mount(self) -> None:
        """Begin with what was typed already."""
        self.set_focus(self.query_one(Line))
        for event in self._early:
            await self.typed(event)
        self._ready = True

    def action_cancel(self) -> None:
        """Give no answer."""
        self.answer(None)


class Ask(Typed[str]):
    """Ask for a line of text; None if nobody gave one.

    Args:
        question: What is asked.
        value: What stands there already.
        hint: What to mind, below it.
        most: The most characters.
        blank: Whether nothing is an answer, too.
        check: Raises StellwerkError for what is no answer; then the question stays.
    """

    def __init__(
        self,
        question: str,
        value: str = "",
        hint: str = "",
        most: int = MAX_TITLE,
        *,
        blank: bool = False,
        check: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self._question, self._value, self._hint, self._most = question, value, hint, most
        self._blank, self._check = blank, check

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="asking"):
            yield Static(Text(self._question, "bold"))
            yield Line(self._value, max_length=self._most, compact=True, select_on_focus=False)
            yield Static(
                Text(self._hint or "enter accepts, esc leaves it as it is"), classes="hint"
            )

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        self._accept(event.value)

    def _accept(self, value: str) -> None:
        told = " ".join(value.split())
        try:
            if self._check is not None and told != self._value and (told or self._blank):
                self._check(told)
        except StellwerkError as error:
            hint = Text(f"{error.message} {error.hint}".strip(), "bold")
            self.query_one(".hint", Static).update(hint)
            return
        self.answer(told if told or self._blank else None)


class Confirm(Question[bool]):
    """Ask whether to do something, told what comes of it.

    Args:
        question: What would be done.
        impact: What comes of it, a line each.
        yes: What to call doing it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "yes"),
        Binding("n,escape,q,ctrl+c", "answer(False)", "no"),
    ]

    def __init__(self, question: str, impact: Sequence[str], yes: str = "delete") -> None:
        super().__init__()
        self._question, self._impact, self._yes = question, impact, yes

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="asking"):
            yield Static(Text(self._question, "bold"))
            yield Static(Text("\n".join(self._impact)), classes="impact")
            yield Static(Text(f"y {self._yes}   n leave it"), classes="hint")

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001
        """Answer."""
        self.answer(answer)


class Pick(Question[int | None]):
    """Ask for one of several; None for none of them.

    Args:
        question: What is asked.
        choices: What there is.
        begin: The one that the cursor is on at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "cancel", "cancel"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, question: str, choices: Sequence[str], begin: int = 0) -> None:
        super().__init__()
        self._question, self._choices, self._begin = question, choices, begin

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="asking"):
            yield Static(Text(self._question, "bold"))
            yield OptionList(*(Option(Text(each)) for each in self._choices), compact=True)

    def on_mount(self) -> None:
        """Put the cursor where it begins."""
        if self._choices:
            self.query_one(OptionList).highlighted = self._begin

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.answer(event.option_index)

    def action_down(self) -> None:
        """Go down."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Go up."""
        self.query_one(OptionList).action_cursor_up()

    def action_cancel(self) -> None:
        """Pick nothing."""
        self.answer(None)


class Find(Typed[int]):
    """Ask for one of many, found by words of it; None for none of them.

    Args:
        question: What is asked.
        choices: What there is.
    """

    def __init__(self, question: str, choices: Sequence[str]) -> None:
        super().__init__()
        self._question, self._choices = question, choices
        self._found = list(range(len(choices)))

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(classes="asking wide"):
            yield Static(Text(self._question, "bold"))
            yield Line(placeholder="words to find it by", compact=True)
            yield OptionList(*self._options(), compact=True)
            yield Static(
                Text("enter takes it, up and down go on, esc leaves it"), classes="hint"
            )

    async def on_mount(self) -> None:
        """Point at the first one."""
        self._point()

    def _options(self) -> Iterator[Option]:
        for at in self._found:
            yield Option(Text(self._choices[at], no_wrap=True, overflow="ellipsis"))

    @on(Input.Changed)
    def _narrow(self) -> None:
        """List the choices that have all the words in them."""
        words = self.query_one(Line).value.casefold().split()
        found = [
            at
            for at, each in enumerate(self._choices)
            if all(word in each.casefold() for word in words)
        ]
        if found != self._found:
            self._found = found
            listed = self.query_one(OptionList)
            listed.clear_options()
            listed.add_options(self._options())
            self._point()

    def _point(self) -> None:
        self.query_one(OptionList).highlighted = 0 if self._found else None

    async def typed(self, event: events.Key) -> bool:
        """Go through the list, take what the cursor is on, or narrow the list."""
        listed = self.query_one(OptionList)
        if action := _IN_A_LIST.get(event.key):
            getattr(listed, f"action_{action}")()
        elif event.key == "enter":
            if listed.highlighted is not None:
                self.answer(self._found[listed.highlighted])
        elif not await super().typed(event):
            return False
        else:
            self._narrow()  # now, not when the line tells of it: enter may come first
        return True

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.answer(self._found[event.option_index])
