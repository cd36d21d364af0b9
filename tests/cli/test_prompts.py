"""`stellwerk prompts`: what models get can be read, tried and checked before any is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from stellwerk.planning.previewing import ORDER
from stellwerk.planning.prompts import prompt
from tests.cli.terminal import Terminal


@pytest.fixture
def mine(terminal: Terminal) -> Path:
    """Return the folder of prompts that a user's settings name."""
    folder = terminal.folder / "mine"
    (folder / "examples").mkdir(parents=True)
    terminal("config", "set", "planning.prompts", str(folder))
    return folder


def test_a_printed_prompt_is_a_file_to_begin_with(terminal: Terminal, mine: Path):
    for name in ORDER:
        text = terminal("prompts", "show", name).out
        assert text == prompt(name).text
        (mine / f"{name}.md").write_text(text, encoding="utf-8")
    assert terminal("prompts", "check").out == "7 prompts are fit to be sent.\n"
    assert terminal("prompts").out.count("+own") == 7


def test_an_example_is_printed_by_its_language(terminal: Terminal):
    shown = terminal("prompts", "show", "tasks", "--example", "de").out
    assert shown == f"{prompt('tasks').examples['de']}\n"
    answer = terminal("prompts", "show", "tasks", "--example", "fi", code=6)
    assert "tasks has no example in 'fi'" in answer.err
    assert "There are: en, de" in answer.err
    assert (
        "It has none at all."
        in terminal("prompts", "show", "repair", "--example", "en", code=6).err
    )


def test_the_list_tells_ones_own_prompts_from_ours(terminal: Terminal, mine: Path):
    (mine / "tasks.md").write_text(prompt("tasks").text, encoding="utf-8")
    (mine / "examples/review.de.md").write_text("Kein Beispiel", encoding="utf-8")
    rows = {row["name"]: row for row in terminal.json("prompts")["prompts"]}
    assert list(rows) == list(ORDER)
    assert {name for name, row in rows.items() if row["own"]} == {"tasks", "review"}
    assert rows["tasks"]["file"] == str(mine / "tasks.md")
    assert rows["decompose"]["file"] is None
    assert rows["tasks"]["label"] == f"{prompt('tasks').label}+own"
    assert str(mine / "tasks.md") in terminal("prompts", "list").out


def test_the_messages_for_a_goal_are_those_that_would_be_sent(terminal: Terminal):
    answer = terminal.json(
        *("prompts", "render", "decompose", "Buy", "a", "birthday", "present"),
        *("--size", "small", "--language", "de"),
    )
    (shown,) = answer["prompts"]
    assert (shown["label"], shown["exact"]) == (prompt("decompose").label, True)
    system, user = (message["content"] for message in shown["messages"])
    assert "Size small: 2 to 5 routes" in system
    assert "in German" in user
    assert "Buy a birthday present" in user


def test_the_messages_follow_the_settings(terminal: Terminal):
    terminal("config", "set", "planning.size", "detailed")
    terminal("config", "set", "planning.max_routes", "11")
    terminal("config", "set", "planning.language", "de")
    text = terminal("prompts", "render", "decompose").out
    assert "Size detailed: 9 to 11 routes" in text
    assert "Write in German." in text
    assert text.startswith(f"{prompt('decompose').label}, about ")
    assert "as it is sent" in text.splitlines()[0]
    assert "placeholders" in terminal("prompts", "render", "review").out.splitlines()[0]


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("show", "sing"), 6, "no prompt 'sing'"),
        (("render", "sing"), 6, "no prompt 'sing'"),
        (("render", "tasks", "Fly", "--size", "huge"), 2, "no plan size 'huge'"),
        (("render", "tasks", " "), 2, "The goal is empty"),
    ],
    ids=str,
)
def test_what_does_not_exist_is_named(
    terminal: Terminal, args: tuple[str, ...], code: int, told: str
):
    assert told in terminal("prompts", *args, code=code).err


def test_the_check_lists_everything_that_is_wrong_and_exits_with_3(
    terminal: Terminal, mine: Path
):
    (mine / "repair.md").write_text("Mend it!\n", encoding="utf-8")
    (mine / "taks.md").write_text("Mend it!\n", encoding="utf-8")
    by_hand = prompt("packages").text.replace("{{ limits.min_steps }}", "6")
    (mine / "packages.md").write_text(by_hand, encoding="utf-8")
    answer = terminal("prompts", "check", code=3)
    assert "taks.md takes the place of no prompt" in answer.out
    assert "repair.md:1: the front matter" in answer.out
    assert "packages.md does not tell the limit `limits.min_steps`." in answer.out
    assert "→ Did you mean tasks?" in answer.out
    found = terminal("prompts", "check", "--json", code=3).data["findings"]
    assert [finding["prompt"] for finding in found] == ["taks", "packages", "repair"]
    assert all(finding["hint"] for finding in found)


def test_a_prompt_that_does_not_work_is_an_error_with_its_line(terminal: Terminal, mine: Path):
    text = prompt("tasks").text.replace("{{ route.key | key }}.1", "{{ nope }}")
    (mine / "tasks.md").write_text(text, encoding="utf-8")
    answer = terminal("prompts", "render", "tasks", code=2)
    assert answer.out == ""
    assert f"{mine}/tasks.md:19: there is no value 'nope'." in answer.err
    assert "There are: background, caps, code," in answer.err


def test_a_folder_that_is_gone_is_an_error(terminal: Terminal, mine: Path):
    (mine / "examples").rmdir()
    mine.rmdir()
    assert "There is no folder" in terminal("prompts", code=2).err
    assert "There is no folder" in terminal("prompts", "check", code=3).out
