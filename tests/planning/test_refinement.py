"""The pipeline's own loop: a new plan that is not good enough is refined, twice at most."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from stellwerk.domain.goal import SourceKind
from stellwerk.errors import ProviderError
from stellwerk.planning.asking import Brake
from stellwerk.planning.composing import Composition
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply, ModelRequest
from stellwerk.planning.pipeline import REFINERY, Planned, plan_goal
from stellwerk.planning.refinement import ROUNDS
from stellwerk.planning.running import births_of
from stellwerk.planning.runs import Run
from stellwerk.testing.clock import FrozenClock
from stellwerk.testing.memory_log import MemoryRunLog
from stellwerk.testing.scripted_provider import ScriptedProvider
from stellwerk.validation.findings import Severity
from tests.planning.drafts import answer, births, package, panel
from tests.planning.stored import WISH, scripted
from tests.providers.test_recording import USED, Wire, seated

Script = Callable[[ModelRequest], Any]
PACKAGES = 4
NOTHING = {"summary": "It holds together.", "problems": []}


def boilerplate(key: str, **changes: Any) -> dict[str, Any]:
    """Return a work package that would fit any plan."""
    told = {
        "summary": "Do it well. It is important.",
        "steps": ["Do research"] * 6,
        "done_when": ["Everything is good"] * 7,
        "risks": [{"risk": "Lack of time", "mitigation": "Plan carefully"}] * 3,
        "sources": [{"url": "https://example.com/1", "title": ""}] * 3,
        "hours": None,
    }
    return package(key, **{**told, **changes})


def lazy(refine: Any = None, **others: Any) -> Script:
    """Return a script whose first answers are boilerplate.

    Args:
        refine: What it answers when a work package is to be mended; a good one if not given.
        others: What it answers in other stages.
    """

    def script(request: ModelRequest) -> Any:
        if request.stage in others:
            return others[request.stage]
        if request.stage == "packages":
            return {"packages": [boilerplate(f"{request.subject}.1")]}
        if request.stage == "refine":
            told = refine or (lambda asked: package(asked.subject))
            return told(request) if callable(told) else told
        return NOTHING if request.stage == "review" else answer(request)

    return script


def planned(model: ScriptedProvider, threshold: float = 0.7, judge: Any = None) -> Planned:
    """Plan with a model, refining below a score."""
    refinery = replace(REFINERY, threshold=threshold, judge=judge or REFINERY.judge)
    return asyncio.run(plan_goal(WISH, panel(model), births(), refinery=refinery))


def stages(model: ScriptedProvider) -> Counter[str]:
    """Return how often a model was asked in each stage."""
    return Counter(request.stage for request in model.requests)


def test_boilerplate_is_mended_and_the_score_rises():
    before, after = scripted(lazy()), scripted(lazy())
    raw, refined = planned(before, threshold=0), planned(after)
    assert raw.verdict.score.value < 0.5
    assert refined.verdict.score.value > raw.verdict.score.value + 0.1
    assert stages(before)["refine"] == 0
    assert PACKAGES <= stages(after)["refine"] <= PACKAGES * ROUNDS
    notes = refined.composition.notes.values()
    assert not any("Do research" in text for text in notes)


def test_a_plan_that_is_good_enough_is_left_alone():
    model = scripted(lazy())
    planned(model, threshold=0.1)
    assert stages(model)["refine"] == 0


def test_a_model_that_answers_something_worse_changes_nothing():
    worse = lazy(lambda asked: boilerplate(asked.subject, summary="Tbd.", steps=["Tbd"] * 6))
    model = scripted(worse)
    raw, refined = planned(scripted(worse), threshold=0), planned(model)
    assert refined.composition == raw.composition
    assert refined.verdict.score == raw.verdict.score
    assert stages(model)["refine"] == PACKAGES


def test_losing_a_reviewer_s_penalty_does_not_make_up_for_a_worse_plan():
    """The score after refining has the same review in it as the one before."""
    problem = {"key": "r2", "quote": "Sell", "problem": "It is early.", "change": "Move it."}
    hard = {
        "summary": "No.",
        "problems": [{**problem, "severity": "high", "confidence": 1}] * 4,
    }
    worse = lazy(lambda asked: boilerplate(asked.subject, summary="Tbd. Tbd."), review=hard)
    raw, refined = planned(scripted(worse), threshold=0), planned(scripted(worse))
    assert refined.composition == raw.composition
    advice = [f for f in refined.verdict.findings if f.code == "SW501"]
    assert [f.quote for f in advice] == ["Sell"] * 4
    better = planned(scripted(lazy(review=hard)))
    clean = planned(scripted(lazy()))
    assert better.verdict.score.value < clean.verdict.score.value


@pytest.mark.parametrize(
    "failure",
    [
        ModelError(FailureKind.SERVER_ERROR, "It is down."),
        ModelError(FailureKind.BUDGET, "The budget is spent."),
        ProviderError("No."),
        "no JSON at all",
    ],
)
def test_a_refinement_that_fails_leaves_the_plan(failure: Any):
    model = scripted(lazy(lambda _: failure))
    raw, refined = planned(scripted(lazy()), threshold=0), planned(model)
    assert refined.composition == raw.composition
    assert stages(model)["refine"] == 1


def test_what_was_mended_before_a_failure_is_kept():
    asked: list[str] = []

    def refine(request: ModelRequest) -> Any:
        asked.append(request.subject)
        if len(asked) > 2:
            return ModelError(FailureKind.SERVER_ERROR, "It is down.")
        return package(request.subject)

    made = planned(scripted(lazy(refine)))
    mended = [text for text in made.composition.notes.values() if "Do research" not in text]
    assert len(mended) == 2


def test_a_run_that_stops_while_it_refines_stops():
    brake = Brake()

    def refine(_: ModelRequest) -> Any:
        brake.pull(ProviderError("Stop."))
        return ProviderError("Stop.")

    held = replace(panel(scripted(lazy(refine))), brake=brake)
    with pytest.raises(ProviderError, match="Stop"):
        asyncio.run(plan_goal(WISH, held, births()))


def test_a_playbook_s_plan_is_never_asked_about():
    """It answers no stage but its own three."""
    model = ScriptedProvider(lazy())
    model.kind = SourceKind.PLAYBOOK
    made = planned(model)
    assert made.verdict.score.value < 0.7
    assert set(stages(model)) == {"decompose", "tasks", "packages"}


def test_a_mended_plan_has_no_errors_and_its_refs_are_those_of_its_drafts():
    made = planned(scripted(lazy()))
    plan = made.composition.plan
    assert [plan.ref(each.uid) for each in plan.packages] == [
        f"r{number}.1.1" for number in range(1, 5)
    ]
    assert all(f.severity is not Severity.ERROR for f in made.verdict.findings)


@pytest.mark.parametrize("stop", [1, 3, 6])
def test_a_run_that_is_resumed_while_it_refines_makes_the_same_plan(stop: int):
    """Too large work is divided, which gives birth: identities come from the run."""

    def script(request: ModelRequest) -> Any:
        if request.stage == "packages":
            huge = {"hours": {"p10": 90, "p50": 100, "p90": 200}, "length": 8}
            return {"packages": [boilerplate(f"{request.subject}.1", **huge)]}
        if request.stage == "expand":
            parts = ("a", "b")
            return {"packages": [package(f"{request.subject}{part}") for part in parts]}
        return lazy()(request)

    run = Run("a" * 32, WISH, FrozenClock().now)
    whole = carried_out(run, MemoryRunLog(), script)
    log, seen = MemoryRunLog(), list[str]()

    def failing(request: ModelRequest) -> Any:
        if request.stage in ("refine", "expand"):
            seen.append(request.stage)
            if len(seen) == stop:
                raise KeyboardInterrupt
        return script(request)

    with pytest.raises(KeyboardInterrupt):
        carried_out(run, log, failing)
    again = carried_out(run, log, script)
    assert again == whole
    assert len(list(whole.plan.packages)) > PACKAGES


class Scribe(Wire):
    """A model over a wire that follows a script."""

    stages = frozenset({"decompose", "tasks", "packages", "review", "refine", "expand"})

    def __init__(self, script: Script) -> None:
        super().__init__()
        self.script = script

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer as the script says."""
        told = self.script(request)
        return ModelReply(text=json.dumps(told), model="gpt-5-mini", usage=USED)


def carried_out(run: Run, log: MemoryRunLog, script: Script) -> Composition:
    """Return what a run makes."""
    seat = seated(log, Scribe(script), run=run)
    return asyncio.run(plan_goal(WISH, seat, births_of(run))).composition
