"""A plan that was carried out becomes a playbook: what was learned stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stellwerk_playbooks.checking import checked
from stellwerk_playbooks.playbook import playbook_in
from stellwerk_playbooks.saving import keywords_of
from tests.cli.terminal import Terminal

GOAL = "Launch a SaaS product"
SLUG = "launch-a-saas-product"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Return a user who planned a goal and worked on it."""
    home, folder = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    folder.mkdir()
    user = Terminal(home, folder)
    user("plan", GOAL)
    user("add", "person", "Mira Müller")
    user("assign", "r1.1.1", "Mira Müller")
    user("done", "r1.1.1", "--hours", "20")
    user("start", "r1.1.2")
    user("choose", "d1", "b")
    return user


def shelf_of(user: Terminal) -> Path:
    """Return the folder beside the user's settings."""
    return user.home / "config" / "stellwerk" / "playbooks"


def test_a_plan_becomes_a_playbook_that_is_taken_at_once(terminal: Terminal):
    """For the same goal: in its words, and with the same routes."""
    answer = terminal("playbooks", "save", SLUG)
    path = shelf_of(terminal) / f"{SLUG}.en.md"
    assert answer.out == f"Wrote {path}.\n"
    assert answer.err == ""
    plan = terminal.json("plan", GOAL)
    assert plan["goal"]["source"]["model"] == SLUG
    assert plan["goal"]["title"] == GOAL
    assert len(plan["routes"]) == 8
    assert (
        "from the playbook launch-a-software-product" in terminal("plan", "Build an app").out
    )


def test_what_belongs_to_the_plan_alone_is_left_out(terminal: Terminal):
    """Ticks, people, dates, hours, decisions, identities."""
    terminal("playbooks", "save", SLUG)
    text = (shelf_of(terminal) / f"{SLUG}.en.md").read_text("utf-8")
    marked = " ".join(re.findall(r"<!-- stellwerk .*? -->", text))
    for word in (
        "uid",
        "born",
        "started",
        "finished",
        "spent",
        "chosen",
        "assignee",
        "status",
    ):
        assert word not in marked, word
    for word in ("Mira", "[x]", "created_at", "slug =", "[source]", "mermaid", "handed_out"):
        assert word not in text, word
    assert not re.search(r"20\d\d-\d\d-\d\d", text)
    assert GOAL not in text.replace(f'examples = [\n    "{GOAL}",\n]', "")
    assert "# {{goal}}\n" in text


def test_hours_really_spent_are_the_next_estimate(terminal: Terminal):
    """P10 and P90 keep their distance to it."""
    terminal("playbooks", "save", SLUG)
    playbook = playbook_in(shelf_of(terminal) / f"{SLUG}.en.md")
    assert playbook
    first, second, *_ = playbook.document({"goal": GOAL}).plan.packages
    assert first.estimate
    assert (first.estimate.p10, first.estimate.p50, first.estimate.p90) == (10.0, 20.0, 35.0)
    assert first.length == 2
    assert second.estimate
    assert second.estimate.p50 == 24.0
    assert playbook.slots == ()
    assert playbook.keywords == ("product", "saas product")
    assert playbook.examples == (GOAL,)


def test_it_has_nothing_that_keeps_it_from_planning(terminal: Terminal):
    terminal("playbooks", "save", SLUG)
    found = checked(shelf_of(terminal) / f"{SLUG}.en.md").flaws
    assert [flaw for flaw in found if flaw.severity == "error"] == []


def test_ids_are_given_and_folders_too(terminal: Terminal):
    """The first configured folder is the shelf."""
    terminal("config", "set", "planning.playbooks", "mine")
    data = terminal.json("playbooks", "save", "--id", "saas")
    assert data["id"] == "saas"
    assert (terminal.folder / "mine/saas.en.md").is_file()
    answer = terminal("playbooks", "save", "--id", "saas", "--into", "elsewhere")
    assert (terminal.folder / "elsewhere/saas.en.md").is_file()
    assert "elsewhere is not on your shelf" in answer.err


def test_nothing_is_written_over(terminal: Terminal):
    """Neither a file, nor a playbook of ours, unless that is wanted."""
    path = shelf_of(terminal) / "saas.en.md"
    path.parent.mkdir(parents=True)
    path.write_text("Mine.\n")
    answer = terminal("playbooks", "save", "--id", "saas", code=5)
    assert "is there already" in answer.err
    assert path.read_text() == "Mine.\n"
    terminal("playbooks", "save", "--id", "saas", "--force")
    assert path.read_text().startswith("+++\n")
    assert "general" in terminal("playbooks", "save", "--id", "general", code=5).err


@pytest.mark.parametrize("name", ["../evil", "", "A B", "x" * 100, "-x", "\x1b[31m"])
def test_an_id_is_a_word(terminal: Terminal, name: str):
    answer = terminal("playbooks", "save", f"--id={name}", code=2)
    assert "is no id" in answer.err
    assert not answer.hostile


def test_a_thin_plan_is_kept_and_it_is_said_what_it_lacks(terminal: Terminal):
    """It is not taken until it is complete; planning goes on with the next best."""
    terminal("add", "package", "Sleep on it", "--in", "r1.1", code=None)
    terminal("edit", "r1.1.1", "--notes", "Later.", code=None)
    terminal("add", "route", "A route with nothing in it", "--after", "r8")
    answer = terminal("playbooks", "save", "--id", "thin")
    assert "It cannot be planned with yet: r9 has no task." in answer.err
    assert "playbooks check" in answer.err
    assert terminal.json("plan", GOAL)["goal"]["source"]["model"] != "thin"


@pytest.mark.parametrize(
    ("title", "language", "words"),
    [
        ("Launch a SaaS product", "en", ["product", "saas product"]),
        ("Host a dinner for six", "en", ["dinner"]),
        ("Run a half marathon in 2027", "en", ["marathon", "half marathon"]),
        ("Fly", "en", ["fly"]),
        ("Eine Hochzeit mit 80 Gästen planen", "de", ["hochzeit"]),
        ("Den Garten der Schule neu anlegen", "de", ["garten"]),
    ],
)
def test_keywords_are_the_nouns_of_the_title(title: str, language: str, words: list[str]):
    assert keywords_of(title, language) == words
