"""The last line: the keys that matter here, the most useful first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.text import Text
from textual.widgets import Static

from stellwerk.railway.fitting import cells_of
from stellwerk.tui.actions import Action

SHOWN: Final = {
    "enter": "⏎",
    "slash": "/",
    "question_mark": "?",
    "escape": "esc",
    "colon": ":",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "equals_sign": "=",
    "backslash": "\\",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}
"""Keys as people call them."""


def key_name(key: str, *, plain: bool = False) -> str:
    """Return what a key is called, in ASCII if need be."""
    name = SHOWN.get(key, key)
    return name if name.isascii() or not plain else key


class Keyline(Static):
    """A line of keys; what has no room is left to the help."""

    def show(self, actions: Iterable[Action], keys: dict[str, str], *, plain: bool) -> None:
        """Show some actions.

        Args:
            actions: In order of importance.
            keys: Keys that settings gave them, by name.
            plain: Whether ASCII has to do.
        """
        parts = [
            (
                key_name(keys.get(each.name, each.keys[0]).split(",")[0], plain=plain),
                each.title,
            )
            for each in actions
        ]
        self.update(_line(parts, self.app.size.width - 2))


def _line(parts: Sequence[tuple[str, str]], room: int) -> Text:
    line, used = Text(no_wrap=True), 0
    for key, title in parts:
        need = cells_of(key) + 1 + cells_of(title) + (2 if used else 0)
        if used + need > room:
            break
        if used:
            line.append("  ")
        line.append(key, "bold")
        line.append(f" {title}", "not bold")
        used += need
    return line
