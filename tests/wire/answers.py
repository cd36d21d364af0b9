"""What the planning server answers: a good draft for every stage, told as an API tells it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
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

_DEEDS: Final = {"Mend the PACKAGE": "refine", "Divide the PACKAGE": "expand"}
"""By what only the question of that stage says."""


_FEEDBACK: Final = re.compile(r"<<<FEEDBACK \w+\n(.*?)\nFEEDBACK \w+>>>", re.DOTALL)
_REF: Final = re.compile(r"\br\d+(?:\.\d+){0,2}\b")


def stage_of(request: Mapping[str, Any]) -> str:
    """Return the stage that asks, by its name or by the fields of the answer it wants."""
    asked = request.get("response_format", {}).get("json_schema", {})
    if "name" in asked:
        return str(asked["name"])
    told = json.dumps(request["messages"])
    for words, stage in _DEEDS.items():
        if words in told:
            return stage
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
        again = "<<<KNOWN" in json.dumps(asked)
        return {"packages": [_mended(code) if again else _package(code)]}
    if stage == "refine":
        return _mended(code)
    if stage == "expand":
        return {"packages": [_mended(f"{code}{part}") for part in "ab"]}
    if stage == "test":
        return {"answer": 42}
    return {"summary": "It holds together.", "problems": list(_problems(asked["content"]))}


def _problems(asked: Any) -> Iterator[dict[str, Any]]:
    """Yield a problem for each item of the plan whose ref stands in the feedback, if any."""
    text = asked if isinstance(asked, str) else "".join(part["text"] for part in asked)
    told = _FEEDBACK.search(text)
    for ref in _REF.findall(told[1]) if told else ():
        title = re.search(rf'"key": ?"{re.escape(ref)}",\s*"title": ?"([^"]*)"', text)
        yield {
            "key": ref,
            "quote": title[1] if title else "",
            "problem": f"{ref} is not what was asked for.",
            "change": "Write it as they want it.",
            "severity": "medium",
            "confidence": 0.8,
        }


def _package(code: str) -> dict[str, Any]:
    """Return a work package that shares no line with those of other codes."""
    title, pages = f"Package {code}", f"https://www.gov.uk/{code}"
    told = {
        "title": title,
        "summary": f"Tin {code} holds {code[::-1]}. {code[::-1]} needs it.",
        "sources": [{"url": f"{pages}/{number}", "title": ""} for number in range(3)],
    }
    return {**package(code[::-1]), **told, "needs": []}


def _mended(code: str) -> dict[str, Any]:
    """Return a work package that is better than others: of the goal's words, with own hours."""
    hours = 1 + int(code, 16) % 97 / 8
    verbs = ("Buy", "Hang", "Count", "Film", "Weigh", "Mark")
    return {
        **_package(code),
        "title": f"Juggle {code} for a minute",
        "summary": f"Whoever can juggle {code} can juggle {code[::-1]}. A minute is enough.",
        "steps": [f"{verb} {code[:5]}{at} balls" for at, verb in enumerate(verbs)],
        "hours": {"p10": hours * 0.7, "p50": hours, "p90": hours * 1.9},
    }


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
