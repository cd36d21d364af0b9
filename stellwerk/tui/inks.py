"""Colours: the styles of drawings as those of the theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.style import Style
from textual.color import Color

_COLOURS: Final = {
    "green": "success",
    "yellow": "warning",
    "cyan": "accent",
    "magenta": "primary",
    "red": "error",
}
_QUIET: Final = 0.45
"""How far towards the background dim text lies."""


class Inks:
    """Styles by the names that drawings use, such as `bold cyan`.

    Args:
        base: What is written on.
        variables: Colours of the theme by name.
    """

    def __init__(self, base: Style, variables: Mapping[str, str]) -> None:
        self._base = base
        self._variables = variables
        self._known: dict[str, Style] = {"": base}

    def __getitem__(self, told: str) -> Style:
        """Return the style of that name."""
        found = self._known.get(told)
        if found is None:
            words = [self._word(word) for word in told.split()]
            found = self._known[told] = self._base + Style.parse(" ".join(words))
        return found

    def _word(self, word: str) -> str:
        if word == "dim":
            return self._quiet()
        return self._plain(_COLOURS[word], word) if word in _COLOURS else word

    def _quiet(self) -> str:
        """Return what lies between the foreground and the background."""
        front, back = (self._plain(name, "") for name in ("foreground", "background"))
        if not (front and back):
            return "bright_black"
        return Color.parse(front).blend(Color.parse(back), _QUIET).hex

    def _plain(self, name: str, otherwise: str) -> str:
        """Return a colour of the theme if terminals can be told it, else one of their own."""
        told = self._variables.get(name, "")
        return told if told.startswith("#") and len(told) == 7 else otherwise
