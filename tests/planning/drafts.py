"""What a model could answer, as data: a good answer of every stage, to be bent by tests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from stellwerk.domain.births import Births
from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS, SOURCES
from stellwerk.planning.asking import Panel
from stellwerk.planning.events import Emit, ignore
from stellwerk.planning.models import LanguageModel, ModelRequest
from stellwerk.testing.clock import CountedUids, FrozenClock

WAYS: Final = {
    "routes": [
        {"key": "r1", "title": "Ask", "description": "Who needs it?"},
        {"key": "r2", "title": "Sell", "kind": "branch"},
        {"key": "r3", "title": "Give", "kind": "branch"},
        {"key": "r4", "title": "Run"},
    ],
    "edges": [
        {"before": "r1", "after": "r2"},
        {"before": "r1", "after": "r3"},
        {"before": "r2", "after": "r4"},
        {"before": "r3", "after": "r4"},
    ],
    "decisions": [
        {
            "at": "r1",
            "title": "Money?",
            "prompt": "What do they pay today?",
            "recommended": "r3",
            "options": [
                {"to": "r2", "label": "Take it", "tradeoff": "Feeds us.", "probability": 0.25},
                {"to": "r3", "label": "Leave it"},
            ],
        }
    ],
}


def panel(model: LanguageModel, emit: Emit = ignore, max_repairs: int = 0) -> Panel:
    """Return a panel of one model, which gets no second chance."""
    return Panel((model,), emit=emit, max_repairs=max_repairs)


def births() -> Births:
    """Return births that repeat."""
    return Births(FrozenClock().now, CountedUids())


def structure(**changes: Any) -> dict[str, Any]:
    """Return a structure: r1, a decision for r2 or r3, a merge in r4."""
    told = {
        "title": "Juggle",
        "description": "As the model sees it.",
        "prologue": "A short way.",
        "rallying_cry": "Up!",
        "unit_hours": 2.5,
    }
    return {**told, **WAYS, **changes}


def chain(length: int) -> dict[str, Any]:
    """Return a structure of routes one after the other."""
    keys = [f"r{number}" for number in range(1, length + 1)]
    routes = [{"key": key, "title": f"Route {key}"} for key in keys]
    edges = [{"before": before, "after": after} for before, after in pairwise(keys)]
    return structure(routes=routes, edges=edges, decisions=[])


def long_line(length: int) -> dict[str, Any]:
    """Return a structure of at least four routes: the decision first, the rest a chain."""
    told = chain(length)
    edges = [*WAYS["edges"], *told["edges"][3:]]
    return {**told, "edges": edges, "decisions": WAYS["decisions"]}


def tasks(route: str, count: int = 1) -> dict[str, Any]:
    """Return tasks of a route."""
    keys = [f"{route}.{number}" for number in range(1, count + 1)]
    return {"tasks": [{"key": key, "title": f"Task {key}"} for key in keys]}


def package(key: str, **changes: Any) -> dict[str, Any]:
    """Return a work package with just enough of everything."""
    return {
        "key": key,
        "title": f"Package {key}",
        "summary": f"What {key} is. And why.",
        "steps": [f"Step {number} of {key}" for number in range(1, MIN_STEPS + 1)],
        "done_when": [f"{key} has {number} proofs" for number in range(MIN_CRITERIA)],
        "risks": [
            {"risk": f"Risk {number} of {key}", "mitigation": f"Mend {number}"}
            for number in range(MIN_RISKS)
        ],
        "sources": [
            {"url": f"https://example.org/{key}/{number}", "title": f"Source {number}"}
            for number in range(SOURCES[0])
        ],
        "length": 2,
        "grade": 5,
        "hours": {"p10": 1, "p50": 2.5, "p90": 8},
        **changes,
    }


def packages(task: str, count: int = 1) -> dict[str, Any]:
    """Return work packages of a task."""
    return {"packages": [package(f"{task}.{number}") for number in range(1, count + 1)]}


def answer(request: ModelRequest) -> dict[str, Any]:
    """Return a good answer to any request."""
    if request.stage == "decompose":
        return structure()
    return (tasks if request.stage == "tasks" else packages)(request.subject)
