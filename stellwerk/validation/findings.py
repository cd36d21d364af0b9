"""Findings: what a validator has to say about a plan, with stable codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from stellwerk.domain.edits.edit import Edit
from stellwerk.validation.subject import Subject


class Severity(StrEnum):
    """How bad a finding is; only errors make a plan unfit."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Aspect(StrEnum):
    """The parts of the quality score; a code lowers at most one of them."""

    STRUCTURE = "structure"
    COMPLETENESS = "completeness"
    SPECIFICITY = "specificity"
    ESTIMATES = "estimates"
    COHERENCE = "coherence"


class Per(StrEnum):
    """What a code can be found on, so what its findings are counted against."""

    PLAN = "plan"
    ROUTE = "route"
    PACKAGE = "package"
    SECTION = "section"
    STEP = "step"
    CRITERION = "criterion"
    RISK = "risk"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a validator has to say.

    Attributes:
        code: Stable, `SW101`.
        severity: How bad it is.
        ref: Of the item it is about; empty for the plan.
        message: One sentence.
        hint: What would mend it.
        quote: The words of the plan it is about, as they stand there.
        fix: The edit that mends it and loses nothing, where there is one.
        count: How many lines it speaks for.
    """

    code: str
    severity: Severity
    ref: str
    message: str
    hint: str = ""
    quote: str = ""
    fix: Edit | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for.

    Attributes:
        code: Stable, `SW101`; the first digit is its family.
        severity: How bad it is unless configured otherwise.
        says: What is the matter, as a sentence about plans in general.
        aspect: The part of the quality score it lowers; None if it lowers none.
        cost: What that part loses, 0 to 1, when everything it can be found on has it.
        per: What it can be found on.
    """

    code: str
    severity: Severity
    says: str
    aspect: Aspect | None = None
    cost: float = 0.0
    per: Per = Per.PLAN

    def at(
        self,
        ref: str,
        message: str,
        hint: str = "",
        *,
        quote: str = "",
        fix: Edit | None = None,
        count: int = 1,
    ) -> Finding:
        """Return a finding of this code."""
        return Finding(self.code, self.severity, ref, message, hint, quote, fix, count)


Check: TypeAlias = Callable[[Subject], Iterator[Finding]]
"""What a validator does: look at a plan and say what it finds."""


@dataclass(frozen=True, slots=True)
class Validator:
    """A check with the codes it may report.

    Attributes:
        codes: What it may report.
        check: The check.
        default: Whether it runs without being named, as what asks the network does not.
    """

    codes: tuple[Code, ...]
    check: Check
    default: bool = True

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Yield what there is to say about a plan."""
        return self.check(subject)


__all__ = ["Aspect", "Check", "Code", "Finding", "Per", "Severity", "Subject", "Validator"]
