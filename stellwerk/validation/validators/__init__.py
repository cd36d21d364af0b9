"""The validators Stellwerk brings along, in the order in which they report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stellwerk.validation.findings import Finding, Severity, Subject, Validator
from stellwerk.validation.validators import (
    aim,
    decisions,
    estimates,
    figures,
    graph,
    horizon,
    language,
    line,
    needs,
    notes,
    order,
    padding,
    people,
    placeholders,
    promises,
    repeats,
    size,
    sources,
    split,
    titles,
    vague,
)

STRUCTURE: Final[tuple[Validator, ...]] = (size.STRUCTURE, line.VALIDATOR)
"""Those that need no work packages: a plan's structure is checked before its details."""

ALL: Final[tuple[Validator, ...]] = (
    *STRUCTURE,
    size.VALIDATOR,
    *(module.VALIDATOR for module in (graph, needs, notes, placeholders, repeats, vague)),
    *(module.VALIDATOR for module in (sources, promises, padding, estimates, people, split)),
    *(module.VALIDATOR for module in (titles, decisions, horizon, aim, order, language)),
    figures.VALIDATOR,
)
"""All of them; each is an entry point as well."""


def findings(subject: Subject, validators: Iterable[Validator] = ALL) -> tuple[Finding, ...]:
    """Return what the validators have to say, errors first."""
    ranks = list(Severity)
    found = [finding for validator in validators for finding in validator(subject)]
    return tuple(sorted(found, key=lambda finding: ranks.index(finding.severity)))
