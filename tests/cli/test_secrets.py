"""No key shows anywhere, however it was given and whatever goes wrong.

Each test runs the real program against a server that gives the key back in one way or
another, and then looks for it in everything that was written, shown or passed on. A new way
to fail is a row of `FAULTS`, a new place to show something a row of `LOOKS`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from stellwerk.providers.redaction import Redactor
from tests.cli.telltales import FAULTS, KEY, SECONDS, Fault, silent
from tests.cli.terminal import Answer, Program, Terminal

pytestmark = pytest.mark.slow

HOLDERS: Final = ("keys.json", "stellwerk2.toml", "ring.json")
"""The files in which a key may stand, since the user put it there."""
GOAL: Final = "Learn to juggle"

PROVIDERS: Final = {
    "openai": ("OPENAI_API_KEY", "/v1"),
    "anthropic": ("ANTHROPIC_API_KEY", ""),
    "openai-compatible": ("STELLWERK_AI_COMPATIBLE_API_KEY", "/v1"),
}
SOME: Final = ("401", "404", "500", "a page", "broken JSON", "an answer that is no plan")
FAILURES: Final = (
    *(("openai", fault) for fault in FAULTS),
    *(("anthropic", fault) for fault in SOME),
    *(("openai-compatible", fault) for fault in ("401", "an answer that is no plan")),
)
"""Which fault each provider meets; how they tell faults apart is tested elsewhere."""
LOOKS: Final = (
    "config",
    "config --json",
    "config explain ai.openai.api_key",
    "config explain ai.openai.base_url --json",
    "keys",
    "keys --json",
    "providers",
    "providers --json",
    "doctor",
    "plugins",
    "list --json",
    "show --json",
    "log --json",
    "export",
    "export -f json",
    "runs --json",
    "backup copy.db",
    "resume --debug",
    f"show {KEY} --debug",
    f"{KEY} --debug",
    f"config explain {KEY}",
    f"plan Fly --provider {KEY}",
)
"""What is called after each failure, in the same process; codes do not matter."""


class Server(NamedTuple):
    """A server of models, the settings with which it is asked, and the keys it was sent."""

    server: HTTPServer
    environ: dict[str, str]
    sent: list[str | None]

    def fail(self, fault: Fault) -> None:
        """Answer every request in one way."""

        def answer(request: Request) -> Response:
            bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
            self.sent.append(request.headers.get("X-Api-Key") or bearer)
            return fault(request)

        self.server.expect_request(re.compile(".*")).respond_with_handler(answer)


@pytest.fixture
def models(httpserver: HTTPServer) -> Server:
    """Return the server; whatever is asked of any provider is asked of it, in a hurry."""
    place = f"http://localhost:{httpserver.port}"
    environ = {
        "STELLWERK_AI_OPENAI_BASE_URL": f"{place}/v1",
        "STELLWERK_AI_ANTHROPIC_BASE_URL": place,
        "STELLWERK_AI_COMPATIBLE_BASE_URL": f"{place}/v1",
        "STELLWERK_AI_OLLAMA_BASE_URL": "http://localhost:1",
        "STELLWERK_MONITORING_LOG_LEVEL": "DEBUG",
    }
    return Server(httpserver, environ, [])


class Watch:
    """Looks at the arguments of a user's processes, over and over."""

    def __init__(self, terminal: Terminal) -> None:
        self._home = f"HOME={terminal.home}".encode()
        self.seen: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look as long as a block runs."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if self._home in (process / "environ").read_bytes().split(b"\0"):
                        arguments = (process / "cmdline").read_bytes()
                        self.seen.add(arguments.replace(b"\0", b" ").decode("latin-1"))
                except OSError:
                    continue


def shows(text: str) -> bool:
    """Say whether a text holds the key, or most of it, in any way it could be written."""
    return KEY in text or Redactor([KEY]).without_known(text) != text


def leaks(terminal: Terminal) -> list[str]:
    """Return the files of a user that hold the key and should not."""
    found = [
        path
        for folder in (terminal.home, terminal.folder)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in HOLDERS
    ]
    assert terminal.database in found
    return [f"{path}" for path in found if shows(path.read_bytes().decode("latin-1"))]


def planned(terminal: Terminal, provider: str, *more: str, **environ: str) -> Answer:
    """Plan with a provider and every kind of log; return what was said."""
    program = Program(terminal)
    logs = {"STELLWERK_MONITORING_LOG_FILE": f"{terminal.folder / 'runs.log'}"}
    args = ("plan", GOAL, "--provider", provider, "-vv", "--debug", "--debug-log", "debug.log")
    args = (*args, "--max-calls", "1")
    watch = Watch(terminal)
    with watch.looking():
        answer = program._run(program.command, (*args, *more), b"", environ | logs)
    assert [line for line in watch.seen if shows(line)] == []
    assert any("stellwerk plan" in line for line in watch.seen)
    return answer


def looked(terminal: Terminal, **environ: str) -> Answer:
    """Look at everything there is to see."""
    return Program(terminal).several(*(f"{look}" for look in LOOKS), **environ)


def hidden(terminal: Terminal, *answers: Answer) -> None:
    """Check that the key was shown nowhere, and is in no file that is not for keys."""
    for answer in answers:
        told = [line for line in (answer.out + answer.err).splitlines() if shows(line)]
        assert told == []
    assert leaks(terminal) == []


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a log."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("provider", "fault"), FAILURES)
def test_a_failure_shows_no_key(terminal: Terminal, models: Server, provider: str, fault: str):
    models.fail(FAULTS[fault])
    environ = models.environ | {PROVIDERS[provider][0]: KEY}
    if FAULTS[fault] is silent:
        environ["STELLWERK_AI_OPENAI_TIMEOUT_SECONDS"] = f"{SECONDS}"
    answer = planned(terminal, provider, **environ)
    assert answer.code in (1, 4, 7), answer.err
    assert "bug of ours" not in answer.err
    assert set(models.sent) == {KEY}
    assert {line["provider"] for line in lines(terminal.folder / "debug.log")} == {provider}
    assert lines(terminal.folder / "runs.log")[-1]["event"] == "RunStopped"
    hidden(terminal, answer)


def by_environment(terminal: Terminal) -> dict[str, str]:
    """Give the key in a variable."""
    return {"OPENAI_API_KEY": f" {KEY} "}


def by_reference(terminal: Terminal) -> dict[str, str]:
    """Give the key in a variable that a trusted settings file names."""
    terminal.write("stellwerk2.toml", '[ai.openai]\napi_key = "${MY_OWN}"\n')
    terminal("config", "trust", MY_OWN=KEY)
    return {"MY_OWN": KEY}


def by_project_file(terminal: Terminal) -> dict[str, str]:
    """Give the key in the settings file of the project, and trust that."""
    terminal.write("stellwerk2.toml", f'[ai.openai]\napi_key = "{KEY}"\n')
    terminal("config", "trust")
    return {}


def by_user_file(terminal: Terminal) -> dict[str, str]:
    """Give the key in the user's own settings file."""
    path = terminal.home / "config" / "stellwerk" / "stellwerk2.toml"
    path.parent.mkdir(parents=True)
    path.write_text(f'[ai.openai]\napi_key = "{KEY}"\n')
    return {}


def by_key_file(terminal: Terminal) -> dict[str, str]:
    """Store the key where there is no keyring."""
    answer = Program(terminal)("keys", "set", "openai", stdin=KEY)
    assert "keys.json" in answer.out
    assert not shows(answer.out + answer.err)
    return {}


def by_keyring(terminal: Terminal) -> dict[str, str]:
    """Store the key in a keyring."""
    package = terminal.home / "site" / "keyring"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(_KEYRING.format(store=str(package / "ring.json")))
    (package / "errors.py").write_text("class KeyringError(Exception): ...\n")
    environ = {"PYTHONPATH": f"{package.parent}"}
    answer = Program(terminal)("keys", "set", "openai", stdin=KEY, **environ)
    assert "system keyring" in answer.out
    assert KEY in (package / "ring.json").read_text()
    return environ


_KEYRING: Final = """
import json, pathlib

from keyring import errors

STORE = pathlib.Path({store!r})

class Backend:
    priority = 5

def get_keyring():
    return Backend()

def held():
    return json.loads(STORE.read_text()) if STORE.exists() else {{}}

def get_password(service, name):
    return held().get(name)

def set_password(service, name, value):
    STORE.write_text(json.dumps({{**held(), name: value}}))

def delete_password(service, name):
    STORE.write_text(json.dumps({{each: key for each, key in held().items() if each != name}}))
"""
GIVEN: Final = {
    "environment": by_environment,
    "a reference": by_reference,
    "project file": by_project_file,
    "user file": by_user_file,
    "keys.json": by_key_file,
    "keyring": by_keyring,
}


@pytest.mark.parametrize("given", GIVEN)
def test_a_key_is_hidden_however_it_was_given(terminal: Terminal, models: Server, given: str):
    environ = models.environ | GIVEN[given](terminal)
    models.fail(FAULTS["401"])
    answer = planned(terminal, "openai", **environ)
    assert answer.code in (4, 7), answer.err
    assert set(models.sent) == {KEY}
    hidden(terminal, answer, looked(terminal, **environ))


ADDRESSES: Final = {
    "password": "http://ada:{key}@{host}{path}",
    "user": "http://{key}@{host}{path}",
    "query": "http://{host}{path}?key={key}",
}


@pytest.mark.parametrize(
    ("provider", "place"),
    [
        *(("openai", place) for place in ADDRESSES),
        ("anthropic", "password"),
        ("openai-compatible", "query"),
    ],
)
def test_a_key_in_an_address_is_hidden(
    terminal: Terminal, models: Server, provider: str, place: str
):
    variable, path = PROVIDERS[provider]
    host = f"localhost:{models.server.port}"
    url = ADDRESSES[place].format(key=quote(KEY, safe=""), host=host, path=path)
    section = variable.removesuffix("_API_KEY").removeprefix("STELLWERK_AI_")
    environ = models.environ | {
        variable: "another-key",
        f"STELLWERK_AI_{section}_BASE_URL": url,
    }
    models.fail(FAULTS["401"])
    answer = planned(terminal, provider, **environ)
    assert answer.code in (1, 2, 4, 7), answer.err
    assert "bug of ours" not in answer.err
    hidden(terminal, answer, looked(terminal, **environ))


def test_a_plan_of_a_playbook_after_a_failure_holds_no_key(terminal: Terminal, models: Server):
    """What is stored, exported and shown then."""
    models.fail(FAULTS["401"])
    environ = models.environ | {"OPENAI_API_KEY": KEY, "STELLWERK_AI_PROVIDERS": "openai"}
    answer = Program(terminal)("plan", GOAL, **environ)
    assert "playbook" in answer.err
    hidden(terminal, answer, looked(terminal, **environ))
    copy = terminal.folder / "copy.db"
    assert copy.exists()
    assert not shows(copy.read_bytes().decode("latin-1"))


BROKEN_FILES: Final = {
    "no TOML": f'[ai.openai]\napi_key = "{KEY}\n',
    "another type": f'[ai.openai]\napi_key = ["{KEY}"]\n',
    "a space in it": f'[ai.openai]\napi_key = "{KEY} {KEY}"\n',
    "no address": f'[ai.openai]\nbase_url = "{KEY}"\n',
    "a wrong name": f'[ai.openai]\napi_kye = "{KEY}"\n',
}


@pytest.mark.parametrize("text", BROKEN_FILES)
def test_a_settings_file_that_cannot_be_read_shows_no_key(terminal: Terminal, text: str):
    path = terminal.home / "config" / "stellwerk" / "stellwerk2.toml"
    path.parent.mkdir(parents=True)
    path.write_text(BROKEN_FILES[text])
    answer = Program(terminal)._run(Program.command, ("list", "--debug"), b"", {})
    assert answer.code == 2
    assert not shows(answer.err)


def test_a_debug_log_of_many_words_is_the_owners_alone(terminal: Terminal, models: Server):
    models.fail(FAULTS["401"])
    planned(terminal, "openai", **models.environ, OPENAI_API_KEY=KEY)
    path = terminal.folder / "debug.log"
    assert path.stat().st_mode & 0o777 == 0o600
    (line,) = lines(path)
    assert GOAL in json.dumps(line["messages"])
    assert (line["failure"], line["status"]) == ("key refused", 401)
    assert line["call"]


def test_the_watch_would_see_a_key_in_an_argument(terminal: Terminal):
    """The test of the test."""
    watch = Watch(terminal)
    with watch.looking():
        command = [sys.executable, "-c", "import time; time.sleep(0.5)", KEY]
        subprocess.run(command, env=terminal.environ, check=True)
    assert any(shows(line) for line in watch.seen)


def test_the_search_would_find_a_key_in_a_file(planned_user: Terminal):
    """The test of the test."""
    planned_user.write("notes.bin", b"\x00\xff" + quote(KEY).encode() + b"\x00")
    assert [Path(path).name for path in leaks(planned_user)] == ["notes.bin"]


@pytest.fixture
def planned_user(terminal: Terminal, template: Path) -> Terminal:
    """Return a user who has a plan."""
    terminal.keep(template)
    return terminal
