"""Exceptions by the names they go by, those of causes included."""

from __future__ import annotations

import logging
import socket
import ssl

import pytest

from stellwerk.planning.failures import FailureKind
from stellwerk.providers.peer import Peer
from stellwerk.providers.sdk_errors import failure, quieten

PEER = Peer("OpenAI", "ai.openai", "gpt-5", "https://x/v1", "json")


class ConnectError(Exception):
    """As httpx and httpx2 call it."""


class ConnectTimeout(Exception):  # noqa: N818  (it is not ours)
    """As httpx and httpx2 call it."""


def because(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectError(), FailureKind.UNREACHABLE),
        (because(RuntimeError(), ConnectTimeout()), FailureKind.UNREACHABLE),
        (because(RuntimeError(), socket.gaierror()), FailureKind.UNREACHABLE),
        (because(ConnectError(), ssl.SSLCertVerificationError()), FailureKind.TLS),
        (ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), FailureKind.TLS),
        (TimeoutError(), FailureKind.TIMEOUT),
        (ConnectionResetError(), FailureKind.DROPPED),
        (RuntimeError("what?"), FailureKind.DROPPED),
    ],
)
def test_an_exception_is_known_by_its_name(error: BaseException, kind: FailureKind):
    assert failure(PEER, error).kind is kind


def test_causes_that_go_in_circles_end():
    one, two = RuntimeError(), RuntimeError()
    one.__cause__, two.__cause__ = two, one
    assert failure(PEER, one).kind is FailureKind.DROPPED


def test_loggers_of_sdks_keep_quiet(monkeypatch: pytest.MonkeyPatch):
    logger = logging.getLogger("openai")
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    quieten()
    assert logger.level == logging.WARNING
    monkeypatch.setattr(logger, "level", logging.CRITICAL)
    quieten()
    assert logger.level == logging.CRITICAL
