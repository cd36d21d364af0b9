"""`fields.md`: the fields of every entity, and refs, statuses and notes, from the domain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, field, fields, is_dataclass, make_dataclass
from enum import StrEnum
from typing import Any

from generators.markdown import attributes, code, document, summary, table
from generators.tables import tables
from stellwerk.domain import limits
from stellwerk.domain.goal import (
    Absence,
    Direction,
    Goal,
    GoalStatus,
    Person,
    Role,
    Source,
    SourceKind,
)
from stellwerk.domain.journal import Entry, EntryKind, EntryLine
from stellwerk.domain.notes import HEADINGS, Part
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.refs import RefBook
from stellwerk.domain.snapshot import Snapshot
from stellwerk.domain.work import Standing, Status, Task, ThreePoint, WorkPackage

ENTITIES = (
    *(Plan, Goal, Source, Route, Task, WorkPackage, Standing, ThreePoint),
    *(Edge, Switch, Option, Person, Absence, RefBook, EntryLine, Entry, Snapshot),
)
CHOICES = (GoalStatus, SourceKind, RouteKind, Status, Role, Direction, EntryKind)
MEANINGS = {
    "uid": "Identity for ever, a hexadecimal UUID.",
    "title": "One line.",
    "born_at": "When it came to be, UTC.",
    "description": "Free text.",
    "Plan.goal": "Whose plan it is.",
    "Plan.routes": "In written order.",
    "Plan.edges": "Sorted.",
    "Plan.switches": "By number.",
    "Plan.people": "By number.",
    "Route.number": "Of its ref `r3`, unique within the plan for ever.",
    "Route.kind": "Trunk (shared by every way) or branch (one alternative).",
    "Route.tasks": "In written order.",
    "Task.number": "Last part of its ref `r3.2`, unique within its route for ever.",
    "Task.packages": "In written order.",
    "ThreePoint.p10": "In one case of ten it takes less.",
    "ThreePoint.p50": "The middle: as often more as less.",
    "ThreePoint.p90": "In nine cases of ten it takes less.",
    "Edge.tail": "Uid of the route that comes first.",
    "Edge.head": "Uid of the route that comes after it, and needs it.",
    "Absence.first": "First day off.",
    "Absence.last": "Last day off.",
    "Entry.line": "The entry without the edit.",
    "Entry.edit": "The edit that was made.",
    "Entry.inverse": "The edit that takes it back.",
    "Snapshot.plan": "The plan.",
    "Snapshot.book": "What refs have been handed out.",
    "Snapshot.revision": "How many entries the journal has.",
}
"""Meanings of fields that no docstring explains, by `Class.field` or `field`."""

_INTRO = """\
What a plan is made of, and what the database keeps. All times are UTC. All entities are immutable; they
are changed by [edits](edits.md) alone. In [JSON](json-plan.md) and in the database the fields have the
same names."""
_REFS = """\
## Refs

| ref | what |
|---|---|
| `r3` | route |
| `r3.2` | task |
| `r3.2.1` | work package |
| `d1` | switch |
| `d1.b` | option |
| `p2` | person |
| `slug:r3.2` | an item of another goal |

A number is handed out once under its parent and never again, whatever is undone or removed. An item that
moves to another holder gets a new ref; the old one goes on meaning it. Capital letters are as good as
small ones."""


def page() -> str:
    """Return the page."""
    parts = [_INTRO, _REFS, "## Entities"]
    for entity in ENTITIES:
        parts += [f"### {entity.__name__}", summary(entity), _fields(entity)]
    parts += ["## Values", *(part for choice in CHOICES for part in _choice(choice))]
    return document("Fields", *parts, *_notes(), *_limits(), *tables())


def meaning(kind: Any, name: str) -> str:
    """Return what a field means.

    Raises:
        KeyError: Neither the docstring nor `MEANINGS` says it.
    """
    told = attributes(kind).get(name) or MEANINGS.get(f"{kind.__name__}.{name}")
    return told or MEANINGS[name]


def _fields(kind: Any) -> str:
    rows = []
    for each in _declared(kind):
        told = meaning(kind, each.name)
        rows.append((code(each.name), code(each.type), code(_shown(each)), told))
    return table(("field", "type", "default", "meaning"), rows)


def _declared(kind: Any) -> list[Any]:
    """Return the fields of a class as a dataclass would have them."""
    if not is_dataclass(kind):
        own = [
            (n, t.__forward_arg__, kind._field_defaults.get(n, MISSING))
            for n, t in kind.__annotations__.items()
        ]
        kind = make_dataclass(kind.__name__, [(n, t, field(default=d)) for n, t, d in own])
    return [each for each in fields(kind) if each.init]


def _shown(each: Any) -> str:
    if each.default is not MISSING:
        value = each.default
    elif each.default_factory is not MISSING:
        value = each.default_factory()
    else:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return json.dumps(value)
    return f"{type(value).__name__}()" if is_dataclass(value) else repr(value)


def _choice(choice: type[StrEnum]) -> tuple[str, str]:
    values = ", ".join(code(each.value) for each in choice)
    return f"### {choice.__name__}", f"{summary(choice)} One of {values}."


def _notes() -> Iterator[str]:
    yield "## Notes"
    yield (
        "The notes of a work package are Markdown. Six sections are known by their headings,"
        " in any of these languages whatever the language of the plan. Everything else in"
        " the notes is kept as it is written."
    )
    least = {
        Part.SUMMARY: "{} to {} sentences".format(*limits.SUMMARY_SENTENCES),
        Part.STEPS: f"at least {limits.MIN_STEPS}, numbered",
        Part.CRITERIA: f"at least {limits.MIN_CRITERIA}, as checkboxes `- [ ]`",
        Part.RISKS: f"at least {limits.MIN_RISKS}, as `- risk → what is done about it`",
        Part.SOURCES: "{} to {} addresses".format(*limits.SOURCES),
        Part.IMAGES: "{} to {} addresses".format(*limits.IMAGES),
    }
    rows = [(code(HEADINGS["en"][p]), code(HEADINGS["de"][p]), least[p]) for p in Part]
    yield table(("English", "German", "content of a good note"), rows)


def _limits() -> Iterator[str]:
    yield "## Limits"
    rows = [
        ("length of a work package", "{} to {} units".format(*limits.LENGTH)),
        ("grade of a work package", "{} to {}".format(*limits.GRADE)),
        ("a title", f"{limits.MAX_TITLE:,} characters"),
        ("the text of a goal to plan", f"{limits.MAX_GOAL_TEXT:,} characters"),
        ("the context of a goal to plan", f"{limits.MAX_CONTEXT:,} characters"),
        ("the notes of a work package", f"{limits.MAX_NOTES:,} characters"),
    ]
    yield table(("what", "limit"), rows)
    yield "Sizes of plans:"
    yield table(
        ("size", "routes", "work packages", "tasks a route", "packages a task", "a switch"),
        [
            (
                code(size.name),
                "{} to {}".format(*size.routes),
                "{} to {}".format(*size.packages),
                f"up to {size.tasks_per_route}",
                f"up to {size.packages_per_task}",
                "needed" if size.needs_switch else "not needed",
            )
            for size in limits.SIZES.values()
        ],
    )
