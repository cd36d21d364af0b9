"""Findings as SARIF 2.1.0, which code scanners and editors read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote

from stellwerk import __version__
from stellwerk.cli.findings.checking import Checked, Placed
from stellwerk.cli.findings.places import Place
from stellwerk.domain.text import clean
from stellwerk.validation.findings import Code, Severity

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_LEVELS: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}
_KINDS: Final = ("route", "task", "work package")
_LINK: Final = re.compile(r"\[(?=[^\]]*\]\()")


def log(checked: Sequence[Checked]) -> dict[str, Any]:
    """Return the SARIF log of some plans, a run with all that was found in them."""
    codes = _codes(checked)
    index = {code: at for at, code in enumerate(codes)}
    results = [_result(plan, placed, index) for plan in checked for placed in plan.found]
    rules = [_rule(code, known) for code, known in codes.items()]
    driver = {"name": "Stellwerk", "version": __version__, "rules": rules}
    quality = {plan.target.name: plan.score.value if plan.score else None for plan in checked}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"quality": quality},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _codes(checked: Iterable[Checked]) -> dict[str, Code | None]:
    """Return every code that was looked for or found, in order."""
    known: dict[str, Code | None] = {}
    for plan in checked:
        known |= plan.codes
        for placed in plan.found:
            known.setdefault(placed.finding.code, None)
    return dict(sorted(known.items()))


def _rule(name: str, code: Code | None) -> dict[str, Any]:
    """Return a rule; of a code that its validator does not describe there is little to say."""
    if code is None:
        return {"id": name, "shortDescription": _message(f"A finding with the code {name}.")}
    lowers = f" It lowers the {code.aspect} of the plan." if code.aspect else ""
    return {
        "id": name,
        "shortDescription": _message(code.says),
        "fullDescription": _message(code.says),
        "help": _message(code.says + lowers),
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [code.aspect.value] if code.aspect else []},
    }


def _result(checked: Checked, placed: Placed, index: dict[str, int]) -> dict[str, Any]:
    finding = placed.finding
    hint = f" {finding.hint}" if finding.hint else ""
    return {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message + hint),
        "locations": [_location(checked, placed)],
    }


def _location(checked: Checked, placed: Placed) -> dict[str, Any]:
    ref, name = placed.finding.ref, clean(checked.target.name)
    logical = {
        "name": ref or name,
        "fullyQualifiedName": f"{name}:{ref}" if ref else name,
        "decoratedName": clean(placed.title),
        "kind": _kind(ref),
    }
    physical = _physical(placed.place) if placed.place and placed.place.file else {}
    return {**physical, "logicalLocations": [logical]}


def _physical(place: Place) -> dict[str, Any]:
    artifact = {"uri": quote(place.file)}
    region = {"startLine": place.line}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _kind(ref: str) -> str:
    if ref.startswith("r"):
        return _KINDS[min(ref.count("."), 2)]
    if ref.startswith("d"):
        return "option" if "." in ref else "switch"
    return "person" if ref else "plan"


def _message(text: str) -> dict[str, str]:
    """Return a message: braces and links, which mean something in SARIF, stay text."""
    plain = clean(text).replace("{", "{{").replace("}", "}}")
    return {"text": _LINK.sub(r"\\[", plain)}
