"""Checks of where Stellwerk is read: the terminal and the locale."""

from __future__ import annotations

import locale
import os
import shutil
import sys
from collections.abc import Iterator
from typing import Final

from stellwerk.cli.checks.check import Check, Verdict
from stellwerk.cli.desk import Desk

NARROW: Final = 60
"""Columns below which plans are hard to read."""
_LOCALES: Final = ("LC_ALL", "LC_CTYPE", "LANG")


def check_terminal(desk: Desk) -> Iterator[Check]:
    """Check that the terminal shows every character, and is wide enough."""
    encoding = (sys.stdout.encoding or "unknown").lower()
    size = shutil.get_terminal_size()
    colours = f"colours {'on' if desk.ink.on else 'off'}{_why_not(on=desk.ink.on)}"
    told = f"{size.columns} columns, {size.lines} lines, {encoding}, {colours}"
    if encoding.replace("-", "") != "utf8":
        hint = "export LANG=C.UTF-8, or draw with stellwerk map --ascii"
        yield Check("terminal", Verdict.ODD, told, hint)
    elif size.columns < NARROW:
        hint = f"Make it {NARROW} columns wide or wider: plans read better."
        yield Check("terminal", Verdict.ODD, told, hint)
    else:
        yield Check("terminal", Verdict.FINE, told)


def check_locale(desk: Desk) -> Iterator[Check]:
    """Check that the locale that is asked for is installed."""
    del desk
    current = locale.setlocale(locale.LC_CTYPE)
    variable = next((name for name in _LOCALES if os.environ.get(name)), "")
    wanted = os.environ.get(variable, "")
    if current == "C" and wanted not in ("", "C", "POSIX"):
        told = f"{variable} asks for {wanted}, which is not installed here"
        hint = f"export {variable}=C.UTF-8, or one of those that `locale -a` lists"
        yield Check("locale", Verdict.ODD, told, hint)
    else:
        yield Check("locale", Verdict.FINE, current)


def _why_not(*, on: bool) -> str:
    """Return why there are no colours, as far as that is anybody's doing."""
    if on:
        return ""
    if os.environ.get("NO_COLOR"):
        return " (NO_COLOR)"
    return " (TERM=dumb)" if os.environ.get("TERM") == "dumb" else ""
