"""`findings.md`: the codes of findings, from the docstrings of the validators."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from generators.markdown import code, document, prose, table
from stellwerk.validation.findings import Severity
from stellwerk.validation.validators import ALL

_CODE = re.compile(r"(SW\d{3}): (.*?)(?=; SW\d{3}|\.?$)")
CLEARER = {
    "SW101": "The plan has more or fewer routes than plans of its size.",
    "SW102": "The plan has more or fewer work packages than plans of its size.",
    "SW103": "A route has no task or too many, or a task no work package or too many.",
    "SW104": "The plan has no decision whose ways meet again, and plans of its size have one.",
    "SW301": "A work package lacks a section of its notes.",
    "SW302": "A section has fewer steps, criteria, risks or sources than make it workable.",
    "SW309": "A work package has no image.",
}
"""What to say of codes whose docstring is too short for a reader."""

_INTRO = """\
A finding is one thing a validator has to say about a plan: a stable code, how serious it is, the ref it
is about, a sentence, and mostly a hint. Only errors make a plan unfit.

`stellwerk plan` checks each new plan. A structure with errors is refused; warnings are said on standard
error, the first five of them; what is only information is not said. There is no verb yet that checks a
stored plan.

Limits are in [Fields](fields.md#limits)."""
_HARD = """\
Rules that no plan can break are not findings but errors: see
[the hard invariants](../explanation/edits.md#what-cannot-be-broken)."""


def page() -> str:
    """Return the page."""
    rows = [
        (code(name), severity, CLEARER.get(name, f"{told[:1].upper()}{told[1:]}."))
        for name, told, severity in sorted(set(found()))
    ]
    return document("Findings", _INTRO, table(("code", "severity", "says"), rows), _HARD)


def found() -> Iterator[tuple[str, str, str]]:
    """Yield (code, what it says, severity) of every finding."""
    for validator in ALL:
        module = inspect.getmodule(validator)
        assert module
        levels = _severities(inspect.getsource(module))
        for name, told in _CODE.findall(prose(validator.__doc__ or "")):
            yield name, told.removesuffix(" (information)"), levels[name]


def _severities(source: str) -> dict[str, str]:
    pairs = re.findall(r"Finding\(\s*\"(SW\d{3})\",\s*Severity\.([A-Z]+)", source)
    return {name: Severity[level].value for name, level in pairs}
