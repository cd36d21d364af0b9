"""Judging a plan: run validators, keep to what was configured, and score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from stellwerk.validation.findings import Finding, Severity, Subject, Validator
from stellwerk.validation.score import Score, scored
from stellwerk.validation.validators import ALL

_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Rules:
    """Which findings are reported, and how severe they are.

    Codes are whole (`SW301`) or the beginning of several (`SW3`).

    Attributes:
        select: What is reported; everything if empty.
        ignore: What is not; stronger than `select`.
        errors: What is an error whatever its validator says.
        warnings: What is a warning.
        infos: What is only information.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()

    def applied(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return what is reported of some findings, errors first."""
        kept = (self._ranked(each) for each in findings if self.wants(each.code))
        return tuple(sorted(kept, key=lambda finding: _RANKS[finding.severity]))

    def wants(self, code: str) -> bool:
        """Whether a code is reported."""
        chosen = not self.select or code.startswith(self.select)
        return chosen and not (self.ignore and code.startswith(self.ignore))

    def _ranked(self, finding: Finding) -> Finding:
        levels = (
            (self.errors, Severity.ERROR),
            (self.warnings, Severity.WARNING),
            (self.infos, Severity.INFO),
        )
        named = [
            (len(code), severity)
            for codes, severity in levels
            for code in codes
            if finding.code.startswith(code)
        ]
        return replace(finding, severity=max(named)[1]) if named else finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say about a plan.

    Attributes:
        findings: What is reported, errors first.
        score: Its quality.
    """

    findings: tuple[Finding, ...]
    score: Score


Judge: TypeAlias = Callable[[Subject], Verdict]
"""Says what there is to say about a plan."""


def judged(
    subject: Subject, rules: Rules = Rules(), others: Iterable[Validator] = ()
) -> Verdict:
    """Return the verdict on a plan.

    Args:
        subject: The plan.
        rules: What is reported.
        others: Validators besides Stellwerk's own; they do not count for the score.
    """
    own = [finding for validator in ALL for finding in validator(subject)]
    codes = (code for validator in ALL for code in validator.codes)
    score = scored(subject, own, codes)
    return Verdict(rules.applied([*own, *_said(subject, others)]), score)


def _said(subject: Subject, validators: Iterable[Validator]) -> Iterator[Finding]:
    for validator in validators:
        yield from validator(subject)
