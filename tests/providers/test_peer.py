"""Errors tell who was asked and never what must stay secret."""

from __future__ import annotations

import pytest

from stellwerk.planning.failures import FailureKind
from stellwerk.providers.peer import Peer

PEER = Peer("OpenAI", "ai.openai", "gpt-5", "https://x/v1", "json", secret="hush-hush-42")
TOLD = (
    FailureKind.RATE_LIMITED,
    FailureKind.OVERLOADED,
    FailureKind.SERVER_ERROR,
    FailureKind.TIMEOUT,
    FailureKind.DROPPED,
    FailureKind.GARBLED,
    FailureKind.UNREACHABLE,
    FailureKind.TLS,
    FailureKind.QUOTA,
    FailureKind.AUTH,
    FailureKind.NO_MODEL,
    FailureKind.BAD_REQUEST,
    FailureKind.TOO_LARGE,
    FailureKind.UNSUPPORTED,
    FailureKind.CONTEXT_TOO_LONG,
    FailureKind.FILTERED,
)
"""What can go wrong with one request; the other kinds arise around it."""


@pytest.mark.parametrize("kind", TOLD)
def test_every_kind_names_provider_and_model_and_a_next_step(kind: FailureKind):
    error = PEER.error(kind, status=418)
    assert "OpenAI" in error.message
    assert "gpt-5" in error.message
    assert error.message.endswith(" (418).")
    assert error.hint.endswith((".", "?"))


@pytest.mark.parametrize(
    "said",
    [
        "key hush-hush-42 is wrong",
        "Incorrect API key provided: sk-abc12***************wxyz.",
        "https://host/v1?key=AIzaSyA1234567890abcdef&x=1",
        "https://user:abcdefgh@host/v1",
    ],
)
def test_what_looks_like_a_key_is_left_out(said: str):
    message = PEER.error(FailureKind.SERVER_ERROR, said).message
    for secret in ("hush", "abc", "wxyz", "AIza"):
        assert secret not in message
    assert "***" in message


def test_what_is_said_of_a_refused_key_is_not_repeated():
    assert "abcd" not in PEER.error(FailureKind.AUTH, "abcd is no key", status=401).message
    assert "region" in PEER.error(FailureKind.AUTH, "Not in your region", status=403).message


def test_what_is_said_is_one_short_clean_line():
    message = PEER.error(FailureKind.SERVER_ERROR, "a\x1b]0;x\x07\n" + "b " * 5000).message
    assert "\n" not in message
    assert "\x1b" not in message
    assert len(message) < 400


def test_braces_in_names_are_harmless():
    peer = Peer("The server at {url}", "ai.compatible", "{model}", "http://{x}", "text")
    assert "{model}" in peer.error(FailureKind.NO_MODEL).message


def test_a_peer_does_not_show_its_secret():
    assert "hush" not in repr(PEER)
