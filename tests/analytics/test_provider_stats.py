"""Figures of providers add up, and say what they do not know."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.analytics.provider_stats import (
    UNBILLED,
    Latency,
    Series,
    Sum,
    latency_of,
    provider_stats,
    total,
)
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import Usage
from stellwerk.planning.runs import Call
from tests.storage.calls import REPLY, USAGE, a_call, later

SERIES = Series("openai", "gpt-5-mini", "tasks", "tasks@3")


def done(number: int = 1, seconds: float = 2, usage: Usage = USAGE, **fields: Any) -> Call:
    """Return a call that was answered after some seconds."""
    call = a_call(number, **fields)
    return call.finished(replace(REPLY, usage=usage), later(number + seconds))


def failed(number: int, kind: FailureKind, usage: Usage = Usage(), **fields: Any) -> Call:  # noqa: B008
    """Return a call that failed."""
    call = a_call(number, **fields)
    return call.failed(kind, "It failed.", usage, "", later(number + 1))


def test_without_calls_there_are_no_figures():
    assert provider_stats([]) == []
    assert latency_of([a_call()]) is None


def test_the_calls_of_a_series_are_counted():
    calls = [
        done(1, 1).taken(repaired=True, expires_at=None),
        replace(done(2, 2, attempt=2).taken(repaired=False, expires_at=None), reused=3),
        done(3, 30),
        failed(4, FailureKind.TIMEOUT),
        failed(5, FailureKind.RATE_LIMITED),
        failed(6, FailureKind.RATE_LIMITED, attempt=2),
        a_call(7, attempt=3),
    ]
    (stats,) = provider_stats(calls)
    assert stats._asdict() == {
        "series": SERIES,
        "calls": 7,
        "answers": 3,
        "accepted": 2,
        "repaired": 1,
        "retries": 3,
        "unfinished": 1,
        "failures": {FailureKind.RATE_LIMITED: 2, FailureKind.TIMEOUT: 1},
        "reused": 3,
        "input_tokens": Sum(300, 2),
        "output_tokens": Sum(60, 2),
        "cost_micro": Sum(1050, 2),
        "latency": Latency(*(timedelta(seconds=n) for n in (2, 30, 30))),
    }


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_that_nobody_bills_is_not_missing_from_the_cost(kind: FailureKind):
    """Any other that says nothing may have cost something; what it says counts."""
    (silent,) = provider_stats([failed(1, kind)])
    assert silent.cost_micro == Sum(0, 0 if kind in UNBILLED else 1)
    (told,) = provider_stats([failed(1, kind, Usage(10, 5, 7))])
    assert told.cost_micro == Sum(7, 0)
    assert told.output_tokens == Sum(5, 0)


def test_an_unknown_price_stays_unknown():
    """Tokens are known all the same."""
    (stats,) = provider_stats([done(1), done(2, usage=Usage(10, 5))])
    assert stats.cost_micro == Sum(350, 1)
    assert stats.input_tokens == Sum(110, 0)


@pytest.mark.parametrize(
    "other", [{"provider": "z"}, {"model": "z"}, {"stage": "z"}, {"prompt": "z@1"}]
)
def test_provider_model_stage_and_prompt_tell_series_apart(other: dict[str, str]):
    first, second = provider_stats([done(1, **other), done(2), done(3)])
    assert (first.series, first.calls) == (SERIES, 2)
    assert (second.series, second.calls) == (SERIES._replace(**other), 1)


def test_sums_are_put_together():
    assert total([Sum(1, 2), Sum(3, 0)]) == Sum(4, 2)
    assert total([]) == Sum(0, 0)


def test_latencies_are_those_of_answers_in_their_place():
    """One hundred of them: the fiftieth, the ninetieth, the ninety-ninth."""
    calls = [done(1, seconds) for seconds in range(100, 0, -1)]
    calls.append(failed(1, FailureKind.TIMEOUT))
    seconds = [each.total_seconds() for each in latency_of(calls) or ()]
    assert seconds == [50, 90, 99]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 900)), max_size=40))
def test_every_call_is_in_one_series(drawn: list[tuple[str, int]]):
    calls = [done(number, took, model=model) for number, (model, took) in enumerate(drawn)]
    stats = provider_stats(calls)
    assert {s.series.model: s.calls for s in stats} == Counter(model for model, _ in drawn)
    assert total(s.cost_micro for s in stats) == Sum(350 * len(calls))
    for each in stats:
        took = [timedelta(seconds=t) for model, t in drawn if model == each.series.model]
        assert each.latency
        assert set(each.latency) <= set(took)
        assert each.latency.p50 <= each.latency.p90 <= each.latency.p99 <= max(took)
        assert 2 * sum(t <= each.latency.p50 for t in took) >= len(took)
