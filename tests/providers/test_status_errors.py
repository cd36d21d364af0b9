"""Refusals as real APIs word them, and the kinds they are."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest

from stellwerk.planning.failures import FailureKind
from stellwerk.providers.status_errors import kind_of, request_id, retry_after, what_it_says

REFUSALS: tuple[tuple[int, Any, FailureKind], ...] = (
    (400, {"error": {"code": "context_length_exceeded"}}, FailureKind.CONTEXT_TOO_LONG),
    (
        400,
        {"error": {"message": "prompt is too long: 210000 tokens > 200000 maximum"}},
        FailureKind.CONTEXT_TOO_LONG,
    ),
    (
        400,
        {"message": "This model's maximum context length is 8192 tokens"},
        FailureKind.CONTEXT_TOO_LONG,
    ),
    (
        400,
        {"error": {"type": "exceed_context_size_error", "message": "too big"}},
        FailureKind.CONTEXT_TOO_LONG,
    ),
    (
        429,
        {"error": {"message": "Request too large for gpt-4o", "code": "rate_limit_exceeded"}},
        FailureKind.CONTEXT_TOO_LONG,
    ),
    (
        400,
        {"error": {"message": "Your credit balance is too low"}},
        FailureKind.QUOTA,
    ),
    (
        400,
        {"error": {"message": "Invalid schema for response_format 'tasks'"}},
        FailureKind.UNSUPPORTED,
    ),
    (400, {"error": {"param": "response_format"}}, FailureKind.UNSUPPORTED),
    (
        400,
        {"error": {"message": "output_config: Extra inputs are not permitted"}},
        FailureKind.UNSUPPORTED,
    ),
    (400, {"error": {"code": "content_filter", "message": "no"}}, FailureKind.FILTERED),
    (
        400,
        {"error": {"message": "The response was filtered due to content management policy"}},
        FailureKind.FILTERED,
    ),
    (400, {"error": {"message": "foo is not a valid model ID"}}, FailureKind.NO_MODEL),
    (404, {"error": "model 'x' not found, try pulling it first"}, FailureKind.NO_MODEL),
    (400, {"error": {"message": "API key not valid"}}, FailureKind.AUTH),
    (
        400,
        {"error": {"message": "Unsupported value: 'temperature'"}},
        FailureKind.BAD_REQUEST,
    ),
    (418, {}, FailureKind.BAD_REQUEST),
    (302, "", FailureKind.BAD_REQUEST),
    (500, "<html>oops model not found</html>", FailureKind.SERVER_ERROR),
    (503, {"error": {"type": "overloaded_error"}}, FailureKind.OVERLOADED),
    (400, {"error": {"type": "server_error", "message": "odd"}}, FailureKind.BAD_REQUEST),
)


@pytest.mark.parametrize(("status", "body", "kind"), REFUSALS)
def test_a_refusal_is_known_by_code_status_and_words(
    status: int, body: Any, kind: FailureKind
):
    assert kind_of(status, what_it_says(body), "schema") is kind


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "a"}}, "a"),
        ({"error": "a"}, "a"),
        ({"message": "a", "object": "error"}, "a"),
        ({"detail": "a"}, "a"),
        ({"detail": [{"msg": "a"}]}, "[{'msg': 'a'}]"),
        ({"error": {"message": 3}}, "3"),
        ({"error": 7}, ""),
        ("a", "a"),
        ("<!doctype html><p>a", ""),
        (None, ""),
        ([1], ""),
        ({}, ""),
    ],
)
def test_errors_are_read_whatever_their_shape(body: Any, message: str):
    assert what_it_says(body).message == message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "20"}, 20.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "1e9"}, 86_400.0),
        ({"retry-after-ms": "250", "retry-after": "20"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "20"}, 20.0),
        ({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 99 Jan 2001 00:00:00 GMT"}, None),
    ],
)
def test_a_wait_is_read_in_every_form(headers: dict[str, str], seconds: float | None):
    assert retry_after(headers) == seconds


def test_a_wait_can_be_a_date():
    wait = retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)})
    assert wait is not None
    assert 55 < wait <= 60


def test_a_request_id_is_one_short_line():
    assert request_id({"request-id": "req_1"}) == "req_1"
    assert request_id({}) == ""
    assert len(request_id({"x-request-id": "a\x1b[2J" * 1000})) <= 100
