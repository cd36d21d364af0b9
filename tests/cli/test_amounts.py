"""Sums, times and tables as people read them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from stellwerk.analytics.provider_stats import Sum
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.amounts import ago, clock, cost, duration, span, tokens
from stellwerk.cli.present.tables import Column, cells, table

PLAIN = Ink(io.StringIO(), {})


def test_a_sum_says_what_it_lacks():
    assert cost(Sum(2500, 0)) == "$0.0025"
    assert cost(Sum(2500, 1)) == "≥$0.0025"
    assert cost(Sum(0, 1)) == "unknown"
    assert cost(Sum(0, 0)) == "$0"
    assert tokens(Sum(1500, 2)) == "≥1.5k"


@pytest.mark.parametrize(
    ("seconds", "long", "largest", "since"),
    [
        (-5, "0.0 s", "now", "just now"),
        (3.14, "3.1 s", "now", "just now"),
        (59.6, "60 s", "now", "just now"),
        (61, "61 s", "1 min", "1 minute ago"),
        (600, "10 min", "10 min", "10 minutes ago"),
        (7200, "2 h", "2 h", "2 hours ago"),
        (200_000, "56 h", "2 d", "2 days ago"),
    ],
)
def test_times_are_told_in_one_unit(seconds: float, long: str, largest: str, since: str):
    time = timedelta(seconds=seconds)
    assert (duration(time), span(time), ago(time)) == (long, largest, since)


def test_a_moment_that_no_clock_here_shows_is_shown_all_the_same():
    assert clock(datetime.max.replace(tzinfo=UTC)) == "9999-12-31 23:59"


def test_a_table_cuts_only_what_may_shrink_and_counts_cells():
    columns = [Column("NAME", shrinks=True), Column("COUNT", right=True), Column("END")]
    rows = [["東京へ引っ越す計画", "7", "a"], ["short", "12", "bcd"]]
    lines = table(columns, rows, 24, PLAIN)
    assert [cells(line) for line in lines] == [24, 22, 24]
    assert lines[1].startswith("東京へ引っ…")
    assert lines[2] == "short            12  bcd"


def test_a_table_without_room_keeps_what_matters():
    columns = [Column("NAME", shrinks=True), Column("COUNT", right=True)]
    lines = table(columns, [["a rather long name", "123456789"]], 5, PLAIN)
    assert lines[1] == "a rathe…  123456789"


def test_a_table_paints_cells_and_not_the_space_around_them():
    ink = Ink(io.StringIO(), {"CLICOLOR_FORCE": "1"})
    columns = [Column("A", style="cyan"), Column("B", right=True)]
    line = table(columns, [["x", ("1", "red")]], 80, ink)[1]
    assert line == "\x1b[36mx\x1b[0m  \x1b[31m1\x1b[0m"
