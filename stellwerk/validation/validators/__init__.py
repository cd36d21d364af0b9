"""The validators Stellwerk brings along, in the order in which they report."""

from __future__ import annotations

from stellwerk.validation.findings import Finding, Severity, Subject, Validator
from stellwerk.validation.validators import line, notes, size

STRUCTURE: tuple[Validator, ...] = (size.check_routes, line.check_line, line.check_odds)
"""Those that need no work packages: a plan's structure is checked before its details."""

ALL: tuple[Validator, ...] = (*STRUCTURE, size.check_packages, notes.check_notes)


def findings(subject: Subject, validators: tuple[Validator, ...] = ALL) -> tuple[Finding, ...]:
    """Return what the validators have to say, errors first."""
    ranks = list(Severity)
    found = [finding for validator in validators for finding in validator(subject)]
    return tuple(sorted(found, key=lambda finding: ranks.index(finding.severity)))
