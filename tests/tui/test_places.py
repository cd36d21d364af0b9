"""The other places: goals, a work package, a decision, history, findings, requests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import OptionList

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.edits.items import Need
from stellwerk.domain.goal import Goal, GoalStatus
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import Status, ThreePoint
from stellwerk.errors import UsageError
from stellwerk.tui.navigation import station_of
from stellwerk.tui.screens.decision import DecisionPlace
from stellwerk.tui.screens.findings import FindingsPlace
from stellwerk.tui.screens.goals import Goals
from stellwerk.tui.screens.history import HistoryPlace
from stellwerk.tui.screens.package import PackagePlace, effort
from stellwerk.tui.screens.railway import RailwayPlace
from stellwerk.tui.screens.requests import RequestsPlace
from stellwerk.tui.widgets.asking import Ask, Confirm, Find
from stellwerk.tui.widgets.details import Details
from tests.railway.plans import NOW, plan_of
from tests.tui.boxes import box_with
from tests.tui.driving import Driver, driven
from tests.tui.journeys import NOTES, journey
from tests.tui.test_railway import walk


def test_goals_are_told_with_progress_and_what_is_next():
    async def steps(driver: Driver) -> None:
        await driver.press("escape")
        driver.place(Goals)
        assert driver.shows("Sell a kite")
        assert driver.shows("next: r1.1.1 Find twelve people")
        await driver.press("j", "k", "enter")
        driver.place(RailwayPlace)

    walk(steps)


def test_a_goal_is_archived_and_comes_back():
    async def steps(driver: Driver) -> None:
        await driver.press("escape", "x")
        assert driver.plan.goal.status is GoalStatus.ARCHIVED
        assert not driver.shows("next:")
        await driver.press("a")
        assert driver.shows("archived")
        await driver.press("x")
        assert driver.plan.goal.status is GoalStatus.PLANNED

    walk(steps)


def test_what_was_done_to_a_goal_in_the_list_is_taken_back_there():
    async def steps(driver: Driver) -> None:
        await driver.press("escape", "u")
        assert "Nothing was changed in this list" in driver.told
        await driver.press("r")
        await driver.write("Sell two kites")
        await driver.press("D", "y")
        assert driver.shows("There is no goal yet.")
        await driver.press("u")
        assert driver.shows("Sell two kites")
        assert not driver.plan.goal.deleted
        await driver.press("u")
        assert driver.plan.goal.title == "Sell a kite"
        await driver.press("ctrl+r")
        assert driver.plan.goal.title == "Sell two kites"

    walk(steps)


def test_goals_are_searched_by_title():
    async def steps(driver: Driver) -> None:
        await driver.press("escape", "slash")
        await driver.write("bread")
        assert driver.shows("0 goals")
        await driver.press("slash")
        await driver.write("KITE")
        assert driver.shows("Sell a kite")
        await driver.press("slash", "escape")
        driver.place(Goals)

    walk(steps)


@pytest.mark.parametrize(
    ("status", "told"),
    [(Status.DOING, "going on: r1.1.1"), (Status.DONE, "next: r1.1.2")],
)
def test_what_is_next_depends_on_what_is_done(status: Status, told: str):
    plan = journey()
    packages = list(plan.route("u1").packages)
    first = replace(packages[0], standing=packages[0].standing.become(status, NOW))
    task = replace(plan.routes[0].tasks[0], packages=(first, packages[1]))
    routes = (replace(plan.routes[0], tasks=(task,)), *plan.routes[1:])
    services, _ = box_with(replace(plan, routes=routes), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        assert driver.shows(told)

    driven(services, None, steps)


def test_a_package_is_read_ticked_and_finished():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter")
        driver.place(PackagePlace)
        assert driver.shows("Talk to people.")
        assert driver.shows("[ ] Twelve talks")
        assert driver.shows("[x] A list")
        assert not driver.shows("Definition of Done")  # it stands there to be ticked
        await driver.press("space")
        assert driver.shows("[x] Twelve talks")
        await driver.press("down", "enter")
        assert driver.shows("[ ] A list")
        notes = driver.box.stellwerk.store.notes("g1")["k1"]
        assert "- [x] Twelve talks\n- [ ] A list\n" in notes
        await driver.press("u", "u")
        assert driver.box.stellwerk.store.notes("g1")["k1"] == NOTES
        await driver.press("d")
        assert driver.plan.package("k1").status is Status.DONE
        await driver.press("escape")
        driver.place(RailwayPlace)
        assert driver.shows("[x] 1 Find twelve people")

    walk(steps)


def test_a_package_without_a_checklist_is_finished_by_space():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "down", "enter", "space")
        assert driver.plan.package("k2").status is Status.DONE
        assert driver.shows("No notes yet")
        assert driver.shows("r1.1.1 Find twelve people")

    walk(steps)


def test_the_fields_of_a_package_are_edited():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter", "r")
        await driver.write("Find ten people")
        await driver.press("t")
        driver.place(Ask)
        await driver.write("4 6")
        await driver.press("t")
        await driver.write("2/4/9")
        package = driver.plan.package("k1")
        assert (package.title, package.length, package.grade) == ("Find ten people", 4, 6)
        assert package.estimate is not None
        assert package.estimate.p90 == 9
        await driver.press("t")
        await driver.write("much")
        assert driver.shows("no effort")
        await driver.write("99 1")
        assert driver.shows("between 1 and 8")
        await driver.write("3 3")
        assert driver.plan.package("k1").length == 3

    walk(steps)


def test_a_package_is_deleted_and_its_place_left():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter", "D")
        driver.place(Confirm)
        assert driver.shows("r1.1.2 will no longer wait for it.")
        await driver.press("y")
        driver.place(RailwayPlace)
        assert "k1" not in driver.plan.index.items

    walk(steps)


def test_what_a_package_needs_is_said_and_taken_back():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "down", "enter", "n")
        assert driver.shows("[x] r1.1.1 Find twelve people")
        await driver.press("enter")
        assert driver.plan.package("k2").needs == ()
        await driver.press("n", "down", "enter")
        assert "k3" not in driver.plan.package("k2").needs
        assert "r3" in driver.told  # it lies further on: that would be a circle
        await driver.press("n", "enter", "n", "escape")
        assert driver.plan.package("k2").needs == ("k1",)

    walk(steps)


def test_what_a_package_needs_is_found_by_words_of_it():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter", "n", *"parts r3", "backspace", "3")
        find = driver.place(Find)
        assert find.query_one(OptionList).option_count == 1
        assert driver.shows("[ ] r3.1.1 Make the parts")
        await driver.press(*" nothing")
        assert find.query_one(OptionList).option_count == 0
        await driver.press("enter")
        driver.place(Find)
        await driver.press("ctrl+u", *"TALK", "ctrl+u")
        assert find.query_one(OptionList).option_count == 2
        await driver.press("down", "down", "up", "up", "escape")
        driver.place(PackagePlace)

    walk(steps)


def test_what_is_typed_quickly_is_found():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "down", "enter")
        for key in ("m", *"build", "enter"):
            driver.app.simulate_key(key)
        await driver.rest()
        assert [each.uid for each in driver.plan.route("u3").packages] == ["k3", "k2"]

    walk(steps)


def test_a_package_moves_into_another_task():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "down", "enter", "m")
        assert driver.shows("r3.1 Build, Make it")
        await driver.press("enter")
        assert [each.uid for each in driver.plan.route("u3").packages] == ["k3", "k2"]
        assert driver.shows("r3.1.2 Talk to them")

    walk(steps)


def test_work_that_ended_up_elsewhere_is_settled():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter", "v")
        await driver.write("Ada did it for another goal")
        standing = driver.plan.package("k1").standing
        assert standing.status is Status.DIVERTED
        assert standing.reason == "Ada did it for another goal"

    walk(steps)


def test_people_get_other_names_and_go():
    async def steps(driver: Driver) -> None:
        await driver.press("p", "enter", "P", "enter", "enter", "enter")
        await driver.write("Adele")
        assert driver.plan.people[0].name == "Adele"
        await driver.press("P", "enter", "down", "enter")
        assert driver.shows("r1.1.1 will be nobody's.")
        await driver.press("y", "P")
        assert driver.plan.people == ()
        assert "Nobody yet" in driver.told

    walk(steps)


def test_the_goal_that_was_left_is_pointed_at():
    services, _ = box_with(journey(), plan_of(1, []), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        await driver.press("down", "enter", "escape")
        await driver.press("r")
        await driver.write("Build a ship")
        titles = {each.goal.title for each in services.store.goals()}
        assert titles == {"Goal", "Build a ship"}

    driven(services, None, steps)


def test_a_search_of_goals_is_taken_back_by_escape():
    async def steps(driver: Driver) -> None:
        await driver.press("escape", "slash")
        await driver.write("boat")
        assert driver.shows("0 goals")
        await driver.press("escape")
        assert driver.shows("Sell a kite")
        await driver.press("x")
        assert driver.shows("a shows 1 archived")

    walk(steps)


def test_space_never_finishes_a_package_with_a_checklist():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "enter", "tab", "space")
        assert not driver.plan.package("k1").settled
        await driver.press("space")
        assert "2 of 2 criteria" in driver.told
        await driver.press("J", "K", "d")
        assert driver.plan.package("k1").settled

    walk(steps)


def test_a_goal_is_renamed_and_deleted():
    async def steps(driver: Driver) -> None:
        await driver.press("escape", "r")
        await driver.write("Sell two kites")
        assert driver.shows("Sell two kites")
        await driver.press("D", "n", "D", "y")
        assert driver.shows("0 goals")
        assert driver.plan.goal.deleted

    walk(steps)


def test_an_effort_is_told_in_two_ways():
    plan = journey()
    for told in ("1/2", "", "9/4/2", "long"):
        with pytest.raises(UsageError):
            effort(plan, "k1", told)
    sized = apply(effort(plan, "k1", "3 5"), plan).package("k1")
    assert (sized.length, sized.grade) == (3, 5)
    after = apply(effort(plan, "k1", "2/4/9"), plan)
    assert after.package("k1").estimate == ThreePoint(2, 4, 9)
    assert apply(effort(after, "k1", "4"), after).package("k1").estimate is None


def test_a_decision_is_weighed_and_taken():
    async def steps(driver: Driver) -> None:
        await driver.press("right", "d")
        place = driver.place(DecisionPlace)
        assert driver.shows("Quick and dear.")
        assert driver.shows("recommended")
        assert driver.shows("5 h in 1 work package of its own")
        assert driver.shows("r4 Buy it")
        await driver.press("1")
        assert driver.plan.switches[0].chosen == "o1"
        assert driver.shows("chosen")
        await driver.press("1")
        assert driver.plan.switches[0].chosen is None
        await driver.press("9")
        assert "no way 9" in driver.told
        await driver.press("r")
        await driver.write("Which?")
        assert driver.plan.switches[0].title == "Which?"
        await driver.press("D", "y")
        assert driver.plan.switches == ()
        assert driver.app.screen is not place

    walk(steps)


def test_the_history_tells_what_each_edit_changed():
    async def steps(driver: Driver) -> None:
        await driver.press("right", "2", "y")
        driver.place(HistoryPlace)
        assert driver.shows("set d1 Make or buy? to d1.b Buy")
        assert driver.shows("chosen nothing > d1.b")
        await driver.press("u")
        assert driver.plan.switches[0].chosen is None
        assert driver.shows("(taken back)")
        await driver.press("ctrl+r", "escape")
        assert driver.plan.switches[0].chosen == "o2"

    walk(steps)


def test_a_package_has_a_history_of_its_own():
    async def steps(driver: Driver) -> None:
        await driver.press("l", "2", "g", "space", "enter", "enter", "y")
        driver.place(HistoryPlace)
        assert driver.shows("History of r1.1.1 Find twelve people")
        assert driver.shows("finished r1.1.1")
        assert not driver.shows("set d1")

    walk(steps)


def test_findings_are_read_and_fixed():
    plan = apply(Need("k3", "k1"), journey())  # r1 comes before r3 already
    services, goal = box_with(plan, notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        await driver.press("i")
        place = driver.place(FindingsPlace)
        await driver.until(lambda: place.query_one(OptionList).option_count > 0)
        await driver.rest()
        assert "findings, quality" in driver.text("#head")
        fixable = [at for at, each in enumerate(place._findings) if each.fix]
        hopeless = [at for at, each in enumerate(place._findings) if not each.fix]
        listed = place.query_one(OptionList)
        listed.highlighted = hopeless[0]
        await driver.press("space")
        assert "needs a person" in driver.told
        listed.highlighted = fixable[0]
        await driver.press("space")
        assert driver.plan.package("k3").needs == ()
        assert not [each for each in place._findings if each.fix]
        assert listed.highlighted == min(fixable[0], len(place._findings) - 1)
        await driver.press("u")
        assert driver.plan.package("k3").needs == ("k1",)

    driven(services, goal, steps)


@pytest.mark.parametrize(
    ("uid", "station"),
    [("u4", "u4"), ("t1", "u1"), ("k2", "u1"), ("s1", "u2"), ("o1", "u2"), ("p1", None)],
)
def test_every_item_but_a_person_has_a_station(uid: str, station: str | None):
    assert station_of(journey(), uid) == station
    assert station_of(journey(), "gone") is None


def test_a_finding_leads_to_what_it_is_about():
    async def steps(driver: Driver) -> None:
        await driver.press("i")
        place, plan = driver.place(FindingsPlace), driver.plan
        about = [plan.index.find(each.ref) for each in place._findings]
        at = about.index("k2")
        place.query_one(OptionList).highlighted = at
        await driver.press("enter")
        railway = driver.place(RailwayPlace)
        assert driver.selected == "r1"
        assert railway.query_one(Details).item == "k2"

    walk(steps)


def test_a_finding_about_the_whole_plan_leads_nowhere():
    async def steps(driver: Driver) -> None:
        await driver.press("i")
        place = driver.place(FindingsPlace)
        whole = [at for at, each in enumerate(place._findings) if not each.ref]
        place.query_one(OptionList).highlighted = whole[0]
        await driver.press("enter")
        driver.place(FindingsPlace)
        assert "about the plan as a whole" in driver.told

    walk(steps)


def test_requests_are_shown_as_they_were_sent():
    async def steps(driver: Driver) -> None:
        driver.box.requests.append(
            {"stage": "tasks", "subject": "r1", "provider": "wire", "model": "m", "seconds": 1}
        )
        await driver.press("backslash")
        driver.place(RequestsPlace)
        assert driver.shows("1 requests")
        assert driver.shows('"stage": "tasks"')
        await driver.press("escape")

    walk(steps)


def test_a_plan_without_findings_says_so():
    services, goal = box_with(Plan(Goal("g", "empty", "Empty", NOW)))

    async def steps(driver: Driver) -> None:
        await driver.press("i")
        await driver.until(lambda: "quality" in driver.text("#head"))

    driven(services, goal, steps)
