"""The client of the openai package, versions 2 and 3."""

from __future__ import annotations

import os
from typing import Any

from stellwerk.providers.receiving import CONNECT_SECONDS
from stellwerk.providers.sdk_errors import quieten


def openai_client(url: str, key: str, seconds: float, *, stranger: bool = False) -> Any:
    """Return a client that sends a request once.

    Args:
        url: The base URL.
        key: The key, or empty.
        seconds: How long to wait.
        stranger: Whether the server is not OpenAI's: it gets nothing that the environment
            holds for OpenAI.
    """
    import openai

    quieten()
    headers: dict[str, Any] = {}
    if stranger:
        given = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
        names = (line.partition(":")[0].strip() for line in given)
        headers = {name: openai.Omit() for name in names if name}
        headers |= {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    return openai.AsyncOpenAI(
        api_key=key or "none",
        base_url=url,
        timeout=openai.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
        max_retries=0,
        default_headers=headers,
    )


def without_key() -> dict[str, Any]:
    """Return the argument of a request that goes out without a key."""
    import openai

    return {"extra_headers": {"Authorization": openai.Omit()}}


def openai_errors() -> tuple[type[Exception], ...]:
    """Return what the client raises."""
    import openai

    return (openai.OpenAIError,)
