"""The table of actions is what the app does: nothing is promised that is not there."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest

from stellwerk.errors import ConfigError
from stellwerk.tui.actions import ACTIONS, EVERYWHERE, actions_of, keymap
from stellwerk.tui.app import SignalBox
from stellwerk.tui.place import Place, method_of
from stellwerk.tui.screens.decision import DecisionPlace
from stellwerk.tui.screens.findings import FindingsPlace
from stellwerk.tui.screens.goals import Goals
from stellwerk.tui.screens.history import HistoryPlace
from stellwerk.tui.screens.package import PackagePlace
from stellwerk.tui.screens.planning import PlanningPlace
from stellwerk.tui.screens.proposals import ProposalsPlace
from stellwerk.tui.screens.railway import RailwayPlace
from stellwerk.tui.screens.requests import RequestsPlace
from tests.tui.boxes import box_with
from tests.tui.driving import Driver, driven
from tests.tui.journeys import NOTES, journey

PLACES: list[type[Place]] = [
    *(Goals, RailwayPlace, PackagePlace, DecisionPlace, HistoryPlace, FindingsPlace),
    *(PlanningPlace, ProposalsPlace, RequestsPlace),
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.place)
def test_every_action_of_a_place_has_a_method(place: type[Place]):
    for each in actions_of(place.place):
        holder, _, name = method_of(each.name).partition("(")[0].rpartition(".")
        assert hasattr(SignalBox if holder == "app" else place, f"action_{name}"), each


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
@pytest.mark.parametrize("place", [[], ["escape"], ["enter", "enter"], ["l", "d"], ["y"]])
def test_every_place_can_be_left_for_good(place: list[str], key: str):
    services, goal = box_with(journey(), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        await driver.press(*place)
        driver.app.simulate_key(key)
        await driver.until(lambda: not driver.app.is_running or driver.app._exit)

    driven(services, goal, steps)


def test_every_action_has_a_place():
    known = {place.place for place in PLACES} | {EVERYWHERE}
    assert {place for each in ACTIONS for place in each.places} <= known


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.place)
def test_no_key_means_two_things_in_one_place(place: type[Place]):
    counts = Counter(chain.from_iterable(each.keys for each in actions_of(place.place)))
    assert [key for key, count in counts.items() if count > 1] == []


def test_hjkl_always_move_on_the_map():
    moves = {"h": "left", "j": "down", "k": "up", "l": "right"}
    found = {key: each.name for each in actions_of("railway") for key in each.keys}
    assert {key: found[key] for key in moves} == moves


def test_no_key_needs_a_function_key_or_one_that_terminals_eat():
    keys = set(chain.from_iterable(each.keys for each in ACTIONS))
    assert not keys & {"ctrl+b", "ctrl+s", "ctrl+q", "ctrl+z", "ctrl+a", "ctrl+h", "ctrl+m"}
    assert not [key for key in keys if key.startswith("f") and key[1:].isdigit()]


def test_names_are_told_once():
    assert len({each.name for each in ACTIONS}) == len(ACTIONS)


def test_settings_give_other_keys():
    assert keymap(["undo=ctrl+y", " redo = f5 , ctrl+e "]) == {
        "undo": "ctrl+y",
        "redo": "f5 , ctrl+e",
    }


@pytest.mark.parametrize(
    ("told", "says"),
    [("undoo=x", "Did you mean undo"), ("undo=", "Write `action=key`"), ("undo", "Write")],
)
def test_settings_that_mean_nothing_are_refused(told: str, says: str):
    with pytest.raises(ConfigError) as caught:
        keymap([told])
    assert says in caught.value.hint


def test_a_remapped_key_does_it_and_the_old_one_does_not():
    services, goal = box_with(
        journey(), notes={"k1": NOTES}, **{"tui.keys": ("zoom_in=ctrl+y",)}
    )

    async def steps(driver: Driver) -> None:
        place = driver.place(RailwayPlace)
        await driver.press("0", "plus")
        assert place.zoom == 1
        await driver.press("ctrl+y")
        assert place.zoom == 2

    driven(services, goal, steps)


def test_the_palette_does_what_the_key_does():
    services, goal = box_with(journey(), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        await driver.press("colon")
        await driver.press(*"critical path as")
        await driver.pilot.pause(0.4)
        await driver.press("enter")
        await driver.rest()
        assert driver.place(RailwayPlace).critical

    driven(services, goal, steps)


def test_help_names_every_key_of_the_place():
    services, goal = box_with(journey(), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        await driver.press("question_mark")
        assert driver.shows("Go along the track, the way that is chosen")
        await driver.press("j", "k", "escape")
        driver.place(RailwayPlace)

    driven(services, goal, steps)
