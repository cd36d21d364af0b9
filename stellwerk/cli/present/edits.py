"""What an edit led to: the change in a sentence, and what became possible by it."""

from __future__ import annotations

from typing import Any, NamedTuple

from stellwerk.cli.ink import Ink
from stellwerk.domain.goal import GoalStatus
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import Railway, Signal, goal_status, railway_of
from stellwerk.domain.refs import PATTERN
from stellwerk.planning.dispatcher import Outcome


class Ways(NamedTuple):
    """The plan before and after an edit, and their railways."""

    before: Plan
    after: Plan
    then: Railway
    now: Railway


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON data; `born` are the refs of new items."""
    ways = _ways(outcome)
    before, after = ways.before, ways.after
    return {
        "goal": after.goal.slug,
        "revision": outcome.after.revision,
        "says": outcome.says,
        "born": [after.ref(uid) for uid in after.index.items if uid not in before.index.items],
        "goal_status": goal_status(after, ways.now).value,
        "now_ready": [after.ref(uid) for uid in _opened(ways)],
    }


def outcome_text(outcome: Outcome, ink: Ink) -> str:
    """Return an outcome as text."""
    ways = _ways(outcome)
    after = ways.after
    lines = [sentence(outcome.says + _moved(ways))]
    if closed := _closed(ways):
        lines.append(ink("dim", f"Closed now: {', '.join(after.name(uid) for uid in closed)}"))
    if opened := _opened(ways):
        lines.append(ink("dim", "Now possible:"))
        lines += [f"  {after.name(uid)}" for uid in opened[:5]]
        if len(opened) > 5:
            lines.append(f"  and {len(opened) - 5} more")
    return "\n".join(lines)


def _ways(outcome: Outcome) -> Ways:
    before, after = outcome.before.plan, outcome.after.plan
    return Ways(before, after, railway_of(before), railway_of(after))


def _moved(ways: Ways) -> str:
    """Return what the edit made of the goal, to go behind what it says."""
    old, new = ways.before, ways.after
    said = old.goal.status is not new.goal.status or not (old.routes and new.routes)
    before, after = goal_status(old, ways.then), goal_status(new, ways.now)
    return "" if said or before is after else f"; the goal is {_STATUS[after]}"


_STATUS = {
    GoalStatus.PLANNED: "planned",
    GoalStatus.IN_PROGRESS: "under way",
    GoalStatus.ACHIEVED: "achieved",
    GoalStatus.ARCHIVED: "archived",
}


def sentence(says: str) -> str:
    """Return a journal line as a sentence; refs keep their small letter."""
    first = says if PATTERN.fullmatch(says.partition(" ")[0]) else says[:1].upper() + says[1:]
    return first if first.endswith(("?", "!", ".", "…")) else f"{first}."


def _closed(ways: Ways) -> list[str]:
    """Return uids of the routes that a decision took off the railway."""
    before, after, then, now = ways
    if before.switches == after.switches or before.edges != after.edges:
        return []
    return [
        route.uid
        for route in after.routes
        if now.signals[route.uid] is Signal.CLOSED
        if then.signals.get(route.uid) is not Signal.CLOSED
    ]


def _opened(ways: Ways) -> list[str]:
    """Return uids of what can be started or decided now and could not before."""
    before, after, then, now = ways
    if before.goal.uid != after.goal.uid or not before.routes:
        return []
    known = {*then.ready, *then.decisions}
    return [
        uid
        for uid in (*now.ready, *now.decisions)
        if uid not in known and uid in before.index.items
        if before.index.items[uid] == after.index.items[uid]
    ]
