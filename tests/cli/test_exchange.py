"""Plans as files: written, read back, replaced, copied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import GOAL, Terminal


def worked_on(terminal: Terminal) -> None:
    """Change the plan in ways that an export has to carry."""
    terminal("done", "r1.1.1", "--hours", "3")
    terminal("add", "person", "Mira")
    terminal("assign", "r1.1.2", "Mira")
    terminal("choose", "d1", "b")
    terminal("move", "r2.2.2", "--to", "r2.1")


@pytest.fixture
def fresh(tmp_path: Path, planned: Terminal) -> Terminal:
    """Return the terminal of somebody else, in the same folder."""
    home = tmp_path / "other"
    home.mkdir()
    return Terminal(home, planned.folder)


@pytest.mark.parametrize(
    ("write", "read"),
    [
        (("-o", "plan.json"), "plan.json"),
        (("-o", "plan.md"), "plan.md"),
        (("--into", "docs/plan"), "docs/plan"),
        (("-f", "json", "-o", "plan.txt"), "plan.txt"),
    ],
)
def test_an_exported_plan_is_read_by_somebody_else_without_loss(
    planned: Terminal, fresh: Terminal, write: tuple[str, ...], read: str
):
    worked_on(planned)
    planned("export", *write)
    out = fresh("import", read).out
    assert out == f"Imported {read}: 8 routes, 24 work packages.\n"
    for form in ("json", "markdown"):
        assert fresh("export", "-f", form).out == planned("export", "-f", form).out
    assert fresh("show", "r2.2.2").out == planned("show", "r2.2.2").out


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_a_plan_goes_through_a_pipe(planned: Terminal, fresh: Terminal, form: str):
    text = planned("export", "-f", form).out
    fresh("import", "-", stdin=text)
    assert fresh("export", "-f", form).out == text


def test_exporting_again_changes_no_byte(planned: Terminal):
    planned("export", "--into", "plan")
    before = {p: p.read_bytes() for p in (planned.folder / "plan").rglob("*.*")}
    assert planned("export", "--into", "plan").out == "plan is up to date.\n"
    assert planned.json("export", "--into", "plan")["changed"] == []
    assert {p: p.read_bytes() for p in (planned.folder / "plan").rglob("*.*")} == before
    planned("export", "-o", "plan.md")
    assert planned("export", "-o", "plan.md").out == "plan.md is up to date.\n"
    planned("rename", "r1", "Ask")
    assert len(planned.json("export", "--into", "plan")["changed"]) >= 3


def test_json_is_written_where_the_name_says_so(planned: Terminal):
    planned("export", "-o", "plan.json")
    data = json.loads((planned.folder / "plan.json").read_text())
    assert (data["format"], data["version"]) == ("stellwerk.plan", 2)
    assert json.loads(planned("export", "-f", "json").out) == data
    answer = planned.json("export", "-f", "json")
    assert json.loads(answer["text"]) == data
    assert (answer["goal"], answer["changed"]) == (GOAL, [])


def test_a_goal_that_is_here_already_is_not_imported_twice(planned: Terminal):
    planned("export", "-o", "plan.json")
    before = planned.dump()
    error = planned("import", "plan.json", "--json", code=5).error
    assert error["message"] == f"The goal {GOAL} is here already; nothing was changed."
    assert "--replace" in error["hint"]
    assert "--copy" in error["hint"]
    assert planned.dump() == before


def test_replacing_a_plan_is_one_edit_that_undo_takes_back(planned: Terminal):
    planned("export", "--into", "plan")
    planned("rename", "r1", "Ask people")
    changed = planned("export").out
    planned("import", "plan", "--replace")
    assert (
        planned.json("show", "r1")["item"]["title"]
        == "Find the customer group and its problem"
    )
    planned("undo")
    assert planned("export").out == changed


def test_replacing_a_plan_by_itself_changes_nothing(planned: Terminal):
    planned("export", "-o", "plan.md")
    assert "as plan.md has it" in planned("import", "plan.md", "--replace").out
    assert planned.json("show")["revision"] == 1


def test_a_plan_edited_by_hand_is_taken_over(planned: Terminal):
    planned("export", "-o", "plan.md")
    file = planned.folder / "plan.md"
    text = file.read_text()
    assert "Find the customer group and its problem" in text
    file.write_text(text.replace("Find the customer group and its problem", "Ask around"))
    planned("import", "plan.md", "--replace")
    assert planned.json("show", "r1")["item"]["title"] == "Ask around"


def test_a_copy_is_another_goal(planned: Terminal):
    planned("export", "-o", "plan.json")
    planned("import", "plan.json", "--copy")
    first, second = sorted(planned.json("list")["goals"], key=lambda goal: goal["slug"])
    assert (first["slug"], second["slug"]) == (GOAL, f"{GOAL}-2")
    assert first["uid"] != second["uid"]
    planned("rename", f"{GOAL}-2:r1", "Other")
    assert (
        planned.json("show", f"{GOAL}:r1")["item"]["title"]
        == "Find the customer group and its problem"
    )


def test_replace_and_copy_contradict_each_other(planned: Terminal):
    planned("export", "-o", "plan.json")
    answer = planned("import", "plan.json", "--replace", "--copy", code=2)
    assert "contradict" in answer.err
    assert "contradict" in planned("export", "-o", "a", "--into", "b", code=2).err


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("empty.json", "", 1),
        ("empty.md", "", 1),
        ("list.json", "[]", 1),
        ("cut.json", '{"format": "stellwerk.plan", "version": 2,', 1),
        ("other.json", '{"format": "else", "version": 2}', 1),
        ("newer.json", '{"format": "stellwerk.plan", "version": 99}', 1),
        ("deep.json", "[" * 100_000, 1),
        ("deeper.json", '{"a":' * 100_000, 1),
        ("notes.md", "# Some notes\n\n- [ ] milk\n", 1),
        ("front.md", "+++\nformat = \n+++\n", 1),
        ("binary.md", b"\x00\x01\xff\xfe", 1),
        ("nul.json", b'{"format": "stellwerk.plan\x00"}', 1),
    ],
)
def test_a_file_that_is_no_plan_is_refused_by_name(
    planned: Terminal, name: str, text: str | bytes, code: int
):
    planned.write(name, text)
    before = planned.dump()
    answer = planned("import", name, code=code)
    assert name in answer.err
    assert "bug of ours" not in answer.err
    assert planned.dump() == before


def test_a_plan_with_a_broken_rule_is_refused_with_the_rule(
    planned: Terminal, fresh: Terminal
):
    data = json.loads(planned("export", "-f", "json").out)
    text = json.dumps(data).replace(data["routes"][1]["uid"], data["routes"][0]["uid"])
    fresh.write("plan.json", text)
    answer = fresh("import", "plan.json", code=1)
    assert "plan.json" in answer.err
    assert fresh.json("list")["goals"] == []


def test_hostile_text_in_an_import_is_disarmed(planned: Terminal, fresh: Terminal):
    text = planned("export", "-f", "json").out
    evil = json.dumps("\x1b]0;pwned\x07\u202eFind the customer group and its problem")[1:-1]
    fresh("import", "-", stdin=text.replace("Find the customer group and its problem", evil))
    for args in (("show",), ("show", "r1"), ("map",), ("next",), ("log",), ("diff",)):
        assert not fresh(*args).hostile
    assert (
        fresh.json("show", "r1")["item"]["title"] == "Find the customer group and its problem"
    )


def test_what_cannot_be_read_or_written_is_named(planned: Terminal):
    assert "There is no file or folder nope" in planned("import", "nope", code=6).err
    planned.folder.joinpath("void").mkdir()
    assert "void" in planned("import", "void", code=1).err
    assert "is a folder" in planned("export", "-o", "void", code=2).err
    planned.write("file", "x")
    assert "file" in planned("export", "--into", "file", code=1).err
    assert "file" in planned("export", "-o", "file/plan.md", code=1).err
    planned.write("mine/index.md", "# Mine\n")
    assert "was left alone" in planned("export", "--into", "mine", code=1).err
    assert planned.folder.joinpath("mine/index.md").read_text() == "# Mine\n"


def test_a_link_out_of_the_folder_is_not_followed(planned: Terminal, tmp_path: Path):
    (tmp_path / "outside").mkdir()
    planned.folder.joinpath("plan").mkdir()
    planned.folder.joinpath("plan/routes").symlink_to(tmp_path / "outside")
    assert "leads out of" in planned("export", "--into", "plan", code=1).err
    assert list((tmp_path / "outside").iterdir()) == []


def test_the_schema_describes_what_is_exported(planned: Terminal):
    schema = json.loads(planned("schema").out)
    assert planned.json("schema")["schema"] == schema
    exported = json.loads(planned("export", "-f", "json").out)
    assert set(schema["required"]) <= set(exported)
