"""Runs and calls travel in backups, come back from them, and survive repairs."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.planning.runs import Call, Run, RunStatus
from stellwerk.storage.copies.backup import back_up
from stellwerk.storage.copies.restore import restore
from stellwerk.storage.repair.salvage import repair
from stellwerk.storage.run_log import SqlRunLog
from tests.storage.calls import REPLY, a_call, a_run, later, run_uid
from tests.storage.damage import overwrite, pages_of
from tests.storage.databases import planned

Logged = tuple[list[Run], list[Call]]


def logged(path: Path) -> Logged:
    """Return the runs and calls of a database."""
    with closing(SqlRunLog(path)) as log:
        runs = log.runs()
        return runs, [call for run in runs for call in log.calls(run.uid)]


@pytest.fixture
def known(database: Path) -> Logged:
    """Fill a database with a goal, its run, and one that was cut short; return both runs."""
    planned(database).close()
    with closing(SqlRunLog(database)) as log:
        log.save(a_run(1, status=RunStatus.DONE, goal="goal"))
        log.save(a_run(2))
        for number, run in ((1, 1), (2, 1), (3, 2)):
            call = a_call(number, run, request="x" * 9000)
            log.begin(call)
            log.finish(call.uid, REPLY, later(number + 1))
            log.accept(call.uid, repaired=False, expires_at=later(99))
        log.begin(a_call(4, 2))
    return logged(database)


def test_runs_and_calls_are_in_a_backup(database: Path, known: Logged, tmp_path: Path):
    file = back_up(database, tmp_path / "copy.db").file
    assert logged(file) == known
    assert known[0][0].status is RunStatus.INTERRUPTED


def test_a_restore_brings_runs_back(database: Path, known: Logged, tmp_path: Path):
    """One that was cut short can be resumed, and pays for no answer twice."""
    file = back_up(database, tmp_path / "copy.db").file
    new = tmp_path / "new.db"
    restore(new, file)
    assert logged(new) == known
    with closing(SqlRunLog(new)) as log:
        assert log.settled(run_uid(2), "question").reply.text == REPLY.text


def test_a_goal_that_is_restored_alone_brings_its_own_runs(
    database: Path, known: Logged, tmp_path: Path
):
    file = back_up(database, tmp_path / "copy.db").file
    new = tmp_path / "new.db"
    restore(new, file, goal="a-goal")
    runs, calls = logged(new)
    assert runs == [run for run in known[0] if run.goal == "goal"]
    assert calls == [call for call in known[1] if call.run == run_uid(1)]


@pytest.mark.parametrize(
    "broken", ["ix_calls_question", "ix_calls_content_key", "ix_runs_goal_uid"]
)
def test_a_repair_keeps_runs_and_calls(database: Path, known: Logged, broken: str):
    overwrite(database, pages_of(database, broken))
    done = repair(database)
    assert done.file
    assert done.complete
    assert logged(done.file) == known


def test_a_repair_tells_which_calls_are_lost(database: Path, known: Logged):
    """The runs are there, and the goal is whole."""
    overwrite(database, pages_of(database, "calls"))
    done = repair(database)
    assert done.file
    runs, calls = logged(done.file)
    assert runs == known[0]
    assert len(calls) < len(known[1])
    assert not done.complete
    told = [*done.losses, *(loss for goal in done.goals for loss in goal.losses)]
    assert {loss.table for loss in told} == {"calls"}
