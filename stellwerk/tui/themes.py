"""Stellwerk's own colours: signal lamps at night, and the same by day."""

from __future__ import annotations

from typing import Final

from rich import theme as styles
from textual.theme import Theme

NIGHT: Final = Theme(
    name="stellwerk",
    primary="#6fb3f2",
    secondary="#9db8d6",
    accent="#5ad1e6",
    success="#62d26f",
    warning="#f5c542",
    error="#ff6b5e",
    foreground="#d9e0e8",
    background="#0f1419",
    surface="#171e26",
    panel="#222c37",
    dark=True,
    variables={"scrollbar": "#2f3d4c", "scrollbar-background": "#171e26"},
)
DAY: Final = Theme(
    name="stellwerk-day",
    primary="#1f5f99",
    secondary="#4a6785",
    accent="#00707f",
    success="#23752c",
    warning="#8a5a00",
    error="#b3261e",
    foreground="#22272d",
    background="#fbfaf7",
    surface="#f2f0ea",
    panel="#e3dfd5",
    dark=False,
    variables={"scrollbar": "#b9c2c9", "scrollbar-background": "#f2f0ea"},
)
NOTES: Final = styles.Theme(
    {
        **{f"markdown.h{level}": "bold" for level in range(1, 7)},
        "markdown.h1.border": "none",
        "markdown.code": "bold",
        "markdown.item.bullet": "bold",
        "markdown.item.number": "bold",
        "markdown.block_quote": "italic",
        "markdown.link": "underline",
        "markdown.link_url": "underline",
    }
)
"""Notes in the colours of the place: Rich's own are made for a black terminal."""
