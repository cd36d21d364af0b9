"""Backup, restore and repair as people type them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import GOAL, Terminal


def damaged(path: Path, table: str) -> None:
    """Destroy the first page of a table."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = connection.execute(query, (table,)).fetchone()[0]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))


def test_a_backup_says_what_is_in_it(planned: Terminal):
    planned("plan", "Learn to juggle", "-q")
    planned("delete", "learn-to-juggle", "--yes")
    said = planned("backup", "goals.db").out
    assert said.startswith("Backed up 2 goals, 1 of them deleted, 3 revisions to goals.db (")
    data = planned("backup", "goals.db", "--overwrite", "--json").data
    assert (data["goals"], data["deleted"], data["revisions"]) == (2, 1, 3)
    assert data["file"] == str(planned.folder / "goals.db")
    assert data["bytes"] == (planned.folder / "goals.db").stat().st_size


def test_a_backup_can_be_listed_and_taken_as_the_database(planned: Terminal):
    planned("backup", "goals.db")
    planned("start", "r1.1.1")
    assert "planned" in planned("--db", "goals.db", "list").out
    assert GOAL in planned("--db", "goals.db", "start", "r1.1.1", "--json").data["goal"]


@pytest.mark.parametrize(
    ("args", "code", "kind", "says"),
    [
        (("backup", "goals.db"), 5, "conflict", "--overwrite"),
        (("backup", "-"), 2, "usage", "standard output"),
        (("backup", "."), 2, "usage", "is a folder"),
        (("backup", "no/goals.db"), 1, "storage", "No such file or directory"),
        (("--db", "no.db", "backup", "more.db"), 6, "not_found", "nothing to back up"),
        (("restore", "no.db"), 6, "not_found", "is not there"),
        (("restore", "-"), 2, "usage", "standard input"),
        (("restore", "goals.db", "--skip", "--replace"), 2, "usage", "Say one."),
        (("restore", "goals.db", "-g", "no"), 6, "not_found", "There is no goal no"),
        (("restore", "plan.md"), 1, "storage", "is not a database"),
        (("doctor", "--into", "new.db"), 2, "usage", "--into belongs to --repair."),
        (("--db", "no.db", "doctor", "--repair"), 6, "not_found", "nothing to repair"),
    ],
    ids=str,
)
def test_what_is_refused_is_said_in_a_sentence_and_leaves_nothing(
    planned: Terminal, args: tuple[str, ...], code: int, kind: str, says: str
):
    planned("backup", "goals.db")
    planned("export", "-o", "plan.md")
    before = sorted(path.name for path in planned.folder.iterdir())
    error = planned(*args, "--json", "-q", code=code).error
    assert error["code"] == kind
    assert says in f"{error['message']} {error['hint']}"
    assert sorted(path.name for path in planned.folder.iterdir()) == before


def test_a_backup_brings_everything_back(planned: Terminal):
    planned("use", GOAL)
    planned("done", "r1.1.1")
    planned("backup", "goals.db")
    before = planned.dump()
    planned.database.unlink()
    said = planned("restore", "goals.db").out.splitlines()
    assert said[0].split() == ["added", GOAL, "revision", "2"]
    assert said[1].endswith("rows restored, each compared with goals.db.")
    assert planned.dump() == before
    assert "Undid: finished r1.1.1" in planned("undo").out


def test_what_differs_is_named_and_left_alone(planned: Terminal):
    planned("backup", "goals.db")
    planned("start", "r1.1.1")
    before = planned.dump()
    answer = planned("restore", "goals.db", code=5)
    assert answer.out == ""
    assert f"{GOAL} (revision 2 here, 1 in the backup: what is here is ahead by 1)" in (
        answer.err
    )
    tried = planned("restore", "goals.db", "--dry-run").out
    assert tried.startswith("refused")
    assert tried.endswith("Nothing would be changed: say --replace or --skip.\n")
    assert planned("restore", "goals.db", "--skip").out.startswith("skipped")
    assert planned.dump() == before


def test_replacing_says_where_that_is_which_was_here(planned: Terminal):
    planned("backup", "goals.db")
    planned("start", "r1.1.1")
    tried = planned.json("restore", "goals.db", "--replace", "--dry-run")
    assert (tried["dry_run"], tried["saved"], tried["rows"]) == (True, None, 0)
    saved = planned.database.with_name("stellwerk.db.before-restore")
    said = planned("restore", "goals.db", "--replace").out
    assert said.endswith(f"What was here before is in {saved}.\n")
    assert planned.json("show", "r1.1.1")["item"]["status"] == "todo"
    planned("restore", str(saved), "--replace")
    assert planned.json("show", "r1.1.1")["item"]["status"] == "doing"


def test_a_restore_tells_every_goal_in_json(planned: Terminal):
    planned("plan", "Learn to juggle", "-q")
    planned("backup", "goals.db")
    planned("start", f"{GOAL}:r1.1.1")
    data = planned.json("restore", "goals.db", "--dry-run")
    goals = {goal["slug"]: goal for goal in data["goals"]}
    assert goals[GOAL]["deed"] == "refused"
    assert (goals[GOAL]["revision"], goals[GOAL]["revision_here"]) == (1, 2)
    assert goals[GOAL]["relation"] == "ahead"
    assert goals["learn-to-juggle"]["deed"] == "same"
    only = planned.json("restore", "goals.db", "-g", "learn")
    assert [goal["slug"] for goal in only["goals"]] == ["learn-to-juggle"]


def test_a_goal_that_finds_its_slug_taken_is_told(planned: Terminal, terminal: Terminal):
    planned("backup", "goals.db")
    planned("--db", "other.db", "plan", "Launch a SaaS product", "-q")
    said = planned("--db", "other.db", "restore", "goals.db").out
    assert f"{GOAL}-2  revision 1; {GOAL} is another goal here" in said
    assert len(planned("--db", "other.db", "list").out.splitlines()) == 2


def test_an_empty_database_can_be_backed_up_and_restored(terminal: Terminal):
    terminal("list")
    assert "Backed up 0 goals, 0 revisions" in terminal("backup", "goals.db").out
    assert terminal("restore", "goals.db").out == "There is no goal in goals.db.\n"


def test_the_doctor_points_to_the_repair(planned: Terminal):
    damaged(planned.database, "work_packages")
    answer = planned("doctor", code=1)
    line = next(line for line in answer.out.splitlines() if " database " in line)
    assert line.startswith(f"bad   database   {planned.database} is damaged: ")
    assert f"`stellwerk --db {planned.database} doctor --repair` saves" in answer.out
    assert "provider   `stellwerk plan` asks playbooks" in answer.out


def test_the_doctor_sees_what_nobody_wrote(planned: Terminal):
    with closing(sqlite3.connect(planned.database)) as connection, connection:
        connection.execute("UPDATE routes SET kind = 'x'")
    answer = planned("doctor", code=1)
    assert "is damaged: it holds what nobody wrote" in answer.out
    assert f"`stellwerk --db {planned.database} doctor --repair` saves" in answer.out


def test_a_repair_that_loses_nothing_ends_well(planned: Terminal):
    planned("start", "r1.1.1")
    damaged(planned.database, "goals")
    raw = planned.database.read_bytes()
    answer = planned("doctor", "--repair")
    new = planned.database.with_name("stellwerk.db.repaired")
    assert f"Saved 1 of 1 goal whole into {new}; {planned.database} is as it was." in (
        answer.out
    )
    assert f"rebuilt  {GOAL}  revision 2: nothing is lost; made again" in answer.out
    assert answer.out.endswith("The new file is sound, and every goal in it can be read.\n")
    assert planned.database.read_bytes() == raw
    steps = [line.strip() for line in answer.err.splitlines() if line.startswith("  mv ")]
    assert steps == [
        f"mv {planned.database} {planned.database}.damaged",
        f"mv {new} {planned.database}",
    ]
    for step in steps:
        source, target = step.split()[1:]
        Path(source).rename(target)
    assert planned.json("show", "r1.1.1")["item"]["status"] == "doing"
    assert planned("doctor").code == 0


def test_a_repair_that_loses_something_says_what(planned: Terminal):
    planned("start", "r1.1.1")
    damaged(planned.database, "journal")
    answer = planned("doctor", "--repair", "--into", "new.db", code=1)
    assert f"kept     {GOAL}  revision 2: every item of its plan is there" in answer.out
    assert "no journal can vouch for them" in answer.out
    assert "  - its journal lacks revisions 1-2\n" in answer.out
    shown = planned("--db", "new.db", "show", "r1.1.1", "--json").data
    assert shown["item"]["status"] == "doing"


def test_a_repair_tells_everything_in_json(planned: Terminal):
    planned("done", "r1.1.1")
    damaged(planned.database, "ref_counters")
    data = planned("doctor", "--repair", "--json", "-q", code=1).data
    (goal,) = data["goals"]
    assert data["file"] == f"{planned.database}.repaired"
    assert data["damage"]
    assert not data["complete"]
    assert (goal["slug"], goal["state"], goal["checked"]) == (GOAL, "kept", True)
    (loss,) = goal["losses"]
    assert loss["table"] == "ref_counters"
    assert loss["rows"] == len(loss["names"]) > 8
    assert json.dumps(data)


def test_a_repair_shows_only_the_first_names_of_what_is_lost(planned: Terminal):
    damaged(planned.database, "ref_counters")
    line = next(
        line
        for line in planned("doctor", "--repair", code=1).out.splitlines()
        if "ref_counters" in line
    )
    assert line.count(";") == 5
    assert line.endswith("; ...")


def test_a_file_that_is_no_database_at_all_is_said_plainly(planned: Terminal):
    path = planned.write("diary.db", "Dear diary, " * 2000)
    answer = planned("--db", str(path), "doctor", "--repair", code=1)
    assert f"Nothing of {path} can be read" in answer.err
    assert "There is no backup beside it" in answer.err
    assert [each.name for each in planned.folder.iterdir()] == ["diary.db"]


def test_a_log_moves_away_with_its_database(planned: Terminal, tmp_path: Path):
    from stellwerk.cli.present.copies import steps_after

    database = tmp_path / "my plans.db"
    database.with_name("my plans.db-wal").touch()
    said = steps_after(tmp_path / "new.db", database)
    assert f"mv '{database}-wal' '{database}.damaged-wal'" in said
    assert said.endswith(f"mv {tmp_path / 'new.db'} '{database}'")


@pytest.mark.parametrize(
    ("numbers", "told"),
    [((), ""), ((3,), "3"), ((1, 2, 3), "1-3"), ((1, 3, 4, 9), "1, 3-4, 9")],
)
def test_neighbours_are_told_as_ranges(numbers: tuple[int, ...], told: str):
    from stellwerk.cli.present.copies import ranges

    assert ranges(numbers) == told


@pytest.mark.parametrize(
    ("size", "told"), [(0, "1 KB"), (2048, "2 KB"), (3 * 2**20 // 2, "1.5 MB")]
)
def test_sizes_are_told_as_people_say_them(size: int, told: str):
    from stellwerk.cli.present.copies import counted, sized

    assert sized(size) == told
    assert (counted(1, "row"), counted(2000, "row")) == ("1 row", "2,000 rows")
