"""`stellwerk next`: what to do next, and why."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from stellwerk.analytics.upcoming import Upcoming, upcoming
from stellwerk.cli.desk import desk_of
from stellwerk.cli.ink import Ink
from stellwerk.domain.goal import GoalStatus
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import goal_status
from stellwerk.domain.snapshot import Snapshot


def command(
    context: typer.Context,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many.")] = 5,
) -> None:
    """Say what to do next, and why: the most urgent first."""
    desk = desk_of(context)
    if not desk.json:
        plan = desk.excerpt().plan
        desk.out(_text(plan, upcoming(plan), count, desk.ink))
        return

    def shown(outline: Snapshot) -> list[str]:
        return [each.uid for each in upcoming(outline.plan).suggestions[:count]]

    plan = desk.excerpt(shown).plan
    desk.envelope("next", _data(plan, upcoming(plan), count))


def _data(plan: Plan, found: Upcoming, count: int) -> dict[str, Any]:
    from stellwerk.cli.present.items import item_data

    return {
        "goal": plan.goal.slug,
        "doing": [plan.ref(uid) for uid in found.doing],
        "waiting": [plan.ref(uid) for uid in found.waiting],
        "next": [
            {
                **item_data(plan, plan.item(each.uid)),
                "reason": each.reason,
                "total_float_hours": each.total_float,
                "tail_hours": each.tail,
            }
            for each in found.suggestions[:count]
        ],
    }


def _text(plan: Plan, found: Upcoming, count: int, ink: Ink) -> str:
    lines = []
    if found.doing:
        lines.append(ink("dim", "In progress:"))
        lines += [f"  {_name(plan, uid, ink)}" for uid in found.doing]
    if found.suggestions:
        lines.append(ink("dim", "Next:"))
    for each in found.suggestions[:count]:
        lines.append(f"  {_name(plan, each.uid, ink)}")
        lines.append(f"    {ink('dim', each.reason)}")
    if len(found.suggestions) > count:
        lines.append(ink("dim", f"  and {len(found.suggestions) - count} more"))
    if found.waiting:
        lines.append(ink("dim", "On hold:"))
        lines += [f"  {_name(plan, uid, ink)}" for uid in found.waiting]
    return "\n".join(lines) or _nothing(plan)


def _nothing(plan: Plan) -> str:
    if not any(True for _ in plan.packages):
        return "The plan is empty. Add a route: stellwerk add route TITLE"
    if goal_status(plan) is GoalStatus.ACHIEVED:
        return "Everything is done: the goal is achieved."
    return "Nothing can be started: see `stellwerk map` for what is in the way."


def _name(plan: Plan, uid: str, ink: Ink) -> str:
    ref, _, title = plan.name(uid).partition(" ")
    return f"{ink('cyan', ref)} {title}"
