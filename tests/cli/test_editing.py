"""Changing fields by flags, and texts in an editor."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Terminal

FLAGS = [
    ("r1.1.1", ("--title", "Ask one group"), "title", "Ask one group"),
    ("r1.1.1", ("--length", "8"), "length", 8),
    ("r1.1.1", ("--grade", "0"), "grade", 0),
    ("r1.1.1", ("--estimate", "1,2,3.5"), "estimate", {"p10": 1, "p50": 2, "p90": 3.5}),
    ("r1.1.1", ("--estimate", "none"), "estimate", None),
    ("r1.1.1", ("--elapsed-days", "14"), "elapsed_days", 14),
    ("r1.1.2", ("--elapsed-days", "0"), "elapsed_days", None),
    ("r1.1.1", ("--notes", "notes.md"), "notes", "Just words.\n"),
    ("r1.1", ("--title", "Listen"), "title", "Listen"),
    ("r1.1", ("--description", "How to listen."), "description", "How to listen."),
    ("r1", ("--description", "Say\x1b[31m more\n"), "description", "Say more"),
    ("r1", ("--kind", "branch"), "line", "branch"),
    ("d1", ("--title", "Where?"), "title", "Where?"),
    ("d1", ("--description", "Look around."), "prompt", "Look around."),
    ("d1.b", ("--title", "On a phone"), "label", "On a phone"),
    ("d1.b", ("--description", "Quick."), "tradeoff", "Quick."),
    ("d1.b", ("--probability", "0.25"), "probability", 0.25),
    ("p1", ("--title", "Mira Beck"), "name", "Mira Beck"),
    ("p1", ("--description", "Knows law."), "notes", "Knows law."),
    ("p1", ("--role", "helper"), "role", "helper"),
    ("p1", ("--direction", "ahead"), "direction", "ahead"),
    ("p1", ("--email", "mira@example.org"), "email", "mira@example.org"),
    ("p1", ("--capacity", "7.5"), "capacity_hours", 7.5),
]


@pytest.fixture
def peopled(planned: Terminal) -> Terminal:
    """Return a terminal with a person in the plan, and notes in a file."""
    planned("add", "person", "Mira")
    planned.write("notes.md", "Just words.\n")
    return planned


@pytest.mark.parametrize(("ref", "flags", "name", "value"), FLAGS)
def test_a_flag_changes_its_field_and_undo_brings_it_back(
    peopled: Terminal, ref: str, flags: tuple[str, ...], name: str, value: object
):
    before = peopled.json("show", ref)["item"]
    peopled("edit", ref, *flags)
    after = peopled.json("show", ref)["item"]
    assert after[name] == value
    assert before[name] != value
    peopled("undo")
    assert peopled.json("show", ref)["item"] == before


GOAL_FLAGS = [
    (("--title", "Sell software"), "title", "Sell software"),
    (("--description", "Soon."), "description", "Soon."),
    (("--status", "achieved"), "status", "achieved"),
    (("--target-date", "2031-05-01"), "target_date", "2031-05-01"),
    (("--unit-hours", "1.5"), "unit_hours", 1.5),
]


@pytest.mark.parametrize(("flags", "name", "value"), GOAL_FLAGS)
def test_a_flag_changes_the_goal(
    planned: Terminal, flags: tuple[str, ...], name: str, value: object
):
    planned("edit", "goal", *flags)
    assert planned.json("list")["goals"][0][name] == value
    planned("undo")
    assert planned.json("list")["goals"][0][name] != value


def test_every_flag_of_edit_is_tried_here(terminal: Terminal):
    text = terminal("edit", "--help").out
    tried = {flags[0] for _, flags, _, _ in FLAGS} | {flags[0] for flags, _, _ in GOAL_FLAGS}
    common = {"--help", "--goal", "--json", "--quiet", "--verbose", "--db", "--debug"}
    options = {word.strip(",") for word in text.split() if word.startswith("--")}
    assert options - common == tried | {"--recommend", "--no-recommend"}


def test_an_option_is_recommended_and_no_longer(planned: Terminal):
    planned("edit", "d1.b", "--recommend")
    assert planned.json("show", "d1")["item"]["recommended"] == "d1.b"
    planned("edit", "d1.b", "--no-recommend")
    assert planned.json("show", "d1")["item"]["recommended"] is None


def test_several_flags_are_one_edit(planned: Terminal):
    planned("edit", "r1.1.1", "--title", "New", "--length", "4", "--estimate", "2,4,8")
    planned("undo")
    item = planned.json("show", "r1.1.1")["item"]
    assert (item["title"][:4], item["length"]) == ("Name", 1)


@pytest.mark.parametrize(
    ("ref", "flags", "told"),
    [
        ("goal", ("--length", "3"), "--length does not fit the goal"),
        ("r1", ("--length", "3"), "--length does not fit r1"),
        ("r1.1.1", ("--description", "x"), "--description does not fit r1.1.1"),
        ("p1", ("--recommend",), "--recommend does not fit p1"),
        ("r1", ("--capacity", "3"), "--capacity does not fit r1"),
        ("r1.1.1", ("--length", "9"), "--length"),
        ("r1.1.1", ("--grade", "11"), "--grade"),
        ("r1.1.1", ("--estimate", "8,4,2"), "8/4/2"),
        ("r1.1.1", ("--estimate", "1,2"), "is not 3 numbers"),
        ("r1.1.1", ("--estimate", "1,2,nan"), "is not 3 numbers"),
        ("r1.1.1", ("--estimate", ""), "is not 3 numbers"),
        ("r1.1.1", ("--elapsed-days", "-1"), "--elapsed-days"),
        ("r1.1.1", ("--title", ""), "The title is empty"),
        ("d1.a", ("--probability", "nan"), "--probability"),
        ("d1.a", ("--probability", "1.1"), "--probability"),
        ("p1", ("--capacity", "nan"), "--capacity"),
        ("p1", ("--capacity", "200"), "--capacity"),
        ("goal", ("--target-date", "soon"), "Write it like 2027-05-31"),
        ("goal", ("--target-date", "2027-02-30"), "is not a date"),
        ("goal", ("--unit-hours", "0"), "--unit-hours"),
        ("goal", ("--unit-hours", "nan"), "--unit-hours"),
        ("goal", ("--status", "fine"), "achieved"),
        ("r1.1.1", ("--length", "1"), "has these values already"),
        ("goal", ("--target-date", "none"), "has these values already"),
        ("r1.1.1", (), "Nothing says what to change"),
        ("goal", (), "Nothing says what to change"),
    ],
)
def test_a_value_that_does_not_fit_changes_nothing(
    peopled: Terminal, ref: str, flags: tuple[str, ...], told: str
):
    before = peopled.dump()
    assert told in peopled("edit", ref, *flags, code=2).err
    assert peopled.dump() == before


def test_notes_may_come_from_standard_input(planned: Terminal):
    planned("edit", "r1.1.1", "--notes", "-", stdin="From a pipe.\r\n")
    assert planned.json("show", "r1.1.1")["item"]["notes"] == "From a pipe.\n"
    planned("edit", "r1", "--description", "-", stdin="Piped too.\n")
    assert "Piped too." in planned("show", "r1").out


def test_standard_input_is_read_only_once(planned: Terminal):
    before = planned.dump()
    answer = planned("plan", "--from", "-", "--context", "-", code=2, stdin="Fly\n")
    assert "Standard input was read already" in answer.err
    assert planned.dump() == before


def test_notes_of_100_000_characters_are_kept_and_longer_ones_refused(planned: Terminal):
    planned("edit", "r1.1.1", "--notes", "-", stdin="x" * 99_999 + "\n")
    assert len(planned.json("show", "r1.1.1")["item"]["notes"]) == 100_000
    answer = planned("edit", "r1.1.1", "--notes", "-", stdin="x" * 100_001, code=2)
    assert "at most 100,000 are kept" in answer.err


def test_the_notes_of_a_new_work_package_are_measured_too(planned: Terminal):
    planned("add", "package", "r1.1", "X", "--notes", "-", stdin="x" * 100_001, code=2)


def test_renaming_changes_titles_and_the_goals_slug(planned: Terminal):
    assert "Renamed r1.1 Choose a group" in planned("rename", "r1.1", "Ask", "around").out
    planned("rename", "goal", "Sell software", "--slug", "Software!")
    assert planned.json("use")["goal"]["slug"] == "software"
    assert planned.json("use")["goal"]["title"] == "Sell software"
    planned("undo")
    assert planned.json("use")["goal"]["slug"] == "launch-a-saas-product"


def test_a_slug_that_is_taken_is_numbered(planned: Terminal):
    planned("plan", "Learn to juggle", "-q")
    planned("rename", "goal", "Juggle", "--slug", "launch-a-saas-product")
    assert planned.json("use")["goal"]["slug"] == "launch-a-saas-product-2"


def test_a_name_that_stands_already_changes_nothing(planned: Terminal):
    before = planned.dump()
    planned("rename", "goal", "Launch a SaaS product", code=2)
    planned(
        "rename", "goal", "Launch a SaaS product", "--slug", "launch-a-saas-product", code=2
    )
    planned("rename", "r1", "Find the customer group and its problem", code=2)
    assert "Only a goal has a slug" in planned("rename", "r1", "X", "--slug", "y", code=2).err
    assert planned.dump() == before
