"""Runs and calls of an older schema are there after an upgrade, and can be read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.runs import CallStatus, Limits, RunStatus
from stellwerk.storage.repository import Repository
from stellwerk.storage.run_log import SqlRunLog
from stellwerk.storage.run_rows import size_of
from tests.storage.calls import NOW
from tests.storage.databases import planned
from tests.storage.older import put_back

RUN = "INSERT INTO runs VALUES (?, ?, 'plan', ?, ?, 'a draft', ?, NULL, 500, 9, NULL, 'why')"
CALL = (
    "INSERT INTO calls VALUES (?, 'one', 'key', 'tasks', 'r1', 2, 'openai', 'https://x',"
    " 'gpt', 'template', 'schema', 'json', '{}', '[“hello”]', ?, ?, 'stop', 'none', 10, 20,"
    " 30, ?, ?, ?)"
)
THEN = "2026-01-01T09:00:00Z"


@pytest.fixture
def old(database: Path) -> Path:
    """Return a database of the first schema with runs and calls in it."""
    planned(database).close()
    put_back(database)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(RUN, ("one", "goal", "Learn to juggle", "done", THEN))
        connection.execute(RUN, ("two", None, "", "waiting", THEN))
        connection.execute(CALL, ("a", "done", "“answer”", THEN, THEN, THEN))
        connection.execute(CALL, ("b", "sent", "", THEN, None, None))
    return database


def test_runs_of_an_older_schema_are_kept(old: Path):
    """With what was wished; a status that no one knows is a failure."""
    with closing(SqlRunLog(old)) as log:
        two, one = log.runs()
    assert (one.uid, one.goal, one.wish.title, one.status) == (
        *("one", "goal", "Learn to juggle"),
        RunStatus.DONE,
    )
    assert (one.limits, one.error, one.started_at) == (Limits(500, 9, None), "why", NOW)
    assert (two.uid, two.goal, two.wish.title) == ("two", None, "")
    assert two.status is RunStatus.FAILED


def test_calls_of_an_older_schema_are_kept(old: Path):
    """Answers whole; none is taken for an accepted one, and none is reused."""
    with closing(SqlRunLog(old)) as log:
        answered, cut = log.calls("one")
        assert log.answered("one", "key") == answered
        assert log.reusable("key", NOW) is None
        assert log.size() == size_of(answered) + size_of(cut)
    usage = Usage(10, 20, 30)
    assert answered.reply == ModelReply(
        text="“answer”", model="gpt", usage=usage, call="a", provider="openai"
    )
    assert (answered.attempt, answered.mode, answered.request) == (2, "json", "[“hello”]")
    assert (answered.template, answered.schema) == ("template", "schema")
    assert (answered.status, answered.finished_at) == (CallStatus.DONE, NOW)
    assert (cut.status, cut.reply, cut.usage) == (CallStatus.FAILED, None, usage)


def test_goals_are_as_they_were_beside_them(old: Path):
    with closing(Repository(old)) as repository:
        assert repository.load("goal").plan.packages


def test_an_upgraded_log_can_be_written_to(old: Path):
    """A run goes with its calls as in a fresh database."""
    with closing(SqlRunLog(old)) as log:
        log.drop("one")
        assert [run.uid for run in log.runs()] == ["two"]
        assert log.calls("one") == log.figures() == []
