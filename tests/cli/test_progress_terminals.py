"""Progress in real terminals: of tmux, and of Python where there is no tmux."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which

import pytest

from tests.cli.screen import Screen, widest
from tests.cli.terminal import Program

ROOT = Path(__file__).parents[2]
Open = Callable[..., Screen]
PLAY = f"{sys.executable} -m tests.cli.rehearse"


def test_a_plan_without_models_loads_nothing_to_draw_it_with():
    """On a terminal, which Python opens here; a thread has the time to draw."""
    code = (
        "import sys, time\n"
        "from stellwerk.cli.desk import Desk\n"
        "from stellwerk.cli.progress import telling\n"
        "from tests.cli.recorded import OFFLINE\n"
        "for name in [each for each in sys.modules if each.startswith('rich')]:\n"
        "    del sys.modules[name]\n"
        "with telling(Desk(), 'auto') as tell:\n"
        "    for event in OFFLINE:\n"
        "        tell(event)\n"
        "        time.sleep(0.05)\n"
        "print([each for each in sys.modules if each.startswith('rich')])\n"
    )
    ours, theirs = pty.openpty()
    try:
        environ = {**os.environ, "TERM": "xterm", "CI": "", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, env=environ, stdout=subprocess.PIPE, stderr=theirs, text=True, check=True
        )
        written = os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.stdout == "[]\n"
    assert "Planning with playbooks, 1 route, 3 work packages, 0 s" in written
    assert written.endswith("\x1b[J\x1b[?25h")


# In real terminals


@pytest.fixture
def on(program: Program) -> Iterator[Open]:
    """Return a function that opens a terminal in which rehearsals can be played."""
    if which("tmux") is None:
        pytest.skip("tmux is not installed")
    opened: list[Screen] = []

    def opening(columns: int, lines: int = 24, **environ: str) -> Screen:
        more = {"PYTHONPATH": str(ROOT), "PLAY": PLAY, **environ}
        opened.append(Screen(program, columns, lines, **more))
        return opened[-1]

    yield opening
    for screen in opened:
        screen.close()


def flags(screen: Screen) -> str:
    """Return whether cursor and wrapping are on, as tmux says it."""
    return screen._tmux("display-message", "-p", "#{cursor_flag}#{wrap_flag}").strip()


@pytest.mark.parametrize("columns", [80, 60, 40])
def test_no_line_wraps_while_it_moves_and_nothing_is_left(on: Open, columns: int):
    screen = on(columns)
    screen.type("$PLAY --speed 25; echo code=$?", "Enter")
    seen, end = 0, time.monotonic() + 30
    while "code=0" not in (lines := screen.shown()):
        assert time.monotonic() < end, lines
        headers = sum(line.startswith("Launch a SaaS") for line in lines)
        assert headers <= 1
        assert widest(lines) <= columns
        seen += headers
        time.sleep(0.1)
    assert seen > 3
    lines = [line for line in screen.shown(history=True) if line]
    assert lines[1].startswith("Used ")
    assert lines[-3:-1] == ["and the summary follows", "code=0"]
    assert not any("answers ·" in line for line in lines)
    assert flags(screen) == "11"


@pytest.mark.parametrize("end", ["error", "interrupt"])
def test_an_error_leaves_a_real_terminal_clean(on: Open, end: str):
    screen = on(80)
    out = screen.run(f"$PLAY --speed 40 --stop 80 --end {end}")
    assert out[0].startswith("Used ")
    assert out[-1] == "and the summary follows"
    assert flags(screen) == "11"


def test_ctrl_c_and_ctrl_z_leave_a_real_terminal_clean(on: Open):
    screen = on(80)
    screen.type("$PLAY --speed 40 --stop 40 --end hang", "Enter")
    screen.wait(r"answers ·")
    screen.type("", "C-z")
    stopped = screen.wait(r"Stopped")
    assert "answers ·" not in stopped
    assert flags(screen) == "11"
    screen.type("fg", "Enter")
    screen.wait(r"answers ·")
    screen.type("", "C-c")
    ended = screen.wait(r"ended by KeyboardInterrupt")
    assert "answers ·" not in ended
    assert flags(screen) == "11"


def test_a_block_follows_a_terminal_that_is_resized(on: Open):
    screen = on(100, 40)
    screen.type("seq 60; echo before; $PLAY --speed 40 --stop 60 --end hang", "Enter")
    screen.wait(r"answers ·")
    for columns in ("60", "120", "50", "80"):
        screen._tmux("resize-window", "-x", columns, "-y", "40")
        end = time.monotonic() + 5
        while not _in_order(shown := screen.shown(), int(columns)):
            assert time.monotonic() < end, shown
            time.sleep(0.1)
    screen.type("", "C-c")
    screen.wait(r"ended by KeyboardInterrupt")


def _in_order(shown: list[str], columns: int) -> bool:
    """Whether the block stands below what was there, once, and as wide as it may be."""
    headers = [line for line in shown if line.startswith("Launch a SaaS")]
    return (
        len(headers) == 1
        and shown[: shown.index(headers[0])][-1:] == ["before"]
        and widest(headers) == columns - 1
        and widest(shown) <= columns
    )


def test_a_killed_run_leaves_a_real_terminal_clean(on: Open):
    screen = on(80)
    screen.type("$PLAY --speed 40 --stop 40 --end hang & sleep 4; kill %1; wait", "Enter")
    screen.wait(r"answers ·")
    shown = screen.wait(r"Terminated")
    assert "answers ·" not in shown
    assert flags(screen) == "11"
