"""The quality score of a plan: 0 to 1, in five parts, each of which says what it lost.

    score = sum over the aspects of weight x value
    value = max(0, 1 - sum over the aspect's codes of cost x share)
    share = min(1, lines or items with the code / lines or items that could have it)

Specificity is also multiplied by the share of sections that are written: what is not there
says nothing. A plan without work packages has the score 0.

The weights are the design's; the costs stand beside the codes. What somebody configured for
findings does not change a score: it is taken from all of Stellwerk's own validators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from stellwerk.validation.findings import Aspect, Code, Finding, Per, Subject

WEIGHTS: Final[Mapping[Aspect, float]] = {
    Aspect.STRUCTURE: 0.20,
    Aspect.COMPLETENESS: 0.30,
    Aspect.SPECIFICITY: 0.20,
    Aspect.ESTIMATES: 0.10,
    Aspect.COHERENCE: 0.20,
}

_UNWRITTEN: Final = "SW301"
_SECTIONS: Final = 4
"""Summary, steps, criteria and risks: what all notes should have."""


class Loss(NamedTuple):
    """What a code took from an aspect.

    Attributes:
        code: The code.
        found: How many lines or items have it.
        of: How many could.
        lost: What the aspect's value lost, 0 to 1.
    """

    code: Code
    found: int
    of: int
    lost: float


class Part(NamedTuple):
    """An aspect of a score.

    Attributes:
        aspect: Which one.
        weight: Its share in the score.
        value: 0 to 1.
        losses: What it lost by which code, the greatest first.
    """

    aspect: Aspect
    weight: float
    value: float
    losses: tuple[Loss, ...]


class Score(NamedTuple):
    """A quality score.

    Attributes:
        value: 0 to 1, two decimals are meant.
        parts: Its aspects in the order of `WEIGHTS`.
    """

    value: float
    parts: tuple[Part, ...]


def scored(subject: Subject, findings: Iterable[Finding], codes: Iterable[Code]) -> Score:
    """Return the score of a plan.

    Args:
        subject: The plan.
        findings: All that the validators with these codes said about it.
        codes: The codes that count.
    """
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.code] += finding.count
    room = _room(subject)
    losses: dict[Aspect, list[Loss]] = {aspect: [] for aspect in Aspect}
    for code in codes:
        if code.aspect and (count := counts[code.code]):
            of = max(room[code.per], 1)
            lost = code.cost * min(count / of, 1.0)
            losses[code.aspect].append(Loss(code, count, of, lost))
    kept = dict.fromkeys(Aspect, float(bool(room[Per.PACKAGE])))
    kept[Aspect.SPECIFICITY] *= 1.0 - min(counts[_UNWRITTEN] / max(room[Per.SECTION], 1), 1.0)
    parts = tuple(_part(aspect, losses[aspect], kept[aspect]) for aspect in WEIGHTS)
    return _total(parts)


def reviewed(score: Score, penalty: float) -> Score:
    """Return a score after a review, which can lower its coherence and nothing else.

    Args:
        score: From the rules.
        penalty: Share of the coherence that is lost, 0 to 1.
    """
    kept = 1.0 - min(max(penalty, 0.0), 1.0)
    parts = tuple(
        part._replace(value=round(part.value * kept, 4))
        if part.aspect is Aspect.COHERENCE
        else part
        for part in score.parts
    )
    return _total(parts)


def _total(parts: tuple[Part, ...]) -> Score:
    return Score(round(sum(part.weight * part.value for part in parts), 4), parts)


def _part(aspect: Aspect, losses: list[Loss], kept: float) -> Part:
    """Return an aspect, of whose value a share is kept in any case."""
    value = kept * max(0.0, 1.0 - sum(loss.lost for loss in losses))
    ordered = tuple(sorted(losses, key=lambda loss: -loss.lost))
    return Part(aspect, WEIGHTS[aspect], round(value, 4), ordered)


def _room(subject: Subject) -> Mapping[Per, int]:
    """Return on how much each kind of finding can be made."""
    steps = sum(len(text.steps) for text in subject.texts)
    criteria = sum(len(text.criteria) for text in subject.texts)
    risks = sum(len(text.risks) for text in subject.texts)
    return {
        Per.PLAN: 1,
        Per.ROUTE: len(subject.plan.routes),
        Per.PACKAGE: len(subject.texts),
        Per.SECTION: _SECTIONS * len(subject.texts),
        Per.STEP: steps,
        Per.CRITERION: criteria,
        Per.RISK: risks,
        Per.LINE: steps + criteria + risks,
    }
