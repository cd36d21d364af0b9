"""`stellwerk doctor`: what a newcomer trips over, checked."""

from __future__ import annotations

import typer

from stellwerk.cli.checks import Check, Verdict, run_checks
from stellwerk.cli.desk import desk_of

_MARKS = {
    Verdict.FINE: ("ok", "green"),
    Verdict.ODD: ("note", "yellow"),
    Verdict.BAD: ("bad", "red"),
}


def command(context: typer.Context) -> None:
    """Check settings, database, plugins, keys and terminal, and say what to do."""
    desk = desk_of(context)
    found = run_checks(desk)
    lines = []
    for check in found:
        word, style = _MARKS[check.verdict]
        lines.append(f"{desk.ink(style, f'{word:<5}')} {check.name:<10} {check.message}")
        if check.hint:
            lines.append(f"{'':<16} {desk.ink('dim', f'→ {check.hint}')}")
    desk.answer("doctor", {"checks": [_data(check) for check in found]}, "\n".join(lines))
    if any(check.verdict is Verdict.BAD for check in found):
        raise typer.Exit(1)


def _data(check: Check) -> dict[str, str | None]:
    return {
        "name": check.name,
        "verdict": check.verdict.value,
        "message": check.message,
        "hint": check.hint or None,
    }
