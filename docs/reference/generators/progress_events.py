"""`progress-events.md`: what `--progress json` writes, from the classes of the events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_args

from generators.markdown import attributes, code, document, fenced, summary, table
from stellwerk.cli.progress.ndjson import event_data
from stellwerk.planning.events import CallDone, Event, Origin
from stellwerk.planning.models import Usage
from stellwerk.validation.findings import Finding, Severity

EXAMPLE = CallDone(
    "tasks", "r2", "openai", "gpt-5-mini", Usage(1840, 612, 1684, 1024, 0), 4.2, "asked"
)
AT = datetime(2026, 1, 1, 9, 0, 0, 250_000, tzinfo=UTC)
TYPES = {
    "str": "string",
    "int": "integer",
    "int | None": "integer or `null`",
    "float": "number",
    "float | None": "number or `null`",
    "bool": "boolean",
    "tuple[str, ...]": "list of strings",
    "Usage": "[Usage](#usage)",
    "Finding": "[Finding](#finding)",
    "Origin": ", ".join(code(name) for name in get_args(Origin)),
    "Severity": ", ".join(code(each.value) for each in Severity),
}
MEANINGS = {
    "StageStarted.stage": "`decompose`, `tasks`, `packages`, `review`; more may come.",
    "StageStarted.subject": "Title of the goal, the route or the task.",
    "StageDone.subject": "Title of the goal, the route or the task.",
    "CallStarted.subject": "The goal's title, or the key of a route (`r2`) or task (`r2.1`).",
    "SteppedDown.provider": "Who is asked.",
    "SteppedDown.model": "Which model.",
    "SteppedDown.mode": "`json`: without a schema; `text`: by the prompt alone.",
    "Found.finding": "What it said.",
    "RunDone.routes": "How many routes the plan has.",
    "RunDone.packages": "How many work packages.",
}
"""Meanings of fields that the docstrings leave out, or say too little of for a reader."""

_INTRO = """\
`plan --progress json` and `resume --progress json` write one JSON object a line on standard error for
each thing that happens, also with `--quiet`. Every object has `event`, the name of a section below, and
`at`, when it was: RFC 3339 in UTC, to the millisecond. Names of events and fields are stable. More of
both may come, so pass over those you do not know. Lines that are not JSON objects with an `event` are
narration, or the error the call ends with.

Stages run side by side, so events of several routes come mixed; calls are told apart by `stage` and
`subject`. In a run that ends with `RunDone` each `StageStarted` is followed by a `StageDone` of the same
stage and subject. When no model could plan and a playbook does, a second run follows the first."""


def page() -> str:
    """Return the page."""
    example = fenced(json.dumps(event_data(EXAMPLE, AT)), "json")
    parts = [part for kind in get_args(Event) for part in _section(kind)]
    values = [part for kind in (Usage, Finding) for part in _section(kind)]
    return document("Progress events", _INTRO, example, *parts, *values)


def _section(kind: Any) -> Iterator[str]:
    yield f"## {kind.__name__}"
    yield _in_json(summary(kind))
    rows = [
        (code(each.name), TYPES[str(each.type)], _meaning(kind, each.name))
        for each in fields(kind)
        if (kind, each.name) != (Finding, "fix")
    ]
    yield table(("field", "type", "meaning"), rows)


def _meaning(kind: Any, name: str) -> str:
    """Return what a field means (KeyError if nothing says it)."""
    told = MEANINGS.get(f"{kind.__name__}.{name}")
    return told or _in_json(attributes(kind)[name])


def _in_json(text: str) -> str:
    return text.replace("None", "`null`")
