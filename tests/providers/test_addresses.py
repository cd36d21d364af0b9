"""Base URLs as people write them."""

from __future__ import annotations

import pytest

from stellwerk.providers.addresses import (
    CHAT_ENDINGS,
    MESSAGES_ENDINGS,
    OLLAMA_ENDINGS,
    base_url,
    is_local,
    without_credentials,
)


@pytest.mark.parametrize(
    ("written", "endings", "meant"),
    [
        ("https://api.openai.com/v1/", CHAT_ENDINGS, "https://api.openai.com/v1"),
        ("https://x/openai/v1/chat/completions", CHAT_ENDINGS, "https://x/openai/v1"),
        (" http://localhost:8000/v1/models/ ", CHAT_ENDINGS, "http://localhost:8000/v1"),
        ("https://x/v1?a=b#c", CHAT_ENDINGS, "https://x/v1"),
        (
            "https://api.anthropic.com/v1/messages",
            MESSAGES_ENDINGS,
            "https://api.anthropic.com",
        ),
        ("http://localhost:11434/api/chat", OLLAMA_ENDINGS, "http://localhost:11434"),
        ("http://localhost:11434/v1", OLLAMA_ENDINGS, "http://localhost:11434"),
        ("http://host/ollama/", OLLAMA_ENDINGS, "http://host/ollama"),
        ("http://[::1]:8000/v1", CHAT_ENDINGS, "http://[::1]:8000/v1"),
    ],
)
def test_an_address_is_brought_into_its_form(
    written: str, endings: tuple[str, ...], meant: str
):
    assert base_url(written, endings) == meant


def test_credentials_are_for_the_wire_alone():
    assert base_url("https://a:b@x/v1") == "https://a:b@x/v1"
    assert without_credentials("https://a:b@c@x:8/v1") == "https://x:8/v1"
    assert without_credentials("https://x/v1") == "https://x/v1"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:1", True),
        ("http://127.0.0.9/v1", True),
        ("http://[::1]:1", True),
        ("http://my.localhost", True),
        ("http://10.0.0.1", False),
        ("https://api.openai.com", False),
        ("nonsense", False),
    ],
)
def test_what_is_on_this_machine_is_local(url: str, local: bool):
    assert is_local(url) is local
