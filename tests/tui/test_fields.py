"""Every field of everything can be changed in the app, through the edits of the command line."""

from __future__ import annotations

from datetime import date

import pytest

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.goal import GoalStatus, Role
from stellwerk.domain.plan import Item, RouteKind
from stellwerk.domain.work import ThreePoint
from stellwerk.errors import EditError, StellwerkError
from stellwerk.planning.fields import fields_of as known
from stellwerk.tui.fields import Field, fields_of, parts_of, setting
from stellwerk.tui.screens.decision import DecisionPlace
from stellwerk.tui.screens.goals import Goals
from stellwerk.tui.screens.railway import RailwayPlace
from stellwerk.tui.widgets.asking import Ask, Pick
from tests.tui.driving import Driver
from tests.tui.journeys import journey
from tests.tui.test_railway import walk

PLAN = journey()
UIDS = [None, *PLAN.index.items]
TOLD = {
    "title": "Another one",
    "description": "Some words.",
    "target_date": "2027-05-31",
    "unit_hours": "2.5",
    "length": "8",
    "grade": "0",
    "estimate": "2/4/9",
    "elapsed_days": "14",
    "probability": "0.25",
    "email": "ada@example.org",
    "capacity_hours": "12.5",
}


def another(field: Field) -> str:
    """Return a value that a field does not have."""
    others = [each for each in field.choices if each != field.value]
    return others[0] if others else TOLD[field.name]


def item_of(uid: str | None) -> Item | None:
    """Return an item of the plan; None is the goal."""
    return None if uid is None else PLAN.item(uid)


@pytest.mark.parametrize("uid", UIDS)
def test_each_field_takes_another_value_shows_it_and_gives_it_back(uid: str | None):
    for field in fields_of(PLAN, item_of(uid)):
        told = another(field)
        edit = setting(PLAN, uid, field.name, told)
        after = apply(edit, PLAN)
        item = None if uid is None else after.item(uid)
        shown = {each.name: each.value for each in fields_of(after, item)}
        assert shown[field.name] == told
        assert apply(edit.invert(PLAN), after) == PLAN


@pytest.mark.parametrize("uid", UIDS)
def test_the_fields_are_those_of_the_command_line(uid: str | None):
    item = item_of(uid)
    names = {field.name for field in fields_of(PLAN, item)}
    assert names == known(item) - {"notes"}


def test_whatever_has_fields_is_reached():
    reached = {each.uid for route in PLAN.routes for each in parts_of(PLAN, route)}
    reached |= {each.uid for switch in PLAN.switches for each in parts_of(PLAN, switch)}
    own_place = {each.uid for each in (*PLAN.routes, *PLAN.packages, *PLAN.people)}
    assert reached | own_place == set(PLAN.index.items)


@pytest.mark.parametrize(
    ("uid", "name", "told"),
    [
        ("k1", "length", "long"),
        ("k1", "length", "99"),
        ("k1", "grade", "-1"),
        ("k1", "estimate", "9/4/2"),
        ("k1", "elapsed_days", "soon"),
        ("k1", "title", "   "),
        ("o1", "probability", "nan"),
        ("o1", "probability", "7"),
        ("o1", "probability", "7%%"),
        ("p1", "capacity_hours", "inf"),
        (None, "target_date", "tomorrow"),
        (None, "unit_hours", "0"),
        (None, "title", ""),
    ],
)
def test_what_is_no_value_is_refused(uid: str | None, name: str, told: str):
    with pytest.raises(StellwerkError) as caught:
        apply(setting(PLAN, uid, name, told), PLAN)
    assert caught.value.message


def test_a_probability_may_be_told_in_percent():
    after = apply(setting(PLAN, "o1", "probability", "25%"), PLAN)
    assert after.switch("s1").options[0].probability == 0.25


def test_what_is_so_already_is_no_edit():
    with pytest.raises(EditError):
        setting(PLAN, "u1", "title", "Learn")


def test_a_field_of_the_station_is_changed_on_the_map():
    async def steps(driver: Driver) -> None:
        await driver.press("F", "down", "enter")
        driver.place(Ask)
        await driver.write("Ask before you build.")
        assert driver.plan.route("u1").description == "Ask before you build."
        assert driver.shows("Ask before you build.")
        await driver.press("F", "down", "down", "enter", "down", "enter")
        assert driver.plan.route("u1").kind is RouteKind.BRANCH
        await driver.press("u", "u")
        assert driver.plan.route("u1").description == ""

    walk(steps)


def test_a_task_is_reached_from_its_station_and_in_the_list():
    async def steps(driver: Driver) -> None:
        await driver.press("F", "end", "enter")
        assert driver.shows("r1.1 Listen")
        await driver.press("enter")
        await driver.write("Listen well")
        assert driver.plan.routes[0].tasks[0].title == "Listen well"
        await driver.press("enter", "up", "r")
        await driver.write("Hear")
        assert driver.plan.routes[0].tasks[0].title == "Hear"
        await driver.press("enter")
        driver.place(Pick)
        await driver.press("escape", "space")
        assert "no open work package" in driver.told
        await driver.press("a")
        await driver.write("Last one")
        assert [each.title for each in driver.plan.route("u1").packages][-1] == "Last one"
        await driver.press("A")
        await driver.write("Think")
        assert [each.title for each in driver.plan.route("u1").tasks] == ["Hear", "Think"]
        await driver.press("down", "A")
        await driver.write("Rest")
        titles = [each.title for each in driver.plan.route("u1").tasks]
        assert titles == ["Hear", "Rest", "Think"]

    walk(steps)


def test_an_option_says_what_it_costs_and_how_likely_it_is():
    async def steps(driver: Driver) -> None:
        await driver.press("right", "d", "F", "down", "down", "enter")
        assert driver.shows("trade-off")
        await driver.press("down", "enter")
        await driver.write("Slow.")
        await driver.press("F", "down", "down", "enter", "down", "down", "enter")
        await driver.write("0.3")
        await driver.press("F", "down", "down", "enter", "end", "enter", "enter")
        switch = driver.plan.switch("s1")
        assert switch.options[0].tradeoff == "Slow."
        assert switch.options[0].probability == 0.3
        assert switch.recommended == "o1"
        driver.place(DecisionPlace)
        assert driver.shows("30% likely")

    walk(steps)


def test_people_have_hours_and_a_role():
    async def steps(driver: Driver) -> None:
        await driver.press("P", "enter", "enter", "end", "enter")
        await driver.write("12")
        assert driver.plan.people[0].capacity_hours == 12
        await driver.press("P", "enter", "enter", "down", "down", "enter", "end", "enter")
        assert driver.plan.people[0].role is Role.HELPER

    walk(steps)


def test_the_goal_has_a_date_and_a_status():
    async def steps(driver: Driver) -> None:
        await driver.press("escape")
        driver.place(Goals)
        await driver.press("F", "down", "down", "enter")
        await driver.write("2027-05-31")
        assert driver.plan.goal.target_date == date(2027, 5, 31)
        await driver.press("F", "end", "enter", "down", "enter")
        assert driver.plan.goal.status is GoalStatus.IN_PROGRESS
        await driver.press("F", "down", "down", "enter")
        await driver.write("soon")
        assert driver.shows("is not a date")
        await driver.write("")
        assert driver.plan.goal.target_date is None

    walk(steps)


def test_a_package_has_all_of_its_fields():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter", "F", "end", "up", "enter")
        await driver.write("2/4/9")
        assert driver.plan.package("k1").estimate == ThreePoint(2, 4, 9)
        await driver.press("F", "end", "enter")
        await driver.write("14")
        assert driver.plan.package("k1").elapsed_days == 14
        assert driver.shows("14 at least")

    walk(steps)


def test_a_text_of_several_lines_is_left_to_an_editor():
    async def steps(driver: Driver) -> None:
        place = driver.place(RailwayPlace)
        place.make(setting(driver.plan, "u1", "description", "One line.\n\nAnother one."))
        await driver.press("F", "down", "enter")
        assert "cannot be opened here" in driver.told
        assert driver.plan.route("u1").description == "One line.\n\nAnother one."

    walk(steps)
