"""The trial of a run with a model finds what it is there to find."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fire.recording import UID, carry_out, died, looked_at, rehearsed, trial
from tests.fire.scale import SHORT

ONE = "WHERE content_key = 'key 1'"


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """Return the folder of a run that was carried out."""
    carry_out(tmp_path)
    return tmp_path


def test_a_run_that_goes_on_has_nothing_wrong_with_it(done: Path):
    assert list(looked_at(done, ended=True)) == []
    carry_out(done)
    assert list(looked_at(done, ended=True)) == []


def test_a_short_trial_dies_at_every_point_of_a_run(tmp_path: Path):
    row, points = trial(SHORT, tmp_path)
    assert row.problems == []
    assert row.figures["deaths"] == len(points) > 10
    assert {"call.begin", "call.begun", "call.finish", "call.finished"} <= points.keys()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM runs", "the run is lost"),
        (f"DELETE FROM calls {ONE}", "the answer to key 1 is lost"),
        (f"UPDATE calls SET reply = NULL {ONE}", "the answer to key 1 is not whole"),
        (
            f"UPDATE calls SET status = 'started' {ONE}",
            "there is a part of an answer to key 1",
        ),
        (f"UPDATE calls SET accepted = 0 {ONE}", "key 1 has no accepted answer in the end"),
        ("UPDATE runs SET status = 'running'", "the run is interrupted"),
        (
            "UPDATE calls SET content_key = 'key 1' WHERE content_key = 'key 2'",
            "key 1 was asked again, though its answer was there",
        ),
    ],
)
def test_what_is_wrong_with_a_log_is_found(done: Path, statement: str, problem: str):
    with closing(sqlite3.connect(done / "plans.db")) as connection, connection:
        connection.execute(statement)
    assert problem in list(looked_at(done, ended=True))


def test_a_request_that_was_sent_unrecorded_is_found(done: Path):
    (done / "diary").write_text("sent key 1\nsent key 1\n")
    assert list(looked_at(done, ended=True)) == [
        "key 1 was sent 2 times, and 1 times recorded"
    ]


def test_a_lock_that_is_left_is_found(done: Path):
    """One that nobody can remove, for it is none of ours."""
    (done / f".plans.db.run-{UID}.lock").mkdir()
    assert any("a lock is left" in each for each in looked_at(done, ended=True))


def test_a_point_that_is_not_reached_is_found(tmp_path: Path):
    assert rehearsed(tmp_path / "one")["call.finish"] == 4
    (problem, *_) = died(tmp_path / "two", "call.finish", 5)
    assert problem == "it was to die and ended with 0"
