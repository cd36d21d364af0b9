"""`stellwerk refine`: proposals that are looked at, accepted in part, made as one edit."""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.flaws import FLAWED, flawed
from tests.cli.screen import Screen
from tests.cli.terminal import GOAL, Program, Terminal
from tests.cli.test_processes import install
from tests.wire.asking import GOAL as JUGGLE
from tests.wire.asking import Planner, told
from tests.wire.planning_server import ASKED, SENT, Behaviour, PlanningServer
from tests.wire.serving import asked_twice, awaited, reached, served

FEEDBACK = "make r1.1.1, r1.2.1, r2.1.1, r3.1.1 and r4.1.1 fit for children"
QUESTIONS = 6
"""A review, and one for each work package the feedback names."""


def exported(terminal: Terminal, slug: str = FLAWED) -> str:
    """Return a plan as JSON text."""
    return terminal("export", "-g", slug, "--format", "json").out


def history(terminal: Terminal) -> list[str]:
    """Return the lines of the history of the goal that is meant, the newest first."""
    entries = sorted(terminal.json("log")["entries"], key=lambda each: -each["revision"])
    return [entry["says"] for entry in entries]


@pytest.fixture
def broken(planned: Terminal) -> Terminal:
    """Return the terminal of a user whose plan has three redundant needs."""
    flawed(planned)
    return planned


def test_without_a_flag_and_a_terminal_nothing_is_changed(broken: Terminal):
    before = exported(broken)
    answer = broken("refine")
    assert answer.out.startswith("3 proposals. Quality ")
    assert answer.out.count("no longer needs") >= 3
    assert (
        "Nothing was changed. Accept all with --yes, or some with --accept 1,3." in answer.err
    )
    assert exported(broken) == before
    assert len(history(broken)) == 1


def test_a_dry_run_changes_nothing_whatever_else_is_said(broken: Terminal):
    before = exported(broken)
    for flags in (("--dry-run",), ("--dry-run", "--yes"), ("--dry-run", "--accept", "1")):
        answer = broken("refine", *flags)
        assert answer.err.endswith(
            "Nothing was changed. Accept all with --yes, or some with --accept 1,3.\n"
        )
    assert exported(broken) == before


def test_all_is_one_edit_that_is_taken_back_exactly(broken: Terminal):
    before = exported(broken)
    answer = broken("refine", "--yes")
    assert re.search(r"^Made 3 changes\. Quality 0\.\d\d|1\.00", answer.err, re.MULTILINE)
    first, *_ = history(broken)
    assert re.fullmatch(r"refined: r2\.\S+ .+ no longer needs r1\.1\.1 .+ and 2 more", first)
    assert len(history(broken)) == 2
    assert exported(broken) != before
    assert broken("refine").out.startswith("There is nothing to propose. Quality ")
    broken("undo")
    assert exported(broken) == before
    broken("redo")
    assert broken("refine").out.startswith("There is nothing to propose.")


@pytest.mark.parametrize(
    ("numbers", "made"), [("1", 1), ("1,3", 2), ("1-2", 2), ("2-3,1", 3), ("1, 2", 2)]
)
def test_some_are_accepted_by_number(broken: Terminal, numbers: str, made: int):
    data = broken.json("refine", "--accept", numbers)
    assert data["stored"] is True
    assert sum(each["accepted"] for each in data["proposals"]) == made
    assert len(broken.json("refine")["proposals"]) == 3 - made


@pytest.mark.parametrize("numbers", ["4", "0", "2-9", "3-1", "x", "1;2", "", "99999999999"])
def test_a_number_that_is_none_is_refused_and_changes_nothing(broken: Terminal, numbers: str):
    before = exported(broken)
    answer = broken("refine", "--accept", numbers, code=2)
    assert "Error: " in answer.err
    assert exported(broken) == before


def test_json_says_all_of_it_and_asks_nobody(broken: Terminal):
    data = broken.json("refine", "--yes")
    assert data["kind"] == "refinement"
    assert data["score"]["after"] >= data["score"]["before"]
    assert [each["number"] for each in data["proposals"]] == [1, 2, 3]
    assert {each["refiner"] for each in data["proposals"]} == {"dependencies"}
    assert data["revision"] == broken.json("show")["revision"] == 2
    assert data["dropped"] == []


def test_the_new_score_is_kept(broken: Terminal):
    data = broken.json("refine", "--yes")
    quality = broken.json("show")["quality"]
    assert (quality["revision"], quality["score"]) == (2, data["score"]["after"])
    assert broken.json("score")["score"] == data["score"]["after"]


def test_rules_say_that_a_model_could_do_more(broken: Terminal):
    answer = broken("refine")
    assert answer.err.startswith("Only rules propose: a model could also write work packages")
    assert "Only rules" not in broken("refine", "-q").err


def test_feedback_takes_a_model(broken: Terminal):
    message, step = told(broken("refine", "more", "balls", code=4))
    assert message == "It takes a model to understand feedback, and none can be asked."
    assert "`stellwerk keys set`" in step
    assert "`stellwerk refine --findings` does what rules can do." in step
    assert broken.json("runs")["runs"] == []


def test_feedback_and_findings_are_two_wishes(broken: Terminal):
    broken("refine", "more balls", "--findings", code=2)


def test_the_slug_of_a_goal_may_stand_first(broken: Terminal):
    broken("use", GOAL)
    assert broken.json("refine", FLAWED, "--findings")["goal"] == FLAWED
    assert broken.json("refine", "-g", FLAWED)["goal"] == FLAWED


def test_only_what_is_named_is_mended(broken: Terminal):
    data = broken.json("refine", "--about", "r2.1")
    refs = json.dumps(data["proposals"])
    assert 0 < len(data["proposals"]) < 3
    assert "r2.2" not in refs
    assert broken.json("refine", "--about", "r1")["proposals"] == []
    broken("refine", "--about", "r99", code=6)


def test_what_a_person_wrote_is_left_out_and_named(planned: Terminal):
    """A need that they set themselves stays, until they say otherwise."""
    planned("link", "r2.1.1", "--needs", "r1.1.1")
    before = exported(planned, GOAL)
    answer = planned("refine", "--yes")
    assert answer.out.startswith("There is nothing to propose.")
    assert "Left out (dependencies): " in answer.out
    assert "It would change what a person wrote or began." in answer.out
    assert exported(planned, GOAL) == before
    planned("refine", "--yes", "--mine")
    assert "no longer needs" in history(planned)[0]


def test_what_a_refinement_made_is_nobody_s_handwriting(broken: Terminal):
    broken("refine", "--accept", "1")
    assert len(broken.json("refine", "--yes")["proposals"]) == 2


def test_a_plan_that_was_written_by_hand_is_left_alone(planned: Terminal):
    flawed(planned, "manual")
    answer = planned("refine", "--yes")
    assert answer.out == (
        "Somebody wrote or imported this plan, so all of it is left alone. To have it refined,"
        " add --mine.\n"
    )
    data = planned("refine", "--json")
    assert data.data["proposals"] == []
    assert "--mine" in data.err
    assert planned("refine", "--mine").out.startswith("3 proposals.")


REFINERS = """
from stellwerk.plugins.api import Proposal, Refiner

async def nothing(material):
    return []

async def breaks(material):
    raise KeyError("oops")

async def rubbish(material):
    return [1, None, Proposal("x", None, "why"), Proposal("x", "edit", "why"), {"edit": 1}]

BREAKS = Refiner("breaks", breaks)
RUBBISH = Refiner("rubbish", rubbish)
NONE = 42
"""


def test_a_refiner_of_others_that_breaks_or_returns_rubbish_changes_nothing(
    broken: Terminal, monkeypatch: pytest.MonkeyPatch
):
    points = (
        "[stellwerk.refiners]\nb = odd_ref:BREAKS\nr = odd_ref:RUBBISH\nn = odd_ref:NONE\n"
    )
    site = broken.folder / "site"
    install(site, "odd_ref", REFINERS, points)
    monkeypatch.syspath_prepend(str(site))
    assert len(broken.json("refine", "--yes")["proposals"]) == 3


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_somebody_at_a_terminal_is_asked(broken: Terminal):
    """Until the answer is one; no is no, numbers are some, and yes is all the rest."""
    screen = Screen(Program(broken), 100, 40)
    try:
        for keys, end in (
            (("n",), "Nothing was changed.$"),
            (("7", "2"), r"There is no proposal 7\..*(\n.*)*Made 1 change\."),
            (("y",), r"Made 2 changes\."),
        ):
            screen.clear()
            screen.type("stellwerk refine; echo code=$?", "Enter")
            for at, each in enumerate(keys, 1):
                awaited(
                    lambda at=at: "\n".join(screen.shown()).count("Accept?") >= at,
                    "the question",
                )
                screen.type(each, "Enter")
            screen.wait(r"^code=0$")
            assert re.search(end, "\n".join(screen.shown()), re.MULTILINE)
        screen.clear()
        assert screen.run("stellwerk refine --findings")[1].startswith("There is nothing")
    finally:
        screen.close()
    assert len(history(broken)) == 3


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_ctrl_c_at_the_question_changes_nothing(broken: Terminal):
    before = exported(broken)
    screen = Screen(Program(broken), 100, 40)
    try:
        screen.type("stellwerk refine; echo code=$?", "Enter")
        screen.wait("Accept?")
        screen.type("", "C-c")
        screen.wait(r"^code=130$")
    finally:
        screen.close()
    assert exported(broken) == before


@pytest.fixture
def server() -> Iterator[PlanningServer]:
    """Return a planning server."""
    with served() as serving:
        yield serving


@pytest.fixture
def planner(tmp_path: Path, server: PlanningServer) -> Planner:
    """Return somebody whose plan a model made."""
    planner = Planner(tmp_path / "planner", server)
    planner("plan", JUGGLE, "-q")
    return planner


def stages(planner: Planner, since: int) -> list[str]:
    """Return the stages that asked, from an entry of the journal on."""
    return [each.stage for each in planner.server.entries[since:] if each.event == ASKED]


def data_of(planner: Planner, *args: str) -> dict[str, Any]:
    """Return what a call answers as JSON."""
    return planner(*args, "--json").data


def test_feedback_asks_the_reviewer_then_for_what_it_names(planner: Planner):
    since = len(planner.server.entries)
    answer = planner("refine", "Make r1.1.1 and the task r2.1 fit for children", "--yes")
    assert stages(planner, since) == ["review", "refine", "packages"]
    review = planner.server.bodies[-3]["messages"]
    assert any("<<<FEEDBACK" in f"{each['content']}" for each in review)
    refine = f"{planner.server.bodies[-2]['messages']}"
    assert "r1.1.1 is not what was asked for" in refine
    assert "rewrote r1.1.1" in answer.out
    assert "(80% sure)" in answer.out
    assert history(planner.terminal)[0].startswith("refined: rewrote r1.1.1 ")
    run = planner.run
    assert (run["purpose"], run["status"], run["calls"]) == ("refine", "done", 3)
    assert run["goal"] == data_of(planner, "show")["goal"]["uid"]


def test_feedback_about_an_item_leaves_the_others_alone(planner: Planner):
    since = len(planner.server.entries)
    planner("refine", FEEDBACK, "--about", "r1")
    assert stages(planner, since) == ["review", "refine", "refine"]


def test_a_run_that_asked_nothing_leaves_no_row(planner: Planner):
    planner("refine", "faster")
    runs = len(planner.terminal.json("runs")["runs"])
    answer, asked = planner.asks("refine", "faster")
    assert asked == 0
    assert answer.out.startswith("There is nothing to propose.")
    assert len(planner.terminal.json("runs")["runs"]) == runs


def test_what_was_proposed_is_accepted_without_asking_again(planner: Planner):
    """The plan is the same, so the same questions have the same answers."""
    first = data_of(planner, "refine", FEEDBACK)
    (answer, asked) = planner.asks("refine", FEEDBACK, "--yes", "--json")
    assert asked == 0
    same = [each["says"] for each in first["proposals"]]
    assert [each["says"] for each in answer.data["proposals"]] == same
    assert same


def test_a_person_s_words_stay_while_the_rest_is_rewritten(planner: Planner):
    planner("rename", "r1.1.1", "My own words")
    planner("refine", "Make r1.1.1 fit for children", "--yes")
    item = data_of(planner, "show", "r1.1.1")["item"]
    assert item["title"] == "My own words"
    assert "can juggle" in item["notes"]


def test_a_person_s_plan_costs_nothing(planner: Planner):
    planner("export", "--into", "out")
    text = exported(planner.terminal, "learn-to-juggle").replace(
        '"kind": "model"', '"kind": "manual"'
    )
    planner.terminal.write("mine.json", text)
    planner("import", "mine.json", "--replace")
    answer, asked = planner.asks("refine", FEEDBACK)
    assert asked == 0
    assert "--mine" in answer.out


@pytest.mark.parametrize("answers", [1, 3, QUESTIONS - 1])
def test_a_killed_refinement_asks_no_question_twice(planner: Planner, answers: int):
    since = len(planner.server.entries)
    planner.server.behaviour = Behaviour(latency=0.3)
    with planner.started("refine", FEEDBACK, "--yes") as process:
        awaited(lambda: reached(planner.server, SENT, answers, since), f"answer {answers}")
        awaited(
            lambda: reached(planner.server, ASKED, answers + 1, since), "the next question"
        )
        process.kill()
    planner.server.behaviour = Behaviour()
    assert len(data_of(planner, "log")["entries"]) == 1
    planner("refine", FEEDBACK, "--yes")
    assert asked_twice(planner.server.entries[since:]) == []
    assert len(data_of(planner, "log")["entries"]) == 2


def test_ctrl_c_says_how_it_goes_on_and_it_does(planner: Planner):
    since = len(planner.server.entries)
    planner.server.behaviour = Behaviour(latency=0.3)
    with planner.started("refine", FEEDBACK) as process:
        awaited(lambda: reached(planner.server, ASKED, 3, since), "the third question")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Say the same again: what was answered is kept." in said
    assert (planner.run["status"], planner.run["purpose"]) == ("interrupted", "refine")
    planner.server.behaviour = Behaviour()
    planner("refine", FEEDBACK)
    assert asked_twice(planner.server.entries[since:]) == []


def test_a_provider_that_refuses_stops_it_and_nothing_is_paid_for_twice(planner: Planner):
    since = len(planner.server.entries)
    sound = len(planner.server.bodies) + 3
    planner.server.behaviour = Behaviour(
        rate=1, faults=("429",), sound=sound, retry_after=0.01
    )
    stopped = {"STELLWERK_PLANNING_STAGE_DEADLINE_SECONDS": "1"}
    answer = planner("refine", FEEDBACK, "-q", code=4, **stopped)
    _, step = told(answer)
    assert step.endswith("Say the same again: what was answered is kept.")
    assert len(data_of(planner, "log")["entries"]) == 1
    planner.server.behaviour = Behaviour()
    planner("refine", FEEDBACK, "--yes")
    assert asked_twice(planner.server.entries[since:]) == []


def test_a_budget_stops_it_and_the_next_one_goes_on(planner: Planner):
    since = len(planner.server.entries)
    answer = planner("refine", FEEDBACK, "--max-calls", "3", "-q", code=7)
    assert "Say the same again" in answer.err
    assert len(stages(planner, since)) == 3
    planner("refine", FEEDBACK, "--max-calls", "3", "--yes")
    assert len(stages(planner, since)) == QUESTIONS
    assert asked_twice(planner.server.entries[since:]) == []


@pytest.mark.parametrize(
    ("flags", "environ"), [(("--fresh",), {}), ((), {"STELLWERK_AI_REUSE_DAYS": "0"})]
)
def test_nobody_is_promised_what_is_not_kept(
    planner: Planner, flags: tuple[str, ...], environ: dict[str, str]
):
    answer = planner("refine", FEEDBACK, "--max-calls", "1", "-q", *flags, code=7, **environ)
    assert "Say the same again" not in answer.err
    assert "all of it is asked anew" in answer.err


def test_runs_say_what_each_was_for_and_resume_takes_plans_only(planner: Planner):
    planner("refine", FEEDBACK, "--max-calls", "2", code=7)
    listed = planner("runs").out
    assert re.search(r"^\w{8}  failed +refine", listed, re.MULTILINE)
    assert re.search(r"^\w{8}  done +plan", listed, re.MULTILINE)
    assert "stellwerk resume" not in listed
    short = planner.run["run"]
    message, step = told(planner("resume", short, code=2))
    assert message == f"The run {short} was to refine a plan, and is not resumed by itself."
    assert step == "Say the same again: what was answered is kept."
    planner("resume", code=6)
    shown = planner("runs", "show", short).out
    assert "to refine a plan" in shown
    assert "stellwerk refine -g learn-to-juggle" in shown
    assert "stellwerk resume" not in planner("doctor", code=None).out


def test_somebody_else_s_change_meanwhile_is_kept(planner: Planner):
    """A refinement lands beside it, and the score that is kept is that of both."""
    since = len(planner.server.entries)
    planner.server.behaviour = replace(planner.server.behaviour, latency=0.5)
    with planner.started("refine", "Make r1.1.1 better", "--yes") as process:
        awaited(lambda: reached(planner.server, ASKED, 2, since), "the second question")
        planner("rename", "r2.1.1", "Said meanwhile")
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    plan = data_of(planner, "show")
    assert plan["revision"] == 3
    assert data_of(planner, "show", "r2.1.1")["item"]["title"] == "Said meanwhile"
    assert plan["quality"]["score"] == data_of(planner, "score")["score"]
