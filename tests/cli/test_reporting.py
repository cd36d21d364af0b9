"""Bugs: told without keys, and sent to Sentry without anything but the place in the code."""

from __future__ import annotations

import gzip
import json
import sys
from typing import Any, Final

import pytest
from pytest_httpserver import HTTPServer

from stellwerk.cli.desk import Desk
from stellwerk.cli.reporting import bare, log_terminal
from tests.cli.terminal import Answer, Program, Terminal
from tests.cli.test_processes import install

KEY: Final = "open-sesame-0123456789"
BUGGY: Final = f"""
class Buggy:
    name, suffix = "buggy", ".txt"

    def files(self, document, *, folder):
        self.said = f"{{document.plan.goal.title}} {KEY}"
        return self.files_of(document.plan)

    def files_of(self, plan):
        try:
            return {{}}[self.said]
        except KeyError as error:
            raise RuntimeError(self.said, error) from error

BUGGY = Buggy()
"""
EXPORT: Final = ("export", "-f", "buggy")


@pytest.fixture
def buggy(planned: Terminal) -> Program:
    """Return the program with an exporter in which there is a bug, and a key."""
    planned.environ["OPENAI_API_KEY"] = KEY
    planned.environ["PYTHONPATH"] = install(
        planned.folder / "site",
        "buggy",
        BUGGY,
        "[stellwerk.exporters]\nbuggy = buggy:BUGGY\n",
    )
    return Program(planned)


@pytest.fixture
def sentry(httpserver: HTTPServer) -> HTTPServer:
    """Return a server that takes what Sentry's takes."""
    httpserver.expect_request("/api/7/envelope/", method="POST").respond_with_json({})
    return httpserver


def dsn(server: HTTPServer) -> dict[str, str]:
    """Return the environment in which a server is the Sentry project."""
    return {"STELLWERK_MONITORING_SENTRY_DSN": f"http://public@localhost:{server.port}/7"}


def told(program: Program, *args: str, **environ: str) -> Answer:
    """Make a call that meets the bug; unlike `Program.__call__` it may show a traceback."""
    answer = program._run(program.command, (*EXPORT, *args), b"", environ)
    assert answer.code == 1
    assert KEY not in answer.err + answer.out
    return answer


def received(server: HTTPServer) -> tuple[str, list[dict[str, Any]]]:
    """Return all that a server got as text, headers too, and the JSON in it."""
    texts = []
    for request, _ in server.log:
        body = request.get_data()
        zipped = request.headers.get("Content-Encoding") == "gzip"
        texts += [f"{request.headers}", (gzip.decompress(body) if zipped else body).decode()]
    data = [json.loads(line) for text in texts[1::2] for line in text.splitlines() if line]
    return "\n".join(texts), data


def test_a_bug_is_told_without_keys(buggy: Program):
    answer = told(buggy)
    assert answer.err.startswith("Error: RuntimeError: ('Launch a SaaS product ***'")
    assert "This is a bug of ours" in answer.err
    assert "Traceback" not in answer.err


def test_debug_shows_the_whole_chain_without_keys_and_without_locals(buggy: Program):
    said = told(buggy, "--debug").err
    assert said.count("Traceback (most recent call last)") == 2
    assert "The above exception was the direct cause" in said
    assert "KeyError: 'Launch a SaaS product ***'" in said
    assert "in files_of" in said
    assert "document = " not in said


def test_a_bug_in_json_is_told_without_keys(buggy: Program):
    answer = told(buggy, "--json")
    assert answer.error["code"] == "bug"
    assert "***" in answer.error["message"]


def test_an_error_that_quotes_what_was_typed_shows_no_key(planned: Terminal):
    answer = planned("show", KEY, code=2, OPENAI_API_KEY=KEY)
    assert KEY not in answer.err
    assert "***" in answer.err
    assert "sk-typed" not in planned("keys", "set", "openai", "sk-typed-0123", code=2).err


def test_a_bug_goes_to_sentry_as_a_place_in_the_code(buggy: Program, sentry: HTTPServer):
    answer = told(buggy, **dsn(sentry))
    assert "Sending it to Sentry" in answer.err
    _, (header, _, event) = received(sentry)
    assert set(header) == {"event_id", "sent_at"}
    first, last = event["exception"]["values"]
    assert (first["type"], last["type"]) == ("KeyError", "RuntimeError")
    frames = last["stacktrace"]["frames"]
    assert frames[0]["filename"] == "stellwerk/cli/main.py"
    assert frames[-1]["function"] == "files_of"
    assert {name for frame in frames for name in frame} == {
        *("filename", "function", "module", "lineno", "in_app"),
    }


def test_sentry_hears_nothing_of_the_user(buggy: Program, sentry: HTTPServer):
    """No key, no text of a plan, no argument, no folder, no name, no machine."""
    told(buggy, "-o", "precious.txt", **dsn(sentry))
    text, data = received(sentry)
    for private in (
        *(KEY, "SaaS", "precious", str(buggy.terminal.home), str(buggy.terminal.folder)),
        *("Ada Tester", "argv", "vars", "breadcrumbs", "server_name", 'user"', '"request'),
    ):
        assert private not in text
    assert set(data[2]) == {
        *("event_id", "timestamp", "level", "platform", "release", "environment"),
        *("contexts", "exception"),
    }
    assert set(data[2]["contexts"]) == {"runtime"}


def test_only_bugs_are_sent(buggy: Program, sentry: HTTPServer):
    environ = dsn(sentry)
    assert buggy("show", "r99", code=6, **environ)
    assert buggy("shwo", code=2, **environ)
    assert buggy("--db", ".", "list", code=1, **environ)
    assert sentry.log == []


def test_without_a_dsn_nothing_is_sent_or_said(buggy: Program, sentry: HTTPServer):
    assert "Sentry" not in told(buggy).err
    assert sentry.log == []


def test_the_dsn_of_a_strangers_project_file_counts_not(buggy: Program, sentry: HTTPServer):
    address = dsn(sentry)["STELLWERK_MONITORING_SENTRY_DSN"]
    buggy.terminal.write("stellwerk2.toml", f'[monitoring]\nsentry_dsn = "{address}"\n')
    assert "counts only after `stellwerk config trust`" in told(buggy).err
    assert sentry.log == []


def test_a_sentry_that_is_not_there_costs_little_and_hides_nothing(buggy: Program):
    environ = {"STELLWERK_MONITORING_SENTRY_DSN": "http://public@localhost:1/7"}
    assert "bug of ours" in told(buggy, **environ).err


def test_a_dsn_that_is_none_is_told(buggy: Program):
    environ = {"STELLWERK_MONITORING_SENTRY_DSN": "nonsense-dsn-of-mine"}
    said = told(buggy, **environ).err
    assert "monitoring.sentry_dsn is no DSN of Sentry" in said
    assert "nonsense" not in said


def test_a_missing_package_is_told_once_with_the_next_step(buggy: Program, sentry: HTTPServer):
    buggy.terminal.write("site/sentry_sdk.py", "raise ImportError('not installed')\n")
    said = told(buggy, **dsn(sentry)).err
    assert said.count("sentry-sdk is not installed") == 1
    assert "pip install 'stellwerk[sentry]'" in said


def test_nothing_of_sentry_is_imported_without_a_dsn(buggy: Program):
    buggy.terminal.write("site/sentry_sdk.py", "raise SystemExit('imported')\n")
    told(buggy)
    assert buggy("next", STELLWERK_MONITORING_SENTRY_DSN="http://public@localhost:1/7").out


def test_an_event_that_holds_nothing_becomes_one_that_holds_nothing():
    assert bare({})["exception"] == {"values": []}
    frame = {"filename": "/home/ada/plugin.py", "vars": {"goal": "Marry"}, "lineno": 3}
    raised = {"type": "KeyError", "value": "Marry", "stacktrace": {"frames": [frame]}}
    event = bare(
        {"exception": {"values": [raised]}, "user": {"name": "ada"}, "level": "error"}
    )
    assert event["exception"]["values"][0]["stacktrace"]["frames"] == [
        {"filename": "plugin.py", "lineno": 3}
    ]
    assert "ada" not in json.dumps(event)
    assert "Marry" not in json.dumps(event)


@pytest.mark.parametrize(
    ("settings", "flags", "shown"),
    [
        ({}, {}, False),
        ({}, {"verbose": 1}, False),
        ({}, {"verbose": 2}, True),
        ({}, {"verbose": 2, "quiet": True}, False),
        ({"monitoring.log_level": "DEBUG"}, {}, True),
        ({"monitoring.log_level": "DEBUG"}, {"quiet": True}, False),
        ({"monitoring.log_level": "DEBUG", "monitoring.log_file": "/tmp/a"}, {}, False),
        ({"monitoring.log_level": "INFO"}, {}, False),
    ],
)
def test_the_log_is_shown_to_who_asks_for_it(
    settings: dict[str, object], flags: dict[str, Any], shown: bool
):
    desk = Desk(flags=settings, **flags)
    assert log_terminal(desk) is (sys.stderr if shown else None)
