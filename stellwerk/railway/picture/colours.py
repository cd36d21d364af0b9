"""Colours of a picture, light and dark, and its style sheet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Template
from typing import Final

LIGHT: Final[Mapping[str, str]] = {
    "paper": "#f7f6f2",
    "card": "#ffffff",
    "ink": "#1b2330",
    "quiet": "#566070",
    "edge": "#c9ced6",
    "hover": "#eef2f8",
    "line": "#1d4f91",
    "live": "#66758a",
    "faint": "#9aa4b2",
    "done": "#15803d",
    "doing": "#b45309",
    "ready": "#0369a1",
    "switch": "#7e22ce",
    "found": "#fde68a",
}
"""On paper. Texts keep a contrast of 4.5 to 1 and signs one of 3 to 1, as WCAG 2.2 asks."""
DARK: Final[Mapping[str, str]] = {
    "paper": "#11151c",
    "card": "#1b212b",
    "ink": "#e6eaf0",
    "quiet": "#9ca7b6",
    "edge": "#3a4454",
    "hover": "#242c39",
    "line": "#6ea8fe",
    "live": "#8b98aa",
    "faint": "#66727f",
    "done": "#4ade80",
    "doing": "#fbbf24",
    "ready": "#38bdf8",
    "switch": "#c99bff",
    "found": "#6b4e00",
}
"""By night."""


def style(colours: Mapping[str, str] | None = None) -> str:
    """Return the style sheet of a picture.

    Args:
        colours: Values by name; light ones, and dark ones for who prefers them, if not given.
    """
    shapes, coloured = _sheet("shapes.css"), Template(_sheet("colours.css"))
    if colours is not None:
        return shapes + coloured.substitute(colours)
    dark = coloured.substitute(DARK)
    return f"{shapes}{coloured.substitute(LIGHT)}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


@cache
def _sheet(name: str) -> str:
    from importlib.resources import files

    return files("stellwerk.railway.picture").joinpath(name).read_text("utf-8")
