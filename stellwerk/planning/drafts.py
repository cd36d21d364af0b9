"""Drafts: what a model is asked for at each stage. Fields, not prose; we write the Markdown.

Keys (`r1`, `r1.2`, `r1.2.3`) are the names of things within one run. Descriptions of fields
travel in the JSON schema to the model, the bounds are those that validators enforce.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from stellwerk.domain.limits import (
    GRADE,
    LENGTH,
    MAX_GOAL_TEXT,
    MAX_TITLE,
    MIN_CRITERIA,
    MIN_RISKS,
    MIN_STEPS,
)

MAX_KEY: Final = 80
MAX_HOURS: Final = 100_000

Title: TypeAlias = Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]
Text: TypeAlias = Annotated[str, Field(max_length=MAX_GOAL_TEXT)]
Line: TypeAlias = Annotated[str, Field(min_length=1, max_length=MAX_GOAL_TEXT)]
Key: TypeAlias = Annotated[str, Field(min_length=1, max_length=MAX_KEY)]
Share: TypeAlias = Annotated[float, Field(strict=True, ge=0, le=1)]
Hours: TypeAlias = Annotated[float, Field(strict=True, gt=0, le=MAX_HOURS)]
Count: TypeAlias = Annotated[int, Field(strict=True)]


class Draft(BaseModel):
    """What all drafts share: unknown fields are dropped, values are checked."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)


class RouteDraft(Draft):
    """A stretch of line."""

    key: Key = Field(description="r1, r2, ... in the order of the routes")
    title: Title = Field(description="names the result of the route, in one line")
    description: Text = ""
    kind: Literal["trunk", "branch"] = Field(
        default="trunk", description="branch: one alternative of a decision; trunk: all else"
    )


class EdgeDraft(Draft):
    """One route comes before another one."""

    before: Key = Field(description="key of the route that comes first")
    after: Key = Field(description="key of the route that follows")


class OptionDraft(Draft):
    """One way a decision can go."""

    to: Key = Field(description="key of the route this option leads to, by an edge")
    label: Title = Field(description="the option in a few words")
    tradeoff: Text = Field(
        default="", description="when it is right, what it costs, what it closes"
    )
    probability: Share | None = Field(
        default=None, description="how likely it is to be chosen, 0 to 1"
    )


class DecisionDraft(Draft):
    """A decision at the end of a route."""

    at: Key = Field(description="key of the route at whose end the decision stands")
    title: Title = Field(description="the question, in one line")
    prompt: Text = Field(default="", description="what one must know to decide")
    options: list[OptionDraft] = Field(
        min_length=2, description="one for each edge that leaves the route, no more, no less"
    )
    recommended: Key | None = Field(
        default=None, description="`to` of the option you would take, if you would take one"
    )


class StructureDraft(Draft):
    """Answer of `decompose`: the line without what is done on it."""

    title: Text = Field(default="", description="the goal in one line")
    description: Text = ""
    prologue: Text = Field(default="", description="one to three sentences that open the plan")
    rallying_cry: Text = Field(default="", description="a few words to set out with")
    unit_hours: float = Field(
        default=1.0,
        strict=True,
        gt=0,
        le=1000,
        description="hours that one unit of length stands for",
    )
    routes: list[RouteDraft] = Field(min_length=1)
    edges: list[EdgeDraft] = Field(default_factory=list)
    decisions: list[DecisionDraft] = Field(default_factory=list)


class TaskDraft(Draft):
    """A step of a route."""

    key: Key = Field(description="the route's key and a number: r1.1, r1.2, ...")
    title: Title = Field(description="names a result, in one line")
    description: Text = ""


class TasksDraft(Draft):
    """Answer of `tasks`: the steps of one route."""

    tasks: list[TaskDraft] = Field(min_length=1)


class RiskDraft(Draft):
    """What can go wrong, and what is done about it."""

    risk: Text = Field(description="what can go wrong here, not anywhere")
    mitigation: Text = Field(description="what prevents or softens it")


class SourceDraft(Draft):
    """Where to read on."""

    url: Text = Field(description="a URL that exists, beginning with https://")
    title: Text = ""


class HoursDraft(Draft):
    """Effort in hours: percentiles 10, 50 and 90."""

    p10: Hours = Field(description="if all goes well")
    p50: Hours = Field(description="as often less as more")
    p90: Hours = Field(description="if much goes wrong")


class PackageDraft(Draft):
    """A work package."""

    key: Key = Field(description="the task's key and a number: r1.2.1, r1.2.2, ...")
    title: Title = Field(description="names a result, in one line")
    summary: Text = Field(description="what is done and why, in full sentences")
    steps: list[Line] = Field(min_length=MIN_STEPS, description="in order, without numbers")
    done_when: list[Line] = Field(
        min_length=MIN_CRITERIA, description="criteria that are met or not met"
    )
    risks: list[RiskDraft] = Field(min_length=MIN_RISKS)
    sources: list[SourceDraft] = Field(default_factory=list)
    images: list[SourceDraft] = Field(default_factory=list)
    length: Count = Field(ge=LENGTH[0], le=LENGTH[1], description="effort in units")
    grade: Count = Field(ge=GRADE[0], le=GRADE[1], description="difficulty")
    hours: HoursDraft | None = None
    elapsed_days: Count | None = Field(
        default=None,
        ge=0,
        le=36_500,
        description="calendar days it takes at least, whatever the effort",
    )
    needs: list[Key] = Field(
        default_factory=list, description="keys of work packages that must be finished first"
    )


class PackagesDraft(Draft):
    """Answer of `packages`: the work packages of one task."""

    packages: list[PackageDraft] = Field(min_length=1)


class RefinedDraft(PackageDraft):
    """Answer of `refine`: one work package, whole."""


class ProblemDraft(Draft):
    """One thing a reviewer would change."""

    key: Key = Field(description="ref of what it is about, as the plan shows it: r1.2.3, d1")
    quote: Text = Field(default="", description="the words it is about, copied exactly")
    problem: Line = Field(description="what is wrong with them")
    change: Text = Field(default="", description="what should stand there instead")
    severity: Literal["low", "medium", "high"] = "medium"
    confidence: Share = Field(default=0.5, description="how sure you are, 0 to 1")


class ReviewDraft(Draft):
    """Answer of `review`: what is wrong with a plan."""

    summary: Line = Field(description="one or two sentences on the whole plan")
    problems: list[ProblemDraft] = Field(default_factory=list, description="worst first")
