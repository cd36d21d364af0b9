"""The railway of a goal: walked along, looked at, and edited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from stellwerk.bootstrap import Stellwerk
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.plan import Plan
from stellwerk.domain.work import Status
from stellwerk.tui.screens.decision import DecisionPlace
from stellwerk.tui.screens.goals import Goals
from stellwerk.tui.screens.railway import RailwayPlace
from stellwerk.tui.widgets.asking import Ask, Confirm, Pick
from stellwerk.tui.widgets.track_map import TrackMap
from tests.tui.boxes import ME, box_with
from tests.tui.driving import Driver, driven
from tests.tui.journeys import NOTES, journey

Steps = Callable[[Driver], Awaitable[None]]


def walk(steps: Steps, size: tuple[int, int] = (100, 34)) -> Stellwerk:
    """Drive the app through the journey; return the services with what came of it."""
    services, goal = box_with(journey(), notes={"k1": NOTES})
    driven(services, goal, steps, size)
    return services


def plan_in(services: Stellwerk) -> Plan:
    """Return the plan as it is stored."""
    return services.store.load(services.store.goals()[0].goal.uid).plan


@pytest.mark.parametrize(
    ("keys", "ref"),
    [
        (["right"], "r2"),
        (["l", "l"], "r4"),
        (["right", "right", "right"], "r5"),
        (["right", "right", "down"], "r3"),
        (["right", "right", "j", "k"], "r4"),
        (["right", "left"], "r1"),
        (["l", "h"], "r1"),
        (["tab", "tab"], "r4"),
        (["tab", "shift+tab"], "r1"),
        (["G"], "r5"),
        (["end", "home"], "r1"),
        (["G", "g"], "r1"),
        (["b"], "r2"),
        (["m"], "r5"),
        (["G", "o"], "r1"),
        (["left"], "r1"),
        (["f", "d"], "r4"),
        (["f", "escape"], "r1"),
    ],
)
def test_keys_lead_along_the_line(keys: list[str], ref: str):
    async def steps(driver: Driver) -> None:
        for key in keys:
            await driver.press(key)
        assert driver.selected == ref

    walk(steps)


def test_upright_the_arrows_lead_along_the_line_and_down_the_rows():
    async def steps(driver: Driver) -> None:
        await driver.press("right", "1", "right")
        assert driver.selected == "r3"
        await driver.press("left", "left")
        assert driver.selected == "r1"
        rows = []
        for _ in range(4):
            await driver.press("down")
            rows.append(driver.selected)
        assert sorted(rows) == ["r2", "r3", "r4", "r5"]

    walk(steps, (50, 24))


def test_the_way_that_is_chosen_is_the_way_onward():
    async def steps(driver: Driver) -> None:
        await driver.press("right", "1", "right")
        assert driver.selected == "r3"

    walk(steps)


def test_a_search_finds_titles_and_refs():
    async def steps(driver: Driver) -> None:
        await driver.press("slash")
        await driver.write("it")
        assert driver.selected == "r4"
        await driver.press("n")
        assert driver.selected == "r3"
        await driver.press("N")
        assert driver.selected == "r4"
        await driver.press("slash")
        await driver.write("nowhere")
        assert "No station" in driver.told

    walk(steps)


def test_looking_from_far_and_near():
    async def steps(driver: Driver) -> None:
        place = driver.place(RailwayPlace)
        assert place.zoom == 2
        await driver.press("minus", "minus", "minus")
        assert place.zoom == 0
        await driver.press("plus")
        assert place.zoom == 1
        assert driver.shows("r2 Decide")
        await driver.press("v")
        assert driver.shows("d1 Make or buy?")
        await driver.press("equals_sign", "0", "v")
        assert place.zoom == 1

    walk(steps)


def test_the_view_moves_without_the_selection():
    async def steps(driver: Driver) -> None:
        view = driver.app.screen.query_one(TrackMap)
        await driver.press("L")
        assert view.scroll_offset.x > 0
        await driver.press("H", "J", "K")
        assert view.scroll_offset == (0, 0)
        await driver.press("G", "full_stop")
        assert driver.selected == "r5"

    walk(steps, (60, 30))


def test_the_minimap_comes_and_goes():
    async def steps(driver: Driver) -> None:
        small = driver.app.screen.query_one("#minimap")
        assert small.display
        await driver.press("M")
        assert not small.display

    walk(steps, (60, 30))


def test_the_critical_path_is_the_heavy_line_when_asked():
    async def steps(driver: Driver) -> None:
        await driver.press("c")
        assert "critical path" in driver.text("#head")
        await driver.press("c")
        assert "critical path" not in driver.text("#head")

    walk(steps)


def test_a_switch_is_set_and_left_open_again():
    async def steps(driver: Driver) -> None:
        await driver.press("right", "1")
        assert driver.plan.switches[0].chosen == "o1"
        await driver.press("2")
        assert driver.plan.switches[0].chosen == "o2"
        await driver.press("2")
        assert driver.plan.switches[0].chosen is None
        await driver.press("7")
        assert "no way 7" in driver.told

    walk(steps)


def test_work_is_ticked_from_the_map_one_after_the_other():
    async def steps(driver: Driver) -> None:
        await driver.press("space")
        assert driver.plan.package("k1").status is Status.DONE
        await driver.press("space")
        assert [each.settled for each in driver.plan.packages] == [True, True, False]
        await driver.press("space")
        assert "no open work package" in driver.told
        await driver.press("u", "z")
        assert not any(each.settled for each in driver.plan.packages)
        await driver.press("ctrl+r")
        assert driver.plan.package("k1").settled

    walk(steps)


def test_the_cursor_in_the_details_says_which_package_is_meant():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "down", "s")
        assert driver.plan.package("k2").status is Status.DOING
        await driver.press("s", "w")
        driver.place(Ask)
        await driver.write("the post")
        assert driver.plan.package("k2").waiting_for == "the post"
        await driver.press("p")
        driver.place(Pick)
        await driver.press("enter")
        assert driver.plan.package("k2").assignee == "p1"
        await driver.press("escape")
        assert driver.app.screen.query_one(TrackMap).has_focus

    walk(steps)


def test_somebody_new_gets_work():
    async def steps(driver: Driver) -> None:
        await driver.press("p", "j", "j", "enter")
        await driver.write("Bo")
        assert [each.name for each in driver.plan.people] == ["Ada", "Bo"]
        assert driver.plan.package("k1").assignee == driver.plan.people[1].uid
        await driver.press("p", "j", "j", "k", "j", "enter")
        assert driver.plan.package("k1").assignee is None

    walk(steps)


def test_a_route_is_laid_behind_the_station():
    async def steps(driver: Driver) -> None:
        await driver.press("a")
        await driver.write("Rest")
        assert driver.selected == "r6"
        new = driver.plan.routes[1]
        assert driver.plan.index.before[new.uid] == ["u1"]
        assert driver.plan.index.after[new.uid] == ["u2"]

    walk(steps)


def test_at_a_switch_a_route_is_one_more_way():
    async def steps(driver: Driver) -> None:
        await driver.press("right", "a")
        await driver.write("Rent it")
        switch = driver.plan.switches[0]
        assert [each.label for each in switch.options] == ["Make", "Buy", "Rent it"]
        assert driver.plan.index.after[switch.options[2].head] == ["u5"]

    walk(steps)


def test_a_route_is_laid_before_the_station():
    async def steps(driver: Driver) -> None:
        await driver.press("A")
        await driver.write("Begin")
        before = driver.plan.index.before["u1"]
        assert [driver.plan.route(uid).title for uid in before] == ["Begin"]

    walk(steps)


def test_the_line_parts_at_a_question():
    async def steps(driver: Driver) -> None:
        await driver.press("B")
        await driver.write("By bike?")
        await driver.write("Yes; No; Maybe")
        switch = driver.plan.index.switch_at["u1"]
        assert [each.label for each in switch.options] == ["Yes", "No", "Maybe"]
        heads = [each.head for each in switch.options]
        assert all(driver.plan.index.after[head] == ["u2"] for head in heads)
        await driver.press("u")
        assert driver.plan == journey_as_stored(driver)

    def journey_as_stored(driver: Driver) -> Plan:
        store = driver.box.stellwerk.dispatcher
        return store.at_revision(store.open(), 1)

    walk(steps)


def test_one_way_is_no_decision():
    async def steps(driver: Driver) -> None:
        await driver.press("B")
        await driver.write("Really?")
        await driver.write("Yes")
        assert driver.shows("two ways")
        await driver.write("Yes; No")
        assert [option.label for option in driver.plan.switches[1].options] == ["Yes", "No"]

    walk(steps)


def test_a_track_is_laid_by_pointing_and_lifted_again():
    async def steps(driver: Driver) -> None:
        await driver.press("e")
        await driver.press("d")
        assert ("u1", "u5") in {(each.tail, each.head) for each in driver.plan.edges}
        await driver.press("x")
        await driver.press("s")
        assert ("u1", "u5") not in {(each.tail, each.head) for each in driver.plan.edges}

    walk(steps)


def test_a_cycle_is_refused_in_full():
    async def steps(driver: Driver) -> None:
        await driver.press("G", "e", "a")
        assert "r1" in driver.told
        assert driver.plan == plan_in(driver.box.stellwerk)
        assert len(driver.plan.edges) == 5

    walk(steps)


def test_the_only_track_is_lifted_at_once():
    async def steps(driver: Driver) -> None:
        await driver.press("x")
        assert driver.plan.index.after["u1"] == []
        await driver.press("x")
        assert "No track leaves" in driver.told

    walk(steps)


def test_titles_change():
    async def steps(driver: Driver) -> None:
        await driver.press("r")
        await driver.write("Learn it")
        assert driver.plan.route("u1").title == "Learn it"
        await driver.press("enter", "r")
        await driver.write("Find them")
        assert driver.plan.package("k1").title == "Find them"
        await driver.press("r", "escape")
        assert driver.plan.package("k1").title == "Find them"

    walk(steps)


def test_deleting_tells_what_goes_before_it_goes():
    async def steps(driver: Driver) -> None:
        await driver.press("D")
        driver.place(Confirm)
        assert driver.shows("2 work packages go with it")
        await driver.press("n")
        assert len(driver.plan.routes) == 5
        await driver.press("D", "y")
        assert len(driver.plan.routes) == 4
        assert driver.selected
        await driver.press("u")
        assert len(driver.plan.routes) == 5
        assert driver.box.stellwerk.store.notes(driver.plan.goal.uid)["k1"] == NOTES

    walk(steps)


def test_packages_change_their_order_and_get_company():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "shift+down")
        assert [each.uid for each in driver.plan.route("u1").packages] == ["k2", "k1"]
        await driver.press("shift+up", "shift+up")
        assert "first one here" in driver.told
        await driver.press("a")
        await driver.write("Thank them")
        titles = [each.title for each in driver.plan.route("u1").packages]
        assert titles == ["Find twelve people", "Thank them", "Talk to them"]

    walk(steps)


def test_the_quality_is_taken_anew_when_the_plan_has_changed():
    services, goal = box_with(journey(), notes={"k1": NOTES})
    services.grade(services.store.load(goal), services.store.notes(goal))

    async def steps(driver: Driver) -> None:
        assert "quality 0" in driver.text("#head")
        await driver.press("D", "y")
        assert "quality ~0" in driver.text("#head")
        await driver.until(lambda: "quality 0" in driver.text("#head"))
        latest = services.store.quality.latest([goal])[goal]
        assert latest.revision == services.store.load(goal).revision

    driven(services, goal, steps)


def test_the_first_work_package_of_a_station_is_added_on_the_map():
    async def steps(driver: Driver) -> None:
        await driver.press("G", "enter")
        assert driver.shows("New work package in r5 Launch")
        await driver.write("Sell one")
        assert [each.title for each in driver.plan.route("u5").packages] == ["Sell one"]
        assert [each.title for each in driver.plan.route("u5").tasks] == ["Launch"]
        await driver.press("g", "l", "t")
        await driver.write("Ask around")
        assert [each.title for each in driver.plan.route("u2").packages] == ["Ask around"]

    walk(steps)


def test_the_cursor_goes_to_what_was_added_to_the_list():
    async def steps(driver: Driver) -> None:
        await driver.press("enter", "a")
        await driver.write("Thank them")
        await driver.press("r")
        await driver.write("Thank everybody")
        titles = [each.title for each in driver.plan.route("u1").packages]
        assert titles == ["Find twelve people", "Thank everybody", "Talk to them"]

    walk(steps)


def test_notes_are_written_in_an_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    script = tmp_path / "edit"
    script.write_text("#!/bin/sh\necho 'And more.' >> \"$1\"\n")
    script.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(script))

    async def steps(driver: Driver) -> None:
        await driver.press("E")
        assert (
            "cannot be opened here" in driver.told
        )  # a test has no terminal to step aside of

    walk(steps)


def test_the_places_of_a_goal_open_and_close():
    async def steps(driver: Driver) -> None:
        await driver.press("d")
        assert "no decision here" in driver.told
        await driver.press("right", "d")
        driver.place(DecisionPlace)
        await driver.press("escape", "right", "d")
        driver.place(DecisionPlace)
        await driver.press("escape", "escape")
        driver.place(Goals)
        await driver.press("escape")
        assert "Press q" in driver.told

    walk(steps)


def test_what_another_process_changes_appears_by_itself():
    async def steps(driver: Driver) -> None:
        services = driver.box.stellwerk
        base = services.dispatcher.open()
        services.dispatcher.make(base, Rename("u1", "Theirs"))
        await driver.until(lambda: driver.shows("Theirs"))

    walk(steps)


@pytest.mark.parametrize(("at", "title"), [(0, "Theirs"), (1, "Mine"), (2, "Theirs / Mine")])
def test_two_titles_written_at_once_are_both_kept_until_somebody_says(at: int, title: str):
    async def steps(driver: Driver) -> None:
        await driver.press("r")
        services = driver.box.stellwerk
        other = box_of(services)
        other.make(other.open(), Rename("u1", "Theirs"))
        await driver.write("Mine")
        driver.place(Pick)
        assert driver.shows("theirs: Theirs")
        await driver.press(*["up"] * (2 - at), "enter")
        assert driver.plan.route("u1").title == title

    walk(steps)


def box_of(services: Stellwerk):
    """Return the dispatcher of somebody else on the same store."""
    from stellwerk.planning.dispatcher import Dispatcher

    own = services.dispatcher
    assert own.author == ME
    return Dispatcher(services.store, "Bo", own.clock, own.new_uid)


@pytest.mark.parametrize("zoom", ["0", "plus", "minus"])
def test_one_station_is_marked_and_no_trace_stays_of_the_others(zoom: str):
    async def steps(driver: Driver) -> None:
        await driver.press(zoom)
        view = driver.app.screen.query_one(TrackMap)
        for key in ("l", "l", "j", "k", "h"):
            await driver.press(key)
            marked = [
                y
                for y in range(view.size.height)
                if any(s.style and s.style.reverse for s in view.render_line(y))
            ]
            assert len(marked) == 1
            shown = driver.app.screen._compositor.render_strips()
            reverse = [
                y
                for y, strip in enumerate(shown)
                if any(s.style and s.style.reverse for s in strip.crop(0, view.size.width))
            ]
            rows = view.size.height - view.show_horizontal_scrollbar  # which is reverse, too
            assert len([y for y in reverse if y <= rows]) <= 1

    walk(steps)


def test_a_click_selects_a_station():
    async def steps(driver: Driver) -> None:
        view = driver.app.screen.query_one(TrackMap)
        assert view.sheet is not None
        box = view.sheet.boxes["u2"]
        await driver.pilot.click(TrackMap, offset=(box.x + 2, box.y + 1))
        await driver.rest()
        assert driver.selected == "r2"

    walk(steps)
