"""Colour on a terminal, by ANSI's sixteen, so that dark and light themes both read well."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, TextIO

_CODES: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}


class Ink:
    """Colours text, or leaves it alone.

    Args:
        stream: Where the text goes; colour is for terminals.
        environ: `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR=0` and `TERM=dumb` are honoured.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str] = os.environ) -> None:
        wanted = stream.isatty() and environ.get("TERM") != "dumb"
        wanted = wanted and environ.get("CLICOLOR") != "0"
        forced = environ.get("CLICOLOR_FORCE", "0") != "0"
        self.on = (wanted or forced) and not environ.get("NO_COLOR")

    def __call__(self, style: str, text: str) -> str:
        """Return text in a style such as `bold green`."""
        if not self.on or not text or not style:
            return text
        codes = ";".join(_CODES[word] for word in style.split())
        return f"\x1b[{codes}m{text}\x1b[0m"
