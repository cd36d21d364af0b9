"""What goes wrong at the planning server: faults by name, as each API tells them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tests.wire.answers import completion, message

FAULTS: Final = (
    *("429", "500", "503", "529", "timeout", "drop", "cut", "not json", "wrong schema"),
)
"""Those that pass; which of them comes is drawn."""
PAGE: Final = (
    "<!DOCTYPE html><html><body><h1>Bad Gateway</h1><p>proxy.example</p></body></html>"
)
HUGE: Final = 50_000_000
NOT_JSON: Final = "Certainly! I would begin with the routes of your plan, and then"
_NOT_MINE: Final = "I cannot help with that."


class Reply(NamedTuple):
    """A reply as it goes over the wire.

    Attributes:
        status: Its status code.
        body: What it holds.
        headers: More of them.
        cut: Whether the connection breaks half way.
    """

    status: int
    body: str
    headers: Mapping[str, str] = {}
    cut: bool = False


_OPENAI: Final[Mapping[str, tuple[int, dict[str, Any]]]] = {
    "401": (
        401,
        {
            "message": "Incorrect API key provided: sk-x. You can find yours in the console.",
            "type": "invalid_request_error",
            "code": "invalid_api_key",
        },
    ),
    "404": (
        404,
        {
            "message": "The model `gpt-9` does not exist or you do not have access to it.",
            "type": "invalid_request_error",
            "code": "model_not_found",
        },
    ),
    "quota": (
        429,
        {
            "message": "You exceeded your current quota, please check your plan and billing.",
            "type": "insufficient_quota",
            "code": "insufficient_quota",
        },
    ),
    "blocked": (
        400,
        {
            "message": "The response was filtered by the content management policy.",
            "type": "invalid_request_error",
            "code": "content_filter",
        },
    ),
}
_ANTHROPIC: Final[Mapping[str, tuple[int, dict[str, Any]]]] = {
    "401": (401, {"type": "authentication_error", "message": "invalid x-api-key"}),
    "404": (404, {"type": "not_found_error", "message": "model: claude-9"}),
    "quota": (
        400,
        {
            "type": "invalid_request_error",
            "message": "Your credit balance is too low to access the API. Buy credits.",
        },
    ),
    "blocked": (
        400,
        {
            "type": "invalid_request_error",
            "message": "Output blocked by content filtering policy",
        },
    ),
}
_BUSY: Final = {"429": 429, "500": 500, "503": 503, "529": 529}


def told(fault: str, text: str, tokens: tuple[int, int], *, anthropic: bool) -> Reply:
    """Return the reply that a fault makes of a good answer; that itself without one.

    Args:
        fault: Its name, or empty.
        text: The good answer.
        tokens: Of question and answer.
        anthropic: Whether Anthropic's protocol is spoken.
    """
    if fault in ("html", "html 502"):
        return Reply(502 if "502" in fault else 200, PAGE, {"content-type": "text/html"})
    table = _ANTHROPIC if anthropic else _OPENAI
    status, error = table.get(fault, (_BUSY.get(fault, 0), {}))
    if status:
        error = error or {"message": f"injected {fault}", "type": "server_error"}
        return Reply(status, json.dumps({"type": "error", "error": error}))
    text = {
        "not json": NOT_JSON,
        "wrong schema": json.dumps({"steps": ["one", "two"], "done": 3}),
        "refusal": _NOT_MINE if anthropic else "",
        "filter": "",
    }.get(fault, text)
    return Reply(200, json.dumps(_shaped(fault, text, tokens, anthropic)), cut=fault == "cut")


def _shaped(fault: str, text: str, tokens: tuple[int, int], anthropic: bool) -> dict[str, Any]:
    if anthropic:
        return message(text, tokens, "refusal" if fault == "refusal" else "end_turn")
    if fault == "refusal":
        return completion(text, tokens, refusal=_NOT_MINE)
    if fault == "filter":
        return completion(text, tokens, finish_reason="content_filter")
    return completion(text, tokens)
