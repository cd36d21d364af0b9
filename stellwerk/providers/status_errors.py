"""Refusals with a status code, told apart: what the reply of an API says went wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import time
from typing import Any, Final, NamedTuple

from stellwerk.domain.text import one_line, shortened
from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import Mode, Usage
from stellwerk.providers.peer import Peer

_BY_CODE: Final = {
    "insufficient_quota": FailureKind.QUOTA,
    "billing_hard_limit_reached": FailureKind.QUOTA,
    "billing_not_active": FailureKind.QUOTA,
    "billing_error": FailureKind.QUOTA,
    "invalid_api_key": FailureKind.AUTH,
    "authentication_error": FailureKind.AUTH,
    "permission_error": FailureKind.AUTH,
    "model_not_found": FailureKind.NO_MODEL,
    "context_length_exceeded": FailureKind.CONTEXT_TOO_LONG,
    "exceed_context_size_error": FailureKind.CONTEXT_TOO_LONG,
    "string_above_max_length": FailureKind.CONTEXT_TOO_LONG,
    "request_too_large": FailureKind.CONTEXT_TOO_LONG,
    "content_filter": FailureKind.FILTERED,
    "content_policy_violation": FailureKind.FILTERED,
    "invalid_prompt": FailureKind.FILTERED,
    "overloaded_error": FailureKind.OVERLOADED,
    "rate_limit_exceeded": FailureKind.RATE_LIMITED,
    "rate_limit_error": FailureKind.RATE_LIMITED,
}
_BY_STATUS: Final = {
    401: FailureKind.AUTH,
    402: FailureKind.QUOTA,
    403: FailureKind.AUTH,
    404: FailureKind.NO_MODEL,
    408: FailureKind.SERVER_ERROR,
    409: FailureKind.SERVER_ERROR,
    413: FailureKind.CONTEXT_TOO_LONG,
    429: FailureKind.RATE_LIMITED,
    529: FailureKind.OVERLOADED,
}
_TOO_LONG: Final = (
    r"context.?(?:length|window|size|limit)|maximum context|prompt is too long|input is too long"
    r"|request too large|too many (?:input )?tokens|reduce the length|exceeds? the context"
)
_NO_MODEL: Final = (
    r"\bmodels?\b.{0,80}?(?:not found|does not exist|not exist|is not a valid|not available)"
    r"|unknown model|invalid model|not a valid model|try pulling it"
)
_MODES: Final = (
    r"response_format|json_schema|json_object|text\.format|output_config|output_format"
    r"|structured output|grammar|literal_error|invalid schema|schema is too"
)
_BY_WORDS: Final = (
    (FailureKind.QUOTA, r"credit balance|insufficient.(?:quota|credit|balance)"),
    (FailureKind.CONTEXT_TOO_LONG, _TOO_LONG),
    (FailureKind.AUTH, r"(?:invalid|incorrect|missing|no) api.?key|api key not valid"),
    (FailureKind.NO_MODEL, _NO_MODEL),
    (FailureKind.FILTERED, r"content.?(?:filter|policy|management)|safety system"),
)
_PAGE: Final = re.compile(r"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_MOST: Final = 4000
"""So many characters of what is said are looked at."""
_LONGEST_WAIT: Final = 86_400.0
_REQUEST_IDS: Final = ("x-request-id", "request-id", "x-amzn-requestid", "cf-ray")


class Said(NamedTuple):
    """What a reply says went wrong.

    Attributes:
        code: A code to go by, or empty.
        message: A sentence for people, or empty.
    """

    code: str
    message: str


def refusal(
    peer: Peer,
    status: int,
    body: object,
    headers: Mapping[str, str],
    usage: Usage | None = None,
) -> ModelError:
    """Return the error that a reply with a status code stands for."""
    said = what_it_says(body)
    kind = kind_of(status, said, peer.mode)
    no_api = kind is FailureKind.NO_MODEL and not re.search(r"model", f"{said}", re.IGNORECASE)
    return peer.error(
        kind,
        said.message,
        hint=_no_api_hint(peer) if no_api else "",
        status=status,
        retry_after=retry_after(headers),
        request_id=request_id(headers),
        usage=usage,
    )


def kind_of(status: int, said: Said, mode: Mode = "text") -> FailureKind:
    """Return what went wrong, by code, status and words, in this order of trust."""
    words = f"{said.code} {said.message}".lower()
    if mode != "text" and status in {400, 422, 500, 501} and re.search(_MODES, words):
        return FailureKind.UNSUPPORTED
    if known := next((_BY_CODE[code] for code in said.code.split() if code in _BY_CODE), None):
        too_large = known is FailureKind.RATE_LIMITED and "request too large" in words
        return FailureKind.CONTEXT_TOO_LONG if too_large else known
    by_words = next((kind for kind, pattern in _BY_WORDS if re.search(pattern, words)), None)
    if status in {400, 422, 429, 500} and by_words:
        return by_words
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return FailureKind.SERVER_ERROR if status >= 500 else FailureKind.BAD_REQUEST


def what_it_says(body: object) -> Said:
    """Return code and message of an error body, whatever its shape."""
    if isinstance(body, str):
        return Said("", "" if _PAGE.match(body) else body[:_MOST])
    if not isinstance(body, Mapping):
        return Said("", "")
    inner = body.get("error", body)
    if not isinstance(inner, Mapping):
        return Said("", inner[:_MOST] if isinstance(inner, str) else "")
    codes = (inner.get(name) for name in ("code", "type", "param"))
    code = " ".join(one_line(each[:_MOST]) for each in codes if isinstance(each, str))
    message = inner.get("message") or inner.get("detail") or ""
    return Said(code, str(message)[:_MOST])


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a reply asks to wait: milliseconds, seconds or a date."""
    seconds = _number(headers.get("retry-after-ms"))
    if seconds is not None:
        return _wait(seconds / 1000)
    given = headers.get("retry-after")
    if given is None:
        return None
    seconds = _number(given)
    if seconds is None:
        try:
            seconds = parsedate_to_datetime(given).timestamp() - time()
        except (ValueError, OverflowError):
            return None
    return _wait(seconds)


def request_id(headers: Mapping[str, str]) -> str:
    """Return by which name the provider knows the call."""
    found = next((headers[name] for name in _REQUEST_IDS if headers.get(name)), "")
    return shortened(one_line(found), 100)


def is_page(text: str) -> bool:
    """Tell whether a body is a web page."""
    return _PAGE.match(text) is not None


def _no_api_hint(peer: Peer) -> str:
    hint = peer.hints.get("path", "it usually ends in /v1")
    return f"Nothing answers under {peer.url}. Check {peer.section}.base_url: {hint}."


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _wait(seconds: float) -> float | None:
    return min(max(seconds, 0.0), _LONGEST_WAIT) if math.isfinite(seconds) else None
