"""Verbs that read an excerpt of a plan say what they would say of the whole plan."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from stellwerk.bootstrap import Stellwerk
from stellwerk.cli.desk import Desk
from stellwerk.cli.main import invoke
from stellwerk.config.discovery import load
from stellwerk.domain.snapshot import Snapshot
from stellwerk.errors import StellwerkError
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.cli.terminal import Terminal

CALLS = (
    *("next", "next -n 50", "list", "show", "show r1", "show r1.1", "show r1.1.1", "show d1"),
    *("show p1", "map", "start r1.1.1", "done r1.1.1 --hours 2", "wait r1.2.1 --for Tom"),
    *("show r1.2.1", "next", "done r1.1.1 r1.2.1 r1.3.1", "undo", "redo", "reopen r1.1.1"),
    *("divert r1.1.1 --why no", "choose d1 b", "map", "list", "undo", "show", "next"),
)


class Thorough(Repository):
    """Reads the whole plan where an excerpt would do."""

    def excerpt(
        self, goal: str, wanted: Callable[[Snapshot], Collection[str]] = lambda _: ()
    ) -> Snapshot:
        """Return the plan of a goal, all of it in full."""
        return self.load(goal)


@pytest.mark.parametrize("json", [False, True])
def test_an_excerpt_says_what_the_whole_plan_says(
    planned: Terminal, json: bool, capsys: pytest.CaptureFixture[str]
):
    planned("add", "person", "Ada")
    planned("assign", "r1.1.1", "p1")
    other = Path(shutil.copy(planned.database, planned.folder / "other.db"))

    def told(store: Repository) -> list[str]:
        dispatcher = Dispatcher(store, "ada", FrozenClock(), CountedUids())
        services = Stellwerk(load(planned.folder, {}), store.path, store, dispatcher)
        answers = [_told(call, services) for call in CALLS]
        store.close()
        return answers

    def _told(call: str, services: Stellwerk) -> str:
        desk = Desk(json=json)
        desk.__dict__["stellwerk"] = services
        try:
            invoke(call.split(), desk)
        except StellwerkError as error:
            return error.message
        return capsys.readouterr().out

    excerpts, whole = told(Repository(planned.database)), told(Thorough(other))
    assert excerpts == whole
    assert sum(len(text) > 20 for text in excerpts) == len(CALLS)
