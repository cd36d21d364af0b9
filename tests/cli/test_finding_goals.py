"""Which goal a call is about: named, from the environment, selected, or the only one."""

from __future__ import annotations

import pytest

from tests.cli.terminal import GOAL, Terminal


@pytest.fixture
def two(planned: Terminal) -> Terminal:
    """Return a terminal with a second goal, and none of them selected."""
    planned("plan", "Learn to juggle", "-q")
    planned("use", "--none")
    return planned


def goal_of(terminal: Terminal, *args: str, **environ: str) -> str:
    """Return the slug of the goal that `next` is about."""
    return str(terminal("next", "--json", *args, **environ).data["goal"])


def test_the_only_goal_is_meant_without_being_named(planned: Terminal):
    planned("use", "--none")
    assert goal_of(planned) == GOAL


def test_a_new_plan_is_selected(planned: Terminal):
    planned("plan", "Learn to juggle", "-q")
    assert goal_of(planned) == "learn-to-juggle"


def test_several_goals_of_which_none_is_selected_are_listed(two: Terminal):
    error = two("next", "--json", code=2).error
    assert error["message"] == (
        f"There are 2 goals and none is selected: {GOAL}, learn-to-juggle."
    )
    assert "-g SLUG" in error["hint"]


def test_use_selects_a_goal_for_later_calls(two: Terminal):
    two("use", GOAL)
    assert goal_of(two) == GOAL
    assert two.json("list")["goals"][0]["selected"]
    assert f"* {GOAL}" in two("list").out


def test_each_user_has_a_selection_of_their_own(two: Terminal):
    two("use", GOAL)
    assert two("use", "learn-to-juggle", STELLWERK_USER_NAME="Tom").code == 0
    assert goal_of(two) == GOAL
    assert goal_of(two, STELLWERK_USER_NAME="Tom") == "learn-to-juggle"


def test_the_environment_beats_the_selection(two: Terminal):
    two("use", GOAL)
    assert goal_of(two, STELLWERK_GOAL="learn-to-juggle") == "learn-to-juggle"


def test_use_without_a_slug_tells_which_goal_the_verbs_are_about(two: Terminal):
    two("use", GOAL)
    told = two("use", STELLWERK_GOAL="learn-to-juggle").out
    assert told == "learn-to-juggle: Learn to juggle\n"


def test_the_option_beats_the_environment(two: Terminal):
    assert goal_of(two, "-g", GOAL, STELLWERK_GOAL="learn-to-juggle") == GOAL


def test_a_ref_may_name_its_goal(two: Terminal):
    assert "Finished r1.1.1" in two("done", "learn-to-juggle:r1.1.1").out
    assert two.json("list")["goals"][1]["revision"] == 2
    assert two("show", f"{GOAL}:r1").out.startswith(
        "r1 Find the customer group and its problem"
    )


def test_the_beginning_of_a_slug_is_enough(two: Terminal):
    assert goal_of(two, "-g", "learn") == "learn-to-juggle"
    assert goal_of(two, "-g", "LAUNCH") == GOAL
    assert two("show", "learn:r1").code == 0


def test_a_beginning_that_fits_two_slugs_is_refused(two: Terminal):
    error = two("next", "-g", "l", "--json", code=6).error
    assert error["message"] == f"“l” could be {GOAL}, learn-to-juggle."


def test_an_unknown_goal_is_answered_with_the_nearest(two: Terminal):
    error = two("next", "-g", "learn-to-jugle", "--json", code=6).error
    assert error["message"] == "There is no goal learn-to-jugle."
    assert error["hint"].startswith("Did you mean learn-to-juggle?")


def test_no_goal_at_all_says_how_to_begin(terminal: Terminal):
    for verb in (("next",), ("show",), ("map",), ("log",), ("undo",), ("start", "r1.1.1")):
        error = terminal(*verb, "--json", code=6).error
        assert error["message"] == "There is no goal yet."
        assert "stellwerk plan" in error["hint"]
    assert "stellwerk plan" in terminal("list").out


@pytest.mark.parametrize(
    "args",
    [
        ("delete", "", "--yes"),
        ("archive", ""),
        ("use", ""),
        ("show", ":r1"),
        ("-g", "", "map"),
    ],
)
def test_an_empty_slug_means_no_goal_and_never_the_selected_one(
    planned: Terminal, args: tuple[str, ...]
):
    before = planned.dump()
    assert "empty" in planned(*args, code=2).err
    assert planned.dump() == before


def test_an_empty_database_file_means_no_database(planned: Terminal):
    assert "--db is empty" in planned("--db", "", "list", code=2).err


def test_refs_of_two_goals_do_not_fit_into_one_call(two: Terminal):
    before = two.dump()
    for args in (
        ("start", "launch:r1.1.1", "learn:r1.1.1"),
        ("link", "launch:r8", "--needs", "learn:r1"),
        ("move", "launch:r1.1.1", "--to", "learn:r1.1"),
    ):
        assert "is of another goal" in two(*args, code=2).err
    assert two.dump() == before


def test_an_archived_goal_is_meant_only_by_name(two: Terminal):
    two("archive", "learn-to-juggle")
    assert goal_of(two) == GOAL
    assert goal_of(two, "-g", "learn") == "learn-to-juggle"
    assert [goal["slug"] for goal in two.json("list")["goals"]] == [GOAL]
    assert len(two.json("list", "--all")["goals"]) == 2


def test_a_list_of_archived_goals_alone_says_where_they_are(planned: Terminal):
    planned("archive")
    assert planned("list").out == "Every goal is archived: see `stellwerk list --all`.\n"


def test_the_database_may_be_named_by_option_and_environment(planned: Terminal):
    planned("--db", "other.db", "plan", "Learn to juggle", "-q")
    assert (planned.folder / "other.db").is_file()
    assert planned("--db", "other.db", "use").out.startswith("learn-to-juggle")
    assert planned("use", STELLWERK_DB="other.db").out.startswith("learn-to-juggle")
    assert planned("use").out.startswith(GOAL)


def test_when_every_goal_is_archived_it_is_said_how_one_comes_back(planned: Terminal):
    planned("archive")
    answer = planned("next", code=6)
    assert "Every goal is archived: launch-a-saas-product" in answer.err
    assert "stellwerk archive launch-a-saas-product --back" in answer.err
