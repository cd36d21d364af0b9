"""A planning run with calls, put into a user's database: nobody is asked for it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from stellwerk.bootstrap import build
from stellwerk.config.discovery import load
from stellwerk.config.keys import KeyRing
from stellwerk.planner import PLAIN, Order
from stellwerk.planning.events import ignore
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import (
    LanguageModel,
    Mode,
    ModelReply,
    ModelRequest,
    Target,
    Usage,
    WireModel,
)
from stellwerk.planning.runs import Call, Limits, Run, RunStatus
from stellwerk.planning.wish import Wish, wish_of
from stellwerk.plugins.choosing import Choice, Providers
from stellwerk.refining import Refining
from stellwerk.storage.run_log import SqlRunLog
from stellwerk.testing.scripted_provider import ScriptedProvider
from tests.cli.terminal import Terminal
from tests.planning import drafts

RUN: Final = "ab12cd34" + "0" * 24
SHORT: Final = RUN[:8]
MESSAGES: Final = (
    {"role": "system", "content": "You plan."},
    {"role": "user", "content": "Go."},
)


def keep_run(terminal: Terminal, run: Run | None = None, *calls: Call) -> None:
    """Put a run into a user's log: one that stopped, with three calls, if none is given."""
    run = run or a_run()
    with closing(SqlRunLog(terminal.database)) as log:
        log.save(run)
        for call in calls or three_calls(run):
            log.begin(replace(call, run=run.uid))


def a_run(**fields: Any) -> Run:
    """Return a run that stopped an hour ago."""
    began = datetime.now(UTC) - timedelta(hours=1)
    known = {
        "uid": RUN,
        "wish": Wish("Learn to juggle", size="small"),
        "started_at": began,
        "finished_at": began + timedelta(seconds=42),
        "providers": ("openai", "anthropic"),
        "status": RunStatus.FAILED,
        "limits": Limits(500_000, 20, None),
        "error": "OpenAI gave no answer in time.",
    }
    return Run(**{**known, **fields})


def three_calls(run: Run) -> list[Call]:
    """Return an answer, a failure, and a call that never ended."""
    done = a_call(run, 1).finished(answer(), run.started_at + timedelta(seconds=4))
    until = run.started_at + timedelta(days=30)
    failed = a_call(run, 2, stage="tasks", subject="Three balls", attempt=2)
    error = "OpenAI gave no answer in time."
    ended = run.started_at + timedelta(seconds=40)
    return [
        done.taken(repaired=True, expires_at=until),
        failed.failed(FailureKind.TIMEOUT, error, Usage(), "", ended),
        a_call(run, 3, stage="tasks", subject="Five balls"),
    ]


def answer(**fields: Any) -> ModelReply:
    """Return what a model answered."""
    known = {
        "text": json.dumps({"routes": []}),
        "model": "gpt-5-2026",
        "usage": Usage(1200, 300, 2500, 200, 100),
        "request_id": "req-1",
    }
    return ModelReply(**{**known, **fields})


def a_call(run: Run, number: int = 1, **fields: Any) -> Call:
    """Return a call of a run that was sent and not answered so far."""
    known = {
        "uid": f"{run.uid[:8]}{number:024x}",
        "run": run.uid,
        "key": f"key {number}",
        "question": f"question {number}",
        "stage": "decompose",
        "subject": "Learn to juggle",
        "ask": 0,
        "attempt": 1,
        "provider": "openai",
        "base_url": "https://api.openai.com/v1",
        "model": "gpt-5",
        "prompt": "tasks@2" if fields.get("stage") == "tasks" else "decompose@3",
        "template": "digest",
        "schema": "digest",
        "mode": "schema",
        "parameters": "{}",
        "request": json.dumps(MESSAGES),
        "reserved_tokens": 4000,
        "reserved_micro": 9000,
        "started_at": run.started_at + timedelta(seconds=number),
    }
    return Call(**{**known, **fields})


class Answering(ScriptedProvider):
    """A model over the wire that gives a good answer to every question."""

    name = "openai"
    modes: tuple[Mode, ...] = ("text",)

    def __init__(self) -> None:
        super().__init__(drafts.answer, "gpt-5")

    def target(self, request: ModelRequest) -> Target:
        """Return where a request would go."""
        del request
        return Target("gpt-5")

    async def close(self) -> None:
        """Do nothing."""


class Standing(Answering):
    """A model that answers in the place of another one, whose questions it is asked.

    Args:
        other: The other one.
    """

    stages = frozenset({"expand"})

    def __init__(self, other: LanguageModel) -> None:
        super().__init__()
        assert isinstance(other, WireModel)
        self.modes, self.target = other.modes, other.target  # type: ignore[method-assign]

    def _answer(self, request: ModelRequest) -> dict[str, Any]:
        parts = (drafts.package(f"{request.subject}.{part}") for part in (1, 2))
        return {"packages": list(parts)}


def keep_expanded(terminal: Terminal) -> None:
    """Put the answer into a user's log by which the work package r1.1.1 is divided."""
    terminal.environ["OPENAI_API_KEY"] = "sk-1"
    settings = load(
        terminal.folder, terminal.environ, {"database.url": str(terminal.database)}
    )
    services = build(settings, terminal.environ, author="Ada")
    planner = services.planner()
    keys = KeyRing(terminal.environ, terminal.home)
    (real,) = Providers(services.plugins, settings, keys).choose(("openai",)).models
    with closing(planner.runs), closing(services.store):
        (line,) = services.store.goals()
        base = services.store.load(line.goal.uid)
        refining = Refining(planner, base, services.store.notes(line.goal.uid))
        uid = base.plan.index.by_ref["r1.1.1"]
        refining.expanded(uid, "", Choice((Standing(real),), None), ignore, PLAIN)


def keep_answered(terminal: Terminal) -> None:
    """Put a run into a user's log that has all its answers and was killed before its end."""
    settings = load(
        terminal.folder, terminal.environ, {"database.url": str(terminal.database)}
    )
    services = build(settings, terminal.environ, author="Ada")
    planner = services.planner()
    choice = Choice((Answering(),), None)
    with closing(planner.runs) as log, closing(services.store):
        made = planner.plan(wish_of("Learn to juggle"), choice, order=Order(store=False))
        assert made.run
        log.save(replace(made.run, status=RunStatus.INTERRUPTED, goal=None))
    terminal.environ["OPENAI_API_KEY"] = "sk-1"
