"""`stellwerk doctor`: what a newcomer trips over, checked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer

from stellwerk.cli.checks import Check, Verdict, run_checks
from stellwerk.cli.desk import Desk, desk_of
from stellwerk.cli.exit_codes import FAILED
from stellwerk.errors import UsageError

_INDENT = 17
_MARKS = {
    Verdict.FINE: ("ok", "green"),
    Verdict.ODD: ("note", "yellow"),
    Verdict.BAD: ("bad", "red"),
}


def command(
    context: typer.Context,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Save what a damaged database holds into a new file."),
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The new file; beside the database if not named."),
    ] = None,
) -> None:
    """Check what Stellwerk needs, from the database to the network, and say what to do.

    Nothing is changed and nothing is sent; exit code 1 if something is bad. With
    --repair, read what can be read of a damaged database; it is left as it is.
    """
    desk = desk_of(context)
    if repair:
        _repair(desk, into)
        return
    if into is not None:
        raise UsageError("--into belongs to --repair.", "Say both.")
    found = run_checks(desk)
    room = desk.width - _INDENT if sys.stdout.isatty() else None
    lines = [line for check in found for line in _lines(check, desk, room)]
    desk.answer("doctor", {"checks": [_data(check) for check in found]}, "\n".join(lines))
    if any(check.verdict is Verdict.BAD for check in found):
        raise typer.Exit(FAILED)


def _repair(desk: Desk, into: Path | None) -> None:
    from stellwerk.cli.present.copies import repair_data, repair_text, steps_after
    from stellwerk.storage.repair.salvage import repair

    database = desk.stellwerk.database
    done = repair(database, into)
    desk.answer("repair", repair_data(done, database), repair_text(done, database, desk.ink))
    if done.file is not None:
        desk.say(steps_after(done.file, database))
        if not done.complete:
            raise typer.Exit(FAILED)


def _lines(check: Check, desk: Desk, room: int | None) -> Iterator[str]:
    """Yield a check with its hint, folded where there is only so much room."""
    word, style = _MARKS[check.verdict]
    head, *more = _folded(check.message, room)
    yield f"{desk.ink(style, f'{word:<5}')} {check.name:<10} {head}"
    yield from (f"{'':<{_INDENT}}{line}" for line in more)
    if check.hint:
        told = _folded(f"→ {check.hint}", room)
        yield from (f"{'':<{_INDENT}}{desk.ink('dim', line)}" for line in told)


def _folded(text: str, room: int | None) -> list[str]:
    if room is None or room < _INDENT:
        return [text]
    return wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]


def _data(check: Check) -> dict[str, str | None]:
    return {
        "name": check.name,
        "verdict": check.verdict.value,
        "message": check.message,
        "hint": check.hint or None,
    }
