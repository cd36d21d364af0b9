"""How providers did: calls, failures, repairs, tokens, cost and waiting, from the call log.

What is not known stays unknown: a sum says how many calls it lacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import NamedTuple

from stellwerk.planning.failures import UNBILLED, FailureKind
from stellwerk.planning.runs import Call, CallStatus


class Series(NamedTuple):
    """Calls that have all of this in common.

    Attributes:
        provider: Who was asked.
        model: Which model.
        stage: Which stage asked.
        prompt: With which version of its prompt.
    """

    provider: str
    model: str
    stage: str
    prompt: str


class Sum(NamedTuple):
    """A sum of what is known.

    Attributes:
        known: The sum.
        unknown: How many calls did not say; with any, the sum is a lower bound.
    """

    known: int = 0
    unknown: int = 0


class Latency(NamedTuple):
    """How long answers took.

    Attributes:
        p50: Half of them took no longer.
        p90: Nine of ten took no longer.
        p99: All but one of a hundred took no longer.
    """

    p50: timedelta
    p90: timedelta
    p99: timedelta


class ProviderStats(NamedTuple):
    """How a series of calls went.

    Attributes:
        series: What the calls have in common.
        calls: Requests that were sent, every try counted.
        answers: Those that were answered.
        accepted: Answers that were made into a draft.
        repaired: Those of them whose text had to be repaired.
        retries: Requests that had been sent before in their run.
        unfinished: Requests that nobody knows the end of; they may have been billed.
        failures: Failed calls by kind.
        reused: How often an answer stood in for a call of a later run.
        input_tokens: Of the questions.
        output_tokens: Of the answers.
        cost_micro: In millionths of a US dollar.
        latency: Of the answers; None without any.
    """

    series: Series
    calls: int
    answers: int
    accepted: int
    repaired: int
    retries: int
    unfinished: int
    failures: Mapping[FailureKind, int]
    reused: int
    input_tokens: Sum
    output_tokens: Sum
    cost_micro: Sum
    latency: Latency | None


def provider_stats(calls: Iterable[Call]) -> list[ProviderStats]:
    """Return how each series of calls went, by provider, model, stage and prompt."""
    found: dict[Series, list[Call]] = {}
    for call in calls:
        series = Series(call.provider, call.model, call.stage, call.prompt)
        found.setdefault(series, []).append(call)
    return [_stats(series, found[series]) for series in sorted(found)]


def total(sums: Iterable[Sum]) -> Sum:
    """Return several sums as one."""
    found = list(sums)
    return Sum(sum(each.known for each in found), sum(each.unknown for each in found))


def latency_of(calls: Iterable[Call]) -> Latency | None:
    """Return how long the answers of calls took."""
    took = sorted(
        call.finished_at - call.started_at
        for call in calls
        if call.status is CallStatus.DONE and call.finished_at is not None
    )
    if not took:
        return None
    return Latency(*(took[ceil(share * len(took) / 100) - 1] for share in (50, 90, 99)))


def _stats(series: Series, calls: Sequence[Call]) -> ProviderStats:
    kinds = Counter(call.failure for call in calls if call.failure is not None)
    return ProviderStats(
        series=series,
        calls=len(calls),
        answers=sum(call.status is CallStatus.DONE for call in calls),
        accepted=sum(call.accepted for call in calls),
        repaired=sum(call.repaired for call in calls),
        retries=sum(call.attempt > 1 for call in calls),
        unfinished=sum(call.status is CallStatus.STARTED for call in calls),
        failures=dict(kinds.most_common()),
        reused=sum(call.reused for call in calls),
        input_tokens=_sum(calls, lambda call: call.usage.input_tokens),
        output_tokens=_sum(calls, lambda call: call.usage.output_tokens),
        cost_micro=_sum(calls, lambda call: call.usage.cost_micro),
        latency=latency_of(calls),
    )


def _sum(calls: Iterable[Call], part: Callable[[Call], int | None]) -> Sum:
    """Return the sum of a part of what calls used."""
    parts = [part(call) for call in calls if part(call) is not None or _may_count(call)]
    known = [each for each in parts if each is not None]
    return Sum(sum(known), len(parts) - len(known))


def _may_count(call: Call) -> bool:
    """Whether a call that says nothing may have used something all the same."""
    return call.failure not in UNBILLED
