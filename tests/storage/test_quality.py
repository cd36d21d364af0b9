"""The contract of every log of quality scores, in memory and on disk alike."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from stellwerk.domain.edits.fields import Rename, SetGoal
from stellwerk.domain.goal import Goal
from stellwerk.domain.journal import Change
from stellwerk.errors import NotFoundError
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.planning.ports import Graded, PlanStore
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock
from stellwerk.validation.findings import Aspect, Code, Severity
from stellwerk.validation.score import WEIGHTS, Loss, Part, Score
from tests.domain.plans import NOW, a_goal, two_routes
from tests.storage.conftest import Pair

GOAL = "goal"
THIN = Code("SW302", Severity.WARNING, "Notes are thin.", Aspect.COMPLETENESS, 0.6)


def a_score(value: float = 0.74) -> Score:
    """Return a score whose completeness lost something."""
    losses = {Aspect.COMPLETENESS: (Loss(THIN, 3, 8, 0.225),)}
    parts = tuple(
        Part(aspect, weight, 0.9, losses.get(aspect, ())) for aspect, weight in WEIGHTS.items()
    )
    return Score(value, parts)


def planned(store: PlanStore) -> None:
    """Store `two_routes` as the first revision of the goal `goal`."""
    Dispatcher(store, "ada", FrozenClock(), CountedUids(100)).adopt(two_routes(), {}, "made")


def written(database: Path) -> list[tuple[object, ...]]:
    """Return the rows of the table."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("SELECT * FROM quality_scores").fetchall()


def test_a_goal_that_was_never_graded_has_no_score(store: PlanStore):
    planned(store)
    assert store.quality.latest([GOAL, "nothing"]) == {}
    assert store.quality.latest([]) == {}


def test_a_score_is_seen_through_the_other_door(pair: Pair):
    planned(pair[0])
    pair[0].quality.record(GOAL, 1, a_score(), NOW)
    assert pair[1].quality.latest([GOAL]) == {GOAL: Graded(1, 0.74)}


def test_the_score_of_the_latest_revision_is_told_whichever_was_kept_last(store: PlanStore):
    planned(store)
    store.quality.record(GOAL, 5, a_score(0.8), NOW)
    store.quality.record(GOAL, 2, a_score(0.9), NOW + timedelta(days=1))
    assert store.quality.latest([GOAL]) == {GOAL: Graded(5, 0.8)}


def test_a_revision_that_is_graded_again_has_the_later_score(store: PlanStore):
    planned(store)
    store.quality.record(GOAL, 1, a_score(0.8), NOW)
    store.quality.record(GOAL, 1, a_score(0.3), NOW)
    assert store.quality.latest([GOAL]) == {GOAL: Graded(1, 0.3)}


def test_only_the_goals_that_are_asked_for_are_told(store: PlanStore):
    store.create(a_goal())
    store.create(Goal("other", "other", "Other", NOW))
    store.quality.record(GOAL, 0, a_score(0.5), NOW)
    store.quality.record("other", 0, a_score(0.6), NOW)
    assert store.quality.latest(["other"]) == {"other": Graded(0, 0.6)}
    assert store.quality.latest([GOAL, "other"]) == {
        GOAL: Graded(0, 0.5),
        "other": Graded(0, 0.6),
    }


def test_a_goal_that_is_not_there_takes_no_score(store: PlanStore):
    with pytest.raises(NotFoundError, match="no goal with the uid nothing"):
        store.quality.record("nothing", 0, a_score(), NOW)
    assert store.quality.latest(["nothing"]) == {}


def test_an_edit_leaves_the_score_with_the_revision_it_is_about(store: PlanStore):
    planned(store)
    store.quality.record(GOAL, 1, a_score(), NOW)
    base = store.load(GOAL)
    store.commit(GOAL, Change(Rename("a", "x"), "ada", NOW), base)
    assert store.quality.latest([GOAL]) == {GOAL: Graded(1, 0.74)}


def test_more_goals_than_one_query_takes_are_told(repository: Repository):
    for number in range(3):
        repository.create(Goal(f"g{number}", f"g{number}", "G", NOW))
        repository.quality.record(f"g{number}", 0, a_score(0.1 * number), NOW)
    asked = ["g0", *(f"none{number}" for number in range(1_200)), "g1", "g2"]
    assert set(repository.quality.latest(asked)) == {"g0", "g1", "g2"}


def test_the_parts_are_kept_as_json_with_what_they_lost(
    repository: Repository, database: Path
):
    planned(repository)
    repository.quality.record(GOAL, 1, a_score(), NOW)
    goal, revision, value, parts, at = written(database)[0]
    assert (goal, revision, value) == (GOAL, 1, 0.74)
    assert at == NOW.isoformat().replace("+00:00", "Z")
    told = {part["aspect"]: part for part in json.loads(str(parts))}
    assert list(told) == [aspect.value for aspect in WEIGHTS]
    assert told["structure"] == {
        "aspect": "structure",
        "weight": 0.2,
        "value": 0.9,
        "losses": [],
    }
    assert told["completeness"]["losses"] == [
        {"code": "SW302", "count": 3, "of": 8, "lost": 0.225}
    ]


def test_a_score_that_is_kept_already_is_not_written_again(
    repository: Repository, database: Path
):
    planned(repository)
    repository.quality.record(GOAL, 1, a_score(), NOW)
    repository.quality.record(GOAL, 1, a_score(), NOW + timedelta(days=9))
    assert [row[-1] for row in written(database)] == [NOW.isoformat().replace("+00:00", "Z")]


def test_a_deleted_goal_keeps_its_score(store: PlanStore):
    planned(store)
    store.quality.record(GOAL, 1, a_score(), NOW)
    base = store.load(GOAL)
    gone = SetGoal(("deleted",), replace(base.plan.goal, deleted=True))
    store.commit(GOAL, Change(gone, "ada", NOW), base)
    assert store.quality.latest([GOAL]) == {GOAL: Graded(1, 0.74)}
