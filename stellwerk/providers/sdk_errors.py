"""Exceptions of SDKs and HTTP clients, told apart.

openai 2 speaks httpx, openai 3 and anthropic 2 speak httpx2; both name their exceptions
alike, so they are known by name and neither is imported here.
"""

from __future__ import annotations

import logging
import ssl
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.providers.addresses import is_local
from stellwerk.providers.peer import Peer
from stellwerk.providers.status_errors import refusal

_LOGGERS: Final = (
    "openai", "anthropic", "httpx", "httpx2", "httpcore", "httpcore2", "LiteLLM",
    "LiteLLM Router", "LiteLLM Proxy",
)  # fmt: skip
_BY_NAME: Final = (
    ("ConnectTimeout", FailureKind.UNREACHABLE),
    ("TimeoutException", FailureKind.TIMEOUT),
    ("APITimeoutError", FailureKind.TIMEOUT),
    ("TimeoutError", FailureKind.TIMEOUT),
    ("ConnectError", FailureKind.UNREACHABLE),
    ("ProxyError", FailureKind.UNREACHABLE),
    ("gaierror", FailureKind.UNREACHABLE),
    ("ConnectionRefusedError", FailureKind.UNREACHABLE),
    ("UnsupportedProtocol", FailureKind.BAD_REQUEST),
    ("InvalidURL", FailureKind.BAD_REQUEST),
    ("DecodingError", FailureKind.GARBLED),
    ("TooManyRedirects", FailureKind.GARBLED),
    ("APIResponseValidationError", FailureKind.GARBLED),
    ("JSONDecodeError", FailureKind.GARBLED),
)
"""The first name that an exception or one of its causes goes by."""


def transport_errors() -> tuple[type[Exception], ...]:
    """Return what an HTTP client raises that is loaded; SDKs let it pass while a body is read."""
    loaded = [sys.modules[name] for name in ("httpx", "httpx2") if name in sys.modules]
    errors = [getattr(each, name) for each in loaded for name in ("HTTPError", "InvalidURL")]
    return (*errors, OSError)


def failure(peer: Peer, error: BaseException) -> ModelError:
    """Return the error for an exception of an SDK or an HTTP client."""
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None)
    if response is not None and isinstance(status, int):
        return refusal(peer, status, getattr(error, "body", None), lowered(response.headers))
    chain = list(_chain(error))
    if any(isinstance(each, ssl.SSLError) or _untrusted(each) for each in chain):
        return peer.error(FailureKind.TLS)
    for name, kind in _BY_NAME:
        if any(name in _names(each) for each in chain):
            return peer.error(kind, hint=_reach(peer) if kind in _REACH else "")
    return peer.error(FailureKind.DROPPED)


def lowered(headers: Mapping[str, Any]) -> dict[str, str]:
    """Return headers with their names in lower case."""
    return {str(name).lower(): str(value) for name, value in headers.items()}


def quieten() -> None:
    """Keep the loggers of SDKs quiet: their debug logs hold prompts and addresses."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.WARNING, logger.level))


_REACH: Final = {FailureKind.UNREACHABLE}


def _reach(peer: Peer) -> str:
    if is_local(peer.url):
        return ""
    return f"Is this machine online? It was looked for at {peer.url}."


def _untrusted(error: BaseException) -> bool:
    return (
        "CERTIFICATE_VERIFY_FAILED" in f"{error}" or "certificate verify failed" in f"{error}"
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _names(error: BaseException) -> set[str]:
    return {each.__name__ for each in type(error).__mro__}
