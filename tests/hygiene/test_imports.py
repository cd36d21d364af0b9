"""What a verb imports, seen in a process of its own: the keystroke pays for nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminal import clean_environment

HEAVY = frozenset(
    [
        "sqlmodel",
        "sqlalchemy",
        "alembic",
        "textual",
        "httpx",
        "jinja2",
        "networkx",
        "openai",
        "anthropic",
        "litellm",
    ]
)
PLANNING = frozenset(["sqlmodel", "sqlalchemy", "alembic", "textual", "networkx", "httpx"])
HOT = (
    "--help",
    "--version",
    "next",
    "list",
    "show",
    "show r1.1.1",
    "map",
    "start r1.1.1",
    "done r1.1.1",
    "reopen r1.1.1",
    "divert r1.1.1",
    "wait r1.1.1 --for Tom",
    "choose d1 a",
    "undo",
    "redo",
    "nope",
)
WATCHED = sorted(
    HEAVY | {"pydantic", "rich", "markdown_it", "asyncio", "structlog", "diskcache"}
)
CODE = f"""
import atexit, json, sys

def tell():
    loaded = [name for name in {WATCHED!r} if name in sys.modules]
    verbs = [name for name in sys.modules if name.startswith("stellwerk.cli.commands.")]
    sys.__stderr__.write("\\n" + json.dumps([loaded, verbs]) + "\\n")

atexit.register(tell)
sys.argv[0] = "stellwerk"
from stellwerk.__main__ import main
main()
"""


def imported(home: Path, *args: str, **environ: str) -> tuple[set[str], set[str]]:
    """Return what a call imports: the watched packages, and modules of verbs."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *args],
        env=clean_environment(home, **environ),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 2, 6), done.stderr
    packages, verbs = json.loads(done.stderr.splitlines()[-1])
    return set(packages), {name.rpartition(".")[2] for name in verbs}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with one planned goal."""
    folder = tmp_path_factory.mktemp("home")
    packages, _ = imported(folder, "plan", "Launch a SaaS product", "-q")
    assert not packages & PLANNING
    return folder


@pytest.mark.parametrize("call", HOT)
def test_what_is_typed_often_imports_nothing_heavy(home: Path, call: str):
    packages, verbs = imported(home, *call.split())
    assert not packages & HEAVY
    assert not packages & {"markdown_it", "asyncio", "structlog", "diskcache"}
    assert len(verbs) <= 1


def test_help_and_version_import_no_verb_and_no_pydantic(home: Path):
    packages, verbs = imported(home, "--help")
    assert (packages, verbs) == (set(), set())
    _, verbs = imported(home, "--version")
    assert verbs == set()


@pytest.mark.parametrize(
    ("words", "position", "most"),
    [("stellwerk ", 1, 0), ("stellwerk show r1", 2, 1), ("stellwerk use l", 2, 1)],
)
def test_completion_imports_nothing_heavy(home: Path, words: str, position: int, most: int):
    environ = {
        "_STELLWERK_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(position),
    }
    packages, verbs = imported(home, **environ)
    assert not packages & (HEAVY | {"rich", "markdown_it", "asyncio"})
    assert len(verbs) <= most


def test_planning_imports_no_table_mapper_and_no_graph_library(home: Path):
    packages, _ = imported(home, "plan", "Learn to juggle", "--dry-run", "-q")
    assert not packages & PLANNING


def test_the_next_step_is_said_without_pydantic(home: Path):
    packages, _ = imported(home, "next")
    assert "pydantic" not in packages
