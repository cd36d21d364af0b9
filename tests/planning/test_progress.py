"""How far a run is, told by its events alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stellwerk.planning.asking import Panel
from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Event,
    FailedOver,
    RunDone,
    RunStarted,
    RunStopped,
    StageDone,
    StageStarted,
    SteppedDown,
)
from stellwerk.planning.models import ModelRequest, Usage
from stellwerk.planning.pipeline import plan_goal
from stellwerk.planning.progress import Leg, Progress, Spent, advanced
from stellwerk.planning.time_left import remaining
from stellwerk.planning.wish import Wish
from stellwerk.testing.scripted_provider import ScriptedProvider
from tests.planning.drafts import answer, births
from tests.planning.rehearsal import LIMITED, Luck, Rehearsal

CHANCE = st.floats(0, 0.5)
LUCK = st.builds(Luck, CHANCE, CHANCE, CHANCE, CHANCE, CHANCE, CHANCE, st.floats(0, 20))
WHO = ("openai", "mini")
NOTHING = Usage()
REHEARSALS = st.builds(
    Rehearsal,
    st.randoms(use_true_random=False),
    LUCK,
    st.lists(st.sampled_from(("Ask", "Sell", "Give", "Run")), min_size=1, max_size=5),
    st.integers(1, 6),
    st.just((0.0, 9.0)),
    review=st.booleans(),
    scattered=st.sampled_from((0.0, 5.0)),
)


def after(events: Iterable[Event], at: float = 0.0) -> Progress:
    """Return how far a run is after events a second apart."""
    progress = Progress()
    for number, event in enumerate(events):
        progress = advanced(progress, event, at + number)
    return progress


def begun(routes: int = 2) -> list[Event]:
    """Return the events of a run that has found its routes."""
    return [
        RunStarted("openai", "Juggle"),
        StageStarted("decompose", "Juggle"),
        StageDone("decompose", "Juggle", routes, "mini"),
        *(StageStarted("tasks", f"Route {number}") for number in range(1, routes + 1)),
    ]


def done(stage: str, subject: str, seconds: float = 4.0, usage: Usage = NOTHING) -> CallDone:
    return CallDone(stage, subject, *WHO, usage, seconds, "asked")


@settings(deadline=None)
@given(REHEARSALS)
def test_totals_never_shrink_and_all_that_is_known_gets_done(rehearsal: Rehearsal):
    moments = rehearsal.moments()
    states = [Progress()]
    for at, event in moments:
        states.append(advanced(states[-1], event, at))
    for before, now in pairwise(states):
        assert now.known >= before.known
        assert now.done >= before.done
        assert now.done <= now.known
        for name, stage in before.stages.items():
            assert now.stage(name).known >= stage.known
            assert now.stage(name).done <= now.stage(name).known
        assert all(new >= old for new, old in zip(now.spent, before.spent, strict=True))
    last = states[-1]
    assert last.done == last.known
    assert last.outcome == "done"
    assert last.settled
    assert (last.under_way, last.waits, last.expected) == ((), (), ())
    assert [leg.title for leg in last.legs] == list(rehearsal.routes)
    assert all(leg.finished and not leg.open for leg in last.legs)
    assert sum(leg.packages for leg in last.legs) == last.stage("packages").results
    assert last.elapsed(1e9) == moments[-1][0]


@settings(deadline=None)
@given(REHEARSALS)
def test_each_kind_of_trouble_and_each_call_is_counted_once(rehearsal: Rehearsal):
    moments = rehearsal.moments()
    events = [event for _, event in moments]
    progress = Progress()
    for at, event in moments:
        progress = advanced(progress, event, at)
    answers = [event for event in events if isinstance(event, CallDone)]
    asked = [event for event in answers if event.origin == "asked"]
    assert progress.spent.calls == len(asked)
    assert progress.spent.input_tokens == sum(e.usage.input_tokens or 0 for e in asked)
    assert progress.spent.cost_micro == sum(e.usage.cost_micro or 0 for e in asked)
    assert progress.spent.unpriced == sum(e.usage.cost_micro is None for e in asked)
    assert progress.resumed == sum(e.origin == "resumed" for e in answers)
    assert progress.reused == sum(e.origin == "reused" for e in answers)
    assert progress.retries == sum(
        isinstance(e, CallFailed) and e.wait is not None for e in events
    )
    assert progress.repairs == sum(isinstance(e, CallRepaired) and e.again for e in events)
    assert list(progress.failovers) == [e for e in events if isinstance(e, FailedOver)]
    assert progress.steps_down == sum(isinstance(e, SteppedDown) for e in events)
    assert 0 <= progress.concurrency <= rehearsal.slots


@settings(deadline=None)
@given(REHEARSALS, st.integers(0, 10_000))
def test_an_estimate_rests_on_evidence_and_is_never_negative(rehearsal: Rehearsal, late: int):
    progress = Progress()
    for at, event in rehearsal.moments():
        progress = advanced(progress, event, at)
        left = remaining(progress, at + late)
        evidence = progress.stage("tasks").seconds or progress.stage("packages").seconds
        assert (left is None) is (not evidence or progress.outcome != "running")
        assert left is None or left >= 0


def test_estimates_of_a_steady_run_come_true():
    rehearsal = Rehearsal(Random(3), seconds=(4.0, 4.0), review=False)
    moments = rehearsal.moments()
    end, progress, told = moments[-1][0], Progress(), []
    for at, event in moments:
        progress = advanced(progress, event, at)
        left = remaining(progress, at)
        if left is not None and progress.settled:
            told.append((at + left - 8.0, end))  # a review is reckoned with: twice as long
    assert told
    assert all(abs(guess - truth) <= 0.35 * truth for guess, truth in told)


@pytest.mark.parametrize("seconds", [[4.0], [1.0, 4.0, 50.0]])
def test_what_is_left_is_shared_among_as_many_calls_as_there_have_been(seconds: list[float]):
    events = [
        *begun(4),
        *(CallStarted("tasks", f"r{n}", *WHO, 1) for n in range(1, 3)),
        *(done("tasks", "r1", each) for each in seconds),
        StageDone("tasks", "Route 1", 3, "mini"),
    ]
    progress = after(events)
    at = float(len(events) - 1)
    assert progress.concurrency == 2
    begun_for = min(at - progress.under_way[0].since, 4.0)
    work = 3 * 4.0 + 3 * 4.0 + 3 * 3 * 4.0 - begun_for
    assert remaining(progress, at) == pytest.approx(work / 2 + 4.0)


def test_a_wait_that_holds_everything_up_is_part_of_the_estimate():
    events = [
        *begun(1),
        CallStarted("tasks", "r1", *WHO, 1),
        done("tasks", "r1"),
        StageDone("tasks", "Route 1", 1, "mini"),
        StageStarted("packages", "Task"),
        CallStarted("packages", "r1.1", *WHO, 1),
    ]
    held = advanced(
        after(events), CallFailed("packages", "r1.1", *WHO, LIMITED, 30.0, Usage()), 10.0
    )
    assert remaining(held, 10.0) == pytest.approx(30.0 + 4.0 + 4.0)
    assert remaining(held, 25.0) == pytest.approx(15.0 + 4.0 + 4.0)


def test_routes_are_told_apart_where_their_tasks_share_titles():
    events = [
        *begun(2),
        StageDone("tasks", "Route 2", 1, "mini"),
        StageDone("tasks", "Route 1", 2, "mini"),
        StageStarted("packages", "Look"),
        StageStarted("packages", "Look"),
        StageStarted("packages", "Leap"),
        StageDone("packages", "Leap", 3, "mini"),
    ]
    assert after(events).legs == (
        Leg("Route 1", 2, 1, 3, ("Look",)),
        Leg("Route 2", 1, 0, 0, ("Look",)),
    )


def test_the_pipeline_tells_which_route_a_task_is_of():
    """Answers come as late as they like, and every task has the same title."""
    rng = Random(7)

    async def slowly(request: ModelRequest) -> object:
        await asyncio.sleep(rng.uniform(0, 0.02))
        told = answer(request)
        for each in told.get("tasks", []):
            each["title"] = "The same"
        return told

    heard: list[tuple[Event, Progress]] = []

    def hear(event: Event) -> None:
        heard.append((event, advanced(heard[-1][1] if heard else Progress(), event, 0.0)))

    panel = Panel((ScriptedProvider(slowly),), emit=hear)
    asyncio.run(plan_goal(Wish("Learn to juggle"), panel, births()))
    last = heard[-1][1]
    assert [leg.title for leg in last.legs] == ["Ask", "Sell", "Give", "Run"]
    assert all(leg.finished and leg.packages for leg in last.legs)
    assert (last.done, last.known, last.outcome) == (9, 9, "done")


def test_a_call_is_under_way_until_it_is_answered_fails_or_goes_to_another():
    call = ("tasks", "r1", *WHO)
    started = [*begun(1), CallStarted(*call, 1)]
    (under_way,) = after(started).under_way
    assert under_way == ("tasks", "r1", "openai", "mini", 4.0)
    ends: tuple[Event, ...] = (
        done("tasks", "r1"),
        CallFailed(*call, LIMITED, None, Usage()),
        FailedOver("tasks", "r1", "openai", "ollama", "No."),
        RunStopped("", "Interrupted."),
    )
    for end in ends:
        assert after([*started, end]).under_way == ()
    again = after([*started, CallStarted(*call, 1)])
    assert (len(again.under_way), again.concurrency) == (1, 1)


def test_a_wait_is_over_when_the_call_is_sent_again():
    call = ("tasks", "r1", *WHO)
    waiting = [*begun(1), CallStarted(*call, 1), CallFailed(*call, LIMITED, 12.0, Usage())]
    assert after(waiting).waits == (("tasks", "r1", "openai", 17.0, LIMITED),)
    assert after([*waiting, CallStarted(*call, 2)]).waits == ()


def test_after_a_failover_the_next_provider_is_the_one_that_is_asked():
    over = FailedOver("tasks", "r1", "openai", "ollama", "The key was refused.")
    progress = after([*begun(1), CallStarted("tasks", "r1", *WHO, 1), over])
    assert (progress.provider, progress.model) == ("ollama", "")


def test_a_sum_knows_what_it_lacks():
    spent = Spent().plus(Usage(100, 20, 300)).plus(Usage(100, None, None))
    assert spent == (2, 200, 20, 300, 1, 1)


def test_a_failed_call_counts_if_it_used_something():
    call = ("tasks", "r1", *WHO)
    free = after([*begun(1), CallFailed(*call, LIMITED, 1.0, Usage())])
    assert free.spent == Spent()
    paid = after([*begun(1), CallFailed(*call, "Cut off.", 1.0, Usage(10, 5, 7))])
    assert paid.spent == (1, 10, 5, 7, 0, 0)


def test_until_all_tasks_are_in_there_may_be_more_to_ask():
    events = [*begun(2), StageDone("tasks", "Route 1", 0, "mini")]
    assert not after(events).settled
    assert after([*events, StageDone("tasks", "Route 2", 3, "mini")]).settled


def test_a_run_after_a_run_begins_anew_and_keeps_what_was_spent():
    """As when no model could plan and a playbook does."""
    first = [*begun(2), done("tasks", "r1", usage=Usage(1, 1, 1)), RunStopped("", "No.")]
    stopped = after(first)
    assert (stopped.outcome, stopped.elapsed(99.0)) == ("stopped", 6.0)
    both = after([*first, RunStarted("playbooks", "Juggle"), *begun(1)[1:], RunDone(1, 1)])
    assert (both.known, both.done, len(both.legs)) == (2, 1, 1)
    assert (both.provider, both.spent.calls, both.outcome) == ("playbooks", 1, "done")


def test_stages_it_never_heard_of_count_too():
    events = [StageStarted("refine", "r1.1.1"), StageDone("refine", "r1.1.1", 1, "mini")]
    progress = after(events)
    assert (progress.done, progress.known) == (1, 1)
