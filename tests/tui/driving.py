"""Driving the app in a test: keys are pressed, and it is left to work until it rests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from textual.pilot import Pilot
from textual.widgets import Input, Static

from stellwerk.bootstrap import Stellwerk
from stellwerk.domain.plan import Plan
from stellwerk.railway.glyphs import UNICODE, Charset
from stellwerk.tui.app import SignalBox
from stellwerk.tui.screens.railway import RailwayPlace

Kind = TypeVar("Kind")
_WORK = ("layout", "drawing", "judging")
"""Groups of workers that somebody waits for."""


class Driver:
    """The app under a test's fingers.

    Args:
        pilot: Textual's.
    """

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.app = pilot.app
        assert isinstance(self.app, SignalBox)
        self.box = self.app

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self.pilot.press(key)
        await self.rest()

    async def write(self, text: str) -> None:
        """Answer a question with a line of text."""
        self.app.screen.query_one(Input).value = text
        await self.press("enter")

    async def rest(self) -> None:
        """Wait until nothing is done any more."""
        await self.pilot.pause()
        while busy := [each for each in self.app.workers if each.group in _WORK]:
            await self.app.workers.wait_for_complete(busy)
        await self.pilot.pause(0.08)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true, for ten seconds at the most."""
        for _ in range(1000):
            if true():
                return
            await self.pilot.pause(0.01)
        raise AssertionError("It never became true.")

    def place(self, kind: type[Kind]) -> Kind:
        """Return the place in front."""
        assert isinstance(self.app.screen, kind), self.app.screen
        return self.app.screen

    @property
    def plan(self) -> Plan:
        """The plan of the goal, as the store has it."""
        store = self.box.stellwerk.store
        return store.load(store.goals()[0].goal.uid).plan

    @property
    def selected(self) -> str:
        """Ref of the selected station."""
        places = [each for each in self.app.screen_stack if isinstance(each, RailwayPlace)]
        sight = places[-1].sight
        assert sight is not None
        station = sight.station(places[-1].selected)
        return station.ref if station else ""

    @property
    def told(self) -> str:
        """What the app said last."""
        notes = list(self.app._notifications)
        return notes[-1].message if notes else ""

    def shows(self, text: str) -> bool:
        """Whether a text is on the screen."""
        return any(text in line for line in self.lines())

    def lines(self) -> Iterator[str]:
        """Yield the rows of the screen."""
        for strip in self.app.screen._compositor.render_strips():
            yield strip.text

    def text(self, selector: str) -> str:
        """Return the text of a part of the screen."""
        return str(self.app.screen.query_one(selector, Static).content)


def driven(
    services: Stellwerk,
    goal: str | None,
    steps: Callable[[Driver], Awaitable[None]],
    size: tuple[int, int] = (100, 34),
    charset: Charset = UNICODE,
) -> None:
    """Run the app and drive it.

    Args:
        services: What it works with.
        goal: Uid of the goal it opens.
        steps: What is done.
        size: Columns and rows.
        charset: The characters of drawings.
    """

    async def run() -> None:
        async with SignalBox(services, goal, charset).run_test(size=size) as pilot:
            driver = Driver(pilot)
            await driver.rest()
            await steps(driver)

    asyncio.run(run())
