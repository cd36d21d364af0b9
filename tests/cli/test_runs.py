"""`stellwerk runs`: planning runs, their calls, their plan so far, and forgetting one."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import Usage
from stellwerk.planning.runs import NO_LIMITS, Limits, RunStatus
from stellwerk.planning.wish import Wish
from stellwerk.storage.run_log import SqlRunLog
from tests.cli.logged import MESSAGES, RUN, SHORT, a_call, a_run, answer, keep_run
from tests.cli.screen import Screen
from tests.cli.terminal import GOAL, Program, Terminal

OTHER = "cd" * 16


@pytest.fixture
def ran(planned: Terminal) -> Terminal:
    """Return the terminal of a user with a planning run that stopped."""
    keep_run(planned)
    return planned


def test_without_models_there_is_no_run_and_that_is_fine(planned: Terminal):
    assert "No planning run is kept." in planned("runs").out
    assert planned.json("runs")["runs"] == []


def test_runs_are_listed_with_what_they_used_and_why_they_stopped(ran: Terminal):
    out = ran("runs").out
    assert re.search(rf"{SHORT}  failed +plan +1 h  Learn to juggle +3 +≥1.5k  ≥\$0.0025", out)
    assert "  OpenAI gave no answer in time.\n" in out
    assert "1 call never ended: it may have been billed" in out
    assert out.endswith(f"Go on with one:  stellwerk resume {SHORT}\n")
    (run,) = ran.json("runs")["runs"]
    assert (run["uid"], run["run"], run["status"]) == (RUN, SHORT, "failed")
    assert (run["calls"], run["answers"], run["maybe_billed"]) == (3, 1, 1)
    assert run["cost_micro"] == {"known": 2500, "unknown": 2}


def test_no_line_of_runs_and_calls_is_wider_than_the_screen(ran: Terminal):
    long = Wish("東京へ引っ越す計画を立てる " * 9)
    keep_run(ran, a_run(uid=OTHER, wish=long))
    for args in (("runs",), ("runs", "show", OTHER, "--calls"), ("cache", "show")):
        lines = ran(*args).out.splitlines()
        assert max(len(line.encode("utf-16-le")) // 2 for line in lines) <= 80


def test_the_newest_runs_come_first_and_can_be_all_there_is(ran: Terminal):
    later = a_run().started_at + timedelta(minutes=5)
    keep_run(ran, a_run(uid=OTHER, started_at=later, status=RunStatus.DONE, error=""))
    assert [run["uid"] for run in ran.json("runs", "list")["runs"]] == [OTHER, RUN]
    assert [run["uid"] for run in ran.json("runs", "list", "-n", "1")["runs"]] == [OTHER]


def test_a_run_that_nobody_works_on_any_more_is_interrupted(planned: Terminal):
    keep_run(planned, a_run(status=RunStatus.RUNNING, error="", finished_at=None))
    assert planned.json("runs")["runs"][0]["status"] == "interrupted"
    assert f"stellwerk resume {SHORT}" in planned("runs", "show", SHORT).out


def test_a_call_of_a_run_at_work_is_on_its_way(planned: Terminal):
    keep_run(planned, a_run(status=RunStatus.RUNNING, error="", finished_at=None))
    with closing(SqlRunLog(planned.database)) as log, log.hold(RUN):
        assert planned.json("runs")["runs"][0]["maybe_billed"] == 0
        assert "    on its way\n" in planned("runs", "show", SHORT, "--calls").out
        assert "what it is doing" in planned("runs", "show", SHORT).out


def test_a_run_is_shown_with_request_limits_and_next_step(ran: Terminal):
    wish = Wish("Learn to juggle", "With clubs.", "I have two left hands.", ("Ada",), "small")
    keep_run(ran, a_run(uid=OTHER, wish=wish))
    out = ran("runs", "show", OTHER[:4]).out
    for part in (
        "failed, began 1 hour ago (",
        "took 42 s",
        "People    Ada",
        "small, language en",
        "openai, then anthropic, in the end a playbook",
        "3 calls, ≥1.5k tokens, cost ≥$0.0025",
        "3 of 20 calls, $0.0205 of $0.5000",
        "Its description:\nWith clubs.",
        "Its context:\nI have two left hands.",
        f"stellwerk resume {OTHER[:8]}",
    ):
        assert part in out
    data = ran.json("runs", "show", OTHER)
    assert data["limits"]["calls"] == {"limit": 20, "used": 3}
    assert data["limits"]["tokens"] == {"limit": None, "used": 1500 + 2 * 4000}
    assert data["wish"]["people"] == ["Ada"]
    assert data["next_step"] == f"stellwerk resume {OTHER[:8]}"


def test_a_run_without_limits_says_so(planned: Terminal):
    keep_run(planned, a_run(limits=NO_LIMITS))
    assert "Limits    none\n" in planned("runs", "show", SHORT).out
    keep_run(planned, a_run(uid=OTHER, limits=Limits(tokens=20_000)))
    assert "Limits    9.5k of 20.0k tokens\n" in planned("runs", "show", OTHER).out


def test_a_run_without_an_answer_has_no_plan(ran: Terminal):
    assert "There is no plan yet" in ran("runs", "show", SHORT).out
    assert ran.json("runs", "show", SHORT)["plan"] is None


def test_the_plan_of_a_run_that_stopped_is_drawn_as_far_as_it_is(
    planned: Terminal, wire: Path
):
    planned("plan", "Learn to juggle", "--provider", "wire", "--no-offline", code=4)
    run = planned.json("runs")["runs"][0]["run"]
    out = planned("runs", "show", run).out
    assert "So far: 4 routes, 0 work packages" in out
    assert "r1 Ask" in out
    assert f"stellwerk resume {run}" in out
    data = planned.json("runs", "show", run)
    assert [route["ref"] for route in data["plan"]["routes"]] == ["r1", "r2", "r3", "r4"]
    assert data["calls"][0]["accepted"] is True


def test_a_run_that_is_done_leads_to_its_plan(planned: Terminal):
    goal = planned.json("show")["goal"]["uid"]
    keep_run(planned, a_run(status=RunStatus.DONE, error="", goal=goal))
    assert f"stellwerk show -g {GOAL}" in planned("runs", "show", SHORT).out
    keep_run(planned, a_run(uid=OTHER, status=RunStatus.DONE, error="", goal="gone"))
    assert f"stellwerk runs drop {OTHER[:8]}" in planned("runs", "show", OTHER).out


def test_calls_are_listed_with_what_was_special_about_them(ran: Terminal):
    out = ran("runs", "show", SHORT, "--calls").out
    assert re.search(r"1  decompose  Learn to juggle  gpt-5  done +3.0 s +1.5k  \$0.0025", out)
    assert "    its text was repaired\n" in out
    assert "    timeout: OpenAI gave no answer in time.\n    attempt 2\n" in out
    assert "    it never ended: it may have been billed\n" in out
    assert f"stellwerk runs show {SHORT} --call 1" in out


def test_a_call_tells_of_every_oddity_of_its_answer(planned: Terminal):
    run = a_run()
    odd = a_call(run, 1, ask=2).finished(answer(), run.started_at)
    kept = replace(a_call(run, 2).finished(answer(), run.started_at), accepted=True, reused=3)
    free = a_call(run, 3, provider="ollama").failed(
        FailureKind.RATE_LIMITED, "Slow \x1b[31mdown.", Usage(), "", run.started_at
    )
    keep_run(planned, run, odd, kept, free)
    answered = planned("runs", "show", SHORT, "--calls")
    lines = answered.out.splitlines()
    assert "turned down" in lines[1]
    assert "asked again after 2 answers did not fit" in lines[2]
    assert "reused 3 times" in lines[4]
    assert "ollama gpt-5" in lines[5]
    assert re.search(r"failed +0\.0 s +- +-$", lines[5])
    assert "rate limited: Slow down." in lines[6]
    assert not answered.hostile


def test_a_call_is_shown_with_its_messages_and_its_answer_made_harmless(planned: Terminal):
    run = a_run()
    said = answer(text='{"a": "\x1b[2J\u202eevil"}')
    keep_run(planned, run, a_call(run).finished(said, run.started_at + timedelta(seconds=2)))
    shown = planned("runs", "show", SHORT, "--call", "1", CLICOLOR_FORCE="1")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.out)
    for part in (
        "Call 1 decompose: Learn to juggle",
        "decompose@3, JSON by schema",
        "1,200 in (200 cached), 300 out (100 for reasoning)",
        "Request   req-1",
        "── system ──\n\nYou plan.",
        "── user ──\n\nGo.",
        '── answer ──\n\n{"a": "evil"}',
    ):
        assert part in plain
    assert "\x1b[2J" not in shown.out
    call = planned.json("runs", "show", SHORT, "--call", "1")["call"]
    assert call["messages"] == list(MESSAGES)
    assert call["answer"] == '{"a": "\x1b[2J\u202eevil"}'


def test_calls_are_shown_in_full_with_v(ran: Terminal):
    out = ran("runs", "show", SHORT, "--calls", "-v").out
    assert out.count("── user ──") == 3
    assert out.count("There is none.") == 2
    assert "── what came instead ──" in out
    texts = ran.json("runs", "show", SHORT, "-v")["calls"]
    assert texts[0]["messages"] == list(MESSAGES)
    assert ran.json("runs", "show", SHORT)["calls"][0]["messages"] == []


def test_a_call_whose_texts_were_forgotten_says_so(planned: Terminal):
    run = a_run(status=RunStatus.DONE, error="")
    keep_run(planned, run, a_call(run).finished(answer(), run.started_at))
    planned("cache", "clear", "-y")
    out = planned("runs", "show", SHORT, "--call", "1").out
    assert "The texts were forgotten" in out
    assert "$0.0025" in out


def test_an_answer_that_the_provider_parsed_is_shown_as_json(planned: Terminal):
    run = a_run()
    parsed = answer(text="", data={"routes": ["ä"]}, usage=Usage())
    keep_run(planned, run, a_call(run).finished(parsed, run.started_at))
    out = planned("runs", "show", SHORT, "--call", "1").out
    assert '"ä"' in out
    assert "unknown in, unknown out" in out


def test_a_request_that_is_no_json_any_more_is_shown_as_it_is(planned: Terminal):
    keep_run(planned, a_run(), a_call(a_run(), request="[broken"))
    out = planned("runs", "show", SHORT, "--call", "1").out
    assert "── unknown ──\n\n[broken" in out


def test_a_run_that_made_no_call_says_so(planned: Terminal):
    with closing(SqlRunLog(planned.database)) as log:
        log.save(a_run())
    assert f"The run {SHORT} made no call." in planned("runs", "show", SHORT, "--calls").out


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("show", SHORT, "--call", "9"), 6, "has 3 calls, none with number 9"),
        (("show", SHORT, "--call", "1", "--calls"), 2, "Say one of them."),
        (("show", "ffff"), 6, "There is no planning run ffff."),
        (("show", "ab"), 2, "too short"),
        (("drop", "ffff"), 6, "There is no planning run ffff."),
    ],
)
def test_what_is_not_there_is_named(
    ran: Terminal, args: tuple[str, ...], code: int, words: str
):
    assert words in ran("runs", *args, code=code).err


def test_a_run_is_dropped_with_what_was_paid_for_it(ran: Terminal):
    answered = ran("runs", "drop", SHORT, "-y")
    assert answered.out == (
        f"Forgot the run {SHORT} with 3 calls and 1 paid answer (≥$0.0025).\n"
    )
    assert ran.json("runs")["runs"] == []
    assert ran.rows("SELECT count(*) FROM calls") == [(0,)]


def test_a_run_is_not_dropped_without_a_yes(ran: Terminal):
    answered = ran("runs", "drop", SHORT, code=2)
    assert f"Dropping {SHORT} needs a yes." in answered.err
    assert "--yes" in answered.err
    assert ran.rows("SELECT count(*) FROM calls") == [(3,)]


def test_a_dropped_run_leaves_the_plan_it_made(planned: Terminal):
    goal = planned.json("show")["goal"]["uid"]
    run = a_run(status=RunStatus.DONE, error="", goal=goal)
    keep_run(planned, run, a_call(run))
    assert planned.json("runs", "drop", SHORT, "-y")["run"]["calls"] == 1
    assert planned.json("show")["goal"]["uid"] == goal


def test_a_run_that_somebody_works_on_is_not_dropped(ran: Terminal):
    with closing(SqlRunLog(ran.database)) as log, log.hold(RUN):
        answered = ran("runs", "drop", SHORT, "--yes", code=5)
    assert "is being worked on by another process" in answered.err
    assert ran.json("runs")["runs"] != []


def test_runs_are_completed_with_their_goal(ran: Terminal):
    words = {"COMP_WORDS": "stellwerk runs show ab", "COMP_CWORD": "3"}
    assert ran(code=None, _STELLWERK_COMPLETE="complete_bash", **words).out == f"{SHORT}\n"
    words = {"_TYPER_COMPLETE_ARGS": "stellwerk resume "}
    told = ran(code=None, _STELLWERK_COMPLETE="complete_zsh", **words).out
    assert "failed, Learn to juggle" in told


def test_only_runs_that_can_be_resumed_are_offered_to_resume(ran: Terminal):
    keep_run(ran, a_run(uid="cd" * 16, status=RunStatus.DONE, error=""))

    def offered(verb: str, at: str) -> list[str]:
        words = {"COMP_WORDS": f"stellwerk {verb} ", "COMP_CWORD": at}
        return ran(code=None, _STELLWERK_COMPLETE="complete_bash", **words).out.split()

    assert offered("resume", "2") == [SHORT]
    assert set(offered("runs show", "3")) == {SHORT, "cdcdcdcd"}
    with closing(SqlRunLog(ran.database)) as log, log.hold(RUN):
        log.save(a_run(status=RunStatus.RUNNING, error=""))
        assert offered("resume", "2") == []


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_somebody_at_a_terminal_is_asked_before_answers_are_lost(
    ran: Terminal, program: Program
):
    screen = Screen(program, 80, 24)
    try:
        for words, question in (
            (
                f"runs drop {SHORT}",
                r"Forget the run ab12cd34 \(Learn to juggle\) with 3 calls",
            ),
            ("cache clear", r"Forget the answers of finished runs \(1 are kept in all\)\?"),
            ("cache clear --all", r"Forget all answers, and 1 run that can be resumed\?"),
        ):
            screen.type(f"clear; stellwerk {words}; echo code=$?", "Enter")
            screen.wait(question)
            screen.type("n", "Enter")
            screen.wait("^code=1$")
        assert ran.json("runs")["runs"] != []
        screen.type(f"clear; stellwerk runs drop {SHORT}", "Enter")
        screen.wait("Forget the run")
        screen.type("y", "Enter")
        screen.wait("^Forgot the run ab12cd34 with 3 calls")
        assert ran.json("runs")["runs"] == []
    finally:
        screen.close()
