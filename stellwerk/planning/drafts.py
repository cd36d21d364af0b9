"""Drafts: what a model is asked for at each stage. Fields, not prose; we write the Markdown.

Keys (`r1`, `r1.2`, `r1.2.3`) are the model's own names for things within one run.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from stellwerk.domain.limits import (
    GRADE,
    LENGTH,
    MAX_TITLE,
    MIN_CRITERIA,
    MIN_RISKS,
    MIN_STEPS,
)


class Draft(BaseModel):
    """What all drafts share: unknown fields are dropped, values are checked."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)


class RouteDraft(Draft):
    """A stretch of line."""

    key: str
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    description: str = ""
    kind: Literal["trunk", "branch"] = "trunk"


class EdgeDraft(Draft):
    """One route comes before another one."""

    before: str
    after: str


class OptionDraft(Draft):
    """One way a decision can go."""

    to: str
    label: str = Field(min_length=1, max_length=MAX_TITLE)
    tradeoff: str = ""
    probability: float | None = Field(default=None, ge=0, le=1)


class DecisionDraft(Draft):
    """A decision at the end of a route."""

    at: str
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    prompt: str = ""
    options: list[OptionDraft] = Field(min_length=2)
    recommended: str | None = None


class StructureDraft(Draft):
    """Answer of `decompose`: the line without what is done on it."""

    title: str = ""
    description: str = ""
    prologue: str = ""
    rallying_cry: str = ""
    unit_hours: float = Field(default=1.0, gt=0, le=1000)
    routes: list[RouteDraft] = Field(min_length=1)
    edges: list[EdgeDraft] = Field(default_factory=list)
    decisions: list[DecisionDraft] = Field(default_factory=list)


class TaskDraft(Draft):
    """A step of a route."""

    key: str
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    description: str = ""


class TasksDraft(Draft):
    """Answer of `tasks`: the steps of one route."""

    tasks: list[TaskDraft] = Field(min_length=1)


class RiskDraft(Draft):
    """What can go wrong, and what is done about it."""

    risk: str
    mitigation: str


class SourceDraft(Draft):
    """Where to read on."""

    url: str
    title: str = ""


class HoursDraft(Draft):
    """Effort in hours: percentiles 10, 50 and 90."""

    p10: float = Field(gt=0)
    p50: float = Field(gt=0)
    p90: float = Field(gt=0)


class PackageDraft(Draft):
    """A work package."""

    key: str
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    summary: str
    steps: list[str] = Field(min_length=MIN_STEPS)
    done_when: list[str] = Field(min_length=MIN_CRITERIA)
    risks: list[RiskDraft] = Field(min_length=MIN_RISKS)
    sources: list[SourceDraft] = Field(default_factory=list)
    images: list[SourceDraft] = Field(default_factory=list)
    length: int = Field(ge=LENGTH[0], le=LENGTH[1])
    grade: int = Field(ge=GRADE[0], le=GRADE[1])
    hours: HoursDraft | None = None
    elapsed_days: int | None = Field(default=None, ge=0, le=36_500)
    needs: list[str] = Field(default_factory=list)


class PackagesDraft(Draft):
    """Answer of `packages`: the work packages of one task."""

    packages: list[PackageDraft] = Field(min_length=1)
