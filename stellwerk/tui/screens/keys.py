"""Help: every action of a place with its keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from stellwerk.tui.actions import Action
from stellwerk.tui.widgets.footer import key_name

_WAYS = "Take the first, second ... way of the switch; again leaves it open"


class Keys(ModalScreen[None]):
    """All keys of a place, to scroll through.

    Args:
        actions: What can be done there.
        keys: Keys that settings gave to actions, by name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter,ctrl+c", "app.pop_screen", "close"),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, actions: Sequence[Action], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._actions, self._keys = actions, keys

    def compose(self) -> ComposeResult:
        """Lay it out."""
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for each in self._actions:
            if each.name.startswith("choose_"):
                if each.name == "choose_1":
                    table.add_row(Text("1 ... 9", "bold"), Text(_WAYS))
                continue
            keys = self._keys.get(each.name, ",".join(each.keys)).split(",")
            names = " ".join(key_name(key.strip()) for key in keys)
            table.add_row(Text(names, "bold"), Text(each.help))
        with VerticalScroll(classes="asking wide"):
            yield Static(Text("Keys here; esc closes", "bold"))
            yield Static(table)

    def on_mount(self) -> None:
        """Let arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, step: int) -> None:
        """Scroll."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)
