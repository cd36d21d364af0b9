"""What people install: the wheel, run outside the checkout, and every command of the README."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.cli.terminal import Program, Terminal
from tests.cli.wheel import CHECKOUT, Installed, installed, readme_commands


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return Stellwerk installed from its wheel."""
    folder = tmp_path_factory.getbasetemp()
    shared = "PYTEST_XDIST_WORKER" in os.environ
    return installed(folder.parent if shared else folder)


@pytest.fixture
def elsewhere(terminal: Terminal, wheel: Installed) -> Program:
    """Return the installed program for a newcomer, outside the checkout."""
    assert not terminal.folder.is_relative_to(CHECKOUT)
    terminal.environ["PATH"] = f"{wheel.bin}{os.pathsep}{terminal.environ['PATH']}"
    program = Program(terminal)
    program.command = (str(wheel.bin / "stellwerk"),)
    return program


def test_prompts_playbooks_and_marker_travel_in_the_wheel(wheel: Installed):
    names = set(wheel.names)
    for folder, inside in (
        ("prompts", "stellwerk/prompts"),
        ("plugins/stellwerk_playbooks/playbooks", "stellwerk_playbooks/playbooks"),
    ):
        files = [path.name for path in (CHECKOUT / folder).glob("*.md")]
        assert files
        assert {f"{inside}/{name}" for name in files} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "plugins/"))]
    assert any(name.endswith("0001_the_first_schema.py") for name in names)


def test_the_first_plan_comes_from_the_installed_package(elsewhere: Program, wheel: Installed):
    answer = elsewhere("plan", "Launch a SaaS product")
    assert answer.err == "Planning with playbooks ...\n"
    assert "from the playbook launch-a-software-product" in answer.out
    assert "general" in elsewhere("playbooks", "list").out
    script = (
        "import stellwerk, stellwerk_playbooks, sys;"
        "from stellwerk.planning.prompts import prompt;"
        "from stellwerk.planning.wish import Wish;"
        "print(stellwerk.__file__, stellwerk_playbooks.__file__);"
        "print(prompt('decompose').render({'wish': Wish('Fly to the moon')}))"
    )
    elsewhere.command = (str(wheel.bin / "python"),)
    out = elsewhere("-c", script).out
    home = str(wheel.bin.parent)
    assert all(path.startswith(home) for path in out.split("\n")[0].split())
    assert "Fly to the moon" in out


def test_the_readme_shows_commands():
    assert len(readme_commands()) >= 3


def test_every_command_of_the_readme_works_in_order(elsewhere: Program, wheel: Installed):
    for command in readme_commands():
        answer = elsewhere.shell(f"unset -f stellwerk\n{command} </dev/null")
        assert answer.code == 0, f"$ {command}\n{answer.out}{answer.err}"
        assert "Traceback" not in answer.err


def test_the_commands_of_the_readme_are_all_found(tmp_path: Path):
    from tests.cli.wheel import _commands

    text = (
        "$ stellwerk no\n```sh\n$ stellwerk a\nout\n$ ls\n```\n```\n$ stellwerk b 'c d'\n```\n"
    )
    assert [shlex.split(line) for line in _commands(text)] == [
        ["stellwerk", "a"],
        ["stellwerk", "b", "c d"],
    ]
