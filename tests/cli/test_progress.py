"""How a planning run is told in sentences and as NDJSON, and who gets which form."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import fields
from datetime import UTC, datetime
from typing import get_args

import pytest

from stellwerk.cli.desk import Desk
from stellwerk.cli.figures import about, amount, dollars, several, span
from stellwerk.cli.progress import STYLES, telling
from stellwerk.cli.progress.figures import cost, tokens
from stellwerk.cli.progress.live import LiveTeller
from stellwerk.cli.progress.ndjson import event_data
from stellwerk.cli.progress.plain import PlainTeller
from stellwerk.errors import UsageError
from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Event,
    RunDone,
    RunStopped,
)
from stellwerk.planning.models import Usage
from stellwerk.planning.progress import Spent
from tests.cli.recorded import CALL, EVENTS, LIMITED, OFFLINE, ONLINE, Told, Watch


def told(events: tuple[Event, ...], verbose: int = 0) -> list[str]:
    """Return the sentences on events that come a second apart."""
    said, watch = Told(verbose), Watch()
    with PlainTeller(said, watch) as tell:
        for event in events:
            tell(event)
            watch.at += 1
    return said


# In sentences


def test_a_run_without_models_is_over_at_once_and_takes_one_sentence():
    assert told(OFFLINE) == ["Planning with playbooks ..."]


def test_a_run_is_told_route_by_route_with_all_that_went_wrong_and_what_it_used():
    assert told(ONLINE) == [
        "Planning with openai, then ollama ...",
        "  2 routes for Learn to juggle (mini)",
        f"  the tasks of r1: waiting 12 s: {LIMITED}",
        "  Throw: 1 task, 2 work packages (1 of 2 routes)",
        "  the tasks of r1: openai is asked to correct its answer: tasks: there are none.",
        "  the tasks of r1: asking ollama instead of openai: The key was refused.",
        "  ollama llama is asked for JSON without a schema from now on",
        "Used 2 calls, 2.1k tokens in, 900 out, at least $0.0041, 21 s."
        " 1 answer was there from before. 1 answer was reused from earlier runs."
        " 1 retry, 1 repair, 1 failover. ollama stood in for openai: The key was refused.",
    ]


def test_verbose_tells_each_stage_and_each_call():
    once, twice = told(ONLINE, 1), told(ONLINE, 2)
    assert (
        "  the routes: answered by openai mini, 6.2 s, 1.2k tokens in, 800 out, $0.0041"
        in once
    )
    assert "  the work packages of r2.1: answered before by openai mini" in once
    assert "  the tasks of r1: openai mini failed: The key was refused." in once
    assert "  2 work packages for Buy balls (mini)" in once
    assert "  the tasks of r2: reused an earlier answer of openai mini" in once
    assert "  asking openai mini for the tasks of r1, attempt 3" in set(twice) - set(once)


def test_what_was_mended_is_counted_and_named_to_those_who_ask_twice():
    notes = ("/tasks/0/key: got r1.1", "/tasks/1/key: got r1.2")
    mended = CallRepaired("tasks", "r1", "openai", notes, again=False)
    short = "  the tasks of r1: 2 things not as asked"
    assert told((mended,)) == []
    assert told((mended,), 1) == [short]
    assert told((mended,), 2) == [short, f"  the tasks of r1: {' '.join(notes)}"]


def test_what_was_used_is_told_however_the_run_ends():
    said = Told()
    teller = PlainTeller(said, Watch())
    for event in ONLINE[:5]:
        teller(event)
    with pytest.raises(KeyboardInterrupt), teller:
        raise KeyboardInterrupt
    assert said[-1] == "Used 1 call, 1.2k tokens in, 800 out, $0.0041, 0 s."


@pytest.mark.parametrize(
    ("events", "last"),
    [
        ((CallDone(*CALL, Usage(), 0.0, "resumed"),), "No model was asked, 2 s. 1 answer was"),
        ((CallStarted(*CALL, 1), RunStopped("", "No.")), "No call was answered, 2 s."),
        (
            (CallStarted(*CALL, 1), CallDone(*CALL, Usage(), 1.0, "asked")),
            "Used 1 call, tokens unknown, cost unknown, 3 s.",
        ),
    ],
)
def test_what_was_used_is_said_as_it_was(events: tuple[Event, ...], last: str):
    assert told((ONLINE[0], *events))[-1].startswith(last)


def test_texts_of_providers_stay_on_one_line_and_do_not_go_on_for_ever():
    failed = CallFailed(*CALL, "No.\r\n\x1b[31mReally" + " no" * 500, 3.0, Usage())
    line = told((failed,))[0]
    assert len(line) < 360
    assert "No. Really no no" in line


def test_a_reader_that_has_gone_does_not_end_the_run():
    def say(text: str, *, level: int = 0) -> None:
        raise BrokenPipeError

    with PlainTeller(say) as tell:
        for event in ONLINE:
            tell(event)


# As NDJSON


def test_every_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]):
    assert {type(event) for event in EVENTS} == set(get_args(Event))
    with telling(Desk(quiet=True), "json") as tell:
        for event in EVENTS:
            tell(event)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    for event, line in zip(EVENTS, lines, strict=True):
        names = [each.name for each in fields(event)]
        assert list(line) == ["event", "at", *names]
        assert line["event"] == type(event).__name__
        assert datetime.fromisoformat(line["at"]).tzinfo == UTC
    assert lines[3]["usage"]["cost_micro"] == 4100
    assert lines[-3]["finding"]["severity"] == "warning"


def test_times_of_events_are_utc_to_the_millisecond():
    at = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    assert event_data(RunDone(1, 2), at)["at"] == "2026-01-02T03:04:05.678Z"


# Which form


def test_an_unknown_style_is_refused_before_anything_runs():
    with pytest.raises(UsageError) as caught:
        telling(Desk(), "plian")
    assert all(style in caught.value.hint for style in STYLES)


@pytest.mark.parametrize(
    ("desk", "style"),
    [(Desk(), "none"), (Desk(quiet=True), "auto"), (Desk(quiet=True), "plain")],
)
def test_who_wants_quiet_gets_it(desk: Desk, style: str, capsys: pytest.CaptureFixture[str]):
    with telling(desk, style) as tell:
        for event in EVENTS:
            tell(event)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("environ", "moves"),
    [({}, True), ({"TERM": "dumb"}, False), ({"CI": "true"}, False), ({"CI": "false"}, True)],
)
def test_the_block_is_for_terminals_that_somebody_watches(
    environ: dict[str, str], moves: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", stream)
    assert isinstance(telling(Desk(), "auto"), LiveTeller) is moves
    assert isinstance(telling(Desk(json=True), "auto"), PlainTeller)
    assert isinstance(telling(Desk(), "plain"), PlainTeller)


# Numbers


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([amount(n) for n in (0, 999, 1000, 12_449)], ["0", "999", "1.0k", "12.4k"]),
        ([amount(n) for n in (99_949, 99_950, 999_499)], ["99.9k", "100k", "999k"]),
        ([amount(n) for n in (999_500, 12_000_000)], ["1.0M", "12.0M"]),
        ([span(s) for s in (0, 4.9, 59.9, 60)], ["0 s", "4 s", "59 s", "1 min"]),
        ([span(s) for s in (80, 3600, 3900)], ["1 min 20 s", "1 h", "1 h 5 min"]),
        ([about(s) for s in (3, 42, 76, 700)], ["5 s", "40 s", "1 min 20 s", "12 min"]),
        ([dollars(m) for m in (0, 99, 13_200)], ["$0", "<$0.0001", "$0.0132"]),
        ([dollars(m) for m in (2_400_000, 1_234_560_000)], ["$2.40", "$1,234.56"]),
        ([several(1, "retry", "retries"), several(2, "call")], ["1 retry", "2 calls"]),
        ([cost(Spent(2, 0, 0, 5000, 0, n)) for n in (0, 1)], ["$0.0050", "≥ $0.0050"]),
        ([cost(Spent(2, 0, 0, 0, 0, 2)), cost(Spent())], ["cost unknown"] * 2),
        ([tokens(Spent(2, 1500, 20, 0, 1))], ["≥ 1.5k tokens in, ≥ 20 out"]),
        ([tokens(Spent(1, 0, 0, 0, 1))], ["tokens unknown"]),
    ],
)
def test_numbers_are_said_as_people_say_them(made: list[str], expected: list[str]):
    assert made == expected
