"""What an edit led to: the change in a sentence, and what became possible by it."""

from __future__ import annotations

from typing import Any

from stellwerk.cli.ink import Ink
from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import railway_of
from stellwerk.domain.refs import PATTERN
from stellwerk.planning.dispatcher import Outcome


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON data; `born` are the refs of new items."""
    before, after = outcome.before.plan, outcome.after.plan
    return {
        "goal": after.goal.slug,
        "revision": outcome.after.revision,
        "says": outcome.says,
        "born": [after.ref(uid) for uid in after.index.items if uid not in before.index.items],
        "now_ready": [after.ref(uid) for uid in _opened(before, after)],
    }


def outcome_text(outcome: Outcome, ink: Ink) -> str:
    """Return an outcome as text."""
    after = outcome.after.plan
    lines = [sentence(outcome.says)]
    if opened := _opened(outcome.before.plan, after):
        lines.append(ink("dim", "Now possible:"))
        lines += [f"  {after.name(uid)}" for uid in opened[:5]]
        if len(opened) > 5:
            lines.append(f"  and {len(opened) - 5} more")
    return "\n".join(lines)


def sentence(says: str) -> str:
    """Return a journal line as a sentence; refs keep their small letter."""
    first = says if PATTERN.fullmatch(says.partition(" ")[0]) else says[:1].upper() + says[1:]
    return first if first.endswith(("?", "!", ".", "…")) else f"{first}."


def _opened(before: Plan, after: Plan) -> list[str]:
    """Return uids of what can be started or decided now and could not before."""
    if before.goal.uid != after.goal.uid or not before.routes:
        return []
    then, now = railway_of(before), railway_of(after)
    known = {*then.ready, *then.decisions}
    return [
        uid
        for uid in (*now.ready, *now.decisions)
        if uid not in known and uid in before.index.items
    ]
