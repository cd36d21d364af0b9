"""`stellwerk plugins`: what is installed."""

from __future__ import annotations

from typing import Annotated

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.plugins.discovery import State


def command(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Load each one and see.")] = False,
) -> None:
    """List installed plugins: group, name, package, state and reason."""
    desk = desk_of(context)
    found = desk.stellwerk.plugins.report(load=check)
    rows = [
        {
            "group": each.group,
            "name": each.name,
            "distribution": each.distribution,
            "version": each.version,
            "target": each.target,
            "state": each.state.value,
            "reason": each.reason or None,
        }
        for each in found
    ]
    lines = []
    for each in found:
        style = "green" if each.state is State.READY else "red"
        told = f"{each.group:<10} {each.name:<10} {desk.ink(style, f'{each.state.value:<6}')}"
        tail = each.reason or f"{each.distribution} {each.version}"
        lines.append(f"{told}  {desk.ink('dim', tail)}")
    desk.answer(
        "plugin-list", {"plugins": rows}, "\n".join(lines) or "No plugin is installed."
    )
