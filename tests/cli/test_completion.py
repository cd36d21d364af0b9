"""Completion of verbs, refs, slugs and settings, as the shell asks for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stellwerk.cli.main import TABLE
from tests.cli.terminal import GOAL, Program, Terminal

Complete = Callable[..., list[str]]


@pytest.fixture
def completed(program: Program) -> Complete:
    """Return a function that completes the last word of a line."""

    def complete(line: str, **environ: str) -> list[str]:
        words = line.split(" ")
        answer = program(
            _STELLWERK_COMPLETE="complete_bash",
            COMP_WORDS=line,
            COMP_CWORD=str(len(words) - 1),
            **environ,
        )
        assert answer.err == ""
        return answer.out.split()

    return complete


def test_verbs_are_completed_from_the_table(completed: Complete):
    assert completed("stellwerk ") == [verb.name for verb in TABLE]
    assert completed("stellwerk un") == ["unlink", "undo"]


def test_refs_are_completed_from_the_goal_that_is_meant(
    planned: Terminal, completed: Complete
):
    assert completed("stellwerk show r1.2") == ["r1.2", "r1.2.1"]
    assert completed("stellwerk choose d1.") == ["d1.a", "d1.b"]
    planned("--db", "other.db", "plan", "Learn to juggle", "-q")
    planned("--db", "other.db", "undo")
    planned("--db", "other.db", "add", "route", "Throw")
    assert completed("stellwerk --db other.db show r") == ["r9"]
    assert completed("stellwerk show --db other.db r") == ["r9"]


def test_refs_follow_the_named_goal(planned: Terminal, completed: Complete):
    planned("plan", "Learn to juggle", "-q")
    planned("undo")
    assert completed("stellwerk start r") == []
    assert "r1.1.1" in completed(f"stellwerk -g {GOAL} start r")
    assert "r1.1.1" in completed("stellwerk start r", STELLWERK_GOAL=GOAL)


def test_slugs_are_completed_for_verbs_and_the_option(completed: Complete):
    assert completed("stellwerk use la") == [GOAL]
    assert completed("stellwerk -g la") == [GOAL]
    assert completed("stellwerk show --goal l") == [GOAL]


def test_options_verbs_below_verbs_and_keys_are_completed(completed: Complete):
    assert {"--title", "--json", "--goal"} <= set(completed("stellwerk edit r1 --"))
    assert completed("stellwerk add p") == ["package", "person"]
    assert completed("stellwerk config set planning.si") == ["planning.size"]
    assert completed("stellwerk edit r1 --kind ") == ["trunk", "branch"]


def test_what_cannot_be_completed_completes_nothing(planned: Terminal, program: Program):
    environ = {"_STELLWERK_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    assert program(COMP_WORDS="stellwerk nope x", **environ).out.strip() == ""
    planned.database.write_bytes(b"broken" * 1000)
    answer = program(COMP_WORDS="stellwerk show r", **environ)
    assert (answer.out.strip(), answer.err) == ("", "")
    planned.write("stellwerk2.toml", "[broken")
    answer = program(COMP_WORDS="stellwerk use l", **environ)
    assert (answer.out.strip(), answer.err) == ("", "")


BASH = """
eval "$({program} completion bash)"
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
complete -p stellwerk
_stellwerk_completion {program}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_script_works_in_a_real_bash(program: Program):
    program.command = (str(Path(sys.executable).parent / "stellwerk"),)
    script = BASH.format(program=program.command[0], words="stellwerk show r1.2")
    answer = program.shell(script)
    assert answer.err == ""
    lines = answer.out.splitlines()
    assert lines[0].startswith("complete -o default -F _stellwerk_completion")
    assert lines[1:] == ["r1.2", "r1.2.1"]


@pytest.mark.parametrize(
    ("shell", "environ"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "stellwerk show r1.2"}),
        (
            "fish",
            {
                "_TYPER_COMPLETE_ARGS": "stellwerk show r1.2",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            },
        ),
    ],
)
def test_zsh_and_fish_get_the_titles_too(
    planned: Terminal, program: Program, shell: str, environ: dict[str, str]
):
    answer = program(_STELLWERK_COMPLETE=f"complete_{shell}", **environ)
    assert "Know what is already paid for" in answer.out
    planned("rename", "r1.2", '[/] Know:\\$(touch pwned) it\'s `z` "\\$(touch pwned)"')
    hostile = program(_STELLWERK_COMPLETE=f"complete_{shell}", **environ)
    assert "it’s" in hostile.out
    assert "r1.2.1" in hostile.out
    for evaluated in "\\$`[":
        assert hostile.out.count(evaluated) == answer.out.count(evaluated)
    assert (answer.err, hostile.err) == ("", "")


def test_refs_of_a_large_plan_are_completed_level_by_level(
    planned: Terminal, completed: Complete
):
    tasks = [f"add task r{route} Task" for route in range(1, 9) for _ in range(25)]
    planned("batch", "-", stdin="\n".join([*tasks, "add package r3.20 Package"]))
    assert completed("stellwerk show r") == [f"r{number}" for number in range(1, 9)]
    assert completed("stellwerk show r3.20") == ["r3.20", "r3.20.1"]
    assert "r3.20" in completed("stellwerk show r3.")
