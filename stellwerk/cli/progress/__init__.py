"""Lives here: how a planning run is told while it goes on, in four forms.

`plain` sentences for people, `json` lines for programs, `none`, and a live block that is drawn
over and over on a terminal. Does not live here: how far a run is (`planning.progress`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from stellwerk.cli.desk import Desk
from stellwerk.errors import UsageError
from stellwerk.planning.events import Emit, ignore

STYLES: Final = ("auto", "plain", "json", "none")


def telling(desk: Desk, style: str) -> AbstractContextManager[Emit]:
    """Return what hears the events of a run and tells them on stderr, until it is left.

    Args:
        desk: The call; `--quiet` silences people's forms, `--json` keeps stderr plain.
        style: One of `STYLES`; `auto` is the live block on a terminal, else plain.

    Raises:
        UsageError: There is no such style.
    """
    if style not in STYLES:
        raise UsageError(f"There is no progress style {style!r}.", f"Use {', '.join(STYLES)}.")
    return _FORMS[_form(desk, style)](desk)


def _form(desk: Desk, style: str) -> str:
    if style == "json":
        return style
    if style == "none" or desk.quiet:
        return "none"
    return "live" if style == "auto" and not desk.json and _redrawable() else "plain"


def _redrawable() -> bool:
    """Whether stderr is a terminal, with somebody before it, that can write over lines."""
    unattended = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not unattended


def _silent(desk: Desk) -> AbstractContextManager[Emit]:
    del desk
    return nullcontext(ignore)


def _ndjson(desk: Desk) -> AbstractContextManager[Emit]:
    from stellwerk.cli.progress.ndjson import NdjsonTeller

    del desk
    return NdjsonTeller()


def _plain(desk: Desk) -> AbstractContextManager[Emit]:
    from stellwerk.cli.progress.plain import PlainTeller

    return PlainTeller(desk.say)


def _live(desk: Desk) -> AbstractContextManager[Emit]:
    from stellwerk.cli.progress.live import live

    return live(desk)


_FORMS: Final[dict[str, Callable[[Desk], AbstractContextManager[Emit]]]] = {
    "none": _silent,
    "json": _ndjson,
    "plain": _plain,
    "live": _live,
}
