"""Checking what a call names: findings in the order of the plan, each with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from stellwerk.cli.findings.places import Place, Places, order_of
from stellwerk.cli.findings.targets import Target
from stellwerk.domain.limits import PlanSize
from stellwerk.domain.plan import Plan, title_of
from stellwerk.errors import UsageError
from stellwerk.plugins.judging import BROKEN as STRANGER
from stellwerk.plugins.judging import Validators
from stellwerk.validation.findings import Code, Finding, Severity, Subject, Validator
from stellwerk.validation.judging import Rules, Verdict, judged
from stellwerk.validation.score import Score
from stellwerk.validation.validators import ALL, graph

_RANKS: Final = {severity: rank for rank, severity in enumerate(Severity)}
_PLUGINS: Final = "SW9"


class Placed(NamedTuple):
    """A finding with what it is about.

    Attributes:
        finding: The finding.
        title: Of the item it is about; that of the goal if it is about the plan.
        item: Where that item begins; None for a goal that is stored.
        place: Where the words of the finding stand; likewise.
    """

    finding: Finding
    title: str
    item: Place | None = None
    place: Place | None = None


class Checked(NamedTuple):
    """What there is to say about a plan.

    Attributes:
        target: What was named.
        found: In the order of the plan, errors of an item first.
        score: Its quality; None of what could not become a plan.
        codes: What the codes of the findings stand for, where that is known.
    """

    target: Target
    found: tuple[Placed, ...]
    score: Score | None
    codes: Mapping[str, Code]

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        told = Counter(placed.finding.severity for placed in self.found)
        return {severity: told[severity] for severity in Severity}


@dataclass(frozen=True)
class Checker:
    """Checks plans in the way a call asks for.

    Attributes:
        validators: The installed ones, with what is reported of their findings.
        size: The size plans are held to, or None.
    """

    validators: Validators
    size: PlanSize | None = None

    @cached_property
    def others(self) -> tuple[Validator, ...]:
        """The validators that do not come with Stellwerk's core, and are to run."""
        return tuple(self.validators.others())

    @cached_property
    def codes(self) -> Mapping[str, Code]:
        """All codes that may be reported."""
        known = (graph.BROKEN, *(code for each in ALL for code in each.codes), STRANGER)
        others: list[Any] = [code for each in self.others for code in each.codes]
        return {code.code: code for code in (*others, *known) if isinstance(code, Code)}

    def judge(self, plan: Plan, notes: Mapping[str, str]) -> Verdict:
        """Return the verdict on a plan."""
        return judged(Subject(plan, notes, self.size), self.validators.rules, self.others)

    def check(self, target: Target, verdict: Verdict | None = None) -> Checked:
        """Return what there is to say about a plan, judged already or not."""
        if target.plan is None:
            return Checked(target, tuple(_broken(target)), None, self.codes)
        verdict = verdict or self.judge(target.plan, target.notes)
        found = _placed(target, target.plan, verdict.findings)
        return Checked(target, tuple(found), verdict.score, self.codes)

    def refuse_unknown(self, flags: Iterable[str]) -> None:
        """Refuse codes that no validator reports: a typing error would hide findings."""
        known = sorted(self.codes)
        for flag in flags:
            if not flag.startswith(_PLUGINS) and not any(k.startswith(flag) for k in known):
                from difflib import get_close_matches

                near = get_close_matches(flag, known, n=3, cutoff=0.6)
                hint = f"Did you mean {' or '.join(near)}? " if near else ""
                msg = f"There is no finding with the code {flag!r}."
                raise UsageError(msg, f"{hint}Codes look like SW301; SW3 means all such.")


def narrowed(rules: Rules, select: Sequence[str], ignore: Sequence[str]) -> Rules:
    """Return rules with what flags say; a selection puts the configured one out of force."""
    levels = (rules.errors, rules.warnings, rules.infos)
    if select:
        return Rules(tuple(select), tuple(ignore), *levels)
    return Rules(rules.select, (*rules.ignore, *ignore), *levels)


def _placed(target: Target, plan: Plan, findings: Iterable[Finding]) -> list[Placed]:
    order = order_of(plan)
    last = len(order)
    ranked = sorted(findings, key=lambda f: (order.get(f.ref, last), _RANKS[f.severity]))
    places = Places(target.source, plan) if target.source else None
    return [_with_place(plan, places, finding) for finding in ranked]


def _with_place(plan: Plan, places: Places | None, finding: Finding) -> Placed:
    uid = plan.index.find(finding.ref) if finding.ref else None
    title = title_of(plan.item(uid)) if uid else plan.goal.title
    if places is None:
        return Placed(finding, title)
    item = places.item(finding.ref)
    return Placed(finding, title, item, places.quote(finding.ref, finding.quote))


def _broken(target: Target) -> Iterable[Placed]:
    """Return a finding for each rule that a document breaks; none of them can be ignored."""
    found = graph.broken([each.rule for each in target.broken])
    source = target.source
    for finding, broken in zip(found, target.broken, strict=True):
        at = None
        if source is not None:
            at = Places(source, None).rule(broken.rule, broken.name, broken.line)
        yield Placed(finding, target.name, at, at)
