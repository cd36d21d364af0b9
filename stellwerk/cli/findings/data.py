"""Findings as JSON data, the fields of `validation`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from stellwerk.cli.findings.checking import Placed
from stellwerk.cli.findings.running import Done
from stellwerk.validation.findings import Severity


def validation_data(done: Sequence[Done]) -> dict[str, Any]:
    """Return what was found in some plans, and what was fixed."""
    total: Counter[Severity] = Counter()
    for each in done:
        total.update(each.checked.counts)
    return {"counts": _counts(total), "plans": [_plan(each) for each in done]}


def _plan(done: Done) -> dict[str, Any]:
    checked = done.checked
    base, source = checked.target.base, checked.target.source
    return {
        "goal": base.plan.goal.slug if base else None,
        "file": source.path if source else None,
        "title": checked.target.plan.goal.title if checked.target.plan else None,
        "revision": base.revision if base else None,
        "score": checked.score.value if checked.score else None,
        "counts": _counts(checked.counts),
        "findings": [_finding(placed) for placed in checked.found],
        "fixes": [{"code": fix.code, "says": fix.says} for fix in done.fixes],
        "fixed": done.written,
        "not_fixed": done.refusal or None,
        "text": done.text,
    }


def _finding(placed: Placed) -> dict[str, Any]:
    finding, place = placed.finding, placed.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "ref": finding.ref or None,
        "title": placed.title,
        "message": finding.message,
        "hint": finding.hint or None,
        "quote": finding.quote or None,
        "count": finding.count,
        "fixable": finding.fix is not None,
        "file": place.file or None if place else None,
        "line": place.line if place else None,
    }


def _counts(counts: Mapping[Severity, int]) -> dict[str, int]:
    return {severity.value: counts.get(severity, 0) for severity in Severity}
