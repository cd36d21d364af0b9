"""`stellwerk playbooks` on the command line: list, check, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.playbooks.doubles import playbook_text


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Return a user with a shelf of their own in the folder `mine`."""
    home, folder = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    folder.mkdir()
    user = Terminal(home, folder)
    user("config", "set", "planning.playbooks", "mine")
    return user


TEAM = playbook_text(
    '[playbook]\nid = "team"\nexamples = ["Carry four things"]\nsize = "small"'
)


def test_ones_own_playbooks_are_listed_with_their_file(terminal: Terminal):
    path = terminal.write("mine/team.en.md", TEAM)
    listed = {(p["id"], p["language"]): p for p in terminal.json("playbooks")["playbooks"]}
    assert listed["team", "en"]["file"] == str(path)
    assert listed["team", "en"]["size"] == "small"
    assert listed["general", "en"]["file"] is None


def test_a_broken_playbook_stops_nothing_and_is_named(terminal: Terminal):
    """What is on the shelf beside it is listed and planned with."""
    path = terminal.write("mine/broken.md", "+++\nformat = \n+++\n\x1b[31m")
    answer = terminal("playbooks")
    assert f"Left out: {path}: the front matter is not TOML" in answer.err
    assert "general" in answer.out
    assert not answer.hostile
    assert terminal("plan", "Grow tomatoes").out


def test_a_good_playbook_passes_its_check(terminal: Terminal):
    answer = terminal("playbooks", "check", "general")
    assert answer.out == "2 playbooks are fit to be planned with.\n"
    data = terminal.json("playbooks", "check", "general")
    assert data["findings"] == []
    assert [p["language"] for p in data["playbooks"]] == ["de", "en"]


def test_findings_of_a_check_are_told_with_exit_code_3(terminal: Terminal):
    path = terminal.write("mine/team.en.md", TEAM.replace("{{goal}}", "{{whom}}"))
    answer = terminal("playbooks", "check", "team", code=3)
    assert answer.out.startswith(f"{path}\n  warning ")
    assert "{{whom}} is no slot of this playbook." in answer.out
    assert "    → There are: goal." in answer.out
    finding = terminal.json("playbooks", "check", "team", code=3)["findings"][0]
    assert set(finding) == {"file", "code", "severity", "ref", "message", "hint"}
    assert (finding["code"], finding["severity"]) == ("slot", "warning")


def test_a_file_is_checked_wherever_it_lies(terminal: Terminal):
    path = terminal.write("draft.md", "+++\nformat = \n+++\n")
    data = terminal.json("playbooks", "check", "draft.md", code=3)
    assert data["playbooks"] == [{"id": None, "language": None, "file": "draft.md"}]
    assert data["findings"][0]["severity"] == "error"
    assert path.is_file()


def test_a_folder_is_checked_file_by_file(terminal: Terminal):
    terminal.write("drafts/one.md", "# One\n")
    terminal.write("drafts/two.md", "# Two\n")
    assert len(terminal.json("playbooks", "check", "drafts", code=3)["playbooks"]) == 2


def test_everything_is_checked_unless_something_is_named(terminal: Terminal):
    """Broken files of one's own shelf, too."""
    terminal.write("mine/broken.md", "+++\nformat = \n+++\n")
    data = terminal.json("playbooks", "check", code=3)
    names = {p["id"] or Path(p["file"]).name for p in data["playbooks"]}
    assert {"broken.md", "general", "launch-a-software-product"} <= names


@pytest.mark.parametrize("name", ["nope", "nope.md", "../nope.md"])
def test_what_is_not_there_is_not_checked(terminal: Terminal, name: str):
    assert "There is no" in terminal("playbooks", "check", name, code=6).err


def test_an_errand_is_planned_small(terminal: Terminal):
    """With `small` on the shelf; `--size standard` asks for more."""
    terminal.write("mine/small.en.md", playbook_text())
    small = terminal.json("plan", "Buy a birthday present")
    assert small["goal"]["source"]["model"] == "small"
    assert len(small["routes"]) == 2
    answer = terminal("plan", "Grow tomatoes", "--size", "small")
    assert "from the playbook small" in answer.out
    assert "needs a model" not in answer.err
    large = terminal.json("plan", "Buy a birthday present", "--size", "standard")
    assert large["goal"]["source"]["model"] == "general"
