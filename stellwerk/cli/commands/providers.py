"""`stellwerk providers`: who can plan."""

from __future__ import annotations

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.plugins.discovery import State


def command(context: typer.Context) -> None:
    """List who can plan, in the order in which they are asked, and why others cannot."""
    desk = desk_of(context)
    found = desk.stellwerk.plugins.report("providers", load=True)
    rows = [
        {
            "name": each.name,
            "state": each.state.value,
            "distribution": f"{each.distribution} {each.version}",
            "reason": each.reason or None,
        }
        for each in found
    ]
    order = ", ".join(desk.settings.ai.providers)
    lines = []
    for row in rows:
        style = "green" if row["state"] == State.READY else "red"
        state = desk.ink(style, f"{row['state']:<8}")
        told = desk.ink("dim", str(row["reason"] or row["distribution"]))
        lines.append(f"{state} {row['name']}  {told}")
    lines.append(desk.ink("dim", f"Asked in this order ([ai] providers): {order}"))
    data = {"order": list(desk.settings.ai.providers), "providers": rows}
    desk.answer("provider-list", data, "\n".join(lines))
