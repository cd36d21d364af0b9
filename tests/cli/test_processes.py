"""The program among others: pipes that break, streams that are closed, Ctrl-C, locales."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import GOAL, Program, Terminal

SLOW = """
import asyncio
import time

from stellwerk.plugins.api import SourceKind


class Slow:
    name = "slow"
    kind = SourceKind.MODEL
    stages = frozenset({"decompose", "tasks", "packages"})

    def __init__(self, options):
        pass

    async def complete(self, request):
        await asyncio.sleep(60)
"""


def install(folder: Path, name: str, source: str, entry_points: str) -> str:
    """Put a distribution into a folder; return what PYTHONPATH has to be."""
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / f"{name}.py").write_text(source)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(entry_points)
    return str(folder)


def interrupted_plan(planned: Terminal, program: Program, *more: str) -> str:
    """Send SIGINT to a planning run; return what it says on stderr."""
    path = install(
        planned.folder / "site", "slow", SLOW, "[stellwerk.providers]\nslow = slow:Slow\n"
    )
    args = ("plan", "Learn to juggle", "--provider", "slow", *more)
    with program.running(*args, code=130, PYTHONPATH=path) as process:
        assert process.stderr
        assert process.stdout
        assert process.stderr.readline() == "Planning with slow ...\n"
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.stdout.read() == ""
    return said


def test_ctrl_c_while_planning_exits_130_and_leaves_the_database_usable(
    planned: Terminal, program: Program
):
    before = planned.json("list")
    said = interrupted_plan(planned, program)
    (run,) = planned.json("runs")["runs"]
    assert said == (
        "Error: Interrupted.\n"
        f"  → Go on with `stellwerk resume {run['run'][:8]}`: what was answered is kept.\n"
    )
    assert run["status"] == "interrupted"
    assert planned.json("list") == before
    assert planned("start", "r1.1.1").code == 0


def test_ctrl_c_in_json_is_an_error_object(planned: Terminal, program: Program):
    error = json.loads(interrupted_plan(planned, program, "--json"))
    assert (error["exit_code"], error["error"]["code"]) == (130, "interrupted")


def test_ctrl_c_in_a_batch_makes_none_of_its_edits(planned: Terminal, program: Program):
    before = planned.dump()
    with program.running("batch", code=130) as process:
        assert process.stdin
        process.stdin.write("start r1.1.1\n")
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1.5)
        process.send_signal(signal.SIGINT)
    assert planned.dump() == before


@pytest.mark.parametrize("args", [("start", "r1.1.1"), ("plan", "Fly"), ("undo",)])
def test_ctrl_c_is_answered_while_a_locked_database_is_waited_for(
    planned: Terminal, program: Program, args: tuple[str, ...]
):
    before = planned.dump()
    with closing(sqlite3.connect(planned.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with program.running(*args, code=130) as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.stderr
            said = process.stderr.read()
            waited = time.monotonic() - begun
    assert said.endswith("Error: Interrupted.\n  → Nothing half-done was kept.\n")
    assert waited < 1
    assert planned.dump() == before


@pytest.mark.parametrize("command", ["list --json", "show --json", "export", "--help"])
def test_a_reader_that_leaves_early_is_no_error(program: Program, command: str):
    answer = program.shell(f"set -o pipefail; stellwerk {command} | head -c 1 >/dev/null")
    assert (answer.code, answer.err) == (0, "")


def test_an_edit_is_kept_though_nobody_reads_its_answer(planned: Terminal, program: Program):
    program.shell("stellwerk start r1.1.1 | true")
    assert planned.json("show", "r1.1.1")["item"]["status"] == "doing"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("stellwerk list >&-", 0),
        ("stellwerk start r1.1.1 >&-", 0),
        ("stellwerk shwo 2>&-", 2),
        ("stellwerk plan Fly 2>&- >/dev/null", 0),
        ("stellwerk list <&- >&- 2>&-", 0),
    ],
)
def test_closed_streams_break_nothing(program: Program, script: str, code: int):
    answer = program.shell(script)
    assert answer.code == code, answer.err
    assert answer.err == ""


def test_a_closed_standard_input_is_an_empty_one(program: Program):
    verbs = ("plan", "batch", "keys set openai", "import -")
    answer = program.shell("; ".join(f"stellwerk {verb} <&-" for verb in verbs))
    assert answer.err.count("Error: ") == len(verbs)
    assert "bug of ours" not in answer.err


def test_with_stderr_closed_nothing_lands_on_stdout(planned: Terminal, program: Program):
    assert program.shell("stellwerk plan Fly --json 2>&-").out.startswith("{")
    assert program.shell("stellwerk shwo 2>&-").out == ""


@pytest.mark.parametrize("command", ["export", "start r1.1.1"])
def test_output_that_cannot_be_written_is_said(
    planned: Terminal, program: Program, command: str
):
    answer = program.shell(f"stellwerk {command} >/dev/full")
    assert answer.code == 1
    assert "could not be written: No space left on device" in answer.err
    assert "bug of ours" not in answer.err
    assert "Exception ignored" not in answer.err
    kept = planned.json("show", "r1.1.1")["item"]["status"]
    assert kept == ("doing" if command.startswith("start") else "todo")


LOCALES = (
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
)


@pytest.mark.parametrize("environ", LOCALES, ids=["ascii", "latin-1", "C"])
def test_no_locale_breaks_an_answer(
    planned: Terminal, program: Program, environ: dict[str, str]
):
    planned("rename", "r1", "Ask “Zoë” – in 東京 👩‍🚀")
    planned.environ.update(environ)
    verbs = ("list", "show", "map", "next", "show d1", "log", "diff", "doctor", "config")
    answer = program.several(*verbs)
    assert (answer.code, answer.err) == (0, "")
    assert '"' in answer.out
    assert "◎" not in answer.out


@pytest.mark.parametrize("environ", LOCALES, ids=["ascii", "latin-1", "C"])
def test_files_and_json_are_utf_8_in_every_locale(
    planned: Terminal, program: Program, environ: dict[str, str]
):
    planned("rename", "r1", "Zoë 東京")
    expected = planned("export").out
    answer = program.several("export", "show r1 --json", **environ)
    assert answer.out.startswith(expected)
    assert json.loads(answer.out.removeprefix(expected))["item"]["title"] == "Zoë 東京"


def test_the_c_locale_draws_a_map_of_plain_characters(program: Program):
    out = program("map", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0").out
    assert out.isascii()
    assert "@      r1 Find the customer group and its problem  0/3" in out


def test_a_dumb_terminal_gets_plain_characters_too(planned: Terminal):
    out = planned("map", TERM="dumb").out
    assert out.isascii()
    legend = "@ ready, ? tentative, <> decision, ^ merge, + recommended"
    assert out.splitlines()[-1] == legend


def test_bytes_that_are_not_utf_8_in_a_goal_do_no_harm(planned: Terminal, program: Program):
    program(b"plan", b"Caf\xe9 \xff\x1b[31m", b"-q")
    title = planned.json("use")["goal"]["title"]
    assert title.startswith("Caf")
    title.encode()
    answer = program(b"show", b"\xff", code=2)
    assert "is not a ref" in answer.err


def test_a_file_name_that_is_not_utf_8_can_be_written(planned: Terminal, program: Program):
    name = b"caf\xe9\x1b[31m.md"
    assert not program(b"export", b"-o", name).hostile
    assert program(b"export", b"-o", name, b"--json").data["kind"] == "export"
    assert len(list(planned.folder.iterdir())) == 1


def test_what_was_answered_is_stored_whatever_happens_next(
    planned: Terminal, program: Program
):
    script = "for i in 1 2; do stellwerk add route Legal >/dev/null; done; kill -9 $$"
    program.shell(script)
    assert planned.json("show")["revision"] == 3
    with closing(sqlite3.connect(planned.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_programs_at_once_lose_no_edit_that_they_acknowledged(
    planned: Terminal, program: Program
):
    calls = ("start r1.1.1", "rename r2 Prove", "edit r3 --description X", "done r5.1.1")
    answer = program.shell(" & ".join(f"stellwerk {call}" for call in calls) + " & wait")
    assert answer.err == ""
    assert planned.json("show")["revision"] == 5


def test_a_bug_shows_its_traceback_only_when_asked(program: Program):
    shell = program.shell("stellwerk show r99 --debug")
    assert shell.code != 0
    assert "Traceback" in shell.err


def test_python_minus_m_is_the_same_program(planned: Terminal, program: Program):
    assert GOAL in program("list").out
    program.command = (str(Path(program.command[0]).parent / "stellwerk"),)
    assert GOAL in program("list").out
