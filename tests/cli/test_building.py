"""Building a plan by hand: adding, moving, removing and linking its items."""

from __future__ import annotations

import itertools

import pytest

from tests.cli.terminal import Terminal


def needs(terminal: Terminal, ref: str) -> list[str]:
    """Return what an item needs."""
    found: list[str] = terminal.json("show", ref)["item"]["needs"]
    return found


@pytest.fixture
def empty(terminal: Terminal) -> Terminal:
    """Return a terminal with a goal that has nothing in it."""
    terminal("plan", "Learn to juggle", "-q")
    terminal("undo")
    return terminal


def test_a_plan_is_built_from_nothing(empty: Terminal):
    assert empty("add", "route", "Begin", "small").out.startswith("Added r")
    first = empty.json("show")["routes"][0]["ref"]
    second = empty.json("add", "route", "Go on", "--after", first)["born"][0]
    third = empty.json("add", "route", "Or rest", "--after", first)["born"][0]
    switch = empty.json("add", "switch", first, "Go on or rest?")["born"]
    assert switch[0].startswith("d")
    task = empty.json("add", "task", first, "One ball")["born"][0]
    package = empty.json("add", "package", task, "Throw it")["born"][0]
    assert package == f"{task}.1"
    assert needs(empty, second) == needs(empty, third) == [first]
    assert empty.json("next")["next"][0]["ref"] == package
    empty("done", package)
    assert empty.json("show")["decisions"] == [switch[0]]


def test_a_number_is_never_handed_out_again(planned: Terminal):
    assert planned.json("add", "route", "Legal")["born"] == ["r9"]
    planned("undo")
    assert planned.json("add", "route", "Legal")["born"] == ["r10"]
    planned("remove", "r10")
    assert planned.json("add", "route", "Legal")["born"] == ["r11"]


def test_a_route_is_put_between_two_others(planned: Terminal):
    planned("add", "route", "Legal", "--after", "r1", "--before", "r2")
    assert needs(planned, "r9") == ["r1"]
    assert needs(planned, "r2") == ["r9"]


def test_a_route_after_a_switch_becomes_an_option(planned: Terminal):
    planned("add", "route", "On paper", "--after", "r2", "--before", "r5")
    options = planned.json("show", "d1")["item"]["options"]
    assert [option["label"] for option in options][-1] == "On paper"
    planned("choose", "d1", "c")
    assert planned.json("show", "d1")["item"]["chosen"] == "d1.c"


def test_a_work_package_is_added_with_its_size_and_notes(planned: Terminal):
    planned.write("notes.md", "## Steps\n\n1. Ask\n")
    planned(
        *("add", "package", "r1.1", "Call", "Tom", "--length", "3", "--grade", "6"),
        *("--estimate", "8/16/40", "--notes", "notes.md"),
    )
    package = planned.json("show", "r1.1.3")["item"]
    assert (package["title"], package["length"], package["grade"]) == ("Call Tom", 3, 6)
    assert package["estimate"] == {"p10": 8, "p50": 16, "p90": 40}
    assert package["notes"].startswith("## Steps\n\n1. Ask")


def test_notes_of_a_new_work_package_may_come_from_standard_input(planned: Terminal):
    planned("add", "package", "r1.1", "Call", "--notes", "-", stdin="plain words\n")
    assert "plain words" in planned("show", "r1.1.3").out


def test_a_switch_needs_a_fork(planned: Terminal):
    answer = planned("add", "switch", "r1", "Which?", code=1)
    assert "a decision needs two or more" in answer.err
    assert "stellwerk add route TITLE --after r1" in answer.err
    assert "has the switch d1" in planned("add", "switch", "r2", "Again?", code=1).err


def test_titles_are_words_on_one_line_of_at_most_200_characters(planned: Terminal):
    planned("add", "route", "  two \n lines ")
    assert planned.json("show", "r9")["item"]["title"] == "two lines"
    for title in ("", "   ", "\u200b", "\x1b[31m\x07"):
        assert "The title is empty" in planned("add", "route", title, code=2).err
    assert "5000 characters" in planned("rename", "r1", "x" * 5000, code=2).err
    assert planned("rename", "r1", "x" * 200).code == 0


def test_a_work_package_moves_and_its_old_ref_goes_on_working(planned: Terminal):
    out = planned("move", "r1.1.2", "--to", "r1.2").out
    assert out.startswith("Moved r1.1.2 Interview twelve people")
    assert "as r1.2.2" in out
    assert planned("show", "r1.1.2").out.startswith("r1.2.2 Interview twelve people")
    assert "Started r1.2.2" in planned("start", "r1.1.2").out
    planned("undo")
    planned("undo")
    assert planned("show", "r1.1.2").out.startswith("r1.1.2 ")


def test_an_item_moves_before_and_after_another(planned: Terminal):
    def order(ref: str) -> list[str]:
        return [each["ref"] for each in planned.json("show", ref)["item"]["packages"]]

    planned("move", "r1.1.2", "--before", "r1.1.1")
    assert order("r1.1") == ["r1.1.2", "r1.1.1"]
    planned("move", "r1.1.2", "--after", "r1.1.1")
    assert order("r1.1") == ["r1.1.1", "r1.1.2"]
    planned("move", "r1.1.2", "--after", "r1.2.1")
    assert order("r1.2") == ["r1.2.1", "r1.2.2"]


def test_tasks_and_routes_move_too(planned: Terminal):
    planned("move", "r1.2", "--before", "r1.1")
    assert [t["ref"] for t in planned.json("show", "r1")["item"]["tasks"]] == ["r1.2", "r1.1"]
    planned("move", "r5.2", "--to", "r8")
    assert planned("show", "r5.2").out.startswith("r8.")
    planned("move", "r8", "--before", "r1")
    assert planned.json("show")["routes"][0]["ref"] == "r8"
    assert needs(planned, "r8") == ["r6", "r7"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), "Say one of --to, --before and --after"),
        (("--to", "r2.1", "--after", "r1.1.2"), "Say one of --to, --before and --after"),
        (("--to", "r1"), "work packages into tasks"),
        (("--to", "r1.1"), "is there already"),
        (("--before", "r1.2"), "are of two kinds"),
        (("--before", "r1.1.2"), "cannot be moved there"),
        (("--to", "r99.1"), "There is no ref r99.1"),
    ],
)
def test_a_move_to_nowhere_is_refused(planned: Terminal, args: tuple[str, ...], told: str):
    before = planned.dump()
    ref = "r1.1.2"
    answer = planned("move", ref, *args, code=6 if "no ref" in told else 2)
    assert told in answer.err
    assert planned.dump() == before


def test_a_switch_does_not_move(planned: Terminal):
    assert "cannot be moved" in planned("move", "d1", "--to", "r1", code=2).err


def test_around_a_removed_route_the_line_closes(planned: Terminal):
    planned("add", "route", "Legal", "--after", "r1", "--before", "r2")
    planned("add", "task", "r9", "Papers")
    planned("add", "package", "r9.1", "One")
    planned("add", "package", "r9.1", "Two")
    answer = planned("remove", "r9")
    assert answer.out == "Removed r9 Legal.\n"
    assert answer.err == "2 work packages went with it. `stellwerk undo` brings all back.\n"
    assert needs(planned, "r2") == ["r1"]
    planned("undo")
    assert planned("show", "r9.1.2").out.startswith("r9.1.2 Two")
    assert needs(planned, "r2") == ["r9"]


def test_the_removal_of_a_route_with_notes_is_undone_whole(planned: Terminal):
    before = planned("export").out
    planned("remove", "r8")
    planned("undo")
    assert planned("export").out == before


def test_the_last_two_options_stay_until_their_switch_goes(planned: Terminal):
    answer = planned("remove", "d1.a", code=1)
    assert "one of the last two options" in answer.err
    assert "stellwerk remove d1" in answer.err
    planned("remove", "d1")
    assert needs(planned, "r3") == needs(planned, "r4") == ["r2"]
    planned("remove", "r3")
    assert set(needs(planned, "r5")) == {"r2", "r4"}


def test_the_option_of_a_removed_route_leads_on(planned: Terminal):
    planned("remove", "r3")
    options = planned.json("show", "d1")["item"]["options"]
    assert [(each["label"], each["head"]) for each in options] == [
        ("In the browser", "r5"),
        ("Installed on the device", "r4"),
    ]
    planned("undo")
    assert planned.json("show", "d1")["item"]["options"][0]["head"] == "r3"


def test_a_link_is_said_and_echoed_as_a_need(planned: Terminal):
    out = planned("link", "r8", "--needs", "r3").out
    assert out == (
        "r8 Run it and grow on purpose needs r3 Lay the foundation in the browser.\n"
    )
    assert "r3" in needs(planned, "r8")
    planned("unlink", "r8", "--needs", "r3")
    assert "r3" not in needs(planned, "r8")


def test_several_needs_are_linked_as_one_edit(planned: Terminal):
    planned("link", "r8.1.1", "--needs", "r1.1.1", "--needs", "r1.1.2")
    assert {"r1.1.1", "r1.1.2"} <= set(needs(planned, "r8.1.1"))
    planned("undo")
    assert "r1.1.1" not in needs(planned, "r8.1.1")
    planned("redo")
    planned("unlink", "r8.1.1", "--needs", "r1.1.1", "--needs", "r1.1.2")
    assert "r1.1.2" not in needs(planned, "r8.1.1")


def test_a_refused_circle_is_named_in_full(planned: Terminal):
    before = planned.dump()
    answer = planned("link", "r1", "--needs", "r8", code=1)
    path = answer.err.splitlines()[0].removeprefix(
        "Error: These need each other in a circle: "
    )
    stations = path.rstrip(".").split(" -> ")
    assert stations[0] == stations[-1]
    assert {
        "r1 Find the customer group and its problem",
        "r8 Run it and grow on purpose",
    } <= set(stations)
    for early, late in itertools.pairwise(stations):
        if (early, late) != (
            "r8 Run it and grow on purpose",
            "r1 Find the customer group and its problem",
        ):
            assert early.split()[0] in needs(planned, late.split()[0])
    assert planned.dump() == before


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("link", "r1", "--needs", "r1"), "before itself"),
        (("link", "r1.1.1", "--needs", "r8"), "are of two kinds"),
        (("link", "r2", "--needs", "r1"), "already"),
        (("link", "r1.1.2", "--needs", "r1.1.1"), "already"),
        (("unlink", "r8", "--needs", "r1"), "does not need"),
        (("unlink", "r8.1.1", "--needs", "r1.1.1"), "does not need"),
    ],
)
def test_a_link_that_makes_no_sense_is_refused(
    planned: Terminal, args: tuple[str, ...], told: str
):
    before = planned.dump()
    assert told in planned(*args, code=1).err
    assert planned.dump() == before


def test_people_are_added_assigned_and_told_what_they_have_to_do(planned: Terminal):
    planned("add", "person", "Mira", "Beck", "--role", "helper", "--direction", "ahead")
    planned("add", "person", "Tom", "--email", "tom@example.org", "--capacity", "12")
    planned("assign", "r1.1.1", "mira")
    planned("assign", "r1.1.2", "p2")
    assert planned("people").out.splitlines() == [
        "p1 Mira Beck (helper, ahead; 1 open, length 1)",
        "p2 Tom (companion, with me; 1 open, length 3)",
    ]
    assert "Capacity  12 hours a week" in planned("show", "p2").out
    assert "Interview twelve people" in planned("show", "p2").out
    assert "Who       Tom" in planned("show", "r1.1.2").out
    planned("done", "r1.1.2")
    assert "p2 Tom (companion, with me; 0 open" in planned("people").out
    planned("assign", "r1.1.1", "--nobody")
    assert planned.json("show", "r1.1.1")["item"]["assignee"] is None


def test_who_is_meant_has_to_be_clear(planned: Terminal):
    planned("add", "person", "Mira Beck")
    planned("add", "person", "Mira Berg")
    assert "could be several people" in planned("assign", "r1.1.1", "Mira", code=6).err
    assert planned("assign", "r1.1.1", "mira be", code=6).out == ""
    planned("assign", "r1.1.1", "Mira Berg")
    assert "stellwerk add person Zoe" in planned("assign", "r1.1.1", "Zoe", code=6).err
    assert "say --nobody" in planned("assign", "r1.1.1", code=2).err
    assert "say --nobody" in planned("assign", "r1.1.1", "p1", "--nobody", code=2).err
    assert "assigned so already" in planned("assign", "r1.1.1", "p2", code=2).err


def test_a_removed_person_is_taken_from_their_work(planned: Terminal):
    planned("add", "person", "Mira")
    planned("assign", "r1.1.1", "Mira")
    planned("remove", "p1")
    assert planned.json("show", "r1.1.1")["item"]["assignee"] is None
    planned("undo")
    assert planned.json("show", "r1.1.1")["item"]["assignee"] == "p1"
