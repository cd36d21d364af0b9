"""Planning runs over a model's wire: stopped in every way, gone on with, paid for once."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.screen import Screen
from tests.wire.asking import CALLS, GOAL, Planner, told
from tests.wire.planning_server import ASKED, SENT, Behaviour, PlanningServer
from tests.wire.serving import asked_twice, awaited, reached, served

PROMPTS = Path(__file__).parents[2] / "prompts"
SLOWLY = Behaviour(latency=0.2)
DOWN = Behaviour(rate=1, faults=("503",))
IMPATIENT = {"STELLWERK_PLANNING_STAGE_DEADLINE_SECONDS": "1"}


@pytest.fixture
def server() -> Iterator[PlanningServer]:
    """Return a planning server."""
    with served() as serving:
        yield serving


@pytest.fixture
def planner(tmp_path: Path, server: PlanningServer) -> Planner:
    """Return somebody who asks it."""
    return Planner(tmp_path / "planner", server)


def kill(planner: Planner, answers: int) -> None:
    """Kill a run once so many answers were sent, a moment ago."""
    planner.server.behaviour = SLOWLY
    with planner.started("plan", GOAL) as process:
        awaited(lambda: reached(planner.server, SENT, answers), f"answer {answers}")
        time.sleep(0.05)
        process.kill()


def test_of_two_resumes_one_works_and_the_other_names_it(planner: Planner):
    kill(planner, 3)
    since = len(planner.server.entries)
    planner.server.behaviour = replace(SLOWLY, latency=3.0)
    with planner.started("resume") as first:
        awaited(lambda: reached(planner.server, ASKED, 1, since), "a request")
        message, step = told(planner("resume", "-q", code=5))
        _, said = first.communicate(timeout=30)
    assert first.returncode == 0, said
    short = planner.run["run"]
    expected = f"The run {short} is being worked on by another process (pid {first.pid})."
    assert message == expected
    assert step == "Wait until it ends, or stop it; then try again."
    assert asked_twice(planner.server.entries[since:]) == []
    assert (planner.run["status"], planner.run["answers"]) == ("done", CALLS)


def test_resumes_started_at_once_ask_nothing_twice(planner: Planner):
    kill(planner, 3)
    since = len(planner.server.entries)
    with planner.started("resume") as one, planner.started("resume") as other:
        ends = [each.communicate(timeout=30) for each in (one, other)]
    assert sorted([one.returncode, other.returncode]) == [0, 5], ends
    assert "Traceback" not in f"{ends}"
    digests = [each.digest for each in planner.server.entries[since:] if each.event == ASKED]
    assert len(digests) == len(set(digests))
    assert planner.goals == ["learn-to-juggle"]


@pytest.mark.parametrize(
    ("event", "count", "again"),
    [
        (ASKED, 1, ()),
        (SENT, 4, ()),
        (SENT, 4, (0.0,)),
        (SENT, 4, (0.003,)),
        (SENT, 4, (0.02, 0.05, 0.1)),
    ],
    ids=["before an answer", "in the middle", "twice", "twice at once", "four times"],
)
def test_ctrl_c_stops_a_run_and_says_how_it_goes_on(
    planner: Planner, event: str, count: int, again: tuple[float, ...]
):
    planner.server.behaviour = SLOWLY
    with planner.started("plan", GOAL) as process:
        awaited(lambda: reached(planner.server, event, count), f"{event} {count}")
        process.send_signal(signal.SIGINT)
        for seconds in again:
            time.sleep(seconds)
            process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=20)
    run = planner.run
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in said
    assert said.endswith(
        "\nError: Interrupted.\n"
        f"  → Go on with `stellwerk resume {run['run']}`: what was answered is kept.\n"
    )
    assert (run["status"], run["error"]) == ("interrupted", "It was interrupted.")
    answers = run["answers"]
    _, asked = planner.asks("resume", "-q")
    assert asked == CALLS - answers
    assert planner.goals == ["learn-to-juggle"]


def test_ctrl_c_ends_the_wait_for_a_retry(planner: Planner):
    planner.server.behaviour = Behaviour(rate=1, faults=("429",), retry_after=600)
    environ = {"STELLWERK_PLANNING_STAGE_DEADLINE_SECONDS": "3000"}
    with planner.started("plan", GOAL, **environ) as process:
        assert process.stderr
        lines = iter(process.stderr.readline, "")
        assert any("waiting 10 min" in line for line in lines)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, said = process.communicate(timeout=20)
    assert time.monotonic() - began < 3
    assert process.returncode == 130
    assert f"stellwerk resume {planner.run['run']}" in said
    planner.server.behaviour = Behaviour()
    assert planner.asks("resume", "-q")[1] == CALLS


def test_ctrl_c_in_json_is_an_error_object_that_names_the_run(planner: Planner):
    planner.server.behaviour = SLOWLY
    with planner.started("plan", GOAL, "--json", "-q") as process:
        awaited(lambda: reached(planner.server, ASKED, 1), "a request")
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=20)
    error = json.loads(said)
    assert (out, error["exit_code"], error["error"]["code"]) == ("", 130, "interrupted")
    assert planner.run["run"] in error["error"]["hint"]


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_leaves_a_clean_terminal(planner: Planner, presses: int):
    planner.server.behaviour = replace(SLOWLY, latency=0.5)
    screen = Screen(planner, 80, 24)
    try:
        screen.type(f"clear; stellwerk plan {GOAL}; echo code=$?", "Enter")
        screen.wait("decompose|routes|Planning|openai")
        awaited(lambda: reached(planner.server, SENT, 1), "an answer")
        time.sleep(0.2)
        screen.type("", *["C-c"] * presses)
        screen.wait(r"^(\^C)?code=130$")
        lines = [line for line in screen.shown() if line]
        screen.type("echo still $((40 + 2))", "Enter")
        screen.wait("^still 42$")
    finally:
        screen.close()
    text = "\n".join(lines)
    assert "Traceback" not in text
    assert lines[-1].startswith("ready>")
    assert lines[-2].endswith("code=130")  # the terminal echoes each ^C, when it comes to it
    assert lines[-3].startswith(f"  → Go on with `stellwerk resume {planner.run['run']}`")
    assert lines[-4].endswith("Error: Interrupted.")
    assert len(lines) <= 7


@pytest.mark.parametrize(
    ("flag", "less", "more", "shown"),
    [
        ("--max-calls", "5", "100", "5: 5 used, and the next call may take 1."),
        ("--max-tokens", "30000", "900000", "30,000: "),
        ("--max-cost", "0.2", "9", "$0.2000: $0."),
    ],
)
def test_a_limit_stops_a_run_before_it_passes_it(
    planner: Planner, flag: str, less: str, more: str, shown: str
):
    planner.server.behaviour = Behaviour(tokens=(1000, 6000))
    answer, first = planner.asks("plan", GOAL, flag, less, "-q", code=7)
    message, step = told(answer)
    assert message.startswith(f"The run stopped before it passes {flag} {shown}")
    assert step.startswith(f"Allow more with {flag}. Go on with `stellwerk resume ")
    assert 0 < first < CALLS
    assert planner.asks("resume", "-q", code=7)[1] == 0
    assert planner.asks("resume", flag, more, "-q")[1] == CALLS - first
    details = planner.terminal.json("runs", "show", planner.run["run"])
    limits = [each["limit"] for each in details["limits"].values() if each["limit"]]
    assert limits == [round(float(more) * (1_000_000 if flag == "--max-cost" else 1))]


def test_a_limit_of_cost_needs_known_prices(planner: Planner):
    args = ("plan", GOAL, "--max-cost", "1", "--model", "model-of-tomorrow", "-q")
    answer, asked = planner.asks(*args, code=2)
    message, step = told(answer)
    assert "the price of openai model-of-tomorrow is not known" in message
    assert "ai.prices" in step
    assert asked == 0
    assert planner.terminal.json("runs")["runs"] == []


def test_with_everything_down_a_run_without_playbooks_fails_and_goes_on(planner: Planner):
    planner.server.behaviour = DOWN
    message, step = told(planner("plan", GOAL, "--no-offline", "-q", code=4, **IMPATIENT))
    assert message.startswith("OpenAI failed while it asked gpt-5 (503).")
    assert f"stellwerk resume {planner.run['run']}" in step
    assert planner.goals == []
    planner.server.behaviour = Behaviour()
    assert planner.asks("resume", "-q")[1] == CALLS


def test_with_everything_down_a_playbook_plans_and_says_so(planner: Planner):
    planner.server.behaviour = DOWN
    answer = planner("plan", GOAL, "--json", **IMPATIENT)
    assert answer.data["goal"]["source"]["kind"] == "playbook"
    told = "This plan comes from a playbook: no model could plan. OpenAI failed while it asked"
    assert f"{told} gpt-5 (503)." in answer.err
    assert "stellwerk resume" in answer.err.splitlines()[-1]
    assert planner.run["status"] == "failed"
    planner.server.behaviour = Behaviour()
    again, asked = planner.asks("resume", "--json", "-q")
    assert asked == CALLS
    assert again.data["goal"]["source"]["kind"] == "model"
    assert sorted(planner.goals) == ["learn-to-juggle", "learn-to-juggle-2"]


def test_what_stops_on_purpose_gets_no_playbook(planner: Planner):
    planner("plan", GOAL, "--max-calls", "3", "-q", code=7)
    assert planner.goals == []


def test_a_second_provider_stands_in_for_the_first(planner: Planner):
    planner.server.behaviour = Behaviour(rate=1, faults=("401",), sound=3)
    with served() as second:
        planner.environ |= {
            "STELLWERK_AI_PROVIDERS": "openai,openai-compatible",
            "STELLWERK_AI_COMPATIBLE_BASE_URL": second.url,
        }
        answer, asked = planner.asks("plan", GOAL, "--json", "--no-offline")
        there = len(second.bodies)
    source = answer.data["goal"]["source"]
    assert (source["kind"], source["provider"]) == ("model", "openai")
    assert "openai-compatible stood in for openai: OpenAI did not accept the key" in answer.err
    assert there == CALLS - 3
    assert 3 < asked <= 3 + 8
    assert planner.run["providers"] == ["openai", "openai-compatible"]


def test_the_same_goal_is_answered_from_the_log(planner: Planner):
    assert planner.asks("plan", GOAL, "-q")[1] == CALLS
    answer, asked = planner.asks("plan", GOAL)
    assert asked == 0
    assert f"No model was asked, 0 s. {CALLS} answers were reused" in answer.err
    cache, run = planner.terminal.json("cache"), planner.run
    assert (run["calls"], run["cost_micro"]["known"]) == (0, 0)
    assert (cache["hits"], cache["answers"]) == (CALLS, CALLS)
    assert planner.asks("plan", GOAL, "--fresh", "-q")[1] == CALLS
    cache = planner.terminal.json("cache")
    assert (cache["hits"], cache["answers"], cache["calls"]) == (CALLS, 2 * CALLS, 2 * CALLS)
    assert [each["calls"] for each in planner.terminal.json("runs")["runs"]] == [
        CALLS,
        0,
        CALLS,
    ]
    assert len(planner.goals) == 3


def test_a_dry_run_asks_and_stores_no_goal(planner: Planner):
    answer, asked = planner.asks("plan", GOAL, "--dry-run", "-q")
    assert answer.out.rstrip().endswith("Dry run: nothing was stored.")
    assert asked == CALLS
    assert planner.goals == []
    assert planner.asks("plan", GOAL, "-q")[1] == 0


def test_a_dry_run_that_stopped_stores_no_goal_when_it_goes_on(planner: Planner):
    planner("plan", GOAL, "--dry-run", "--max-calls", "5", "-q", code=7)
    assert "nothing was stored" in planner("resume", "--max-calls", "99", "-q").out
    assert planner.goals == []
    assert planner.run["status"] == "done"


def test_the_prompt_that_is_shown_is_the_one_that_is_sent(planner: Planner):
    wish = ("plan", GOAL, "--context", "I have two hands.", "--size", "small")
    shown, asked = planner.asks(*wish, "--show-prompt", "--json")
    assert asked == 0
    assert planner.terminal.json("runs")["runs"] == []
    planner(*wish, "--max-calls", "1", "-q", code=7)
    (body,) = planner.server.bodies
    first = shown.data["prompts"][0]
    assert first["messages"] == body["messages"]
    assert "I have two hands." in f"{first['messages']}"


def test_progress_for_programs_is_json_and_nothing_else(planner: Planner):
    flags = ("--progress", "json")
    answer = planner("plan", GOAL, *flags)
    events = [json.loads(line)["event"] for line in answer.err.splitlines()]
    assert (events[0], events[-1]) == ("RunStarted", "RunDone")
    assert events.count("CallDone") == CALLS
    planner.server.behaviour = DOWN
    answer = planner("plan", "Fly", *flags, **IMPATIENT)
    events = [json.loads(line)["event"] for line in answer.err.splitlines()]
    assert "RunStopped" in events
    assert answer.out.startswith("Fly")
    answer = planner("plan", "Sing", "--no-offline", *flags, code=4, **IMPATIENT)
    *events, error = [json.loads(line) for line in answer.err.splitlines()]
    assert events[-1]["event"] == "RunStopped"
    assert error["kind"] == "error"


def test_what_a_stopped_run_has_so_far_is_shown(planner: Planner):
    planner("plan", GOAL, "--max-calls", "9", "-q", code=7)
    run = planner.run["run"]
    shown = planner.terminal.json("runs", "show", run)
    assert [len(route["tasks"]) > 0 for route in shown["plan"]["routes"]].count(True) == 6
    packages = [p for r in shown["plan"]["routes"] for t in r["tasks"] for p in t["packages"]]
    assert len(packages) == 2
    assert shown["next_step"] == f"stellwerk resume {run}"
    text = planner.terminal("runs", "show", run).out
    assert "So far: 6 routes, 2 work packages" in text
    assert planner.goals == []


def test_a_dropped_run_is_gone_with_its_answers(planner: Planner):
    planner("plan", GOAL, "--max-calls", "9", "-q", code=7)
    run = planner.run["run"]
    assert "9 calls and 9 paid answers" in planner("runs", "drop", run, "-y").out
    assert planner.terminal.json("runs")["runs"] == []
    message, step = told(planner("resume", run, code=6))
    assert message == f"There is no planning run {run}."
    assert planner.asks("plan", GOAL, "-q")[1] == CALLS
    assert step


def test_a_run_that_somebody_works_on_is_not_dropped(planner: Planner):
    planner.server.behaviour = SLOWLY
    with planner.started("plan", GOAL) as process:
        awaited(lambda: reached(planner.server, ASKED, 1), "a request")
        answer = planner("runs", "drop", planner.run["run"], "-y", code=5)
        process.communicate(timeout=30)
    assert f"pid {process.pid}" in told(answer)[0]
    assert process.returncode == 0


def test_a_run_that_was_killed_after_storing_its_plan_is_done(planner: Planner):
    planner("plan", GOAL, "-q")
    with closing(sqlite3.connect(planner.terminal.database)) as connection:
        connection.execute(
            "UPDATE runs SET status = 'running', goal_uid = NULL, finished_at = NULL"
        )
        connection.commit()
    run = planner.run
    assert run["status"] == "interrupted"
    answer, asked = planner.asks("resume")
    assert answer.out.startswith("Learn to juggle  learn-to-juggle\n")
    assert asked == 0
    assert (planner.run["status"], planner.goals) == ("done", ["learn-to-juggle"])
    assert planner.run["goal"] == planner.terminal.json("use")["goal"]["uid"]


def test_a_run_that_is_done_is_not_resumed(planner: Planner):
    planner("plan", GOAL, "-q")
    run = planner.run["run"]
    message, step = told(planner("resume", run, code=2))
    assert message == f"The run {run} is done already; there is nothing to resume."
    assert step == f"See what it made with `stellwerk runs show {run}`."
    assert planner.goals == ["learn-to-juggle"]


def test_without_a_run_there_is_nothing_to_resume(planner: Planner):
    message, step = told(planner("resume", code=6))
    assert (message, step) == (
        "No planning run waits to be resumed.",
        "See `stellwerk runs`.",
    )


@pytest.mark.parametrize("by", ["setting", "flag"])
def test_a_run_goes_on_with_another_model(planner: Planner, by: str):
    planner("plan", GOAL, "--max-calls", "7", "-q", code=7)
    flags = ("--model", "gpt-5-nano") if by == "flag" else ()
    settings = {
        "STELLWERK_AI_OPENAI_MODEL": "gpt-5-nano",
        "STELLWERK_AI_OPENAI_REASONING_MODEL": "gpt-5-nano",
    }
    environ = settings if by == "setting" else {}
    _, asked = planner.asks("resume", "--max-calls", "99", "-q", *flags, **environ)
    models = [body["model"] for body in planner.server.bodies]
    assert asked == CALLS - 7
    assert set(models[7:]) == {"gpt-5-nano"}
    assert "gpt-5-nano" not in models[:7]


def test_a_run_goes_on_with_another_provider(planner: Planner):
    planner("plan", GOAL, "--max-calls", "7", "-q", code=7)
    environ = {"ANTHROPIC_API_KEY": "sk-of-nobody"}
    flags = ("--provider", "anthropic", "--max-calls", "99")
    _, asked = planner.asks("resume", *flags, "-q", **environ)
    assert asked == CALLS - 7
    assert all("system" in body for body in planner.server.bodies[7:])


def test_a_run_goes_on_with_other_prompts_and_asks_again_where_they_changed(planner: Planner):
    planner("plan", GOAL, "--max-calls", "7", "-q", code=7)
    folder = planner.terminal.folder / "mine"
    folder.mkdir()
    text = (PROMPTS / "tasks.md").read_text()
    (folder / "tasks.md").write_text(text.replace("Say nothing twice.", "Be brief."))
    environ = {"STELLWERK_PLANNING_PROMPTS": str(folder)}
    since = len(planner.server.entries)
    planner("resume", "--max-calls", "99", "-q", **environ)
    stages = [e.stage for e in planner.server.entries[since:] if e.event == ASKED]
    assert {stage: stages.count(stage) for stage in set(stages)} == {
        "tasks": 6,
        "packages": 12,
        "review": 1,
    }
