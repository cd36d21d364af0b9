"""The way of somebody who works a plan off: next, start, done, decide, change their mind."""

from __future__ import annotations

import pytest

from tests.cli.terminal import GOAL, Terminal


def refs(terminal: Terminal) -> list[str]:
    """Return what `next` suggests."""
    return [each["ref"] for each in terminal.json("next")["next"]]


def test_a_plan_is_carried_out_from_its_first_work_package_to_a_decision(planned: Terminal):
    assert refs(planned) == ["r1.1.1"]
    started = planned("start", "r1.1.1").out
    assert "the goal is under way" in started
    assert planned.json("next")["doing"] == ["r1.1.1"]
    done = planned("done", "r1.1.1", "--hours", "7.5").out
    assert "Now possible:\n  r1.1.2 Interview twelve people" in done
    standing = planned.json("show", "r1.1.1")["item"]["standing"]
    assert (standing["status"], standing["spent_hours"]) == ("done", 7.5)
    assert standing["started_at"] <= standing["finished_at"]
    planned("done", "r1.1.2", "r1.2.1", "r2.1.1", "r2.1.2", "r2.2.1", "r2.2.2")
    assert planned.json("show")["decisions"] == ["d1"]
    assert refs(planned)[0] == "d1"
    chosen = planned("choose", "d1", "b").out
    assert "Set d1 Where does the software run? to d1.b" in chosen
    assert "r4.1.1" in chosen
    assert refs(planned)[0].startswith("r4.")


def test_a_choice_closes_the_other_way_and_taking_it_back_opens_it(planned: Terminal):
    def signals() -> dict[str, str]:
        return {each["ref"]: each["signal"] for each in planned.json("show")["routes"]}

    assert (signals()["r3"], signals()["r4"]) == ("tentative", "tentative")
    planned("choose", "d1", "b")
    assert (signals()["r3"], signals()["r4"]) == ("closed", "live")
    planned("choose", "d1.a")
    assert (signals()["r3"], signals()["r4"]) == ("live", "closed")
    assert "Reopened d1" in planned("choose", "d1", "--none").out
    assert (signals()["r3"], signals()["r4"]) == ("tentative", "tentative")


@pytest.mark.parametrize("option", ["b", "B", "d1.b", "Installed on the device"])
def test_an_option_is_named_by_letter_ref_or_label(planned: Terminal, option: str):
    planned("choose", "d1", option)
    assert planned.json("show", "d1")["item"]["chosen"] == "d1.b"


def test_a_switch_is_not_set_where_it_stands_already(planned: Terminal):
    planned("choose", "d1", "a")
    assert "is set to d1.a In the browser already" in planned("choose", "d1", "a", code=2).err
    planned("choose", "d1", "--none")
    assert "is open already" in planned("choose", "d1", "--none", code=2).err


def test_without_a_terminal_choose_asks_nothing_and_names_the_options(planned: Terminal):
    error = planned("choose", "d1", "--json", code=2).error
    assert error["hint"] == "Say which: a In the browser, b Installed on the device."


def test_waiting_diverting_and_reopening_keep_their_reasons(planned: Terminal):
    planned("wait", "r1.1.1", "--for", "Mira", "--why", "she is on holiday")
    assert "waiting for Mira: she is on holiday" in planned("show", "r1.1.1").out
    assert planned.json("next")["waiting"] == ["r1.1.1"]
    assert "On hold:" in planned("next").out
    planned("reopen", "r1.1.1")
    standing = planned.json("show", "r1.1.1")["item"]["standing"]
    assert (standing["status"], standing["waiting_for"], standing["reason"]) == (
        "todo",
        None,
        None,
    )
    planned("divert", "r1.1.1", "--why", "it is in r2 now")
    assert "diverted: it is in r2 now" in planned("show", "r1.1.1").out


def test_a_diverted_work_package_leaves_the_count(planned: Terminal):
    live = planned.json("list")["goals"][0]["progress"]["live"]
    planned("divert", "r1.1.2")
    progress = planned.json("list")["goals"][0]["progress"]
    assert progress["live"] == live - 3
    assert progress["done"] == 0


def test_several_work_packages_are_one_edit(planned: Terminal):
    planned("done", "r1.1.1", "r1.1.2", "r1.1.1")
    assert planned.json("show")["revision"] == 2
    planned("undo")
    assert planned.json("show", "r1.1.2")["item"]["status"] == "todo"


def test_a_status_that_stands_already_changes_nothing(planned: Terminal):
    planned("done", "r1.1.1")
    assert "already done" in planned("done", "r1.1.1", code=2).err
    planned("done", "r1.1.1", "--hours", "3")
    assert planned.json("show", "r1.1.1")["item"]["standing"]["spent_hours"] == 3
    assert planned.json("show")["revision"] == 3


@pytest.mark.parametrize("hours", ["nan", "inf", "-1", "x", ""])
def test_hours_are_a_finite_number(planned: Terminal, hours: str):
    before = planned.dump()
    planned("done", "r1.1.1", "--hours", hours, code=1 if hours == "inf" else 2)
    assert planned.dump() == before


def test_only_work_packages_have_a_status(planned: Terminal):
    for verb in ("start", "done", "reopen", "divert", "wait"):
        assert "is not a work package" in planned(verb, "d1", code=2).err


def test_everything_done_is_said_and_the_goal_achieved(planned: Terminal):
    packages = [
        package["ref"]
        for route in planned.json("show")["routes"]
        for task in route["tasks"]
        for package in task["packages"]
    ]
    planned("choose", "d1", "a")
    planned("choose", "d2", "a")
    planned("done", *packages)
    assert planned("next").out.startswith("Everything is done")
    goal = planned.json("list")["goals"][0]
    assert (goal["status"], goal["progress"]["share"]) == ("achieved", 1.0)
    planned("reopen", packages[0])
    assert planned.json("list")["goals"][0]["status"] == "in_progress"


def test_next_shows_as_many_as_wanted_and_counts_the_rest(planned: Terminal):
    planned("done", "r1.1.1")
    assert len(planned.json("next", "-n", "1")["next"]) == 1
    assert "and 1 more" in planned("next", "-n", "1").out
    assert len(planned.json("next")["next"]) == 2


def test_next_says_why_in_hours(planned: Terminal):
    suggestion = planned.json("next")["next"][0]
    assert suggestion["reason"].startswith("on the critical path")
    assert suggestion["total_float_hours"] == 0
    assert suggestion["tail_hours"] > 100


def test_an_empty_plan_says_how_to_fill_it(planned: Terminal):
    planned("undo")
    assert planned("next").out.startswith("The plan is empty.")
    assert planned("show").out.startswith("Launch a SaaS product")
    assert planned("map").code == 0
    assert planned.json("list")["goals"][0]["progress"]["live"] == 0


def test_what_is_on_hold_stands_in_the_way(planned: Terminal):
    planned("wait", "r1.1.1")
    assert "On hold:\n  r1.1.1" in planned("next").out


def test_undo_and_redo_walk_through_the_edits_of_their_author(planned: Terminal):
    before = planned("export").out
    planned("start", "r1.1.1")
    planned("rename", "r2", "Prove it")
    after = planned("export").out
    assert "Undid: renamed r2" in planned("undo").out
    assert "Undid: started r1.1.1" in planned("undo").out
    assert planned("export").out == before
    planned("redo")
    planned("redo")
    assert planned("export").out == after
    assert planned("redo", code=6).err.startswith("Error: There is nothing to redo")


def test_an_edit_after_an_undo_ends_the_redo(planned: Terminal):
    planned("start", "r1.1.1")
    planned("undo")
    planned("rename", "r2", "Prove it")
    assert "did not edit over" in planned("redo", code=6).err


def test_undo_takes_back_nothing_of_somebody_else(planned: Terminal):
    planned("start", "r1.1.1")
    answer = planned("undo", code=6, STELLWERK_USER_NAME="Tom")
    assert "no edit of yours (Tom)" in answer.err
    assert "stellwerk log" in answer.err


def test_undo_is_refused_where_a_later_edit_of_another_touched_the_same(planned: Terminal):
    planned("rename", "r2", "Prove it")
    planned("rename", "r2", "Prove it well", STELLWERK_USER_NAME="Tom")
    answer = planned("undo", code=5)
    assert "renamed r2 Prove it to Prove it well" in answer.err
    assert planned.json("show", "r2")["item"]["title"] == "Prove it well"


def test_work_on_a_closed_way_comes_back_with_it(planned: Terminal):
    planned("done", "r3.1.1")
    planned("choose", "d1", "b")
    assert planned.json("list")["goals"][0]["progress"]["done"] == 0
    planned("choose", "d1", "a")
    assert planned.json("list")["goals"][0]["progress"]["done"] > 0


def test_the_map_marks_where_the_work_stands(planned: Terminal):
    planned("done", "r1.1.1")
    lines = planned("map").out.splitlines()
    assert lines[0] == f"Launch a SaaS product  {GOAL}"
    assert "◐      r1 Find the customer group and its problem  1/3" in lines
    planned("choose", "d1", "a")
    assert any(
        line.endswith("▸ a In the browser > r3") for line in planned("map").out.splitlines()
    )


def test_the_map_may_be_narrow_and_of_plain_characters(planned: Terminal):
    lines = planned("map", "--ascii", "--width", "40").out.splitlines()
    assert all(line.isascii() for line in lines)
    drawn = lines[2:-2]
    assert max(map(len, drawn)) <= 40
    assert any("..." in line for line in drawn)


def test_redo_tells_the_edit_as_it_was_told_first(planned: Terminal):
    planned("start", "r1.1.1")
    planned("undo")
    assert planned("redo").out.startswith("Redid: started r1.1.1")
