"""The store withstands a short fire, and the fire finds what it is there to find."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from stellwerk import faults as points
from stellwerk.domain.edits.fields import Rename
from tests.fire import checks
from tests.fire.__main__ import TRIALS, circumstances, placed
from tests.fire.cases import CASES, Case, nothing, plan
from tests.fire.checks import Told
from tests.fire.concurrency import conflict
from tests.fire.faults import Bench, coverage
from tests.fire.goals import opened, planned
from tests.fire.kills import Watch
from tests.fire.table import Row, table

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no settings of the developer count."""
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return a database with a plan and three edits of Ada's."""
    path = tmp_path / "plans.db"
    (goal,) = planned(path)
    work = opened(path, "ada")
    base = work.store.load(goal)
    package = next(iter(base.plan.packages)).uid
    for number in range(3):
        base = work.dispatcher.make(base, Rename(package, f"Title {number}")).after
    work.store.close()
    return path


def told_of(path: Path) -> list[Told]:
    """Return what Ada was told."""
    work = opened(path, "ada")
    base = work.dispatcher.open()
    goal = base.plan.goal.uid
    lines = work.store.lines(goal, after=1)
    work.store.close()
    return [Told(goal, line.revision, line.author, line.says) for line in lines]


def found_in(path: Path, told: list[Told]) -> list[str]:
    """Return what is wrong with a database."""
    work = opened(path, "judge")
    goal = told[0].goal
    problems = [*checks.journaled(work.store, goal, told), *checks.replayed(work, goal)]
    work.store.close()
    return problems


def tampered(path: Path, *statements: str) -> None:
    """Change a database behind the program's back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_the_store_withstands_a_short_fire(tmp_path: Path):
    """Every trial of the command is whole, and the figures are not those of an empty run."""
    figures = tmp_path / "figures.json"
    command = (sys.executable, "-m", "tests.fire", "--short", "--json", str(figures))
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(figures.read_text())
    assert all(row["whole"] for row in rows)
    assert all(row["trial"] in done.stdout for row in rows)
    numbers = {row["trial"]: row["figures"] for row in rows}
    assert numbers["concurrency"]["edits acknowledged"] > 50
    assert numbers["kills, library"]["edits acknowledged"] > 0
    assert numbers["fault points"]["reached"] == len(points.POINTS)
    assert numbers["undo depth"]["edits undone and redone"] == 300


def test_a_sound_database_has_nothing_wrong_with_it(database: Path):
    assert found_in(database, told_of(database)) == []
    assert list(checks.intact(database)) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM journal WHERE revision = 4", "revision 4 is lost: ada: renamed"),
        ("DELETE FROM journal WHERE revision = 3", "the revisions are not 1 to 3"),
        ("UPDATE journal SET author = 'eve' WHERE revision = 4", "is eve's, not ada's"),
        ("UPDATE journal SET says = 'x' WHERE revision = 4", "revision 4 says 'x', not"),
        ("UPDATE goals SET revision = 9", "the goal is at revision 9, its journal has 4"),
        ("DELETE FROM journal WHERE revision = 1", "the journal cannot be replayed"),
        ("UPDATE routes SET title = 'x'", "the plan is not what its journal makes"),
        ("UPDATE notes SET text = text || 'x'", "the notes are not those of the journal"),
    ],
)
def test_what_was_tampered_with_is_found(database: Path, statement: str, problem: str):
    told = told_of(database)
    tampered(database, statement)
    assert any(problem in each for each in found_in(database, told))


def test_what_nobody_was_told_of_is_found(database: Path):
    told = told_of(database)
    assert found_in(database, told[:2]) == ["1 edits are there that nobody was told of: [4]"]
    assert found_in(database, [*told, told[0]]) == ["revision 2 was acknowledged 2 times"]


def test_what_was_written_over_unseen_is_found(database: Path):
    seen, over = told_of(database)[1:]
    assert found_in(database, [*told_of(database)[:1], replace(seen, base=2), over]) == []
    assert found_in(database, [*told_of(database)[:2], replace(over, base=2)]) == [
        "revision 4 wrote over 3, which it had not seen"
    ]


def test_a_lost_edit_is_found_after_a_kill(database: Path):
    told = told_of(database)
    watch = Watch(database, told[0].goal)
    watch.look(told)
    assert watch.problems == []
    watch.look([told[0]])
    watch.look([Told(told[0].goal, 9, "ada", "x")])
    assert watch.problems == [
        f"after kill 2: {told[0]} is lost",
        f"after kill 3: {Told(told[0].goal, 9, 'ada', 'x')} is lost",
    ]


def leaky(folder: Path) -> None:
    """Put a file there that is in the way of an export."""
    plan(folder)
    (folder / "plan").write_text("x")


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        (Case("a reader", plan, ("list",)), "it changes nothing"),
        (Case("a failure", leaky, ("export", "--into", "plan"), "plan"), "it ends with 1"),
    ],
)
def test_a_command_that_proves_nothing_is_found(tmp_path: Path, case: Case, problem: str):
    assert any(problem in each for each in Bench(case, tmp_path).problems)


def test_a_folder_that_is_half_new_is_found(tmp_path: Path):
    """An export that is allowed to be mixed is broken for a case that is not."""
    mixed = next(case for case in CASES if case.mixed)
    strict = Case(mixed.name, mixed.prepare, mixed.words, "plan", mixed.again, mixed.where)
    assert list(Bench(mixed, tmp_path / "mixed").die("file.renamed", 2)) == []
    problems = list(Bench(strict, tmp_path / "strict").die("file.renamed", 2))
    assert problems == ["it is neither old nor new"]


def test_a_point_that_nobody_reaches_is_found():
    reached = dict.fromkeys(points.POINTS, 1)
    assert coverage(reached).whole
    del reached["store.written"]
    assert coverage(reached).problems == ["no command of the trial reaches store.written"]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Revision 7 is in the way (renamed r1 A to B); Ada changed it.", "field"),
        ("The ref r1.1.4 was given to something else meanwhile.", "birth"),
        ("... no longer fits: The ref r1.1.4 stands 2 times.", "birth"),
        ("... no longer fits: These need each other in a circle: a -> b.", "circle"),
        ("Nobody knows why.", "other"),
    ],
)
def test_conflicts_are_told_apart(message: str, kind: str):
    assert conflict(message) == kind


def test_the_table_tells_figures_verdicts_and_what_is_wrong():
    rows = [Row("a", {"writers": 8, "ms a read": 1.5}), Row("b", {}, ["r1 is lost"] * 10, 2.0)]
    assert table(rows).splitlines()[2:8] == [
        "| a | 8 writers, 1.5 ms a read | 0 | whole | 0.0 |",
        "| b |  | 10 | BROKEN | 2.0 |",
        "",
        "b:",
        "- r1 is lost",
        "- r1 is lost",
    ]
    assert table(rows).endswith("- and 2 more")


def test_the_table_goes_between_the_comments_of_a_page():
    page = "# Safe\n\n<!-- fire -->\nold\n<!-- end -->\n\nMore.\n"
    expected = "# Safe\n\n<!-- fire -->\nnew\n<!-- end -->\n\nMore.\n"
    assert placed(page, "new") == expected
    assert "SQLite 3." in circumstances()


@pytest.mark.parametrize("arguments", [["--only", "nonsense"], ["--kills", "many"]])
def test_a_trial_that_does_not_exist_is_refused(arguments: list[str]):
    command = (sys.executable, "-m", "tests.fire", *arguments)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "error: argument" in done.stderr


def test_every_trial_can_be_asked_for():
    assert list(TRIALS) == ["concurrency", "kills", "faults", "undo"]
    assert nothing not in TRIALS.values()
