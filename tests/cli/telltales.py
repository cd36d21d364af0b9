"""Servers of models that give away the key they were sent, each in another way."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from werkzeug import Request, Response

KEY: Final = "zq7!Open+Sesame/42==nobody.knows~it"
"""It looks like no key at all, so that only knowing it helps."""
SECONDS: Final = 12
"""How long who gets no answer waits; the SDK is imported within that time."""

Fault = Callable[[Request], Response]


def saying(status: int, message: str, **headers: str) -> Fault:
    """Return a fault that sends an error of an API, with the key in it and beside it."""
    error = {"message": f"{message} {KEY}", "type": f"odd {KEY}", "code": KEY, "param": KEY}
    body = json.dumps({"type": "error", "error": error, "request_id": KEY})
    more = {"x-request-id": f"req {KEY}", "request-id": f"req {KEY}", **headers}
    return lambda _: Response(body, status, more, content_type="application/json")


def page(_: Request) -> Response:
    """Send a page of a proxy that shows the request it got."""
    shown = f"<!doctype html><p>Authorization: Bearer {KEY}</p><a href='?key={quote(KEY)}'>"
    return Response(shown, 200, content_type="text/html")


def broken(_: Request) -> Response:
    """Send what is no JSON."""
    return Response(f'{{"choices": [{KEY}', 200, content_type="application/json")


def strange(_: Request) -> Response:
    """Send JSON that is no answer."""
    return Response(
        json.dumps({KEY: [KEY], "error": None}), 200, content_type="application/json"
    )


def silent(_: Request) -> Response:
    """Answer too late."""
    time.sleep(SECONDS + 1)
    return Response("", 200)


def dropped(request: Request) -> Response:
    """Break the connection off."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response("", 200)


def answering(text: str) -> Fault:
    """Return a server that answers with a text, in the protocol that is spoken to it."""

    def answer(request: Request) -> Response:
        usage = {
            "prompt_tokens": 5,
            "completion_tokens": 5,
            "input_tokens": 5,
            "output_tokens": 5,
        }
        chat = {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}
        blocks = {"type": "message", "content": [{"type": "text", "text": text}]}
        asked = blocks | {"stop_reason": "end_turn"} if "messages" in request.path else chat
        if request.path.endswith("/chat/completions"):
            asked = chat
        whole = {
            "id": "1",
            "model": f"wise-{KEY}",
            "role": "assistant",
            "usage": usage,
            **asked,
        }
        return Response(json.dumps(whole), 200, content_type="application/json")

    return answer


def redirected(_: Request) -> Response:
    """Send the client elsewhere, with the key in the address."""
    return Response("", 302, {"Location": f"/elsewhere?key={quote(KEY, safe='')}"})


FAULTS: Final[dict[str, Fault]] = {
    "400": saying(400, "Bad request with"),
    "401": saying(401, "Incorrect API key provided:"),
    "403": saying(403, "Not allowed with"),
    "404": saying(404, "No such model for"),
    "429": saying(429, "Too many requests of", **{"retry-after": "1"}),
    "500": saying(500, "We failed for"),
    "529": saying(529, "Overloaded by"),
    "a page": page,
    "broken JSON": broken,
    "another JSON": strange,
    "a redirect": redirected,
    "no answer": silent,
    "a dropped connection": dropped,
    "an answer that is no plan": answering(f"Your key is {KEY}."),
    "an answer in JSON that is no plan": answering(json.dumps({"routes": KEY, KEY: 1})),
}
