"""Trouble with a model's wire: one clear message with the next step, and a run that goes on."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stellwerk.planning.failures import FailureKind, ModelError
from stellwerk.testing.clock import LeapingClock
from stellwerk.testing.memory_log import MemoryRunLog
from tests.providers.test_recording import Wire, a_run, complete, seated
from tests.storage.test_full_disks import fill, small_disk  # noqa: F401  (a fixture)
from tests.wire.asking import CALLS, GOAL, KEY, Planner, told
from tests.wire.planning_server import SENT, Behaviour, PlanningServer
from tests.wire.serving import awaited, reached, served

IMPATIENT = {
    "STELLWERK_PLANNING_STAGE_DEADLINE_SECONDS": "1",
    "STELLWERK_AI_OPENAI_TIMEOUT_SECONDS": "1",
    "STELLWERK_AI_ANTHROPIC_TIMEOUT_SECONDS": "1",
}
WHO = {"openai": "OpenAI", "anthropic": "Anthropic"}
FIRST = {"openai": "gpt-5", "anthropic": "claude-sonnet-4-6"}
TROUBLE = (
    ("401", 1, "{who} did not accept the key for {model} (401).", "keys set {provider}`;"),
    ("quota", 1, "{who} has no credit left for {model} (", "billing of the account"),
    ("404", 1, "{who} has no model {model} (404).", "or use --model"),
    ("html", 1, "with something that is no answer of its API", "Check ai.{provider}.base_url"),
    ("html 502", 1, "{who} failed while it asked {model} (502).", "Try again later."),
    (
        "timeout",
        1,
        "{who} gave no answer of {model} in time.",
        "ai.{provider}.timeout_seconds",
    ),
    ("drop", 1, "{who} broke the connection while {model} was asked.", "look at the network"),
    ("huge", 1, "of {who} for {model} is larger than 8 MB", "is what you mean"),
    ("refusal", 1, "is a refusal: “I cannot help with that”.", "Say the goal in other words"),
    ("blocked", 1, "content filter of {who} stopped", "Word the goal differently"),
    ("not json", 3, "is not JSON; it begins “Certainly! I would", "Try another model"),
    ("wrong schema", 3, "does not fit: /routes: must have at least 1", "Try another model"),
)


@pytest.fixture
def server() -> Iterator[PlanningServer]:
    """Return a planning server."""
    with served() as serving:
        yield serving


@pytest.fixture
def planner(tmp_path: Path, server: PlanningServer) -> Planner:
    """Return somebody who asks it."""
    return Planner(tmp_path / "planner", server)


def refused(planner: Planner, **environ: str) -> tuple[str, str]:
    """Plan in vain; return message and next step, which ends with how the run goes on."""
    answer = planner("plan", GOAL, "--no-offline", "-q", code=4, **{**IMPATIENT, **environ})
    message, step = told(answer)
    run = planner.run
    assert message.endswith(".")
    assert (run["status"], run["error"]) == ("failed", message)
    first, _, resume = step.partition(" Go on with ")
    assert resume == f"`stellwerk resume {run['run']}`: what was answered is kept."
    assert first.endswith((".", "?"))
    assert KEY not in answer.err
    assert planner.goals == []
    return message, first


def resumed(planner: Planner, **environ: str) -> int:
    """Go on with a run at a server without trouble; return how much was asked for."""
    planner.server.behaviour = Behaviour()
    answer, asked = planner.asks("resume", "-q", **environ)
    assert "by planner-1" in answer.out
    assert planner.goals == ["learn-to-juggle"]
    return asked


@pytest.mark.parametrize("provider", WHO)
@pytest.mark.parametrize(
    ("fault", "least", "message", "step"), TROUBLE, ids=[each[0] for each in TROUBLE]
)
def test_trouble_is_told_once_with_the_next_step_and_the_run_goes_on(
    tmp_path: Path, provider: str, fault: str, least: int, message: str, step: str
):
    with served(Behaviour(rate=1, faults=(fault,))) as server:
        planner = Planner(tmp_path / "planner", server, provider)
        found, hint = refused(planner)
        names = {"who": WHO[provider], "model": FIRST[provider], "provider": provider}
        assert message.format_map(names) in found
        assert step.format_map(names) in hint
        assert planner.asked >= least
        assert resumed(planner) == CALLS


def test_an_answer_that_a_filter_held_back_is_told(planner: Planner):
    planner.server.behaviour = Behaviour(rate=1, faults=("filter",))
    message, step = refused(planner)
    assert message.endswith("of “Learn to juggle” was held back by a content filter.")
    assert step.startswith("Say the goal in other words")
    assert resumed(planner) == CALLS


@pytest.mark.parametrize("fault", ["401", "refusal", "not json"])
def test_trouble_in_the_middle_keeps_what_was_answered(planner: Planner, fault: str):
    planner.server.behaviour = Behaviour(rate=1, faults=(fault,), sound=9)
    refused(planner, **dict.fromkeys(IMPATIENT, "60"))
    assert planner.run["answers"] >= 9
    assert resumed(planner) == CALLS - 9


def test_who_does_not_answer_at_all_is_asked_whether_they_run(planner: Planner):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    message, step = refused(planner, STELLWERK_AI_OPENAI_BASE_URL=url)
    assert message == "OpenAI cannot be reached to ask gpt-5."
    assert step == f"Is the server running at {url}?"
    assert resumed(planner) == CALLS


def test_a_name_that_nobody_has_is_asked_about_the_network(planner: Planner):
    message, step = refused(planner, STELLWERK_AI_OPENAI_BASE_URL="http://nowhere.invalid/v1")
    assert message == "OpenAI cannot be reached to ask gpt-5."
    assert "http://nowhere.invalid/v1" in step


def test_a_certificate_that_nobody_vouches_for_is_told(
    planner: Planner, self_signed: ssl.SSLContext
):
    with served(tls=self_signed) as disguised:
        url = {"STELLWERK_AI_OPENAI_BASE_URL": disguised.url}
        message, step = refused(planner, **url)
        assert disguised.bodies == []
    assert message == "The connection to OpenAI for gpt-5 cannot be trusted."
    assert "SSL_CERT_FILE" in step
    assert resumed(planner) == CALLS


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """Return a context whose certificate nobody signed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(
        [*words.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize(
    ("provider", "end"),
    [
        ("openai", "/v1/"),
        ("openai", "/v1/chat/completions"),
        ("anthropic", "/"),
        ("anthropic", "/v1"),
        ("anthropic", "/v1/messages"),
    ],
)
def test_an_address_may_be_written_in_several_ways(
    tmp_path: Path, server: PlanningServer, provider: str, end: str
):
    planner = Planner(tmp_path / "planner", server, provider)
    environ = {f"STELLWERK_AI_{provider.upper()}_BASE_URL": server.root + end}
    assert planner.asks("plan", GOAL, "-q", "--no-offline", **environ)[1] == CALLS


@pytest.mark.parametrize(
    ("provider", "end", "usual"),
    [
        ("openai", "", "it usually ends in /v1."),
        ("openai", "/gateway/v1", "it usually ends in /v1."),
        ("anthropic", "/gateway", "it usually is https://api.anthropic.com, without /v1."),
    ],
)
def test_a_path_under_which_nothing_answers_is_told_apart_from_an_unknown_model(
    tmp_path: Path, server: PlanningServer, provider: str, end: str, usual: str
):
    planner = Planner(tmp_path / "planner", server, provider)
    url = server.root + end
    _, step = refused(planner, **{f"STELLWERK_AI_{provider.upper()}_BASE_URL": url})
    assert step == f"Nothing answers under {url}. Check ai.{provider}.base_url: {usual}"
    assert server.bodies == []
    assert resumed(planner) == CALLS


def test_what_is_no_address_is_refused_before_anything_is_asked(planner: Planner):
    environ = {"STELLWERK_AI_OPENAI_BASE_URL": "localhost/v1"}
    message, _ = told(planner("plan", GOAL, code=2, **environ))
    assert message.startswith(
        "STELLWERK_AI_OPENAI_BASE_URL: `ai.openai.base_url` is no address"
    )
    assert planner.asked == 0


def test_a_full_disk_stops_a_run_that_goes_on_with_room_again(
    planner: Planner,
    small_disk: Path,  # noqa: F811
):
    database = small_disk / "plans.db"
    planner.environ["STELLWERK_DB"] = str(database)
    planner.server.behaviour = Behaviour(latency=0.3)
    with planner.started("plan", GOAL, "-q") as process:
        awaited(lambda: reached(planner.server, SENT, 3), "an answer")
        filler = fill(small_disk)
        out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    message, step = said.splitlines()
    assert "could not grow: the disk is full" in message
    assert "Free some space (`df -h`)" in step
    assert "Go on with `stellwerk resume " in step
    filler.unlink()
    answers = planner.run["answers"]
    assert answers >= 1
    assert resumed(planner) == CALLS - answers


def test_a_database_that_cannot_be_written_costs_nothing(
    planner: Planner,
    small_disk: Path,  # noqa: F811
):
    database = small_disk / "plans.db"
    planner.environ["STELLWERK_DB"] = str(database)
    planner("plan", "Fly", "--provider", "playbooks", "-q")
    subprocess.run(("mount", "-o", "remount,ro", str(small_disk)), check=True)
    message, step = told(planner("plan", GOAL, "-q", code=1))
    assert f"{database} " in message
    assert "mounted read-only" in f"{message} {step}"
    assert planner.asked == 0
    subprocess.run(("mount", "-o", "remount,rw", str(small_disk)), check=True)
    assert planner.asks("plan", GOAL, "-q")[1] == CALLS


@dataclass
class JumpingClock(LeapingClock):
    """A clock that somebody sets again and again: what it shows jumps, seconds go on.

    Attributes:
        jumps: By how much it is wrong, each time it is looked at.
    """

    jumps: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        """Return what it shows."""
        wrong = self.jumps.pop(0) if self.jumps else timedelta()
        return super().now() + wrong


DAY = timedelta(days=1)
JUMPS = [DAY, -DAY, -400 * DAY, timedelta(), 400 * DAY, -DAY] * 4


def test_a_clock_that_jumps_neither_shortens_nor_lengthens_a_wait():
    busy = ModelError(FailureKind.RATE_LIMITED, "Busy.", retry_after=7.0)
    clock, log = JumpingClock(jumps=list(JUMPS)), MemoryRunLog()
    wire = Wire(busy, busy, '{"a": 1}')
    reply = complete(seated(log, wire, clock=clock))
    assert reply.text == '{"a": 1}'
    assert clock.seconds - 1000 < 70
    assert all(wait >= 7 for wait in clock.waits)
    assert [call.attempt for call in log.calls("run")].count(1) == 1


def test_a_clock_that_jumps_loses_no_answer_of_a_run():
    clock, log = JumpingClock(jumps=list(JUMPS)), MemoryRunLog()
    complete(seated(log, Wire('{"a": 1}'), clock=clock))
    again = Wire()
    assert complete(seated(log, again, clock=clock)).text == '{"a": 1}'
    assert again.asked == []


def test_an_answer_is_reused_until_it_expires_on_whatever_the_clock_shows():
    log = MemoryRunLog()
    panel = seated(log, Wire('{"a": 1}'), clock=JumpingClock())
    panel.checkpoints.accept(complete(panel), repaired=False)

    def asked_at(uid: str, jump: timedelta) -> int:
        wire = Wire()
        clock = JumpingClock(jumps=[jump] * 9)
        complete(seated(log, wire, run=a_run(uid), clock=clock))
        return len(wire.asked)

    assert asked_at("back", -400 * DAY) == 0
    assert asked_at("later", 29 * DAY) == 0
    assert asked_at("much later", 400 * DAY) == 1


def test_times_that_make_no_sense_are_shown_all_the_same(planner: Planner):
    planner("plan", GOAL, "-q")
    past = datetime.now(UTC) - 9000 * DAY
    with closing(sqlite3.connect(planner.terminal.database)) as connection:
        for table in ("runs", "calls"):
            connection.execute(
                f"UPDATE {table} SET finished_at = ?", (f"{past:%Y-%m-%dT%H:%M:%S.%fZ}",)
            )
            ahead = f"{past + 18_000 * DAY:%Y-%m-%dT%H:%M:%S.%fZ}"
            connection.execute(f"UPDATE {table} SET started_at = ?", (ahead,))
        connection.commit()
    run = planner.run["run"]
    verbs = (("runs",), ("runs", "show", run), ("runs", "show", run, "--calls"), ("stats",))
    for verb in (*verbs, ("cache",), ("cache", "show")):
        out = planner.terminal(*verb).out
        assert not any(word.startswith("-") and word[1:2].isdigit() for word in out.split())
    assert planner.asks("plan", GOAL, "-q")[1] == 0


def test_a_server_that_recovers_in_time_is_waited_for(planner: Planner):
    planner.server.behaviour = Behaviour(rate=0.3, seed=3, faults=("503", "drop", "not json"))
    planner("plan", GOAL, "-q", "--no-offline")
    assert sum(planner.server.failed.values()) >= 3
    assert planner.goals == ["learn-to-juggle"]
