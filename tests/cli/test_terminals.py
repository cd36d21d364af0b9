"""The program in real terminals, typed by somebody who sees what it shows."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Callable, Iterator

import pytest

from stellwerk.cli.streams import fitted
from tests.cli.screen import Screen, widest
from tests.cli.terminal import GOAL, Program, Terminal

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
Open = Callable[..., Screen]
SIZES = pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])


@pytest.fixture
def on(planned: Terminal, program: Program) -> Iterator[Open]:
    """Return a function that opens a terminal of some size for the user who has planned."""
    opened: list[Screen] = []

    def opening(columns: int = 80, lines: int = 24, **environ: str) -> Screen:
        opened.append(Screen(program, columns, lines, **environ))
        return opened[-1]

    yield opening
    for screen in opened:
        screen.close()


@SIZES
def test_a_plan_is_shown_within_the_terminal(on: Open, columns: int, lines: int):
    screen = on(columns, lines)
    out = screen.run('stellwerk plan "Launch a SaaS product"')
    assert any(line.endswith(f"Launch a SaaS product  {GOAL}-2") for line in out)
    assert any(
        "◎      r1 Find the customer group and its problem  0/3" in line for line in out
    )
    assert out[-1].strip().startswith("stellwerk export")
    assert widest(out) <= columns
    assert "\x1b[" in screen.coloured()


@SIZES
def test_no_line_of_a_map_is_wider_than_the_terminal(
    planned: Terminal, on: Open, columns: int, lines: int
):
    planned("rename", "r2", "very long words " * 12)
    planned("rename", "r5", "東京への旅 " * 30)
    planned("edit", "d1.b", "--title", "an option that says a lot " * 7)
    planned("rename", "goal", "a goal that goes on and on and on " * 5)
    for width in range(1, 30):
        planned("add", "route", f"Way {width}", "--after", "r1", "--before", "r5")
    out = on(columns, lines).run("stellwerk map")
    assert len(out) > 50
    assert widest(out) <= columns


@SIZES
def test_what_is_read_is_folded_at_words(
    planned: Terminal, on: Open, columns: int, lines: int
):
    screen = on(columns, lines, STELLWERK_PAGER="cat")
    for line in ("next", "list", "show d1", "config explain planning.size", "doctor"):
        out = screen.run(f"stellwerk {line}")
        assert widest([each for each in out if "/" not in each]) <= columns
        words = set("\n".join(out).split())
        if line == "show d1":
            assert set(planned("show", "d1").out.split()) <= words


def test_long_answers_go_through_the_pager_and_come_back(on: Open):
    screen = on()
    screen.type("stellwerk show", "Enter")
    screen.wait(r"^:$")
    assert screen.shown()[0].startswith("Launch a SaaS product")
    screen.type("G")
    screen.wait(r"^\(END\)")
    assert "r8.1.3" in "\n".join(screen.shown()) or "r8.1.2" in "\n".join(screen.shown())
    screen.type("q")
    screen.wait(r"ready>$")
    assert screen.run("true") == [""]


def test_ctrl_c_in_the_pager_is_the_pagers(on: Open):
    screen = on()
    screen.type("stellwerk show; echo code=$?", "Enter")
    screen.wait(r"^:$")
    screen.type("", "C-c")
    time.sleep(0.5)  # less throws away what was typed while it was being interrupted
    screen.type("q")
    assert "Interrupted" not in screen.wait(r"^code=0$")


def test_leaving_the_pager_early_is_no_error(planned: Terminal, on: Open):
    for number in range(30):
        planned("rename", "r1", f"Title {number}")
    screen = on()
    screen.type("stellwerk log; echo code=$?", "Enter")
    screen.wait(r"^:$")
    screen.type("q")
    assert "code=0" in screen.wait(r"^code=\d+$")


def test_short_answers_need_no_pager(on: Open):
    assert on().run("stellwerk log")[0].startswith("1  ")


def test_a_pager_of_ones_own_and_none_at_all(on: Open):
    screen = on(STELLWERK_PAGER="head -1")
    assert screen.run("stellwerk show") == [f"Launch a SaaS product  {GOAL}"]
    screen = on(STELLWERK_PAGER="no-such-pager")
    assert any("r8.1" in line for line in screen.run("stellwerk show"))


def test_the_pager_is_told_which_characters_we_write(planned: Terminal, on: Open):
    planned.write("pager.sh", 'echo "$LESSCHARSET"\n')
    pager = {"STELLWERK_PAGER": f"sh {planned.folder / 'pager.sh'}"}
    assert on(**pager).run("stellwerk show") == ["utf-8"]
    assert on(**pager, LESSCHARSET="dos").run("stellwerk show") == ["dos"]


def test_errors_and_narration_are_folded_at_words(on: Open):
    screen = on(30, OPENAI_API_KEY="sk-1")
    refused = screen.run("stellwerk keys set nosuch")
    said = screen.run("stellwerk keys set openai < /etc/hostname >/dev/null")
    assert widest([*refused, *said]) <= 30
    assert " ".join(" ".join(refused).split()) == (
        "Error: There is no provider of that name."
        " → Keys are for: anthropic, compatible, litellm, ollama, openai."
    )
    assert " ".join(said) == "OPENAI_API_KEY is set and counts instead."


def test_a_command_is_not_broken_where_a_terminal_has_room_for_it():
    stream = io.StringIO()
    text = f"{'It stopped early. ' * 4}`stellwerk resume ab12cd34` goes on with it."
    assert fitted(text, stream) == text
    stream.isatty = lambda: True  # type: ignore[method-assign]
    first, second = fitted(text, stream).split("\n")
    assert first == ("It stopped early. " * 4).strip()
    assert second == "`stellwerk resume ab12cd34` goes on with it."


def test_choosing_asks_for_the_option_and_says_what_it_did(planned: Terminal, on: Open):
    screen = on()
    screen.type("stellwerk choose d1", "Enter")
    asked = screen.wait(r"^Option:")
    assert "a In the browser" in asked
    assert "b Installed on the device" in asked
    screen.type("b", "Enter")
    screen.wait("Set d1 Where does the software run")
    assert planned.json("show", "d1")["item"]["chosen"] == "d1.b"


@pytest.mark.parametrize("key", ["C-c", "C-d"])
def test_a_question_may_be_left(planned: Terminal, on: Open, key: str):
    screen = on()
    screen.type("stellwerk choose d1; echo code=$?", "Enter")
    screen.wait(r"^Option:")
    screen.type("", key)
    assert "Interrupted" in screen.wait(r"^code=130$")
    assert planned.json("show", "d1")["item"]["chosen"] is None


def test_deleting_asks_and_takes_no_for_an_answer(planned: Terminal, on: Open):
    screen = on()
    for answer, told in (("n", f"{GOAL} was kept."), ("y", "Deleted the goal.")):
        screen.clear()
        screen.type(f"stellwerk delete {GOAL}", "Enter")
        screen.wait(r"Delete Launch a SaaS product with 24 work packages\? \[y/N\]")
        screen.type(answer, "Enter")
        screen.wait(re.escape(told))
    assert planned.json("list")["goals"] == []


def test_a_key_is_typed_without_being_shown(planned: Terminal, on: Open):
    screen = on()
    screen.type("stellwerk keys set openai", "Enter")
    screen.wait("Key for openai:")
    screen.type("sk-secret-123", "Enter")
    shown = screen.wait("Stored the key in")
    assert "secret" not in shown
    assert "sk-secret-123" in (planned.home / "config/stellwerk/keys.json").read_text()


def test_planning_without_a_goal_asks_for_one_in_words(on: Open):
    out = on().run("stellwerk plan")
    assert out == [
        "Error: What is the goal?",
        '  → Try: stellwerk plan "Learn to juggle"',
    ]


def test_no_color_means_none(on: Open):
    screen = on(NO_COLOR="1", PS1="ready>")
    screen.run("stellwerk map")
    assert "\x1b[" not in screen.coloured().replace("\x1b[39m", "")
    coloured = on()
    coloured.run("stellwerk map")
    assert "\x1b[" in coloured.coloured()


def test_a_dumb_terminal_gets_plain_characters_without_colour(on: Open):
    screen = on(TERM="dumb")
    out = screen.run("stellwerk map")
    assert any(line.startswith("@      r1") for line in out)
    assert all(line.isascii() for line in out)
    assert "\x1b[" not in screen.coloured().replace("\x1b[39m", "")


def test_a_terminal_that_shows_no_unicode_gets_plain_characters(on: Open):
    screen = on(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    for line in ("map", "show d1 | cat", "list", "shwo", "doctor"):
        out = screen.run(f"stellwerk {line}")
        assert all(each.isascii() for each in out)
        assert "UnicodeEncodeError" not in "\n".join(out)


EDITOR = """#!/bin/sh
case "$MODE" in
  append) printf 'Typed by hand.\\n' >> "$1" ;;
  fail) printf 'Typed by hand.\\n' >> "$1"; exit 3 ;;
  empty) : > "$1" ;;
  binary) printf '\\377\\376' > "$1" ;;
  long) head -c 200000 /dev/zero | tr '\\0' x > "$1" ;;
  wait) printf 'Typed by hand.\\n' >> "$1"; touch open; while [ -e open ]; do sleep 0.1; done ;;
esac
"""


@pytest.fixture
def editing(planned: Terminal, on: Open) -> Callable[[str], Screen]:
    """Return a function that opens a terminal whose editor behaves in some way."""
    planned.write("editor.sh", EDITOR).chmod(0o755)
    editor = str(planned.folder / "editor.sh")
    temporary = planned.folder / "tmp"
    temporary.mkdir()
    return lambda mode: on(EDITOR=f"'{editor}'", MODE=mode, TMPDIR=str(temporary))


def kept(planned: Terminal) -> list[str]:
    """Return the texts that the editor left in the folder of temporary files."""
    return [path.read_text() for path in (planned.folder / "tmp").glob("stellwerk-*")]


@pytest.mark.parametrize("ref", ["r1.1.1", "r1.1", "r1", "d1", "d1.a", "goal"])
def test_a_text_is_changed_in_the_editor(
    planned: Terminal, editing: Callable[[str], Screen], ref: str
):
    editing("append").run(f"stellwerk edit {ref}")
    shown = planned("list", "--json").out if ref == "goal" else planned("show", ref).out
    assert "Typed by hand." in shown
    assert kept(planned) == []
    planned("undo")


def test_a_text_that_was_not_changed_is_no_edit(
    planned: Terminal, editing: Callable[[str], Screen]
):
    out = editing("nothing").run("stellwerk edit r1.1.1")
    assert out[0] == "Error: The text is as it was."
    assert planned.json("show")["revision"] == 1
    assert kept(planned) == []


def test_a_text_may_be_emptied(planned: Terminal, editing: Callable[[str], Screen]):
    editing("empty").run("stellwerk edit r1")
    assert planned.json("show", "r1")["item"]["description"] == ""


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("fail", "ended with code 3"),
        ("binary", "is not UTF-8 text"),
        ("long", "at most 100,000"),
    ],
)
def test_what_was_typed_is_kept_where_it_cannot_be_stored(
    planned: Terminal, editing: Callable[[str], Screen], mode: str, told: str
):
    out = " ".join(editing(mode).run("stellwerk edit r1.1.1"))
    assert told in out
    assert "Your text is in" in out
    assert len(list((planned.folder / "tmp").glob("stellwerk-*"))) == 1
    assert planned.json("show")["revision"] == 1


def test_a_text_that_somebody_else_changed_meanwhile_is_not_overwritten(
    planned: Terminal, editing: Callable[[str], Screen]
):
    screen = editing("wait")
    screen.type("stellwerk edit r1.1.1; echo code=$?", "Enter")
    flag = planned.folder / "open"
    while not flag.exists():
        screen.wait("")
    planned("edit", "r1.1.1", "--notes", "-", stdin="Theirs.\n", STELLWERK_USER_NAME="Tom")
    flag.unlink()
    assert "Your text is in" in " ".join(screen.wait(r"^code=5$").split())
    assert planned.json("show", "r1.1.1")["item"]["notes"] == "Theirs.\n"
    assert "Typed by hand." in kept(planned)[0]


def test_an_editor_that_is_not_there_is_named(on: Open):
    out = on(EDITOR="no-such-editor").run("stellwerk edit r1.1.1")
    assert "no-such-editor" in out[0]
    assert "Set EDITOR" in " ".join(out)
