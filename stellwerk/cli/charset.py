"""Which characters a drawing is made of: what the terminal shows and the user wants."""

from __future__ import annotations

import os
import sys

from stellwerk.cli.desk import Desk
from stellwerk.railway.text import ASCII, UNICODE, Charset


def charset(desk: Desk, *, ascii_only: bool = False) -> Charset:
    """Return the characters that the terminal can show and the user wants."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    plain = (
        ascii_only or desk.settings.tui.ascii or not utf8 or os.environ.get("TERM") == "dumb"
    )
    return ASCII if plain else UNICODE
