"""`stellwerk score`, and the scores that `list` and `show` tell."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from stellwerk.cli.figures import grade
from stellwerk.validation.score import WEIGHTS
from tests.cli.juggling import CIRCLE, HEAD, PLAN
from tests.cli.terminal import GOAL, Terminal


def kept(terminal: Terminal) -> list[tuple[Any, ...]]:
    """Return the scores that are stored."""
    return terminal.rows("SELECT revision, score FROM quality_scores ORDER BY revision")


def test_a_score_has_a_line_for_each_part(planned: Terminal):
    told = planned("score").out
    assert re.search(r"^Quality [01]\.\d\d$", told, re.MULTILINE)
    parts = re.findall(r"^(\w+) +[━─]{20}  (\d\.\d\d)  x (\d\.\d\d)$", told, re.MULTILINE)
    assert [name for name, _, _ in parts] == [aspect.value for aspect in WEIGHTS]
    assert sum(float(weight) for _, _, weight in parts) == pytest.approx(1)


def test_the_score_is_the_sum_of_its_parts(terminal: Terminal):
    terminal.write("juggle.md", PLAN)
    data = terminal.json("score", "juggle.md")
    total = sum(part["weight"] * part["value"] for part in data["parts"])
    assert data["score"] == pytest.approx(total, abs=1e-3)
    for part in data["parts"]:
        costs = sum(loss["cost"] for loss in part["losses"]) + part["rest"]
        assert costs == pytest.approx(part["weight"] * (1 - part["value"]), abs=2e-3)


def test_explained_it_tells_each_loss_and_the_formula(terminal: Terminal):
    terminal.write("juggle.md", PLAN)
    told = terminal("score", "juggle.md", "--explain").out
    assert re.search(r"-0\.\d{3}  SW306  A step .*", told)
    assert re.search(r"\(\d+ of \d+\)", told)
    assert "The score is the sum of weight x value over the parts." in told
    assert max(map(len, told.splitlines())) <= 80
    assert "SW306" not in terminal("score", "juggle.md").out


def test_a_score_below_the_one_asked_for_ends_with_code_three(planned: Terminal):
    assert planned("score", "--min", "0.5").code == 0
    planned("rename", "r1", "Phase 1")
    answer = planned("score", "--min", "1", code=3)
    assert "is below 1" in answer.err
    assert "Quality" in answer.out
    assert "--min" in planned("score", "--min", "2", code=2).err


def test_a_file_is_scored_and_nothing_is_kept(planned: Terminal):
    before = kept(planned)
    planned("export", "-o", "plan.md")
    data = planned.json("score", "plan.md")
    assert (data["goal"], data["file"], data["revision"]) == (None, "plan.md", None)
    assert data["score"] == planned.json("score")["score"]
    assert kept(planned)[: len(before)] == before


def test_what_can_be_no_plan_has_no_score(terminal: Terminal):
    terminal.write("circle.md", CIRCLE)
    answer = terminal("score", "circle.md", code=1)
    assert "holds a plan that cannot be" in answer.err
    assert "`stellwerk validate circle.md` says where." in answer.err


def test_a_plan_without_work_has_a_score_of_nought(terminal: Terminal):
    terminal.write("empty.md", HEAD)
    assert terminal.json("score", "empty.md")["score"] == 0


def test_what_is_ignored_changes_no_score(planned: Terminal):
    before = planned.json("score")["score"]
    planned.write("stellwerk2.toml", '[validation]\nignore = ["SW"]\n')
    assert planned.json("score")["score"] == before


def test_a_score_is_kept_and_told_by_list_and_show(planned: Terminal):
    value = planned.json("score")["score"]
    assert kept(planned)[-1] == (1, value)
    assert f"quality {grade(value)}  Launch a SaaS product" in planned("list").out
    assert f"2 switches · quality {grade(value)}\n" in planned("show").out
    told = {"score": value, "revision": 1}
    assert planned.json("list")["goals"][0]["quality"] == told
    assert planned.json("show")["quality"] == told
    assert planned.json("map")["quality"] == told


def test_a_score_of_an_older_plan_says_so(planned: Terminal):
    value = planned.json("score")["score"]
    planned("start", "r1.1.1")
    assert f"quality ~{grade(value)}" in planned("list").out
    assert f"quality {grade(value)} (revision 1)" in planned("show").out
    assert planned.json("show")["quality"] == {"score": value, "revision": 1}


def test_a_goal_that_was_never_scored_tells_none(planned: Terminal):
    with closing(sqlite3.connect(planned.database)) as connection, connection:
        connection.execute("DELETE FROM quality_scores")
    assert planned("list").out.endswith("planned      Launch a SaaS product\n")
    assert "quality" not in planned("show").out
    assert planned.json("list")["goals"][0]["quality"] is None
    assert planned.json("show")["quality"] is None


def test_an_import_is_scored_at_its_revision(terminal: Terminal):
    terminal.write("juggle.md", PLAN)
    terminal("import", "juggle.md")
    value = terminal.json("score", "juggle.md")["score"]
    assert kept(terminal) == [(1, value)]
    terminal.write("juggle.md", PLAN.replace("Do research", "Buy three red balls at Ada's"))
    terminal("import", "juggle.md", "--replace")
    assert [revision for revision, _ in kept(terminal)] == [1, 2]
    assert kept(terminal)[1][1] > value


def test_a_list_fits_eighty_columns_whatever_the_goals_are_called(terminal: Terminal):
    for title in (
        "Learn to juggle",
        "A goal with a title that goes on and on " * 4,
        "三" * 60,
    ):
        terminal("plan", title, "-q")
        terminal("score", "-g", terminal.json("list")["goals"][-1]["slug"])
    terminal("start", "r1.1.1", "-g", terminal.json("list")["goals"][1]["slug"])
    told = terminal("list").out
    from rich.cells import cell_len

    assert max(cell_len(line) for line in told.splitlines()) <= 80
    assert told.count("quality") == 3
    assert told.count("quality ~") == 1


def test_a_database_that_can_only_be_read_is_scored_all_the_same(planned: Terminal):
    planned("start", "r1.1.1")
    planned.database.chmod(0o400)
    planned.database.parent.chmod(0o500)
    try:
        assert "Quality" in planned("score").out
    finally:
        planned.database.parent.chmod(0o700)


def test_the_goal_is_named_like_everywhere(planned: Terminal):
    assert planned.json("score", "launch")["goal"] == GOAL
    assert planned("score", "nope", code=6).out == ""


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (1.0, "1.00"),
        (0.9963, "0.99"),
        (0.7, "0.70"),
        (0.6999, "0.69"),
        (0.29, "0.29"),
        (0, "0.00"),
    ],
)
def test_a_score_is_never_shown_better_than_it_is(score: float, shown: str):
    assert grade(score) == shown
