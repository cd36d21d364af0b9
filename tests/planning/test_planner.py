"""Planning as a whole: what is refused before anybody is asked, and what loses no plan."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stellwerk.cli.planning import Asking
from stellwerk.config.discovery import load
from stellwerk.errors import StorageError, UsageError
from stellwerk.planner import Order, Planner
from stellwerk.planning.models import ModelReply, ModelRequest
from stellwerk.planning.runs import Forgotten, RunStatus
from stellwerk.planning.wish import Wish
from stellwerk.plugins.choosing import Choice
from stellwerk.providers.redaction import Redactor
from stellwerk.testing.clock import CountedUids, FrozenClock
from stellwerk.testing.memory_log import MemoryRunLog
from tests.planning.drafts import answer
from tests.providers.test_recording import Wire, a_run


class Clumsy(Wire):
    """A wire that answers well and breaks down when it is let go of."""

    stages = frozenset({"decompose", "tasks", "packages"})

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer."""
        return ModelReply(text=json.dumps(answer(request)), model="m")

    async def close(self) -> None:
        """Break down."""
        raise RuntimeError("Boom.")


class FullLog(MemoryRunLog):
    """A log in which nothing can be forgotten."""

    def prune(self, megabytes: int, keep: Any = ()) -> Forgotten:
        """Refuse."""
        raise StorageError(f"{megabytes} {keep}: the disk is full.")


def planner(home: Path) -> Planner:
    """Return a planner that stores nothing."""
    dispatcher = SimpleNamespace(new_uid=CountedUids(), clock=FrozenClock())
    settings = load(home, {"HOME": str(home)}, {})
    return Planner(
        settings, cast(Any, dispatcher), cast(Any, FullLog()), cast(Any, None), Redactor()
    )


def test_what_goes_wrong_after_the_last_answer_costs_no_plan(tmp_path: Path):
    """Neither a provider that breaks down in the end nor a log that cannot be cut."""
    choice = Choice((Clumsy(),), None)
    made = planner(tmp_path).plan(Wish("Juggle"), choice, order=Order(store=False))
    assert made.snapshot.plan.routes
    assert made.run is not None
    assert made.run.status is RunStatus.DONE


def test_a_playbook_cannot_go_on_with_a_run_of_models(tmp_path: Path):
    """That is an error in the call."""
    with pytest.raises(UsageError, match="a playbook cannot go on with it"):
        planner(tmp_path).resume(a_run(), Choice((), None))


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_limit_is_a_number_that_can_be_reached(value: float):
    """Nothing else could be kept."""
    with pytest.raises(UsageError, match="--max-cost is"):
        Asking(max_cost=value).limits()
