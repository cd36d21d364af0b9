"""Base URLs as people write them, made into what a client is built with."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

CHAT_ENDINGS = ("/chat/completions", "/completions", "/responses", "/models")
"""What people copy from documentation along with the base URL of OpenAI's protocol."""
MESSAGES_ENDINGS = ("/messages", "/v1")
OLLAMA_ENDINGS = ("/chat", "/generate", "/tags", "/api", "/chat/completions", "/v1")


def base_url(url: str, endings: tuple[str, ...] = ()) -> str:
    """Return a base URL without trailing slash, query, fragment and known endings."""
    parts = urlsplit(url.strip())
    path = parts.path.rstrip("/")
    for ending in endings:
        path = path.removesuffix(ending).rstrip("/")
    return SplitResult(parts.scheme, parts.netloc, path, "", "").geturl()


def without_credentials(url: str) -> str:
    """Return a URL without user, password, query and fragment: keys stand in any of them."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="", fragment="").geturl()


def is_local(url: str) -> bool:
    """Tell whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
