"""Goals put away, deleted and brought back; their history told."""

from __future__ import annotations

from tests.cli.terminal import AUTHOR, GOAL, Terminal


def test_an_archived_goal_is_kept_whole_and_comes_back(planned: Terminal):
    planned("start", "r1.1.1")
    planned("archive", GOAL)
    assert planned.json("list")["goals"] == []
    assert "archived" in planned("list", "--all").out
    assert planned("show", "-g", GOAL, "r1.1.1").code == 0
    assert "archived already" in planned("archive", GOAL, code=2).err
    planned("archive", GOAL, "--back")
    assert planned.json("list")["goals"][0]["status"] == "in_progress"
    assert "is not archived" in planned("archive", GOAL, "--back", code=2).err


def test_a_goal_that_was_not_begun_comes_back_as_it_was(planned: Terminal):
    planned("archive", GOAL)
    planned("undo", "-g", GOAL)
    assert planned.json("list")["goals"][0]["status"] == "planned"


def test_deleting_needs_a_yes_where_nobody_can_be_asked(planned: Terminal):
    before = planned.dump()
    answer = planned("delete", GOAL, code=2)
    assert answer.err.splitlines() == [
        f"Error: Deleting {GOAL} needs a yes.",
        "  → Add --yes.",
    ]
    assert "REF" not in planned("delete", code=2).err
    assert planned.dump() == before


def test_a_deleted_goal_is_gone_until_undo_brings_it_back(planned: Terminal):
    before = planned("export").out
    answer = planned("delete", GOAL, "-y")
    assert f"stellwerk undo -g {GOAL}" in answer.err
    assert planned.json("list", "--all")["goals"] == []
    assert "There is no goal" in planned("show", "-g", GOAL, code=6).err
    assert planned("log", "-g", GOAL).out.splitlines()[0].endswith("deleted the goal")
    assert "Undid: deleted the goal." in planned("undo", "-g", GOAL).out
    assert planned("export").out == before


def test_the_slug_of_a_deleted_goal_is_not_taken_by_another(planned: Terminal):
    planned("delete", GOAL, "-y")
    planned("plan", "Launch a SaaS product", "-q")
    assert planned.json("list")["goals"][0]["slug"] == f"{GOAL}-2"
    planned("undo", "-g", GOAL)
    assert len(planned.json("list")["goals"]) == 2


def test_the_log_tells_who_did_what_and_when(planned: Terminal):
    planned("start", "r1.1.1", STELLWERK_USER_NAME="Tom", STELLWERK_USER_EMAIL="t@example.org")
    planned("rename", "r1", "Ask people")
    planned("undo")
    entries = planned.json("log")["entries"]
    assert [entry["revision"] for entry in entries] == [1, 2, 3, 4]
    assert [entry["kind"] for entry in entries] == ["edit", "edit", "edit", "undo"]
    assert entries[1]["author"] == "Tom <t@example.org>"
    assert entries[2]["author"].startswith(AUTHOR)
    assert (entries[2]["undone_by"], entries[3]["undoes"]) == (4, 3)
    lines = planned("log").out.splitlines()
    assert lines[0].startswith("4  ")
    assert "undo of 3" in lines[0]
    assert lines[1].endswith(
        "renamed r1 Find the customer group and its problem to Ask people (taken back)"
    )
    assert "  Tom  started r1.1.1" in lines[2]
    assert len(planned("log", "-n", "2").out.splitlines()) == 2


def test_the_difference_of_two_revisions_is_told_both_ways(planned: Terminal):
    planned("rename", "r1", "Ask people")
    planned("edit", "r1.1.1", "--length", "4")
    planned("add", "route", "Legal")
    planned("edit", "r1.1.2", "--notes", "-", stdin="New.\n")
    forth = planned("diff", "1", "5").out
    assert (
        "~ r1 Ask people: title Find the customer group and its problem -> Ask people" in forth
    )
    assert "length 1 -> 4" in forth
    assert "+ r9 Legal" in forth
    assert (
        "r1.1.2 Interview twelve people who would pay for the SaaS product: notes rewritten"
        in (forth)
    )
    back = planned("diff", "5", "1").out
    assert "- r9 Legal" in back
    assert planned("diff").out.count("\n") == 1
    assert planned("diff", "3", "3").out == "Nothing differs.\n"


def test_a_difference_in_json_names_uids_and_fields(planned: Terminal):
    planned("edit", "r1.1.1", "--length", "4")
    difference = planned.json("diff")["differences"]
    uid = planned.json("show", "r1.1.1")["item"]["uid"]
    assert [{**each, "name": ""} for each in difference] == [
        {"sign": "changed", "uid": uid, "name": "", "field": "length", "old": 1, "new": 4}
    ]


def test_revisions_that_do_not_exist_are_refused(planned: Terminal):
    assert "has revisions 0 to 1, not 7" in planned("diff", "7", code=6).err
    assert "has revisions 0 to 1, not 9" in planned("diff", "1", "9", code=6).err
    planned("diff", "x", code=2)
    planned("log", "-n", "0", code=2)
