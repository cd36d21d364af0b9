"""Several edits as one: all of the lines or none, undone together."""

from __future__ import annotations

import pytest

from tests.cli.terminal import GOAL, Terminal

LINES = """
# the team
add person Mira --role helper
add person "Tom Berg"
assign r1.1.1 Mira
assign r1.1.2 'tom berg'   # he asked for it
add route Legal setup --after r1 --before r2
add task r9 Found the company
add package r9.1 "Register it" --length 3 --grade 6 --estimate 8,16,40
add package r9.1 Open an account
link r9.1.2 --needs r9.1.1
edit r9.1.1 --title "Register the company" --elapsed-days 21
rename r9 Legal
move r9.1.2 --to r2.1
add route Sell it to a friend --after r2 --before r5
choose d1 c
choose d1 --none
edit d1.c --probability 0.1
start r1.1.1
done r1.1.1 --hours 2
reopen r1.1.1
wait r1.2.1 --for "the court" --why 'it takes weeks'
divert r1.1.2
reopen r1.1.2
link r8.1.1 --needs r1.2.1
unlink r8.1.1 --needs r1.2.1
remove r8.1.2
add task r8 Rest
add package r8.2 Sleep
edit goal --target-date 2031-01-01
rename goal Sell software
edit r8.2.1 --length 8
"""


def test_thirty_lines_are_one_edit_and_undone_as_one(planned: Terminal):
    before = planned("export").out.split("+++")[2]
    assert len([line for line in LINES.splitlines() if line and line[0] != "#"]) == 30
    assert planned("batch", stdin=LINES).out.startswith("Made 30 edits as one")
    assert planned.json("show")["revision"] == 2
    assert planned("show", "r2.1.3").out.startswith("r2.1.3 Open an account")
    assert planned.json("show", "r1.1.2")["item"]["assignee"] == "p2"
    assert planned.json("use")["goal"]["title"] == "Sell software"
    planned("undo")
    assert planned("export").out.split("+++")[2] == before
    assert planned.json("show")["revision"] == 3


@pytest.mark.parametrize(
    "line",
    [
        "start r99",
        "start nope",
        "start r1.1.1",
        "nope r1",
        "plan Fly",
        "undo",
        "batch",
        "add route 'unclosed",
        "add",
        "add nothing x",
        "done r1.1.1 --hours soon",
        "done r1.1.1 --nope",
        "rename r1 ''",
        "link r1 --needs r8",
        "edit r1.1.1",
        "edit r1.1.1 --length 99",
        "edit r1.1.2 --notes nope.md",
        "edit r1.1.2 --notes -",
        "edit r1.1.2 --notes 'a\0b'",
        "choose d1",
        "add person x --help",
        "--help",
        "assign r1.1.1 Nobody",
        "start r1.1.2 -g nope",
        "start r1.1.2 --db other.db",
        "\x1b[31mstart\x07 r1.1.2",
        "rename goal x --slug ''",
    ],
)
def test_a_line_that_fails_changes_nothing_and_is_named(planned: Terminal, line: str):
    before = planned.dump()
    lines = f"rename goal Sell\nadd route Legal\nstart r1.1.1\n{line}\ndone r1.2.1\n"
    answer = planned("batch", "--json", stdin=lines, code=None)
    assert answer.code in (1, 2, 6)
    assert answer.error["message"].startswith("Line 4: ")
    assert "Nothing was changed." in answer.error["hint"]
    assert not answer.hostile
    assert planned.dump() == before


def test_a_batch_keeps_to_one_goal(planned: Terminal):
    planned("plan", "Learn to juggle", "-q")
    planned("use", GOAL)
    before = planned.dump()
    for line in ("start r1.1.1 -g learn", "start learn-to-juggle:r1.1.1"):
        answer = planned("batch", stdin=f"start r1.2.1\n{line}\n", code=2)
        assert "Line 2: learn-to-juggle is another goal." in answer.err
    assert planned.dump() == before
    assert planned("batch", stdin="start launch:r1.1.1\n").out.startswith("Started r1.1.1")
    planned("batch", "-g", "learn", stdin="start r1.1.1\n")
    assert planned.json("show", "learn:r1.1.1")["item"]["status"] == "doing"


def test_a_batch_comes_from_a_file_too(planned: Terminal):
    planned.write("edits.txt", "start r1.1.1\r\ndone r1.2.1\r\n")
    assert planned("batch", "edits.txt").out.startswith("Made 2 edits as one")
    assert "There is no file nope.txt" in planned("batch", "nope.txt", code=6).err


def test_one_line_is_told_as_the_edit_that_it_is(planned: Terminal):
    assert planned("batch", stdin="start r1.2.1").out.startswith("Started r1.2.1")


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n"])
def test_a_batch_without_an_edit_says_so(planned: Terminal, text: str):
    assert "The batch has no edit in it." in planned("batch", stdin=text, code=2).err


def test_a_batch_has_at_most_10_000_lines(planned: Terminal):
    answer = planned("batch", stdin="start r1.1.1\n" * 10_001, code=2)
    assert "at most 10,000 lines" in answer.err


def test_a_batch_that_is_not_text_is_refused(planned: Terminal):
    assert "is not UTF-8 text" in planned("batch", stdin=b"start \xff\n", code=2).err
    assert "larger than 8 MB" in planned("batch", stdin=b"#" * 9_000_000, code=2).err


def test_born_items_of_a_batch_are_told_in_json(planned: Terminal):
    answer = planned(
        "batch", "--json", stdin="add route A\nadd person B\nadd task r9 C --json\n"
    )
    assert answer.data["born"] == ["r9", "r9.1", "p1"]
    assert answer.err == ""


def test_a_ref_of_before_a_move_in_a_batch_goes_on_working(planned: Terminal):
    planned("batch", stdin="move r1.1.2 --to r1.2\nstart r1.1.2\nrename r1.1.2 Talk\n")
    assert planned("show", "r1.1.2").out.startswith("r1.2.2 Talk")
