"""Servers that end with their test."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.links.servers import Page, Site, hosted

Serve: TypeAlias = Callable[..., Site]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves pages until the test ends."""
    with ExitStack() as stack:

        def put(
            pages: dict[str, Page],
            host: str = "127.0.0.1",
            tls: ssl.SSLContext | None = None,
            port: int = 0,
        ) -> Site:
            return stack.enter_context(hosted(pages, host, tls, port))

        yield put


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for `pages.example.org`, signed by itself, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, so there is no certificate to show.")
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=pages.example.org"
    subprocess.run(
        [
            *words.split(),
            *("-addext", "subjectAltName=DNS:pages.example.org"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key
