"""Which characters a drawing is made of: what the terminal shows and the user wants."""

from __future__ import annotations

import os

from stellwerk.cli.desk import Desk
from stellwerk.cli.streams import shows_unicode
from stellwerk.railway.glyphs import ASCII, UNICODE, Charset


def charset(desk: Desk, *, ascii_only: bool = False) -> Charset:
    """Return the characters that the terminal can show and the user wants."""
    dumb = not shows_unicode() or os.environ.get("TERM") == "dumb"
    return ASCII if ascii_only or desk.settings.tui.ascii or dumb else UNICODE
