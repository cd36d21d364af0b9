"""`stellwerk plan`: where the goal comes from, what is told, what is stored."""

from __future__ import annotations

import json

import pytest

from tests.cli.terminal import GOAL, Terminal

GENERAL = "Grow tomatoes on the roof"


def test_the_first_plan_needs_no_key_no_network_and_is_worth_reading(terminal: Terminal):
    plan = terminal.json("plan", "Launch a SaaS product")
    packages = [p for r in plan["routes"] for t in r["tasks"] for p in t["packages"]]
    assert 6 <= len(plan["routes"]) <= 8
    assert 15 <= len(packages) <= 30
    assert len(plan["switches"]) >= 1
    assert any(len(route["needs"]) > 1 for route in plan["routes"])
    notes = terminal.json("show", packages[0]["ref"])["item"]["notes"]
    for heading in ("Summary", "Steps", "Definition of Done", "Risks", "Sources"):
        assert f"## {heading}" in notes


def test_the_summary_shows_size_map_and_next_steps(terminal: Terminal):
    answer = terminal("plan", "Launch a SaaS product")
    assert answer.err.startswith("Planning with playbooks ...")
    assert f"Launch a SaaS product  {GOAL}\n" in answer.out
    assert "8 routes, 24 work packages, 2 switches" in answer.out
    assert "from the playbook launch-a-software-product" in answer.out
    assert "◎      r1 Find the customer group and its problem  0/3" in answer.out
    for command in ("stellwerk next", "stellwerk show r1.1.1", "stellwerk export"):
        assert command in answer.out


def test_the_words_of_a_goal_need_no_quotes(terminal: Terminal):
    terminal("plan", *GENERAL.split())
    assert terminal.json("use")["goal"]["title"] == GENERAL


def test_a_goal_comes_from_a_file_with_its_description(terminal: Terminal):
    terminal.write("goal.md", f"# {GENERAL}\r\n\r\nI have never thrown one.\r\n")
    terminal("plan", "--from", "goal.md")
    goal = terminal.json("use")["goal"]
    assert goal["title"] == GENERAL
    assert "I have never thrown one." in goal["description"]


@pytest.mark.parametrize("args", [("--from", "-"), ()])
def test_a_goal_comes_from_standard_input(terminal: Terminal, args: tuple[str, ...]):
    terminal("plan", *args, stdin=f"{GENERAL}\nSoon.\n")
    assert terminal.json("use")["goal"]["title"] == GENERAL


def test_a_goal_is_given_once(terminal: Terminal):
    terminal.write("goal.md", GENERAL)
    answer = terminal("plan", "Fly", "--from", "goal.md", code=2)
    assert "given twice" in answer.err


def test_a_long_first_line_is_kept_whole_in_the_description(terminal: Terminal):
    words = "word " * 100
    terminal("plan", words)
    goal = terminal.json("use")["goal"]
    assert len(goal["title"]) <= 200
    assert words.strip() in goal["description"]


@pytest.mark.parametrize("told", ["I have 20 minutes a day.", "context.md"])
def test_the_context_is_kept_as_text_or_from_a_file(terminal: Terminal, told: str):
    terminal.write("context.md", "I have 20 minutes a day.\n")
    answer = terminal("plan", GENERAL, "--context", told)
    assert "A playbook cannot weigh the context" in answer.err
    assert "20 minutes a day" in terminal.json("use")["goal"]["description"]


def test_the_context_may_be_piped_in(terminal: Terminal):
    terminal("plan", GENERAL, "--context", "-", stdin="Piped background.")
    assert "Piped background." in terminal.json("use")["goal"]["description"]


def test_people_are_part_of_the_plan_from_its_start(terminal: Terminal):
    terminal("plan", GENERAL, "--people", "Ann, Bob ,,")
    assert [p["name"] for p in terminal.json("people")["people"]] == ["Ann", "Bob"]


def test_the_language_follows_the_goal_or_the_option(terminal: Terminal):
    terminal("plan", "Ein SaaS-Produkt starten")
    assert terminal.json("use")["goal"]["language"] == "de"
    assert "## Schritte" in terminal("show", "r1.1.1").out
    terminal("plan", GENERAL, "--language", "de")
    assert terminal.json("use")["goal"]["language"] == "de"
    assert terminal.json("plan", GENERAL)["goal"]["language"] == "en"


def test_a_size_that_no_playbook_has_is_said(terminal: Terminal):
    """Small ones and standard ones are there."""
    answer = terminal("plan", GENERAL, "--size", "detailed")
    assert (
        "8 routes: no detailed playbook fits this goal, --size detailed needs a" in answer.err
    )
    assert "needs a model" not in terminal("plan", GENERAL, "--size", "standard").err
    small = terminal("plan", GENERAL, "--size", "small")
    assert "from the playbook small" in small.out
    assert "needs a model" not in small.err


def test_what_can_be_practised_is_planned_as_a_skill(terminal: Terminal):
    assert "from the playbook learn-a-skill" in terminal("plan", "Learn to juggle").out


def test_a_playbook_of_ones_own_that_is_broken_is_left_out(terminal: Terminal):
    """Planning goes on, and says which and why."""
    path = terminal.write("mine/broken.md", "+++\nformat = \n+++\n")
    terminal.write("stellwerk2.toml", '[planning]\nplaybooks = ["mine"]\n')
    answer = terminal("plan", GENERAL)
    assert f"Left out: {path}: the front matter is not TOML" in answer.err
    assert "from the playbook" in answer.out


def test_a_dry_run_shows_the_plan_and_stores_nothing(terminal: Terminal):
    answer = terminal("plan", GENERAL, "--dry-run")
    assert answer.out.rstrip().endswith("Dry run: nothing was stored.")
    assert terminal.json("list")["goals"] == []
    plan = terminal.json("plan", GENERAL, "--dry-run")
    assert len(plan["routes"]) == 8
    assert terminal.json("list")["goals"] == []


def test_the_same_goal_twice_gives_two_slugs(terminal: Terminal):
    terminal("plan", GENERAL)
    assert terminal.json("plan", GENERAL)["goal"]["slug"].endswith("-2")


def test_progress_is_told_as_ndjson_on_stderr(terminal: Terminal):
    answer = terminal("plan", GENERAL, "--progress", "json", "--json")
    events = [json.loads(line) for line in answer.err.splitlines()]
    assert events[0]["event"] == "RunStarted"
    assert events[-1]["event"] == "RunDone"
    assert {event["event"] for event in events} >= {"StageStarted", "StageDone"}
    assert events[-1]["routes"] == len(answer.data["routes"])


def test_progress_may_be_silent_plain_or_detailed(terminal: Terminal):
    assert terminal("plan", GENERAL, "--progress", "none").err == ""
    assert terminal("plan", GENERAL, "-q").err == ""
    assert (
        terminal("plan", GENERAL, "--reuse", "never", "--progress", "plain").err.count("\n")
        == 1
    )
    detailed = terminal("plan", GENERAL, "-v").err
    assert f"8 routes for {GENERAL} (general)" in detailed
    assert "work packages for" in detailed


def test_the_provider_may_be_named(terminal: Terminal):
    terminal("plan", GENERAL, "--provider", "playbooks")
    error = terminal("plan", GENERAL, "--provider", "nobody", "--json", code=4).error
    assert error["code"] == "provider"
    assert "openai-compatible, playbooks." in error["hint"]


def test_no_provider_at_all_is_said(terminal: Terminal):
    answer = terminal("plan", GENERAL, "--no-offline", code=4, STELLWERK_AI_PROVIDERS="")
    assert "stellwerk providers" in answer.err
    assert terminal.json("list")["goals"] == []


def test_settings_give_size_and_language(terminal: Terminal):
    terminal("config", "set", "planning.language", "de")
    terminal("plan", GENERAL)
    assert terminal.json("use")["goal"]["language"] == "de"


def test_a_playbook_of_ones_own_is_used(terminal: Terminal):
    text = terminal("playbooks", "show", "general").out
    mine = text.replace('id = "general"', 'id = "growing"')
    mine = mine.replace("examples = []", f'examples = ["{GENERAL}"]')
    terminal.write("mine/growing.en.md", mine)
    terminal("config", "set", "planning.playbooks", "mine")
    assert "growing" in {p["id"] for p in terminal.json("playbooks")["playbooks"]}
    assert terminal.json("plan", GENERAL)["goal"]["source"]["model"] == "growing"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "The goal is empty"),
        (b" \n\t\n", "The goal is empty"),
        (b"...!?", "The goal is empty"),
        ("\u202e\u200b\u2066".encode(), "The goal is empty"),
        (b"\x1b[31m\x1b]0;t\x07\x00\x9c", None),
        (b"\xff\xfe\x00\x01", "is not UTF-8 text (byte 0)"),
        (b"x" * 20_001, "at most 20,000 are taken"),
        (b"a b " * 250_000, "at most 20,000 are taken"),
        (b"\x00" * 1_000_000, None),
        (b"x" * 9_000_000, "larger than 8 MB"),
    ],
    ids=["empty", "blank", "marks", "bidi", "escapes", "binary", "long", "1MB", "nuls", "9MB"],
)
def test_a_goal_that_says_nothing_is_refused(
    terminal: Terminal, text: bytes, told: str | None
):
    answer = terminal("plan", stdin=text, code=2)
    assert told is None or told in answer.err
    assert "bug of ours" not in answer.err
    assert answer.out == ""
    assert not answer.hostile


def test_escapes_in_a_goal_reach_neither_terminal_nor_database(terminal: Terminal):
    evil = "\x1b[31mFly\x1b]0;pwned\x07 to\x9b2J the\u202e moon\u2066\x00"
    terminal("plan", evil, "--context", evil, "--people", evil)
    for args in (
        ("list",),
        ("show",),
        ("map",),
        ("next",),
        ("log",),
        ("people",),
        ("export",),
    ):
        assert not terminal(*args).hostile
    assert terminal.json("use")["goal"]["title"] == "Fly to the moon"
    dump = terminal.dump()
    assert not {char for char in "\x1b\x07\x00\x9b\u202e\u2066" if char in dump}


def test_letters_and_emoji_of_every_script_stay_as_they_are(terminal: Terminal):
    goal = "旅行 nach 東京 mit 👩‍🚀 und क्‍ष"
    terminal("plan", goal)
    assert terminal.json("use")["goal"]["title"] == goal
    assert goal in terminal("list").out


def test_a_goal_with_markup_and_templates_is_taken_literally(terminal: Terminal):
    goal = "[bold red]Sell {{ 7 * 7 }} <script>${HOME}</script>[/] %s {0}"
    terminal("plan", goal)
    assert terminal.json("use")["goal"]["title"] == goal
    assert "49" not in terminal("show").out.split("\n")[0]


@pytest.mark.parametrize(
    ("args", "told", "code"),
    [
        (("--from", "nope.md"), "There is no file nope.md", 6),
        (("--from", "."), "Is a directory", 2),
        (("--from", "/dev/zero"), "larger than 8 MB", 2),
        (("--from", "x" * 5000), "File name too long", 2),
        (("Fly", "--context", "x" * 200_001), "at most 200,000 are taken", 2),
        (("Fly", "--context", "."), None, 0),
    ],
)
def test_sources_that_cannot_be_read_are_named(
    terminal: Terminal, args: tuple[str, ...], told: str | None, code: int
):
    answer = terminal("plan", *args, code=code)
    assert told is None or told in answer.err


def test_a_sparse_file_of_100_mb_is_refused_at_once(terminal: Terminal):
    path = terminal.write("huge.md", "Fly\n")
    with path.open("r+b") as file:
        file.truncate(100 * 2**20)
    assert "huge.md is larger than 8 MB" in terminal("plan", "--from", "huge.md", code=2).err
    assert "larger than" in terminal("import", "huge.md", code=1).err
    assert "larger than 8 MB" in terminal("batch", "huge.md", code=2).err
