"""Planning, refining and expanding from inside, over a model's wire and without one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stellwerk.bootstrap import Stellwerk, build
from stellwerk.config.discovery import load
from stellwerk.tui.screens.planning import PlanningPlace
from stellwerk.tui.screens.proposals import ProposalsPlace
from stellwerk.tui.screens.railway import RailwayPlace
from tests.tui.driving import Driver, driven
from tests.wire.asking import KEY, Planner
from tests.wire.planning_server import Behaviour, PlanningServer
from tests.wire.serving import served


@pytest.fixture
def server() -> Iterator[PlanningServer]:
    """Return a planning server."""
    with served(Behaviour()) as serving:
        yield serving


@pytest.fixture
def services(
    tmp_path: Path, server: PlanningServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stellwerk]:
    """Return the services of somebody whose provider is that server."""
    planner = Planner(tmp_path / "somebody", server)
    for name in [name for name in os.environ if name.startswith("STELLWERK")]:
        monkeypatch.delenv(name)
    for name, value in planner.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(planner.terminal.folder)
    wired = build(load(Path.cwd(), os.environ, {}), os.environ)
    yield wired
    wired.store.close()


async def plan(driver: Driver) -> None:
    """Ask for a plan."""
    await driver.press("n")
    await driver.write("Learn to juggle")


def arrived(driver: Driver) -> bool:
    """Whether the railway of the new goal is there."""
    screen = driver.app.screen
    return isinstance(screen, RailwayPlace) and screen.sight is not None


def test_a_goal_is_planned_while_one_looks_on(services: Stellwerk, server: PlanningServer):
    server.behaviour = Behaviour(latency=0.3)

    async def steps(driver: Driver) -> None:
        await plan(driver)
        place = driver.place(PlanningPlace)
        await driver.until(
            lambda: driver.shows("Work packages") or place._progress.spent.calls > 1
        )
        await driver.until(lambda: driver.shows("tokens"))
        await driver.until(lambda: arrived(driver))
        assert len(driver.plan.routes) == 6
        await driver.press("backslash")
        assert driver.shows("decompose") or driver.shows("review")
        assert KEY not in str(list(driver.box.requests))

    driven(services, None, steps)


def test_a_run_is_stopped_and_gone_on_with(services: Stellwerk, server: PlanningServer):
    server.behaviour = Behaviour(latency=0.4)

    async def steps(driver: Driver) -> None:
        await plan(driver)
        place = driver.place(PlanningPlace)
        await driver.until(lambda: place._progress.spent.calls >= 1)
        await driver.press("x")
        await driver.until(lambda: driver.shows("Stopped."))
        asked = len(server.entries)
        server.behaviour = Behaviour()
        await driver.press("r")
        await driver.until(lambda: arrived(driver))
        assert len(driver.plan.routes) == 6
        assert len(server.entries) > asked
        stages = [each.stage for each in server.entries if each.event == "sent"]
        assert stages.count("decompose") == 1

    driven(services, None, steps)


def test_a_provider_that_fails_is_told_with_what_to_do(
    services: Stellwerk, server: PlanningServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("STELLWERK_AI_OFFLINE", "false")
    server.behaviour = Behaviour(rate=1, faults=("401",))
    refused = build(load(Path.cwd(), os.environ, {}), os.environ)

    async def steps(driver: Driver) -> None:
        await plan(driver)
        await driver.until(lambda: driver.shows("r go on"))
        assert driver.shows("stellwerk resume") or driver.shows("key")
        await driver.press("escape")

    driven(refused, None, steps)


def test_leaving_stops_the_run(services: Stellwerk, server: PlanningServer):
    server.behaviour = Behaviour(latency=20)

    async def steps(driver: Driver) -> None:
        await plan(driver)
        place = driver.place(PlanningPlace)
        await driver.until(lambda: bool(server.entries))
        await driver.press("escape")
        await driver.until(lambda: not place._going)

    driven(services, None, steps)


def test_a_plan_is_refined_by_feedback_and_the_rest_left(services: Stellwerk):
    async def steps(driver: Driver) -> None:
        await plan(driver)
        await driver.until(lambda: arrived(driver))
        before = driver.plan
        await driver.press("R")
        await driver.write("Shorter, please")
        place = driver.place(ProposalsPlace)
        await driver.until(lambda: not place._going)
        await driver.rest()
        if place._proposals:
            await driver.press("space", "space", "enter")
            assert driver.plan != before
        else:
            assert driver.shows("Nothing is proposed")

    driven(services, None, steps)


def test_a_package_is_put_in_more_detail(services: Stellwerk):
    async def steps(driver: Driver) -> None:
        await plan(driver)
        await driver.until(lambda: arrived(driver))
        before = len(list(driver.plan.packages))
        await driver.press("enter", "X")
        await driver.write("")
        place = driver.place(ProposalsPlace)
        await driver.until(lambda: not place._going)
        await driver.rest()
        if place._proposals:
            await driver.press("enter")
            assert len(list(driver.plan.packages)) > before
            await driver.press("u")
            assert len(list(driver.plan.packages)) == before

    driven(services, None, steps)


def test_without_a_model_a_playbook_plans(
    services: Stellwerk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("STELLWERK_AI_PROVIDERS", "playbooks")
    offline = build(load(Path.cwd(), os.environ, {}), os.environ)

    async def steps(driver: Driver) -> None:
        assert driver.shows("There is no goal yet.")
        await plan(driver)
        await driver.until(lambda: arrived(driver))
        assert driver.plan.goal.source.kind == "playbook"
        await driver.press("escape")
        assert driver.shows("Learn to juggle")

    driven(offline, None, steps)
