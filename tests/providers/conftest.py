"""Servers for the tests of providers; a clean environment for their SDKs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.providers.aimock import AiMock, running

_VARIABLES = ("OPENAI_", "ANTHROPIC_", "SSL_CERT_", "LITELLM_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.upper() in _PROXIES or name.startswith(_VARIABLES):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def aimock_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AiMock]:
    """One server for each process of the tests."""
    with running(tmp_path_factory.mktemp("aimock")) as server:
        yield server


@pytest.fixture
def aimock(aimock_server: AiMock) -> AiMock:
    """The server, without memory of earlier tests."""
    aimock_server.reset()
    return aimock_server
