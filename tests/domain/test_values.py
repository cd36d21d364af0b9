"""Domain values survive JSON: journal and exports hold exactly what was there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from stellwerk.domain.edits.edit import Edit
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.goal import Goal, Person
from stellwerk.domain.plan import Plan, Route
from stellwerk.domain.refs import RefBook
from stellwerk.domain.values import EDITS, from_data, to_data
from stellwerk.domain.work import Standing, ThreePoint
from stellwerk.errors import PlanError
from stellwerk.testing.clock import FrozenClock
from tests.domain.plans import two_routes
from tests.strategies import MODEST, Drawn, Step, drawn_plans, histories


def through_json(value: object) -> object:
    """Return the JSON data of a value, written to text and read again."""
    return json.loads(json.dumps(to_data(value), ensure_ascii=False))


@MODEST
@given(drawn_plans())
def test_a_plan_comes_back_equal_from_json(drawn: Drawn):
    """Plans and ref books round-trip through text."""
    assert from_data(Plan, through_json(drawn.plan)) == drawn.plan
    assert from_data(RefBook, through_json(drawn.book)) == drawn.book


@MODEST
@given(histories())
def test_every_edit_and_its_inverse_come_back_equal_from_json(steps: tuple[Step, ...]):
    """The journal's two columns read back as what was written, nested edits too."""
    for step in steps:
        for edit in (step.edit, step.edit.invert(step.before.plan)):
            again = from_data(Edit, through_json(edit))
            assert again == edit
            assert again.touches == edit.touches


def test_every_edit_class_has_a_name_of_its_own():
    """The journal names an edit by its class."""
    assert all(EDITS[name].__name__ == name for name in EDITS)
    assert len(set(EDITS.values())) == len(EDITS)


def test_a_missing_field_takes_its_default():
    """What an older version did not write yet reads as it was meant then."""
    data = to_data(Rename("u", "x"))
    assert data == {"is": "Rename", "uid": "u", "title": "x"}
    route = {
        "is": "Route",
        "uid": "u",
        "number": 1,
        "title": "R",
        "born_at": "2026-01-01T09:00Z",
    }
    assert from_data(Route, route) == Route("u", 1, "R", FrozenClock().now)


def test_a_field_nobody_knows_is_passed_over():
    """What a newer version wrote beside is not in the way."""
    assert from_data(Standing, {"status": "done", "mood": "proud"}) == Standing("done")


def test_times_are_written_in_rfc_3339():
    """UTC as `Z`, other zones with their offset, both read back as the same moment."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    east = noon.astimezone(timezone(timedelta(hours=2)))
    assert to_data(noon) == "2026-01-01T12:00:00Z"
    assert to_data(east) == "2026-01-01T14:00:00+02:00"
    standing = Standing(started_at=noon, finished_at=east)
    assert from_data(Standing, to_data(standing)) == standing


def test_whole_numbers_are_read_where_hours_are_due():
    """JSON from elsewhere may write 1 for 1.0."""
    assert from_data(ThreePoint, {"p10": 1, "p50": 2, "p90": 3}) == ThreePoint(1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("kind", "data", "error"),
    [
        (Edit, {"is": "Explode"}, KeyError),
        (Edit, {"is": "Rename", "uid": "u"}, TypeError),
        (Goal, {"uid": "g", "slug": "g", "title": "G", "created_at": "soon"}, ValueError),
        (Person, {"uid": "p"}, TypeError),
    ],
)
def test_data_stellwerk_did_not_write_is_refused(
    kind: type, data: dict[str, str], error: type[Exception]
):
    """An unknown edit, a missing field, a time that is none."""
    with pytest.raises(error):
        from_data(kind, data)


def test_a_plan_is_checked_when_it_is_read():
    """Broken data does not become a plan."""
    data = to_data(two_routes())
    data["edges"].append({"tail": "r2", "head": "r1"})
    with pytest.raises(PlanError, match="circle"):
        from_data(Plan, data)
