"""A reply is a draft, or an error that says what is wrong with it and where."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stellwerk.errors import ProviderError
from stellwerk.planning.drafts import PackagesDraft, StructureDraft, TasksDraft
from stellwerk.planning.models import ModelReply
from stellwerk.planning.structured import draft_of
from tests.planning.drafts import package, packages, structure, tasks


def replied(data: Any, **more: Any) -> ModelReply:
    """Return a reply with that data."""
    return ModelReply(data=data, model="m1", **more)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (StructureDraft, structure()),
        (TasksDraft, tasks("r1")),
        (PackagesDraft, packages("r1.1")),
    ],
)
def test_a_good_reply_is_a_draft(kind: Any, data: Any):
    """As data, or as JSON text."""
    draft = draft_of(kind, replied(data))
    assert draft == draft_of(kind, ModelReply(text=json.dumps(data), model="m1"))
    assert draft.model_dump(exclude_unset=True) == data


def test_unknown_fields_are_dropped_and_blanks_stripped():
    """Models say more than they are asked."""
    data = {"tasks": [{"key": "r1.1", "title": "  Throw \n", "mood": "good"}], "thoughts": []}
    assert draft_of(TasksDraft, replied(data)).tasks[0].title == "Throw"


@pytest.mark.parametrize("reason", ["length", "refusal", "content_filter", "tool_calls"])
def test_a_reply_that_did_not_end_by_itself_is_refused(reason: str):
    """A truncated answer is never made into a plan, not even if it could be read."""
    with pytest.raises(ProviderError) as caught:
        draft_of(TasksDraft, replied(tasks("r1"), finish_reason=reason), "tasks of “r1”")
    assert caught.value.message == f"The answer of m1 to tasks of “r1” ended early ({reason})."


@pytest.mark.parametrize(
    "text", ["", "I am sorry", '{"tasks": [', "{'tasks': []}", "```json\n{}"]
)
def test_text_that_is_no_json_is_refused(text: str):
    """The error says where reading ended."""
    with pytest.raises(ProviderError, match=r"answer of m1 is not JSON: .*line 1 column"):
        draft_of(TasksDraft, ModelReply(text=text, model="m1"))


@pytest.mark.parametrize("depth", [400, 700, 100_000])
def test_a_reply_nested_too_deeply_is_refused(depth: int):
    """It does not exhaust the stack."""
    text = f'{{"tasks": {"[" * depth}{"]" * depth}}}'
    with pytest.raises(ProviderError, match="answer of m1"):
        draft_of(TasksDraft, ModelReply(text=text, model="m1"))


def bent(**changes: Any) -> dict[str, Any]:
    """Return an answer with one bent package."""
    return {"packages": [package("r1.1.1"), package("r1.1.2", **changes)]}


@pytest.mark.parametrize(
    ("kind", "data", "place"),
    [
        (PackagesDraft, bent(steps=["one"]), "packages.1.steps: "),
        (PackagesDraft, bent(steps="one two three"), "packages.1.steps: "),
        (PackagesDraft, bent(done_when=[]), "packages.1.done_when: "),
        (PackagesDraft, bent(risks=[{"risk": "rain"}]), "packages.1.risks.0.mitigation: "),
        (PackagesDraft, bent(length=9), "packages.1.length: "),
        (PackagesDraft, bent(length=0), "packages.1.length: "),
        (PackagesDraft, bent(length=2.5), "packages.1.length: "),
        (PackagesDraft, bent(length="30 Minuten"), "packages.1.length: "),
        (PackagesDraft, bent(grade=11), "packages.1.grade: "),
        (PackagesDraft, bent(hours={"p10": 0, "p50": 1, "p90": 1}), "packages.1.hours.p10: "),
        (PackagesDraft, bent(hours={"p10": float("nan"), "p50": 1, "p90": 1}), "hours.p10: "),
        (PackagesDraft, bent(elapsed_days=-1), "packages.1.elapsed_days: "),
        (PackagesDraft, bent(elapsed_days=10**30), "packages.1.elapsed_days: "),
        (PackagesDraft, bent(title="x" * 201), "packages.1.title: "),
        (PackagesDraft, bent(title=" \u200b "), "packages.1.title: "),
        (PackagesDraft, bent(summary=None), "packages.1.summary: "),
        (PackagesDraft, {"packages": []}, "packages: "),
        (PackagesDraft, {}, "packages: "),
        (PackagesDraft, [], "PackagesDraft: "),
        (TasksDraft, {"tasks": [{"title": "x"}]}, "tasks.0.key: "),
        (StructureDraft, structure(routes=[]), "routes: "),
        (StructureDraft, structure(unit_hours=0), "unit_hours: "),
        (StructureDraft, structure(unit_hours=float("inf")), "unit_hours: "),
        (StructureDraft, structure(edges=[{"before": "r1"}]), "edges.0.after: "),
        (
            StructureDraft,
            structure(routes=[{"key": "r1", "title": "x", "kind": "twig"}]),
            "kind: ",
        ),
        (
            StructureDraft,
            structure(decisions=[{"at": "r1", "title": "x", "options": []}]),
            "decisions.0.options: ",
        ),
    ],
)
def test_an_answer_that_does_not_fit_names_the_place(kind: Any, data: Any, place: str):
    """And who gave it, to what."""
    with pytest.raises(ProviderError) as caught:
        draft_of(kind, replied(data), "packages of “r1.1”")
    start = f"The answer of m1 to packages of “r1.1” does not fit {kind.__name__}: "
    assert caught.value.message.startswith(start)
    assert place in caught.value.message


def test_answers_are_cleaned():
    """What a model says is hostile until proven otherwise."""
    data = {
        "tasks": [{"key": "r1.1", "title": "\x1b[31mThrow\u202e", "description": "a\x00b"}]
    }
    task = draft_of(TasksDraft, replied(data)).tasks[0]
    assert (task.title, task.description) == ("Throw", "ab")


def test_a_long_list_of_mistakes_is_cut():
    """Five are enough to see what is wrong."""
    data = {"packages": [{"key": f"r1.1.{number}"} for number in range(50)]}
    with pytest.raises(ProviderError) as caught:
        draft_of(PackagesDraft, replied(data))
    assert caught.value.message.count(";") == 4
