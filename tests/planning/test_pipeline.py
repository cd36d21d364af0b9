"""From a wish to a plan, with a model that says what we want it to say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from stellwerk.domain.goal import Source, SourceKind
from stellwerk.domain.notes import parse
from stellwerk.domain.plan import RouteKind
from stellwerk.domain.text import one_line
from stellwerk.domain.work import ThreePoint
from stellwerk.errors import ProviderError, StorageError
from stellwerk.planning.events import (
    Event,
    Found,
    RunDone,
    RunStarted,
    StageDone,
    StageStarted,
)
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ModelReply, ModelRequest
from stellwerk.planning.pipeline import REFINERY, Planned, plan_goal
from stellwerk.planning.wish import Wish, wish_of
from stellwerk.testing.scripted_provider import ScriptedProvider
from tests.planning.drafts import (
    answer,
    births,
    long_line,
    package,
    packages,
    panel,
    structure,
    tasks,
)

CIRCLE = structure(edges=[*structure()["edges"], {"before": "r4", "after": "r1"}])
WISH = Wish("Learn to juggle", "With five balls.", people=("Ada", "Bob"))


def planned(script: Any = answer, wish: Wish = WISH) -> Planned:
    """Run the pipeline over a script; what comes of it is not refined."""
    refinery = replace(REFINERY, threshold=0.0)
    model = panel(ScriptedProvider(script))
    return asyncio.run(plan_goal(wish, model, births(), refinery=refinery))


def bent(stage: str, told: Any, subject: str = "") -> Callable[[ModelRequest], Any]:
    """Return a script with one answer that is not as it should be."""

    def script(request: ModelRequest) -> Any:
        if request.stage == stage and subject in ("", request.subject):
            return told
        return answer(request)

    return script


def refusal(script: Any, wish: Wish = WISH) -> str:
    """Return the message of the error a script ends in: one error, never a group."""
    with pytest.raises(ProviderError) as caught:
        planned(script, wish)
    return caught.value.message


def test_good_answers_make_a_plan():
    """Numbered in written order, with the switch, its merge and the people."""
    plan = planned().composition.plan
    assert [plan.name(route.uid) for route in plan.routes] == [
        "r1 Ask",
        "r2 Sell",
        "r3 Give",
        "r4 Run",
    ]
    assert [plan.name(p.uid) for p in plan.packages] == [
        f"r{number}.1.1 Package r{number}.1.1" for number in range(1, 5)
    ]
    edges = [(plan.ref(edge.tail), plan.ref(edge.head)) for edge in plan.edges]
    assert sorted(edges) == [("r1", "r2"), ("r1", "r3"), ("r2", "r4"), ("r3", "r4")]
    (switch,) = plan.switches
    told = [
        (plan.ref(o.uid), o.label, plan.ref(o.head), o.tradeoff, o.probability)
        for o in switch.options
    ]
    assert told == [
        ("d1.a", "Take it", "r2", "Feeds us.", 0.25),
        ("d1.b", "Leave it", "r3", "", None),
    ]
    assert plan.ref(switch.recommended) == "d1.b"
    assert switch.chosen is None
    assert [(plan.ref(person.uid), person.name) for person in plan.people] == [
        ("p1", "Ada"),
        ("p2", "Bob"),
    ]
    assert plan.routes[1].kind is RouteKind.BRANCH


def test_the_goal_keeps_its_words_and_says_who_planned():
    """Title and description are the person's; the model's come after them."""
    wish = wish_of("Learn to juggle\nWith five balls.", context="Big hands.", language="de")
    goal = planned(wish=wish).composition.plan.goal
    assert (goal.title, goal.slug, goal.language) == (
        "Learn to juggle",
        "learn-to-juggle",
        "de",
    )
    assert goal.description == "With five balls.\n\nAs the model sees it.\n\nBig hands."
    assert (goal.prologue, goal.rallying_cry, goal.unit_hours) == ("A short way.", "Up!", 2.5)
    prompts = ("decompose@2", "packages@3", "tasks@2")
    assert goal.source == Source(SourceKind.MODEL, "scripted", "script", prompts)


def test_drafts_become_packages_with_notes():
    """Fields become Markdown in the plan's language; effort and needs are kept."""
    script = bent(
        "packages",
        {
            "packages": [
                package("r4.1.1", needs=["r1.1.1"], elapsed_days=3),
                package("r4.1.2", hours=None, needs=["r4.1.1", "r4.1.1"]),
            ]
        },
        "r4.1",
    )
    composition = planned(script, Wish("Jonglieren", language="de")).composition
    plan = composition.plan
    first, second = list(plan.packages)[-2:]
    assert (first.length, first.grade, first.elapsed_days) == (2, 5, 3)
    assert (first.estimate, second.estimate) == (ThreePoint(1, 2.5, 8), None)
    assert [plan.ref(uid) for uid in first.needs] == ["r1.1.1"]
    assert second.needs == (first.uid,)
    text = composition.notes[first.uid]
    assert text.startswith("## Kurzfassung\n\nWhat r4.1.1 is. And why.\n\n## Schritte\n\n1. ")
    notes, told = parse(text), package("r4.1.1")
    assert list(notes.steps) == told["steps"]
    assert [criterion for _, criterion in notes.criteria] == told["done_when"]
    assert [{"risk": r, "mitigation": m} for r, m in notes.risks] == told["risks"]
    assert list(notes.sources) == [source["url"] for source in told["sources"]]


def test_hours_in_the_wrong_order_are_put_right():
    """A model that confuses the percentiles still means them."""
    script = bent(
        "packages",
        {"packages": [package("r1.1.1", hours={"p10": 8, "p50": 1, "p90": 2})]},
        "r1.1",
    )
    estimates = [p.estimate for p in planned(script).composition.plan.packages]
    assert estimates[0] == ThreePoint(1, 2, 8)


def test_line_breaks_in_answers_cannot_start_a_section():
    """Steps, criteria, risks and sources are one line each."""
    bad = "x\n\n## Risks\n\n- y"
    script = bent(
        "packages",
        {
            "packages": [
                package(
                    "r1.1.1",
                    steps=[bad] * 6,
                    done_when=[bad] * 7,
                    risks=[{"risk": bad, "mitigation": bad}] * 3,
                )
            ]
        },
        "r1.1",
    )
    made = planned(script).composition
    notes = parse(made.notes[next(made.plan.packages).uid])
    assert len(notes.sections) == 5
    assert notes.steps == (one_line(bad),) * 6
    assert notes.risks == ((one_line(bad),) * 2,) * 3


def test_each_stage_is_asked_what_it_is_about():
    """Stage, subject, role, schema and a prompt that renders."""
    provider = ScriptedProvider(answer)
    asyncio.run(plan_goal(WISH, panel(provider), births()))
    asked = [(request.stage, request.subject) for request in provider.requests]
    assert asked[0] == ("decompose", "Learn to juggle")
    assert sorted(asked[1:]) == sorted(
        [("tasks", f"r{n}") for n in range(1, 5)]
        + [("packages", f"r{n}.1") for n in range(1, 5)]
    )
    for request in provider.requests:
        assert request.role == ("reasoning" if request.stage == "decompose" else "fast")
        assert request.schema["type"] == "object"
        version = 3 if request.stage == "packages" else 2
        assert request.prompt == f"{request.stage}@{version}"
        assert "Learn to juggle" in request.messages()[1]["content"]


def test_the_same_answers_make_the_same_plan():
    """Whatever order they come in."""
    late = asyncio.run(plan_goal(WISH, panel(ScriptedProvider(_in_turns(answer))), births()))
    plans = [planned().composition.plan, late.composition.plan]
    names = [[plan.name(uid) for uid in plan.index.items] for plan in plans]
    assert sorted(names[0]) == sorted(names[1])


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            bent("decompose", structure(edges=[{"before": "r1", "after": "r9"}])),
            "“r9” is no route; there are r1, r2, r3, r4.",
        ),
        (
            bent(
                "decompose", structure(decisions=[{**structure()["decisions"][0], "at": "r9"}])
            ),
            "“r9” is no route; there are r1, r2, r3, r4.",
        ),
        (bent("decompose", CIRCLE), "these go in a circle: r1 -> r3 -> r4 -> r1."),
        (
            bent(
                "packages",
                {"packages": [package("r1.1.1", hours={"p10": 1, "p50": 1, "p90": 1e999})]},
                "r1.1",
            ),
            "infinite numbers",
        ),
    ],
    ids=["edge to nowhere", "decision nowhere", "circle of routes", "endless hours"],
)
def test_drafts_that_make_no_plan_are_refused(script: Any, message: str):
    """In a sentence that names what is wrong."""
    assert message in refusal(script)


@pytest.mark.parametrize(
    "script",
    [
        bent("packages", {"packages": [package("r1.1.1", needs=["r9.1.1"])]}, "r1.1"),
        bent("packages", {"packages": [package("r1.1.1", needs=["r4.1.1"])]}, "r1.1"),
        bent("packages", {"packages": [package("r1.1.1", needs=["r1.1.1"])]}, "r1.1"),
        bent("tasks", tasks("r1")),
        bent("tasks", {"tasks": [{"key": "r2", "title": "x"}]}, "r1"),
        bent("packages", packages("r1.1")),
        bent("decompose", structure(edges=[])),
        bent("decompose", structure(edges=[{"before": "r1", "after": "r1"}])),
    ],
    ids=[
        *("unknown need", "need of what comes later", "need of itself", "task twice"),
        *("key of a route", "package twice", "decision without edges", "loop"),
    ],
)
def test_what_needs_no_guessing_is_mended(script: Any):
    """Keys are ours, a decision brings its edges, a need that cannot hold is left out."""
    plan = planned(script).composition.plan
    assert len(plan.routes) == 4
    assert [plan.ref(p.uid) for p in plan.packages] == [f"r{n}.1.1" for n in range(1, 5)]
    assert not any(package.needs for package in plan.packages)
    assert {plan.ref(o.head) for o in plan.switches[0].options} == {"r2", "r3"}


def test_a_circle_of_routes_costs_one_call():
    """The structure is checked before anything is built on it."""
    provider = ScriptedProvider(bent("decompose", CIRCLE))
    with pytest.raises(ProviderError, match="in a circle"):
        asyncio.run(plan_goal(WISH, panel(provider), births()))
    assert len(provider.requests) == 1


def test_a_structure_of_another_size_costs_one_call():
    """Who asks for a standard plan does not get a small one."""
    wish = Wish("Learn to juggle", size="standard")
    provider = ScriptedProvider(answer)
    with pytest.raises(ProviderError, match="4 routes; standard plans have 6-8"):
        asyncio.run(plan_goal(wish, panel(provider), births()))
    assert len(provider.requests) == 1


@pytest.mark.parametrize("stage", ["decompose", "tasks", "packages"])
@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (ModelReply(text='{"tasks": [', model="m1", finish_reason="length"), "was cut off"),
        (
            ModelReply(text="I cannot", model="m1", finish_reason="refusal"),
            "is a refusal: “I cannot”",
        ),
        ("Sure! Here it is", "is not JSON"),
        ({"nothing": 1}, "does not fit"),
        (ProviderError("The line is dead."), "The line is dead."),
    ],
    ids=["truncated", "refused", "prose", "misshapen", "down"],
)
def test_a_call_that_fails_ends_the_run_in_one_error(stage: str, reply: Any, message: str):
    """Not in a group of errors, however many calls were under way."""
    told = refusal(bent(stage, reply))
    assert message in told
    if not isinstance(reply, Exception):
        assert {"decompose": "routes", "packages": "work packages"}.get(stage, stage) in told


def test_a_script_without_an_answer_says_which_is_missing():
    """So a test can be mended."""
    script = {("decompose", ""): structure(), ("tasks", ""): tasks("r1")}
    assert "no answer for packages of 'r1.1'" in refusal(script)


def test_after_a_failed_call_nothing_more_is_asked():
    """What was asked already is waited for: it is paid for, and a resumed run needs it."""
    asked = []
    answered = []

    async def script(request: ModelRequest) -> Any:
        asked.append((request.stage, request.subject))
        if request.stage != "tasks":
            return answer(request)
        await asyncio.sleep(0.01 if request.subject == "r1" else 0.02)
        if request.subject == "r1":
            return ProviderError("The line is dead.")
        answered.append(request.subject)
        return answer(request)

    assert refusal(script) == "The line is dead."
    assert sorted(answered) == ["r2", "r3", "r4"]
    assert not [stage for stage, _ in asked if stage == "packages"]


def test_packages_of_a_fast_route_do_not_wait_for_a_slow_one():
    """There is no barrier between the stages, only between a route's own."""
    fast = asyncio.Event()

    async def script(request: ModelRequest) -> Any:
        if request.stage == "tasks" and request.subject == "r2":
            await fast.wait()
        if request.stage == "packages" and request.subject == "r1.1":
            fast.set()
        return answer(request)

    async def run() -> Planned:
        return await asyncio.wait_for(
            plan_goal(WISH, panel(ScriptedProvider(script)), births()), 10
        )

    assert len(asyncio.run(run()).composition.plan.routes) == 4


def _in_turns(script: Callable[[ModelRequest], Any]) -> Callable[[ModelRequest], Any]:
    """Return a script whose answers come one after the other, the last asked first."""
    asked: list[asyncio.Event] = []

    async def late(request: ModelRequest) -> Any:
        asked.append(event := asyncio.Event())
        for _ in range(50):
            await asyncio.sleep(0)
            if asked[-1] is event:
                break
        asked.remove(event)
        return script(request)

    return late


@pytest.mark.parametrize("routes", [4, 20])
def test_the_depth_is_four_calls_whatever_the_size(routes: int):
    """All that can be asked at once is asked at once."""
    waiting: list[asyncio.Event] = []

    async def script(request: ModelRequest) -> Any:
        waiting.append(event := asyncio.Event())
        await event.wait()
        if request.stage == "decompose":
            return long_line(routes)
        made = tasks if request.stage == "tasks" else packages
        return made(request.subject, 6)

    async def rounds() -> int:
        running = asyncio.ensure_future(
            plan_goal(WISH, panel(ScriptedProvider(script)), births())
        )
        count = 0
        while not running.done():
            for _ in range(10):
                await asyncio.sleep(0)
            count += bool(waiting)
            while waiting:
                waiting.pop().set()
        assert len(list(running.result().composition.plan.packages)) == routes * 36
        return count

    assert asyncio.run(rounds()) <= 4


def test_events_come_in_order():
    """A run from its start to its end, each stage from its start to its end."""
    events: list[Event] = []
    provider = ScriptedProvider(_in_turns(answer))
    made = asyncio.run(plan_goal(WISH, panel(provider, events.append), births()))
    assert events[0] == RunStarted("scripted", "Learn to juggle")
    assert events[1] == StageStarted("decompose", "Learn to juggle")
    assert events[2] == StageDone("decompose", "Learn to juggle", 4, "script")
    assert events[-1] == RunDone(4, 4)
    found = [event.finding for event in events if isinstance(event, Found)]
    assert tuple(found) == made.verdict.findings
    assert all(isinstance(event, Found) for event in events[-1 - len(found) : -1])
    for route, title in zip(
        ("r1", "r2", "r3", "r4"), ("Ask", "Sell", "Give", "Run"), strict=True
    ):
        own = [
            StageStarted("tasks", title),
            StageDone("tasks", title, 1, "script"),
            StageStarted("packages", f"Task {route}.1"),
            StageDone("packages", f"Task {route}.1", 1, "script"),
        ]
        assert [event for event in events if event in own] == own


def test_findings_are_told_and_do_not_stop_a_plan():
    """A thin answer is better than none."""
    script = bent("packages", {"packages": [package("r1.1.1", sources=[])]}, "r1.1")
    found = {(finding.code, finding.ref) for finding in planned(script).verdict.findings}
    assert ("SW316", "r1.1.1") in found
    assert ("SW316", "r2.1.1") not in found


def test_whatever_ends_one_call_nothing_more_is_asked():
    """A full disk, too: each further answer would be paid for and lost."""
    asked: list[ModelRequest] = []

    async def script(request: ModelRequest) -> Any:
        asked.append(request)
        if request.stage == "tasks" and request.subject == "r1":
            return StorageError("The disk is full.")
        await asyncio.sleep(0.01)
        return answer(request)

    with pytest.raises(StorageError, match="The disk is full"):
        planned(script)
    assert {request.stage for request in asked} == {"decompose", "tasks"}


def test_the_error_that_stopped_a_run_is_the_one_that_is_told():
    """Calls that were on their way may fail for reasons of their own afterwards."""

    async def script(request: ModelRequest) -> Any:
        if request.stage == "tasks" and request.subject == "r2":
            return ModelError(FailureKind.BUDGET, "The budget is reached.")
        if request.stage == "tasks":
            await asyncio.sleep(0.01)
            return ModelError(FailureKind.SERVER_ERROR, "It failed.")
        return answer(request)

    with pytest.raises(ModelError, match="The budget is reached"):
        planned(script)
