"""The real program in a real terminal, from a goal to a database that holds what was done."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which

import pytest

from stellwerk.domain.work import Status
from stellwerk.storage.repository import Repository
from tests.cli.screen import Screen
from tests.cli.terminal import Program, Terminal

Open = Callable[..., Screen]


@pytest.fixture
def on(tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens a terminal for somebody who has planned nothing yet."""
    if which("tmux") is None:
        pytest.skip("tmux is not installed")
    opened: list[Screen] = []

    def opening(columns: int = 100, lines: int = 32, **environ: str) -> Screen:
        home, folder = tmp_path / "home", tmp_path / "work"
        home.mkdir()
        folder.mkdir()
        program = Program(Terminal(home, folder))
        opened.append(Screen(program, columns, lines, **environ))
        return opened[-1]

    yield opening
    for screen in opened:
        screen.close()


def store_of(screen: Screen) -> Repository:
    """Return the store that the program in a terminal wrote to."""
    return Repository(screen.terminal.database)


JOURNEY = (
    ("stellwerk", ["Enter"], "There is no goal yet"),
    ("n", [], "What do you want to reach"),
    ("Launch a SaaS product", ["Enter"], "r1 Find the customer"),
    (" ", [], r"finished r1\.1\.1"),
    ("b", [], "d1 Where does the software run"),
    ("2", [], "set d1 Where does the software run"),
    ("r", [], "Rename"),
    ("", ["C-u"], "enter accepts"),
    ("Prove it", ["Enter"], "r2 Prove it"),
    ("u", [], "undid"),
    ("g", [], "Choose a group and listen"),
    ("", ["Enter"], r"\[x\] 1 Name"),
    ("", ["Enter"], r"Status +done"),
    (" ", [], r"\[x\]"),
    ("q", [], r"ready>\s*\Z"),
)
"""What is typed, with keys behind it, and what is waited for then."""


def test_a_goal_is_planned_decided_worked_on_and_left(on: Open):
    screen = on()
    for text, keys, shown in JOURNEY:
        screen.type(text, *keys)
        screen.wait(shown)
    store = store_of(screen)
    goal = store.goals()[0].goal.uid
    plan, notes = store.load(goal).plan, store.notes(goal)
    said = [line.says.split(" ")[0] for line in store.lines(goal)]
    store.close()
    settled = [plan.ref(each.uid) for each in plan.packages if each.status is Status.DONE]
    assert settled == ["r1.1.1"]
    assert plan.switches[0].chosen == plan.switches[0].options[1].uid
    assert plan.routes[1].title == "Prove the demand and cut the scope"
    assert sum(text.count("- [x]") for text in notes.values()) == 1
    assert said[:3] == ["planned", "finished", "set"]
    assert len(said) == 6


@pytest.mark.parametrize("how", ["q", "C-c", "TERM", "HUP"])
def test_the_terminal_is_left_as_it_was(on: Open, how: str):
    screen = on()
    screen.type("stellwerk tui", "Enter")
    screen.wait("There is no goal yet")
    if how in ("q", "C-c"):
        screen.type("", how)
    else:
        found = subprocess.run(
            ["pgrep", "-f", "stellwerk tui"], capture_output=True, text=True, check=False
        )
        for pid in found.stdout.split():
            if str(screen.terminal.home) in _environment(int(pid)):
                os.kill(int(pid), getattr(signal, f"SIG{how}"))
    screen.wait(r"ready>\s*\Z")
    flags = "#{cursor_flag}#{wrap_flag}#{alternate_on}#{mouse_any_flag}"
    assert screen._tmux("display-message", "-p", flags).strip() == "1100"


def _environment(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def test_notes_are_written_in_an_editor_or_it_is_told_why_not(on: Open):
    screen = on(VISUAL="", EDITOR="no-such-editor")
    script = screen.terminal.folder / "edit"
    script.write_text("#!/bin/sh\necho 'Bring cake.' >> \"$1\"\n")
    script.chmod(0o755)
    screen.run('stellwerk plan "Launch a SaaS product" --quiet > /dev/null')
    for editor, shown in (
        ("no-such-editor", "could not be used"),
        (script, "rewrote the notes"),
    ):
        screen.type(f"EDITOR={editor} stellwerk tui launch-a-saas-product", "Enter")
        screen.wait("r1 Find the customer")
        screen.type("E")
        screen.wait(shown)
        screen.type("q")
        screen.wait(r"ready>\s*\Z")
    store = store_of(screen)
    notes = store.notes(store.goals()[0].goal.uid)
    store.close()
    assert sum("Bring cake." in text for text in notes.values()) == 1


def test_who_names_no_goal_of_theirs_is_told(on: Open):
    screen = on()
    assert any(
        "There is no goal nowhere" in line for line in screen.run("stellwerk tui nowhere")
    )
    assert any("needs a terminal" in line for line in screen.run("stellwerk tui | cat"))


def test_a_browser_can_be_the_terminal(tmp_path: Path):
    """As `textual serve` runs it: no terminal, frames as packets on stdout."""
    program = Program(Terminal(tmp_path, tmp_path))
    environ = {
        **program.terminal.environ,
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "COLUMNS": "80",
        "ROWS": "24",
    }
    with subprocess.Popen(
        [*program.command, "tui"],
        env=environ,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        shown = b""
        try:
            while b"There is no goal yet" not in shown and process.poll() is None:
                shown += process.stdout.read1(65536)
        finally:
            process.kill()
    assert shown.startswith(b"__GANGLION__")


def test_plain_characters_where_there_is_no_unicode(on: Open):
    screen = on(LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    screen.run('stellwerk plan "Launch a SaaS product" --quiet > /dev/null')
    screen.type("stellwerk tui", "Enter")
    screen.wait(r"quality 1\.00")
    screen.type("", "Enter")
    screen.wait("r1 Find the customer")
    screen.type("q")
    screen.wait(r"ready>\s*\Z")
