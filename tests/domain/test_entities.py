"""Entities refuse values outside their ranges, and say which ranges those are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from stellwerk.domain.goal import Absence, Goal, GoalStatus, Person
from stellwerk.domain.limits import SIZES
from stellwerk.domain.plan import Option, title_of
from stellwerk.domain.work import SETTLED, Standing, Status, ThreePoint, digest
from stellwerk.errors import PlanError
from tests.domain.plans import NOW, a_goal, a_package, a_person, fork_of, two_routes

NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (
            lambda: replace(a_package("a", 1), length=0),
            "length must be between 1 and 8, not 0",
        ),
        (
            lambda: replace(a_package("a", 1), length=9),
            "length must be between 1 and 8, not 9",
        ),
        (
            lambda: replace(a_package("a", 1), grade=-1),
            "grade must be between 0 and 10, not -1",
        ),
        (
            lambda: replace(a_package("a", 1), grade=11),
            "grade must be between 0 and 10, not 11",
        ),
        (
            lambda: replace(a_package("a", 1), elapsed_days=-1),
            "Elapsed days must be 0 or more",
        ),
        (lambda: ThreePoint(0, 1, 2), "0/1/2 is not three rising positive numbers"),
        (lambda: ThreePoint(2, 1, 3), "2/1/3 is not three rising"),
        (lambda: ThreePoint(1, 3, 2), "1/3/2 is not three rising"),
        (lambda: ThreePoint(1, 2, INFINITE), "1/2/inf is not three rising"),
        (lambda: ThreePoint(1, NAN, 2), "1/nan/2 is not three rising"),
        (lambda: Standing(spent_hours=-0.5), "Spent hours must be 0 or more, not -0.5"),
        (lambda: Standing(spent_hours=INFINITE), "not inf"),
        (lambda: Standing(spent_hours=NAN), "not nan"),
        (lambda: Option("o", 1, "O", "h", NOW, probability=-0.1), "between 0 and 1, not -0.1"),
        (lambda: Option("o", 1, "O", "h", NOW, probability=1.1), "between 0 and 1, not 1.1"),
        (lambda: Option("o", 1, "O", "h", NOW, probability=NAN), "between 0 and 1, not nan"),
        (lambda: replace(a_goal(), slug="A Goal"), "'A Goal' is not lower-case letters"),
        (lambda: replace(a_goal(), slug=""), "'' is not lower-case letters"),
        (lambda: replace(a_goal(), slug="-a"), "'-a' is not lower-case letters"),
        (lambda: replace(a_goal(), slug="a\n"), r"'a\\n' is not lower-case letters"),
        (lambda: replace(a_goal(), unit_hours=0), "hours of a unit must be above 0, not 0"),
        (lambda: replace(a_goal(), unit_hours=INFINITE), "above 0, not inf"),
        (lambda: replace(a_goal(), unit_hours=NAN), "above 0, not nan"),
        (lambda: replace(a_goal(), quality=1.5), "between 0 and 1, not 1.5"),
        (lambda: replace(a_goal(), quality=-0.5), "between 0 and 1, not -0.5"),
        (
            lambda: replace(a_person(), capacity_hours=169),
            "0 to 168 hours of capacity, not 169",
        ),
        (lambda: replace(a_person(), capacity_hours=-1), "0 to 168 hours of capacity, not -1"),
        (lambda: replace(a_person(), weekdays=(0,)), r"Weekdays are numbers from 1 .* \(0,\)"),
        (lambda: replace(a_person(), weekdays=(1, 8)), r"to 7, not \(1, 8\)"),
    ],
)
def test_a_value_out_of_range_is_refused(made: Callable[[], object], sentence: str):
    """The sentence names the value and what it may be."""
    with pytest.raises(PlanError, match=sentence):
        made()


def test_values_at_the_edges_are_taken():
    """Ranges hold their ends."""
    package = replace(a_package("a", 1), length=1, grade=0, elapsed_days=0)
    assert replace(package, length=8, grade=10).grade == 10
    assert ThreePoint(1, 1, 1).p90 == 1
    assert Standing(spent_hours=0).spent_hours == 0
    assert replace(a_goal(), quality=0, unit_hours=0.01).quality == 0
    days = (Absence(date(2026, 1, 1), date(2026, 1, 1)),)
    person: Person = replace(a_person(), capacity_hours=168, weekdays=(1, 7), absences=days)
    assert person.absences == days
    assert [Option("o", 1, "O", "h", NOW, probability=p).probability for p in (0, 1)] == [0, 1]


def test_done_and_diverted_are_settled():
    """And nothing else is."""
    settled = {
        status
        for status in Status
        if replace(a_package("a", 1), standing=Standing(status)).settled
    }
    assert settled == set(SETTLED) == {Status.DONE, Status.DIVERTED}
    assert a_package("a", 1).status is Status.TODO


def test_an_empty_note_has_an_empty_digest():
    """16 hex digits otherwise, the same for the same text."""
    assert digest("") == ""
    assert digest("a") == digest("a") != digest("b")
    assert len(digest("ä")) == 16


def test_everything_has_a_line_that_names_it():
    """Options by label, people by name, all else by title."""
    plan, fork = two_routes(), fork_of(2)
    named = (
        plan.item("r1"),
        plan.item("a"),
        plan.item("ada"),
        fork.item("o1"),
        fork.item("s"),
    )
    titles = [title_of(item) for item in named]
    assert titles == ["Route r1", "Package a", "Ada", "Way 1", "Which way?"]


def test_a_goal_begins_planned():
    """Defaults of a new goal: planned, in English, one hour a unit."""
    goal: Goal = a_goal()
    assert (goal.status, goal.language, goal.unit_hours) == (GoalStatus.PLANNED, "en", 1.0)


def test_sizes_have_sensible_ranges():
    """Every plan size allows at least what it demands."""
    for name, size in SIZES.items():
        assert size.name == name
        assert size.routes[0] <= size.routes[1]
        assert size.packages[0] <= size.packages[1]


def test_a_value_shows_its_fields():
    """As a dataclass would, so that a failing test says what differs."""
    told = repr(ThreePoint(1, 2, 3))
    assert told.startswith("ThreePoint(")
    assert told.count("=") == 3


def test_a_standing_keeps_when_work_began_and_forgets_what_it_waited_for():
    later = NOW + timedelta(days=1)
    begun = Standing(spent_hours=2).become(Status.WAITING, NOW)
    assert begun == Standing(Status.WAITING, NOW, None, 2)
    waiting = replace(begun, waiting_for="the post", reason="It is late.")
    assert waiting.become(Status.WAITING, later) is waiting
    done = waiting.become(Status.DONE, later)
    assert done == Standing(Status.DONE, NOW, later, 2)
    assert done.become(Status.TODO, later) == Standing(Status.TODO, NOW, None, 2)
    assert Standing().become(Status.TODO, NOW).started_at is None


def test_a_standing_is_told_with_its_reasons():
    assert Standing().told == "todo"
    waiting = Standing(Status.WAITING, waiting_for="the post", reason="It is late.")
    assert waiting.told == "waiting, waiting for the post: It is late."
    assert Standing(Status.DONE, spent_hours=2.5).told == "done (2.5 h spent)"
