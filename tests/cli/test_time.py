"""Time zones, and clocks that go back: the same orders and counts in every answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from stellwerk.bootstrap import build
from stellwerk.cli.desk import Desk
from stellwerk.cli.main import invoke
from stellwerk.config.discovery import load
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repository import Repository
from tests.cli.terminal import GOAL, Program, Terminal

ZONES = ("Europe/Berlin", "Pacific/Apia", "America/St_Johns", "Etc/GMT+12", "Mars/Olympus")
READING = ("list", "show", "show r1.1.1", "map", "next", "diff", "export", "people")
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


@pytest.fixture
def at(planned: Terminal) -> Iterator[Callable[[datetime, str], None]]:
    """Return a function that makes a call while the clock shows a time."""
    repository = Repository(planned.database)
    wired = build(load(planned.folder, planned.environ, {}), planned.environ, store=repository)
    uids = count(1)

    def act(now: datetime, line: str) -> None:
        desk = Desk()
        clocked = Dispatcher(
            repository, wired.dispatcher.author, lambda: now, lambda: f"{next(uids):032x}"
        )
        desk.__dict__["stellwerk"] = wired._replace(dispatcher=clocked)
        assert invoke(line.split(), desk) == 0

    yield act
    repository.close()


def dated(planned: Terminal, *times: str) -> None:
    """Let the entries of the journal bear some times, the first revision the first."""
    with closing(sqlite3.connect(planned.database)) as connection, connection:
        for revision, time in enumerate(times, 1):
            connection.execute(
                "UPDATE journal SET at = ? WHERE revision = ?", (time, revision)
            )


@pytest.mark.parametrize("zone", ZONES)
def test_answers_are_the_same_in_every_zone(planned: Terminal, program: Program, zone: str):
    planned("start", "r1.1.1")
    planned("done", "r1.1.2", "--hours", "3")
    calls = [*READING, *(f"{line} --json" for line in (*READING, "log"))]
    assert program.several(*calls, TZ=zone) == program.several(*calls, TZ="UTC")


@pytest.mark.parametrize("zone", ZONES[:4])
def test_edits_are_the_same_in_every_zone(planned: Terminal, program: Program, zone: str):
    before = datetime.now(UTC)
    program("start", "r1.1.1", TZ=zone)
    program("done", "r1.1.1", TZ=zone)
    standing = planned.json("show", "r1.1.1")["item"]["standing"]
    times = [datetime.fromisoformat(standing[key]) for key in ("started_at", "finished_at")]
    assert before <= times[0] <= times[1] <= datetime.now(UTC)
    assert all(standing[key].endswith("Z") for key in ("started_at", "finished_at"))
    assert planned.json("list")["goals"][0]["progress"] == planned.json("show")["progress"]


def test_the_log_is_in_the_order_of_revisions_when_an_hour_comes_twice(
    planned: Terminal, program: Program
):
    for title in ("One", "Two", "Three"):
        planned("rename", "r1", title)
    dated(
        planned,
        *("2026-10-24T23:59:59Z", "2026-10-25T00:45:00Z"),
        *("2026-10-25T01:15:00Z", "2026-10-25T01:45:00.5Z"),
    )
    lines = program("log", TZ="Europe/Berlin").out.splitlines()
    assert [line[:19] for line in lines] == [
        "4  2026-10-25 02:45",
        "3  2026-10-25 02:15",
        "2  2026-10-25 02:45",
        "1  2026-10-25 01:59",
    ]
    assert "Three" in lines[0]
    entries = program("log", "--json", TZ="Europe/Berlin").data["entries"]
    assert [entry["revision"] for entry in entries] == [1, 2, 3, 4]
    assert entries[2]["at"] == "2026-10-25T01:15:00Z"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "2026-10-24 23:30"),
        ("Europe/Berlin", "2026-10-25 01:30"),
        ("Pacific/Apia", "2026-10-25 12:30"),
        ("America/St_Johns", "2026-10-24 21:00"),
    ],
)
def test_the_log_tells_the_time_of_its_reader(
    planned: Terminal, program: Program, zone: str, shown: str
):
    dated(planned, "2026-10-24T23:30:00Z")
    assert shown in program("log", TZ=zone).out
    assert program("log", "--json", TZ=zone).data["entries"][0]["at"] == "2026-10-24T23:30:00Z"


def test_work_that_ended_before_it_began_is_shown_and_counted(
    planned: Terminal, at: Callable[[datetime, str], None]
):
    at(NOON, "start r1.1.1")
    at(NOON - timedelta(hours=3), "done r1.1.1 --hours 2")
    assert "done (2 h spent)" in planned("show", "r1.1.1").out
    standing = planned.json("show", "r1.1.1")["item"]["standing"]
    assert (standing["started_at"], standing["finished_at"]) == (
        "2026-03-29T12:00:00Z",
        "2026-03-29T09:00:00Z",
    )
    assert standing["spent_hours"] == 2
    length = planned.json("show", "r1.1.1")["item"]["length"]
    assert planned.json("list")["goals"][0]["progress"]["done"] == length
    assert "r1.1.1" not in {entry["ref"] for entry in planned.json("next")["next"]}


def test_undo_takes_the_latest_edit_though_its_clock_was_behind(
    planned: Terminal, at: Callable[[datetime, str], None]
):
    at(NOON, "rename r1 First")
    at(NOON - timedelta(days=400), "rename r1 Second")
    assert "Second" in planned("log").out.splitlines()[0]
    assert "Second" in planned("undo").out
    assert planned.json("show", "r1")["item"]["title"] == "First"
    assert "First" in planned("diff", "1", "2").out


def test_goals_are_listed_by_the_clock_that_made_them(
    planned: Terminal, at: Callable[[datetime, str], None]
):
    at(NOON + timedelta(days=36_500), "plan Fly -q")
    at(NOON - timedelta(days=36_500), "plan Swim -q")
    assert [goal["slug"] for goal in planned.json("list")["goals"]] == ["swim", GOAL, "fly"]


def test_an_export_of_one_zone_is_imported_in_another(planned: Terminal, program: Program):
    planned("start", "r1.1.1")
    for name in ("plan.md", "plan.json"):
        program("export", "-o", name, TZ="Pacific/Apia")
        said = program("import", name, "--replace", TZ="America/St_Johns").out
        assert said.startswith("Nothing to change")
    assert planned.json("show")["revision"] == 2


@pytest.mark.parametrize(
    ("time", "zone", "shown"),
    [
        ("0001-01-01T00:00:00Z", "America/St_Johns", "0001-01-01 00:00"),
        ("9999-12-31T23:59:59Z", "Europe/Berlin", "9999-12-31 23:59"),
        ("0099-05-05T05:05:00Z", "UTC", "0099-05-05 05:05"),
    ],
)
def test_the_log_shows_times_from_far_away(
    planned: Terminal, program: Program, time: str, zone: str, shown: str
):
    dated(planned, time)
    assert shown in program("log", TZ=zone).out
