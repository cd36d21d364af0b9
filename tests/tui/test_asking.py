"""Questions: answered once, whatever is typed ahead, pasted, or pressed twice."""

from __future__ import annotations

from textual.events import Key, Paste
from textual.widgets import Input

from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.goal import GoalStatus
from stellwerk.domain.work import Status
from stellwerk.tui.editing import _gist
from stellwerk.tui.screens.decision import DecisionPlace
from stellwerk.tui.screens.goals import Goals
from stellwerk.tui.screens.package import PackagePlace
from stellwerk.tui.screens.railway import RailwayPlace
from stellwerk.tui.widgets.asking import Ask, Pick
from tests.tui.driving import Driver
from tests.tui.test_railway import box_of, walk


async def burst(driver: Driver, keys: str) -> None:
    """Press keys as fast as a paste into a terminal does, enter as a line break."""
    for char in keys:
        key = {"\n": "enter", " ": "space"}.get(char, char)
        driver.app.post_message(Key(key, None if char == "\n" else char))
    await driver.rest()
    await driver.rest()


def test_what_is_typed_ahead_is_an_answer_and_no_command():
    async def steps(driver: Driver) -> None:
        await burst(driver, "aHello Bank\n")
        titles = [route.title for route in driver.plan.routes]
        assert "Hello Bank" in titles
        assert len(titles) == 6
        assert not any(each.settled for each in driver.plan.packages)
        driver.place(RailwayPlace)

    walk(steps)


def test_what_is_typed_quickly_counts_in_the_order_of_typing():
    async def steps(driver: Driver) -> None:
        old = driver.plan.route("u1").title
        await driver.press("r")
        keys = ["ctrl+u", *"Pove", "home", "right", *"rX", "backspace", "end", *" it", "enter"]
        for key in keys:
            driver.app.post_message(Key(key, key if len(key) == 1 else None))
        await driver.until(lambda: driver.plan.route("u1").title != old)
        assert driver.plan.route("u1").title == "Prove it"

    walk(steps)


def test_a_key_pressed_many_times_answers_once():
    async def steps(driver: Driver) -> None:
        await driver.press("r")
        field = driver.app.screen.query_one(Input)
        field.value = "Once"
        for _ in range(4):
            driver.app.post_message(Key("enter", None))
        await driver.rest()
        assert driver.plan.route("u1").title == "Once"
        await driver.press("escape", "escape", "escape")

    walk(steps)


def test_what_is_pasted_becomes_one_line_and_is_cut():
    async def steps(driver: Driver) -> None:
        await driver.press("a")
        field = driver.app.screen.query_one(Input)
        field.post_message(Paste("Two\nlines\n"))
        await driver.rest()
        assert field.value == "Two lines"
        field.post_message(Paste("x" * 300))
        await driver.rest()
        assert len(field.value) == 200
        assert "room for 200" in driver.told
        driver.place(Ask)

    walk(steps)


def test_a_conflict_in_a_package_is_settled_there():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter", "r")
        other = box_of(driver.box.stellwerk)
        other.make(other.open(), Rename("k1", "Theirs"))
        await driver.write("Mine")
        driver.place(Pick)
        assert driver.shows("theirs: Theirs")
        await driver.press("up", "enter")
        driver.place(PackagePlace)
        assert driver.plan.package("k1").title == "Mine"

    walk(steps)


def test_what_changes_elsewhere_appears_in_every_place():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter")
        other = box_of(driver.box.stellwerk)
        standing = driver.plan.package("k1").standing.become(Status.DOING, other.clock())
        other.make(other.open(), SetStatus("k1", standing))
        await driver.until(lambda: driver.shows("Status    doing"))
        await driver.press("escape", "escape", "l", "d")
        driver.place(DecisionPlace)
        other.make(other.open(), Rename("s1", "Which one?"))
        await driver.until(lambda: driver.shows("Which one?"))
        await driver.press("escape", "escape")
        other.set_goal(other.open(), title="Another name")
        await driver.until(lambda: driver.shows("Another name"))

    walk(steps)


def test_a_goal_that_somebody_deletes_is_left():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter")
        other = box_of(driver.box.stellwerk)
        other.set_goal(other.open(), deleted=True)
        await driver.until(lambda: isinstance(driver.app.screen, Goals))
        await driver.until(lambda: "deleted" in driver.told)

    walk(steps)


def test_ctrl_c_takes_a_question_away():
    async def steps(driver: Driver) -> None:
        for key in ("r", "D", "p", "question_mark", "f"):
            await driver.press(key, "ctrl+c")
            driver.place(RailwayPlace)
        assert driver.plan.route("u1").title == "Learn"

    walk(steps)


def test_a_wrong_letter_is_no_end_of_a_jump():
    async def steps(driver: Driver) -> None:
        await driver.press("f", "L", "1", "d")
        assert driver.selected == "r4"

    walk(steps)


def test_two_versions_of_notes_show_where_they_differ():
    theirs, mine = "One.\nTwo theirs.\nThree.", "One.\nTwo mine.\nThree."
    assert _gist(theirs, mine) == "Two theirs."
    assert _gist(mine, theirs) == "Two mine."
    assert _gist("Same.", "Same.\nMore.") == "Same."


def test_a_search_finds_the_station_of_a_work_package():
    async def steps(driver: Driver) -> None:
        await driver.press("slash")
        await driver.write("the PARTS")
        assert driver.selected == "r3"
        await driver.press("slash")
        await driver.write("r1.1.2")
        assert driver.selected == "r1"

    walk(steps)


def test_an_archived_goal_stays_open():
    async def steps(driver: Driver) -> None:
        other = box_of(driver.box.stellwerk)
        other.set_goal(other.open(), status=GoalStatus.ARCHIVED)
        await driver.pilot.pause(1.2)
        driver.place(RailwayPlace)

    walk(steps)
