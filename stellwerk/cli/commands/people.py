"""`stellwerk people`: who takes part."""

from __future__ import annotations

import typer

from stellwerk.cli.desk import desk_of
from stellwerk.cli.present.items import item_data


def command(context: typer.Context) -> None:
    """List the people of a plan and how much each has to do."""
    desk = desk_of(context)
    plan = desk.open().plan
    lines = []
    for person in plan.people:
        mine = [p for p in plan.packages if p.assignee == person.uid and not p.settled]
        told = f"{person.role.value}, {person.direction.value.replace('_', ' ')}"
        load = f"{len(mine)} open, length {sum(p.length for p in mine)}"
        name = f"{desk.ink('cyan', f'p{person.number}')} {person.name}"
        lines.append(f"{name} {desk.ink('dim', f'({told}; {load})')}")
    text = "\n".join(lines) or "Nobody yet. Add somebody: stellwerk add person NAME"
    data = {"people": [item_data(plan, person) for person in plan.people]}
    desk.answer("people", {"goal": plan.goal.slug, **data}, text)
