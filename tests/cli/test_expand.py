"""`stellwerk expand`: more detail for a work package, a task or an empty route."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal
from tests.wire.asking import GOAL as JUGGLE
from tests.wire.asking import Planner, told
from tests.wire.planning_server import ASKED, Behaviour, PlanningServer
from tests.wire.serving import asked_twice, served


@pytest.fixture
def server() -> Iterator[PlanningServer]:
    """Return a planning server."""
    with served() as serving:
        yield serving


@pytest.fixture
def planner(tmp_path: Path, server: PlanningServer) -> Planner:
    """Return somebody whose plan a model made."""
    planner = Planner(tmp_path / "planner", server)
    planner("plan", JUGGLE, "-q")
    return planner


def refs(planner: Planner) -> list[str]:
    """Return the refs of all work packages."""
    routes = planner("show", "--json").data["routes"]
    return [
        package["ref"]
        for route in routes
        for task in route["tasks"]
        for package in task["packages"]
    ]


def exported(planner: Planner) -> dict[str, Any]:
    """Return a plan as JSON, without the counters of refs, which never go back."""
    document: dict[str, Any] = planner("export", "--format", "json").data
    return {name: value for name, value in document.items() if name != "refs"}


def test_a_work_package_becomes_several_under_new_refs(planner: Planner):
    planner("link", "r1.2.1", "--needs", "r1.1.1")
    before = exported(planner)
    answer, asked = planner.asks("expand", "r1.1.1", "by", "colour", "--yes")
    assert asked == 1
    assert "by colour" in f"{planner.server.bodies[-1]['messages']}"
    assert "divided r1.1.1" in answer.out
    assert refs(planner)[:3] == ["r1.1.2", "r1.1.3", "r1.2.1"]
    needs = planner("show", "r1.2.1", "--json").data["item"]["needs"]
    assert len(needs) == 2
    planner("show", "r1.1.1", code=6)
    assert planner.run["purpose"] == "expand"
    planner("undo")
    assert exported(planner) == before


def test_nothing_is_made_before_somebody_accepts_it(planner: Planner):
    before = refs(planner)
    answer = planner("expand", "r1.1.1")
    assert "Nothing was changed. Accept all with --yes" in answer.err
    assert refs(planner) == before
    _, asked = planner.asks("expand", "r1.1.1", "--yes")
    assert asked == 0
    assert refs(planner) != before


def test_a_task_gets_the_work_it_lacks(planner: Planner):
    data = planner("expand", "r1.2", "somebody has to catch", "--json", "--dry-run").data
    body = f"{planner.server.bodies[-1]['messages']}"
    assert "<<<KNOWN" in body
    assert "somebody has to catch" in body
    told_of = [*data["proposals"], *data["dropped"]]
    assert len(told_of) == 1
    assert data["stored"] is False


def test_an_empty_route_gets_tasks_and_work(planner: Planner):
    planner("add", "route", "Show it to friends", "--after", "r1")
    since = len(planner.server.entries)
    planner("expand", "r7", "in the park", "--yes")
    asked = [each.stage for each in planner.server.entries[since:] if each.event == ASKED]
    assert asked == ["tasks", "packages", "packages"]
    assert "in the park" in f"{planner.server.bodies[-1]['messages']}"
    assert [ref for ref in refs(planner) if ref.startswith("r7")] == ["r7.1.1", "r7.2.1"]
    planner("undo")
    assert not [ref for ref in refs(planner) if ref.startswith("r7")]


@pytest.mark.parametrize("verb", ["done", "start", "divert"])
def test_work_that_is_begun_or_settled_is_not_divided(planner: Planner, verb: str):
    planner(verb, "r1.1.1", *(("--why", "no") if verb == "divert" else ()), code=None)
    answer, asked = planner.asks("expand", "r1.1.1", code=2)
    message, step = told(answer)
    assert asked == 0
    assert "what was done would be lost" in message
    assert step == "Add what is missing beside it: `stellwerk expand r1.1`."


def test_work_with_ticked_criteria_is_not_divided(planner: Planner):
    item = planner("show", "r1.1.1", "--json").data["item"]
    notes = planner.terminal.write("notes.md", item["notes"].replace("[ ]", "[x]", 1))
    planner("edit", "r1.1.1", "--notes", str(notes))
    message, _ = told(planner("expand", "r1.1.1", code=2))
    assert "has ticked criteria" in message


@pytest.mark.parametrize(
    ("ref", "code", "says"),
    [
        ("r1", 2, "has tasks already"),
        ("d1", 2, "cannot be expanded"),
        ("r99", 6, "no ref r99"),
    ],
)
def test_what_cannot_be_expanded_is_refused_in_words(
    planner: Planner, ref: str, code: int, says: str
):
    answer, asked = planner.asks("expand", ref, code=code)
    assert says in told(answer)[0]
    assert asked == 0


def test_without_a_model_it_says_what_to_do(planned: Terminal):
    message, step = told(planned("expand", "r1.1.1", code=4))
    assert message == "It takes a model to write work packages, and none can be asked."
    assert step.endswith("Write them yourself: `stellwerk add`.")
    assert planned.json("runs")["runs"] == []


def test_a_stopped_one_asks_nothing_twice(planner: Planner):
    planner("add", "route", "Show it to friends", "--after", "r1")
    since = len(planner.server.entries)
    answer = planner("expand", "r7", "--max-calls", "2", "-q", code=7)
    assert "Say the same again: what was answered is kept." in answer.err
    message, _ = told(planner("resume", planner.run["run"], code=2))
    assert "was to expand a plan" in message
    planner.server.behaviour = Behaviour()
    planner("expand", "r7", "--yes")
    assert asked_twice(planner.server.entries[since:]) == []
    assert [ref for ref in refs(planner) if ref.startswith("r7")] == ["r7.1.1", "r7.2.1"]
