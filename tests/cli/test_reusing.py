"""Earlier goals on the command line: said, copied, and told to models; nothing unasked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.similar_goals import main as measure
from tests.cli.terminal import Terminal
from tests.wire.asking import GOAL, Planner
from tests.wire.planning_server import PlanningServer
from tests.wire.serving import served

SLUG = "learn-spanish"


@pytest.fixture
def learned(terminal: Terminal) -> Terminal:
    """Return the terminal of somebody who has planned to learn Spanish, and begun."""
    terminal("plan", "Learn Spanish", "--people", "Mira", "-q")
    terminal("done", "r1.1.1", "--hours", "9", "-q")
    return terminal


@pytest.fixture
def planner(tmp_path: Path) -> Iterator[Planner]:
    """Return somebody who asks a planning server."""
    with served() as server:
        yield Planner(tmp_path / "planner", server)


def bodies(server: PlanningServer) -> str:
    """Return all that a server was sent."""
    return json.dumps([str(each) for each in server.bodies])


def test_a_like_goal_is_said_with_how_to_reuse_it(learned: Terminal):
    said = learned("plan", "Study Spanish", "--dry-run").err
    assert re.search(rf"^Like an earlier goal: {SLUG} \(0\.\d\d\)\. Reuse its plan: --reuse {SLUG}$", said, re.MULTILINE)  # fmt: skip
    near = learned("plan", "Learn Spanish to B1", "--dry-run").err
    assert "Near an earlier goal: learn-spanish" in near
    assert "but the numbers differ: b1, not none." in near


def test_nothing_is_said_of_far_goals_in_json_or_when_told_never(learned: Terminal):
    assert "earlier" not in learned("plan", "Renovate the kitchen", "--dry-run").err
    assert "earlier" not in learned("plan", "Learn Spanish", "--dry-run", "--json").err
    never = learned("plan", "Learn Spanish", "--dry-run", "--reuse", "never").err
    assert "earlier" not in never


def test_a_plan_is_copied_with_nothing_done(learned: Terminal):
    answer = learned("plan", "Study Spanish", "--reuse", SLUG, "--json")
    data = answer.data
    assert data["goal"]["slug"] == "study-spanish"
    assert data["goal"]["source"]["kind"] == "playbook"
    assert data["people"] == []
    assert data["progress"]["done"] == 0
    assert f"taken over from the goal “Learn Spanish” ({SLUG})" in data["goal"]["description"]
    assert "Planning" not in answer.err
    assert f"took over the plan of {SLUG}" in learned("log").out
    assert "study-spanish" in learned("show").out
    notes = learned("show", "r1.1.1").out
    assert "Spanish" in notes


def test_what_differs_is_said_of_a_copy_that_was_asked_for(learned: Terminal):
    said = learned("plan", "Learn Swedish", "--reuse", SLUG).err
    assert "Mind that it says swedish, not spanish." in said


def test_a_dry_copy_stores_nothing(learned: Terminal):
    before = learned.dump()
    out = learned("plan", "Study Spanish", "--reuse", SLUG, "--dry-run").out
    assert "Dry run: nothing was stored." in out
    assert learned.dump() == before


def test_a_dry_run_keeps_no_vectors_and_makes_no_database(terminal: Terminal):
    terminal("plan", "Learn Spanish", "--dry-run")
    assert not terminal.database.exists()
    terminal("plan", "Learn Spanish", "-q")
    terminal("plan", "Study Spanish", "--dry-run")
    assert terminal.rows("SELECT * FROM embeddings") == []
    terminal("plan", "Study Spanish")
    rows = terminal.rows("SELECT embedder, dimension, length(vector) FROM embeddings")
    assert rows == [("builtin-1", 256, 1024)]


def test_without_a_terminal_nobody_is_asked(learned: Terminal):
    assert "Planning" in learned("plan", "Study Spanish", "--reuse", "ask", "--dry-run").err


def test_an_unknown_goal_and_a_contradiction_are_errors(learned: Terminal):
    assert "There is no goal nope." in learned("plan", "X", "--reuse", "nope", code=6).err
    both = learned("plan", "X", "--reuse", SLUG, "--fresh", code=2).err
    assert "--fresh plans anew" in both


def test_the_built_in_vectors_never_reuse_by_themselves(learned: Terminal):
    learned.environ["STELLWERK_PLANNING_ENABLE_SEMANTIC_CACHING"] = "true"
    learned.environ["STELLWERK_PLANNING_CACHE_SIMILARITY_THRESHOLD"] = "0"
    assert "Planning" in learned("plan", "Learn Spanish", "--dry-run").err


def test_an_embedder_that_is_not_there_is_said_once_and_stood_in_for(learned: Terminal):
    learned.environ["STELLWERK_AI_EMBEDDER"] = "nobodys"
    said = learned("plan", "Study Spanish", "--dry-run").err
    assert said.count("Earlier goals are compared by the built-in vectors") == 1
    assert f"Like an earlier goal: {SLUG}" in said


def test_models_are_told_the_background_and_verbosity_says_which(planner: Planner):
    (planner.terminal.folder / "rules.md").write_text("Practise before supper.")
    (planner.terminal.folder / "stellwerk2.toml").write_text(
        '[context]\nstandards = ["rules.md"]\n'
    )
    answer = planner("plan", GOAL, "-v")
    assert "Told besides the goal: standards: rules.md" in answer.err
    sent = bodies(planner.server)
    assert "Practise before supper." in sent
    shown = planner("plan", GOAL, "--show-prompt").out
    assert "Practise before supper." in shown


def test_a_run_that_goes_on_asks_what_it_asked(planner: Planner):
    """Though the file of standards has changed since, and history has begun."""
    rules = planner.terminal.folder / "rules.md"
    rules.write_text("Practise before supper.")
    settings = {"STELLWERK_CONTEXT_STANDARDS": str(rules)}
    planner("plan", GOAL, "--max-calls", "5", "-q", code=7, **settings)
    rules.write_text("Practise after supper.")
    since = len(planner.server.bodies)
    planner("resume", "--max-calls", "99", "-q", **settings)
    later = json.dumps([str(each) for each in planner.server.bodies[since:]])
    assert "before supper" in later
    assert "after supper" not in later


def test_without_history_no_earlier_goal_leaves_the_machine(planner: Planner):
    planner.terminal(
        "plan", "Feed the walrus of Aunt Petunia", "--provider", "playbooks", "-q"
    )
    planner.terminal("done", "r1.1.1", "--hours", "3", "-q")
    planner("plan", GOAL, "-q", STELLWERK_CONTEXT_HISTORY="false")
    assert "walrus" not in bodies(planner.server)
    answer = planner("plan", "Feed the walrus", "-v")
    assert "history" in answer.err
    assert "1 with logged hours" in bodies(planner.server)


def test_standards_that_cannot_be_read_stop_a_run_before_it_costs(planner: Planner):
    settings = {"STELLWERK_CONTEXT_STANDARDS": "missing.md"}
    answer, asked = planner.asks("plan", GOAL, code=2, **settings)
    assert "missing.md cannot be read" in answer.err
    assert asked == 0


def test_the_search_is_measured(capsys: pytest.CaptureFixture[str]):
    """The benchmark prints a row for each number of goals."""
    assert measure(["--sizes", "20,30", "--rounds", "1"]) == 0
    assert [line.split("|")[1].strip() for line in capsys.readouterr().out.splitlines()] == [
        "goals",
        "--:",
        "20",
        "30",
    ]


PLUGIN = """
class Near:
    id, dimension = "near-1", 2

    def __init__(self, options):
        pass

    def embed(self, texts):
        return [[1.0, 0.001 * len(text)] for text in texts]
"""


@pytest.fixture
def near(learned: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return the terminal of somebody with an embedder to which all goals are alike."""
    info = tmp_path / "site" / "near-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: near\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[stellwerk.embedders]\nnear = near_goals:Near\n")
    (info.parent / "near_goals.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(str(info.parent))
    learned.environ["STELLWERK_AI_EMBEDDER"] = "near"
    return learned


def test_an_embedder_reuses_by_itself_only_where_that_is_wanted(near: Terminal):
    assert "Planning" in near("plan", "Study Spanish", "--dry-run").err
    near.environ["STELLWERK_PLANNING_ENABLE_SEMANTIC_CACHING"] = "true"
    answer = near("plan", "Study Spanish", "--dry-run")
    assert f"The plan is that of {SLUG}, with nothing done" in answer.err
    assert "Planning" not in answer.err
    for more in (
        ("--fresh",),
        ("--reuse", "never"),
        ("--reuse", "ask"),
        ("--size", "detailed"),
    ):
        assert "Planning" in near("plan", "Study Spanish", "--dry-run", *more).err


def test_no_similarity_gets_past_a_gate(near: Terminal):
    """Though the vectors of any two goals are nearly the same here."""
    near.environ["STELLWERK_PLANNING_ENABLE_SEMANTIC_CACHING"] = "true"
    for goal in ("Teach Spanish", "Learn Spanish in 9 months", "Learn Spanish\nI know Latin."):
        assert "Planning" in near("plan", goal, "--dry-run").err


def test_what_is_only_shown_is_sent_to_no_embedder(near: Terminal):
    said = near("plan", "Study Spanish", "--show-prompt").err
    assert "As nothing is sent, earlier goals are compared by words here." in said
    assert near.rows("SELECT * FROM embeddings") == []
