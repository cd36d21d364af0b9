"""Findings: what a validator has to say about a plan, with stable codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from stellwerk.domain.limits import PlanSize
from stellwerk.domain.plan import Plan


class Severity(StrEnum):
    """How bad a finding is; only errors make a plan unfit."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a validator has to say.

    Attributes:
        code: Stable, `SW101`.
        severity: How bad it is.
        ref: Of the item it is about; empty for the plan.
        message: One sentence.
        hint: What would mend it.
    """

    code: str
    severity: Severity
    ref: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What validators look at.

    Attributes:
        plan: The plan.
        notes: Texts of the notes by package uid.
        size: The size it was asked to have, or None where any will do.
    """

    plan: Plan
    notes: Mapping[str, str] = field(default_factory=dict)
    size: PlanSize | None = None


Validator: TypeAlias = Callable[[Subject], Iterator[Finding]]
