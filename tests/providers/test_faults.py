"""Servers that misbehave byte by byte: each fault gets its kind, and no key gets out."""

from __future__ import annotations

import asyncio
import resource
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.planning.models import ProviderOptions
from tests.providers import raw_server
from tests.providers.raw_server import Handler, saying, serving, telling
from tests.providers.wires import KEY, TASKS, WIRES, Wire, ask, every_wire, question, refused

wires_with_keys = pytest.mark.parametrize(
    "wire", [each for each in WIRES if each.id != "ollama"], ids=lambda each: each.id
)
PAGE = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


def meeting(wire: Wire, handler: Handler, **settings: Any) -> ModelError:
    """Return how a question fails at a server with this handler."""

    async def meet() -> ModelError:
        async with serving(handler) as url:
            return await refused(wire.built(url, **settings), question())

    return asyncio.run(meet())


@every_wire
@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        pytest.param(raw_server.dropping, FailureKind.DROPPED, id="dropped"),
        pytest.param(raw_server.resetting, FailureKind.DROPPED, id="reset"),
        pytest.param(raw_server.cutting, FailureKind.DROPPED, id="cut body"),
        pytest.param(raw_server.nonsense, FailureKind.DROPPED, id="another protocol"),
        pytest.param(raw_server.announcing, FailureKind.TOO_LARGE, id="50 MB announced"),
        pytest.param(raw_server.flooding, FailureKind.TOO_LARGE, id="50 MB unannounced"),
        pytest.param(saying(b""), FailureKind.GARBLED, id="empty body"),
        pytest.param(saying(PAGE, sort="text/html"), FailureKind.GARBLED, id="page"),
        pytest.param(saying(PAGE), FailureKind.GARBLED, id="page that says it is JSON"),
        pytest.param(saying(b"\xff\xfe\x00{", sort="x/y"), FailureKind.GARBLED, id="bytes"),
        pytest.param(saying(b"[1, 2]"), FailureKind.GARBLED, id="a list"),
        pytest.param(saying(b"null"), FailureKind.GARBLED, id="null"),
        pytest.param(saying(b"[" * 100_000), FailureKind.GARBLED, id="deep nesting"),
        pytest.param(telling({}), FailureKind.GARBLED, id="an object without answer"),
        pytest.param(
            telling({"choices": [], "content": 1}), FailureKind.GARBLED, id="no choice"
        ),
        pytest.param(telling({"choices": [None]}), FailureKind.GARBLED, id="null choice"),
        pytest.param(
            saying(PAGE, "502 Bad Gateway", "text/html"),
            FailureKind.SERVER_ERROR,
            id="gateway",
        ),
        pytest.param(saying(PAGE, "404 Not Found"), FailureKind.NO_MODEL, id="wrong path"),
        pytest.param(saying(b"", "401 Unauthorized"), FailureKind.AUTH, id="no key"),
        pytest.param(
            saying(KEY.encode(), "400 Bad Request"), FailureKind.BAD_REQUEST, id="key echoed"
        ),
        pytest.param(
            telling({"error": {"message": f"bad {KEY}\x1b[2J\n!"}}, "422 No"),
            FailureKind.BAD_REQUEST,
            id="key and escapes echoed",
        ),
    ],
)
def test_a_fault_has_its_kind(wire: Wire, handler: Handler, kind: FailureKind):
    error = meeting(wire, handler)
    assert error.kind is kind
    assert "\x1b" not in error.message


@every_wire
@pytest.mark.parametrize(
    "handler", [raw_server.silent, raw_server.dripping], ids=["silence", "dripping"]
)
def test_the_time_for_an_answer_is_bounded_as_a_whole(wire: Wire, handler: Handler):
    start = time.monotonic()
    error = meeting(wire, handler, timeout_seconds=1.0)
    assert error.kind is FailureKind.TIMEOUT
    assert ".timeout_seconds" in error.hint
    assert time.monotonic() - start < 6.0


@every_wire
def test_nobody_at_home_is_unreachable(wire: Wire):
    error = asyncio.run(refused(wire.built("http://127.0.0.1:9"), question()))
    assert error.kind is FailureKind.UNREACHABLE
    assert "running" in error.hint or "127.0.0.1:9" in error.hint


@every_wire
def test_a_name_that_does_not_exist_is_unreachable(wire: Wire):
    error = asyncio.run(refused(wire.built("http://no-such-host.invalid"), question()))
    assert error.kind is FailureKind.UNREACHABLE


@every_wire
def test_a_certificate_nobody_vouches_for_is_refused(wire: Wire, self_signed: ssl.SSLContext):
    async def meet() -> ModelError:
        async with serving(saying(b"{}"), self_signed) as url:
            return await refused(wire.built(url), question())

    error = asyncio.run(meet())
    assert error.kind is FailureKind.TLS
    assert "SSL_CERT_FILE" in error.hint
    assert "SSL_CERT_DIR" in error.hint


@every_wire
def test_https_at_a_server_that_speaks_http_is_no_trusted_connection(wire: Wire):
    async def meet() -> ModelError:
        async with serving(saying(b"{}")) as url:
            return await refused(wire.built(url.replace("http:", "https:")), question())

    assert asyncio.run(meet()).kind is FailureKind.TLS


@every_wire
def test_certificates_that_cannot_be_read_are_told_of(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    error = asyncio.run(refused(wire.built("https://127.0.0.1:9"), question()))
    assert error.kind is FailureKind.TLS


@every_wire
def test_a_flood_is_not_kept_in_memory(wire: Wire):
    meeting(wire, raw_server.flooding)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    meeting(wire, raw_server.flooding)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 30_000


@every_wire
def test_what_came_is_kept_for_the_log(wire: Wire):
    error = meeting(wire, saying(PAGE, sort="text/html"))
    assert "Please sign in" in error.raw
    assert "a web page" in error.message
    assert "base_url" in error.hint


@every_wire
def test_the_next_question_is_answered_after_a_fault(wire: Wire):
    handlers = [raw_server.dropping, telling(wire.reply(TASKS))]

    async def handler(writer: asyncio.StreamWriter) -> None:
        await handlers.pop(0)(writer)

    async def meet() -> str:
        async with serving(handler) as url:
            provider = wire.built(url)
            with pytest.raises(ModelError):
                await provider.complete(question())
            return (await ask(provider, question())).text

    if wire.id == "compatible":
        handlers.insert(0, telling({"data": []}))
    assert asyncio.run(meet()) == TASKS


@every_wire
def test_a_cancelled_question_is_cancelled_and_not_an_error(wire: Wire):
    async def meet() -> None:
        async with serving(raw_server.silent) as url:
            provider = wire.built(url)
            task = asyncio.create_task(provider.complete(question()))
            await asyncio.sleep(0.5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await provider.close()

    asyncio.run(meet())


@wires_with_keys
@pytest.mark.parametrize("key", ["sk-test\n0123", "sk-schlüssel", "two words", "\x00"])
def test_a_key_that_no_header_can_carry_is_never_sent(wire: Wire, key: str):
    given = {"base_url": "http://127.0.0.1:9/v1", **wire.settings}
    provider = wire.make(ProviderOptions(given, key=lambda: key))
    error = asyncio.run(refused(provider, question()))
    assert error.kind is FailureKind.AUTH
    assert key not in error.message + error.hint
    assert "stellwerk keys set" in error.hint


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A context whose certificate nobody signed."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    alternative = "subjectAltName=IP:127.0.0.1"
    try:
        subprocess.run(
            [
                "openssl",
                *made.split(),
                "-addext",
                alternative,
                "-keyout",
                key,
                "-out",
                certificate,
            ],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed, so there is no certificate to show.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
