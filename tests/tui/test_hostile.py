"""Bad days: nothing to show, far too much, strange titles, tiny screens, a store that fails."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input

from stellwerk.bootstrap import Stellwerk, build
from stellwerk.config.discovery import load
from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Plan
from stellwerk.planning.ports import GoalLine
from stellwerk.railway.fitting import cells_of
from stellwerk.railway.glyphs import ASCII
from stellwerk.storage.repository import Repository
from stellwerk.testing.memory_store import MemoryStore
from stellwerk.tui.app import SignalBox
from stellwerk.tui.screens.goals import Goals
from stellwerk.tui.screens.railway import RailwayPlace
from stellwerk.tui.widgets.asking import Ask
from tests.railway.dense_plans import dense_plan
from tests.railway.hostile import TITLES
from tests.railway.plans import NOW, plan_of, railway_graph, switched
from tests.tui.boxes import ME, box_with
from tests.tui.driving import Driver, driven
from tests.tui.journeys import NOTES, journey

SIZES = [(20, 5), (40, 20), (80, 24), (200, 60)]


@pytest.mark.parametrize("size", SIZES)
def test_no_goal_at_all_says_how_to_begin(size: tuple[int, int]):
    services, _ = box_with()

    async def steps(driver: Driver) -> None:
        driver.place(Goals)
        await driver.press("enter", "x", "j", "k", "a", "question_mark", "escape")
        await driver.press("slash", "escape")

    driven(services, None, steps, size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [0, 1])
def test_hardly_a_plan_can_be_walked_and_edited(count: int, size: tuple[int, int]):
    services, goal = box_with(plan_of(count, []))

    async def steps(driver: Driver) -> None:
        keys = "l h j k tab b m g G o c v plus minus minus plus M full_stop d space s enter"
        await driver.press(*keys.split())
        assert isinstance(driver.app.screen, Ask) == (count == 1)
        await driver.press(*["escape"] * count)
        await driver.press("a")
        await driver.write("Something")
        assert len(driver.plan.routes) == count + 1
        await driver.press("u")
        assert len(driver.plan.routes) == count

    driven(services, goal, steps, size)


def test_two_thousand_routes_are_walked():
    services, goal = box_with(switched(plan_of(*dense_plan(2000, 1)), 1))

    async def steps(driver: Driver) -> None:
        place = driver.place(RailwayPlace)
        await driver.until(lambda: place.sight is not None)
        await driver.press("l", "l", "j", "tab", "G", "g", "f", "a", "a")
        assert driver.selected
        await driver.press("minus")
        await driver.press("r")
        await driver.write("Changed")
        await driver.until(lambda: any(r.title == "Changed" for r in driver.plan.routes))

    driven(services, goal, steps)


@pytest.mark.parametrize("size", SIZES)
def test_titles_of_any_kind_stay_text_and_within_their_row(size: tuple[int, int]):
    count, pairs = railway_graph(len(TITLES), 3)
    services, goal = box_with(switched(plan_of(count, pairs, list(TITLES)), 3))

    async def steps(driver: Driver) -> None:
        for key in ("0", "v", "plus", "v", "minus", "minus", "f", "escape", "c"):
            await driver.press(key)
            for line in driver.lines():
                assert cells_of(line) <= size[0]
                assert "\x1b" not in line
        for _ in range(4):
            await driver.press("tab", "d", "escape")
            if not isinstance(driver.app.screen, RailwayPlace):
                await driver.press("enter")

    driven(services, goal, steps, size)


def test_a_terminal_is_made_tiny_and_large_again():
    services, goal = box_with(journey(), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        for place in (
            [],
            ["enter", "enter"],
            ["escape", "l", "d"],
            ["escape", "y"],
            ["escape", "i"],
        ):
            await driver.press(*place)
            for size in ((20, 5), (200, 60), (1, 1), (80, 24)):
                await driver.pilot.resize_terminal(*size)
                await driver.rest()
        assert driver.plan.goal.title == "Sell a kite"

    driven(services, goal, steps)


def test_plain_characters_are_all_there_is_without_unicode():
    services, goal = box_with(journey(), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        for key in ("0", "v", "plus", "v", "minus", "minus"):
            await driver.press(key)
            view = driver.app.screen.query_one("#map")
            rows = [view.render_line(y).text for y in range(view.size.height)]
            assert all(row.isascii() for row in rows)
            assert driver.text("#head").isascii()
            assert driver.text("#keys").isascii()

    driven(services, goal, steps, charset=ASCII)


def test_a_paste_of_a_megabyte_is_cut_to_what_a_title_may_have():
    services, goal = box_with(journey(), notes={"k1": NOTES})

    async def steps(driver: Driver) -> None:
        await driver.press("r")
        driver.place(Ask)
        field = driver.app.screen.query_one(Input)
        field.post_message(Paste("x" * 1_000_000))
        await driver.rest()
        assert len(field.value) <= 200
        await driver.press("enter")
        assert len(driver.plan.route("u1").title) <= 200

    driven(services, goal, steps)


def test_an_archived_goal_without_routes_is_shown():
    services, _ = box_with(Plan(Goal("g", "empty", "Empty", NOW)))

    async def steps(driver: Driver) -> None:
        assert driver.shows("no route yet")

    driven(services, None, steps)


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stellwerk]:
    """Return services with the journey in a database."""
    monkeypatch.setenv("STELLWERK_DB", str(tmp_path / "a.db"))
    store = Repository(tmp_path / "a.db", busy_seconds=0.5)
    services = build(load(tmp_path, os.environ, {}), os.environ, author=ME, store=store)
    services.dispatcher.adopt(journey(), {"k1": NOTES}, "planned it")
    yield services
    services.store.close()


def lose(database: Path) -> None:
    """Delete a database with what SQLite lays beside it."""
    for end in ("", "-wal", "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)


def test_a_database_that_vanishes_is_told_and_the_app_goes_on(stored: Stellwerk):
    async def steps(driver: Driver) -> None:
        lose(stored.database)
        await driver.press("space")
        assert "moved or deleted" in driver.told
        await driver.press("l", "plus", "escape")

    driven(stored, "g1", steps)


def test_a_database_that_is_replaced_is_told(stored: Stellwerk, tmp_path: Path):
    async def steps(driver: Driver) -> None:
        other = tmp_path / "other.db"
        shutil.copy(stored.database, other)
        other.replace(stored.database)
        await driver.press("space")
        assert "replaced" in driver.told

    driven(stored, "g1", steps)


def test_a_database_that_is_locked_is_told(stored: Stellwerk):
    async def steps(driver: Driver) -> None:
        holder = sqlite3.connect(stored.database, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            await driver.press("space")
            assert driver.told
            assert not any(each.settled for each in driver.plan.packages)
        finally:
            holder.close()

    driven(stored, "g1", steps)


def test_an_unknown_theme_is_told_and_a_known_one_is_worn():
    services, goal = box_with(journey(), notes={"k1": NOTES}, **{"tui.theme": "nordd"})

    async def steps(driver: Driver) -> None:
        assert "nordd" in driver.told

    driven(services, goal, steps)
    services, goal = box_with(journey(), notes={"k1": NOTES}, **{"tui.theme": "nord"})

    async def worn(driver: Driver) -> None:
        assert driver.app.theme == "nord"

    driven(services, goal, worn)


class Broken(MemoryStore):
    """A store with a defect."""

    def goals(self) -> list[GoalLine]:
        """Fail in a way that nobody foresaw."""
        raise RuntimeError("Nobody foresaw this.")


def test_a_defect_ends_the_app_and_prints_no_traceback(capfd: pytest.CaptureFixture[str]):
    services = build(load(Path("/"), {}, {}), os.environ, author=ME, store=Broken())
    box = SignalBox(services)
    box.run(headless=True, size=(80, 24))
    assert str(box.fault) == "Nobody foresaw this."
    assert capfd.readouterr() == ("", "")
