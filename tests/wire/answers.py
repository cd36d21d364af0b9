"""What the planning server answers: a good draft for every stage, told as an API tells it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from tests.planning.drafts import package

_SHOWN: Final = "The JSON Schema of the answer:\n"
_STAGES: Final = {
    "routes": "decompose",
    "tasks": "tasks",
    "packages": "packages",
    "answer": "test",
}
"""By the field that only the answer of that stage has; any other is a review."""


def stage_of(request: Mapping[str, Any]) -> str:
    """Return the stage that asks, by its name or by the fields of the answer it wants."""
    asked = request.get("response_format", {}).get("json_schema", {})
    if "name" in asked:
        return str(asked["name"])
    fields = _schema(request).get("properties", {})
    return next((stage for field, stage in _STAGES.items() if field in fields), "review")


def draft_for(request: Mapping[str, Any], routes: int, tasks: int) -> dict[str, Any]:
    """Return a good answer to a request, which depends on it alone.

    Args:
        request: As it came.
        routes: How many routes a plan has.
        tasks: How many tasks a route has.
    """
    asked = next(each for each in request["messages"] if each["role"] == "user")
    code = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:6]
    stage = stage_of(request)
    if stage == "decompose":
        return _structure(routes)
    if stage == "tasks":
        titles = [f"Task {code} {number}" for number in range(1, tasks + 1)]
        return {"tasks": [{"key": "", "title": title, "description": ""} for title in titles]}
    if stage == "packages":
        made = package("r1.1.1")
        return {"packages": [{**made, "title": f"Package {code}", "needs": []}]}
    if stage == "test":
        return {"answer": 42}
    return {"summary": "It holds together.", "problems": []}


def completion(text: str, tokens: tuple[int, int], **message: Any) -> dict[str, Any]:
    """Return a text as OpenAI's chat protocol tells it."""
    asked, answered = tokens
    finish = message.pop("finish_reason", "stop")
    told = {"role": "assistant", "content": text, **message}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "planner-1",
        "choices": [{"index": 0, "finish_reason": finish, "message": told}],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
        },
    }


def message(text: str, tokens: tuple[int, int], stop: str = "end_turn") -> dict[str, Any]:
    """Return a text as Anthropic's protocol tells it."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "planner-1",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": tokens[0], "output_tokens": tokens[1]},
    }


def _schema(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an answer without a name: Anthropic's, or the one in the text."""
    wanted = request.get("output_config", {}).get("format", {}).get("schema")
    if wanted:
        return dict(wanted)
    for each in (*request["messages"], {"content": request.get("system", "")}):
        _, shown, rest = str(each["content"]).partition(_SHOWN)
        if shown:
            found, _ = json.JSONDecoder().raw_decode(rest)
            return dict(found)
    return {}


def _structure(count: int) -> dict[str, Any]:
    """Return a line with a decision at its first route whose ways meet again."""
    keys = [f"r{number}" for number in range(1, count + 1)]
    kinds = {"r2": "branch", "r3": "branch"}
    edges = [("r1", "r2"), ("r1", "r3"), ("r2", "r4"), ("r3", "r4")]
    edges += pairwise(keys[3:])
    return {
        "title": "A plan",
        "description": "As the server sees it.",
        "prologue": "",
        "rallying_cry": "",
        "unit_hours": 1.0,
        "routes": [
            {"key": k, "title": f"Route {k}", "description": "", "kind": kinds.get(k, "trunk")}
            for k in keys
        ],
        "edges": [{"before": before, "after": after} for before, after in edges],
        "decisions": [
            {
                "at": "r1",
                "title": "Which way?",
                "prompt": "What matters more?",
                "recommended": "r2",
                "options": [
                    {"to": "r2", "label": "Fast", "tradeoff": "Costs.", "probability": 0.6},
                    {"to": "r3", "label": "Cheap", "tradeoff": "Slow.", "probability": 0.4},
                ],
            }
        ],
    }
