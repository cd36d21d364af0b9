"""`edits.md`: every edit with its fields, from the domain."""

from __future__ import annotations

import inspect
from dataclasses import fields
from typing import Any

from generators.markdown import attributes, code, document, prose, summary, table
from stellwerk.domain.values import EDITS

MEANINGS = {
    "uid": "Uid of what is changed.",
    "on": "Uid of the work package that is needed.",
    "title": "The new title.",
    "text": "The new text.",
    "old": "The text as it was.",
    "new": "The text as it will be.",
    "length": "Effort in units, 1 to 8.",
    "grade": "Difficulty, 0 to 10.",
    "hours": "Estimate in hours, or none.",
    "elapsed_days": "Calendar days it takes at least, or none.",
    "standing": "The new status with times, hours and reasons.",
    "person": "Uid of the person, or none.",
    "kind": "The new kind.",
    "names": "Names of the fields that are set.",
    "values": "Holds the new values of those fields.",
    "switch": "Uid of the switch.",
    "option": "Uid of the option.",
    "Disconnect.edge": "The edge that goes.",
    "Disconnect.option": "The option it was, if its tail has a switch.",
    "Batch.edits": "The edits, in order.",
    "Batch.title": "What the line in the history says; empty tells of the first edit.",
    "ReplacePlan.old_notes": "Texts of the notes of the old plan, by package uid.",
    "ReplacePlan.new_notes": "Texts of the notes of the new plan, by package uid.",
}
"""Meanings of fields that no docstring explains, by `Class.field` or `field`."""

_INTRO = """\
An edit is one change of a plan as an immutable value. It can be applied to a plan, it has an inverse, it
knows which fields it touches, and it says in one line what it does. Nothing else changes a plan. How
edits meet in the journal is in [Edits and the journal](../explanation/edits.md); how to make one from
Python is in [the Python API](api.md).

In the journal an edit is JSON data with its class as `is`: `{"is": "Rename", "uid": "...", "title":
"..."}`. *Touches* says which fields count as changed when two edits meet; what an edit *rests on* must
still be there. A *structural* edit is checked against the hard invariants when it is applied: uids are
known, the order of routes and needs has no cycle, and the options of a switch are the edges that leave
its route. The others cannot break them."""


def page() -> str:
    """Return the page."""
    parts = []
    for name, kind in EDITS.items():
        parts += [f"## {name}", summary(kind)]
        parts.append(table(("field", "type", "meaning"), _fields(name, kind)))
        touches = prose(inspect.getdoc(kind.touches) or "")
        word = "Structural." if kind.structural else "Not structural."
        if isinstance(kind.structural, property):
            word = "Structural if one of them is."
        parts.append(f"Touches: {touches[:1].lower()}{touches[1:]} {word}")
    return document("Edits", _INTRO, *parts)


def _fields(name: str, kind: Any) -> list[tuple[str, str, str]]:
    told = attributes(kind)
    return [
        (
            code(field.name),
            code(field.type),
            told.get(field.name)
            or MEANINGS.get(f"{name}.{field.name}")
            or MEANINGS[field.name],
        )
        for field in fields(kind)
    ]
