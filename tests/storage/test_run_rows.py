"""Runs and calls come out of a database as they went in, whatever a provider sent."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import SQLModel

import stellwerk.storage.tables  # noqa: F401  (fills the metadata)
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.runs import Call, Run
from stellwerk.storage.rows import Row
from stellwerk.storage.run_rows import (
    CALLS,
    RUNS,
    call_of,
    call_row,
    moment_cell,
    run_of,
    run_row,
    size_of,
)
from tests.storage import calls as drawn
from tests.storage.calls import NOW, REPLY, a_call, a_run
from tests.strategies import MODEST


def through_a_database(row: Row) -> Row:
    """Return a row as SQLite gives it back."""
    with closing(sqlite3.connect(":memory:")) as connection:
        marks = ", ".join("?" * len(row))
        found: Row = connection.execute(f"SELECT {marks}", row).fetchone()
        return found


@MODEST
@given(drawn.RUNS)
@example(a_run())
def test_a_run_comes_back_as_it_was(run: Run):
    assert run_of(through_a_database(run_row(run))) == run


@MODEST
@given(drawn.calls())
@example(a_call())
def test_a_call_comes_back_as_it_was(call: Call):
    assert call_of(through_a_database(call_row(call))) == call


@pytest.mark.parametrize(("table", "columns"), [("runs", RUNS), ("calls", CALLS)])
def test_the_rows_have_every_column_of_their_table_in_its_order(
    table: str, columns: tuple[str, ...]
):
    assert [column.name for column in SQLModel.metadata.tables[table].columns] == [*columns]


def test_half_a_character_and_a_null_cost_no_answer():
    """JSON can hold what no database takes as text, and a repair for damage."""
    half = "\ud83d\0"
    reply = ModelReply({"a": half}, f"text {half}", f"model {half}", request_id=half)
    call = a_call(error=half, subject=half).finished(reply, NOW)
    found = call_of(through_a_database(call_row(call)))
    assert (found.reply.data, found.reply.text) == ({"a": half}, f"text {half}")
    assert (found.reply.model, found.reply.request_id) == ("model ??", "??")
    assert (found.error, found.subject) == ("??", "??")
    assert not any("\0" in cell for cell in call_row(call) if isinstance(cell, str))


def test_a_number_that_is_too_large_costs_no_answer():
    """It becomes the largest that there is."""
    usage = Usage(2**70, 1, None)
    call = a_call().finished(replace(REPLY, usage=usage), NOW)
    found = call_of(through_a_database(call_row(call)))
    assert found.usage == Usage(2**63 - 1, 1, None)


@given(st.lists(drawn.MOMENTS, min_size=2))
def test_times_sort_as_their_texts_do(moments: list[datetime]):
    assert sorted(map(moment_cell, moments)) == [moment_cell(each) for each in sorted(moments)]


def test_a_time_of_any_zone_is_kept_in_utc():
    zone = timezone(timedelta(hours=2))
    assert moment_cell(datetime(2026, 1, 1, 11, tzinfo=zone)) == "2026-01-01T09:00:00.000000Z"
    assert moment_cell(datetime(2026, 1, 1, 9, tzinfo=UTC)) == "2026-01-01T09:00:00.000000Z"


def test_a_size_is_that_of_the_request_and_the_answer():
    """In bytes, as they are stored; a call without them has none."""
    call = a_call(request="ä" * 10)
    assert size_of(call) == 20
    answered = call.finished(ModelReply(text="ö"), NOW)
    assert size_of(answered) == 20 + len('{"data": null, "text": "ö"}'.encode())
    assert size_of(answered) == call_row(answered)[CALLS.index("size")]
    assert size_of(answered.forgotten()) == 0
