"""The log of runs holds one event a line, with its level, its run and no keys."""

from __future__ import annotations

import io
import json
import logging
import stat
from pathlib import Path
from typing import Any, Final

import pytest

from stellwerk.errors import StorageError
from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Event,
    FailedOver,
    Found,
    RunDone,
    RunStarted,
    RunStopped,
    StageDone,
    StageStarted,
    SteppedDown,
)
from stellwerk.planning.models import Usage
from stellwerk.storage.event_log import event_log, level_of
from stellwerk.validation.findings import Finding, Severity

CALL: Final = ("tasks", "r1", "openai", "gpt-5-mini")
LEVELS: Final[dict[Event, str]] = {
    RunStarted("openai", "Fly"): "info",
    StageStarted("tasks", "r1"): "info",
    StageDone("tasks", "r1", 3, "gpt-5-mini"): "info",
    CallStarted(*CALL, 1): "debug",
    CallDone(*CALL, Usage(), 1.5, "asked"): "debug",
    CallFailed(*CALL, "It is overloaded.", 2.0, Usage()): "warning",
    CallFailed(*CALL, "It refused the key.", None, Usage()): "error",
    CallRepaired("tasks", "r1", "openai", ("No title.",), again=True): "warning",
    CallRepaired("tasks", "r1", "openai", ("A comma.",), again=False): "info",
    FailedOver("tasks", "r1", "openai", "anthropic", "It is overloaded."): "warning",
    SteppedDown("openai", "gpt-5-mini", "json"): "warning",
    Found(Finding("SW201", Severity.ERROR, "r1", "A dead end.")): "warning",
    Found(Finding("SW301", Severity.WARNING, "r1", "Vague.")): "info",
    Found(Finding("SW306", Severity.INFO, "r1", "No image.")): "debug",
    RunDone(3, 12): "info",
    RunStopped("abc", "The budget is used up."): "error",
}


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a log."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("event", LEVELS, ids=lambda event: type(event).__name__)
def test_every_event_has_its_level(event: Event, tmp_path: Path):
    path = tmp_path / "log"
    with event_log(path, "DEBUG") as listen:
        listen(event)
    (line,) = lines(path)
    assert level_of(event) == line["level"] == LEVELS[event]
    assert list(line)[:3] == ["timestamp", "level", "event"]


def test_every_event_names_its_run_and_how_long_it_took(tmp_path: Path):
    path = tmp_path / "log"
    with event_log(path, "DEBUG") as listen:
        listen(RunStarted("openai", "Fly", "abc"))
        listen(StageStarted("tasks", "r1"))
        listen(CallStarted(*CALL, 1))
        listen(CallFailed(*CALL, "It is overloaded.", 2.0, Usage()))
        listen(CallDone(*CALL, Usage(), 1.23456, "asked"))
        listen(StageDone("tasks", "r1", 3, "gpt-5-mini"))
        listen(RunDone(3, 12))
    told = lines(path)
    assert {line["run"] for line in told} == {"abc"}
    timed = {line["event"]: line["seconds"] for line in told if "seconds" in line}
    assert set(timed) == {"CallFailed", "CallDone", "StageDone", "RunDone"}
    assert timed["CallDone"] == 1.235
    assert 0 <= timed["CallFailed"] <= timed["StageDone"] <= timed["RunDone"] < 5


def test_usage_and_findings_stand_flat_and_what_is_unknown_is_left_out(tmp_path: Path):
    path = tmp_path / "log"
    with event_log(path, "DEBUG") as listen:
        listen(CallDone(*CALL, Usage(12, None, 45), 0.0, "reused"))
        listen(Found(Finding("SW201", Severity.ERROR, "r1", "A dead end.")))
    call, found = lines(path)
    assert (call["input_tokens"], call["cost_micro"], call["origin"]) == (12, 45, "reused")
    assert {"usage", "output_tokens"}.isdisjoint(call)
    assert (found["code"], found["severity"], found["ref"]) == ("SW201", "error", "r1")
    assert {"finding", "hint"}.isdisjoint(found)


@pytest.mark.parametrize("form", ["json", "console"])
def test_every_text_is_scrubbed(tmp_path: Path, form: str):
    path = tmp_path / "log"
    with event_log(
        path, "INFO", form=form, scrub=lambda text: text.replace("sesame", "***")
    ) as listen:
        listen(RunStarted("sesame", "Open sesame", "abc", ("x", "sesame")))
        listen(CallRepaired("tasks", "r1", "openai", ("sesame!",), again=True))
    text = path.read_text()
    assert "sesame" not in text
    assert text.count("***") == 4


def test_people_get_an_event_in_one_line_without_escapes(tmp_path: Path):
    path = tmp_path / "log"
    with event_log(path, "INFO", form="console") as listen:
        listen(StageStarted("tasks", "Über\nalles \x1b[31mrot"))
    (line,) = path.read_text("utf-8").splitlines()
    assert "StageStarted" in line
    assert "subject='Über alles rot'" in line


def test_a_terminal_gets_all_events_beside_the_file(tmp_path: Path):
    console, path = io.StringIO(), tmp_path / "log"
    with event_log(path, "ERROR", console=console) as listen:
        listen(CallStarted(*CALL, 1))
    assert "CallStarted" in console.getvalue()
    assert path.read_text() == ""
    with event_log(None, console=console) as listen:
        listen(RunDone(3, 12))
    assert "packages=12" in console.getvalue()


def test_warnings_of_libraries_go_into_the_log_scrubbed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    path = tmp_path / "log"
    logger = logging.getLogger("a.library")
    logger.setLevel(logging.DEBUG)
    logger.propagate = True
    with event_log(path, scrub=lambda text: text.replace("sesame", "***")):
        logger.info("A prompt.")
        logger.warning("Odd: %s", "sesame")
        try:
            int("sesame")
        except ValueError:
            logger.exception("Never retrieved")
    warned, failed = lines(path)
    assert (warned["logger"], warned["level"]) == ("a.library", "warning")
    assert warned["message"] == "Odd: ***"
    assert failed["message"].endswith("base 10: '***'")
    assert "sesame" not in capfd.readouterr().err


def test_a_log_to_nowhere_keeps_libraries_quiet(capfd: pytest.CaptureFixture[str]):
    with event_log(None) as listen:
        listen(RunDone(3, 12))
        logging.getLogger("a.library").error("sesame")
    assert capfd.readouterr().err == ""


def test_a_full_disk_ends_the_log_and_no_run(tmp_path: Path):
    said = list[str]()
    with event_log(Path("/dev/full"), "DEBUG", say=said.append) as listen:
        listen(RunDone(3, 12))
        listen(RunDone(3, 12))
    assert [line.partition(":")[0] for line in said] == [
        "The log cannot be written any longer"
    ]


def test_events_are_lines_of_json(tmp_path: Path):
    """With their name, their fields, a level and a time; readable by the owner alone."""
    path = tmp_path / "logs" / "runs.jsonl"
    with event_log(path, "INFO") as listen:
        listen(StageStarted("tasks", "Über\nalles"))
        listen(RunDone(3, 12))
    first, second = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert (first["event"], first["stage"]) == ("StageStarted", "tasks")
    assert first["subject"] == "Über\nalles"
    assert (second["event"], second["routes"], second["packages"]) == ("RunDone", 3, 12)
    assert first["level"] == "info"
    assert first["timestamp"].endswith("Z")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_later_run_is_added(tmp_path: Path):
    """What stands in the file stays."""
    path = tmp_path / "runs.jsonl"
    for number in range(2):
        with event_log(path, "DEBUG") as listen:
            listen(RunDone(number, 0))
    assert [json.loads(line)["routes"] for line in path.read_text().splitlines()] == [0, 1]


def test_a_higher_level_leaves_events_out(tmp_path: Path):
    """`WARNING` hears nothing of what goes well."""
    path = tmp_path / "runs.jsonl"
    with event_log(path, "WARNING") as listen:
        listen(RunDone(1, 1))
    assert path.read_text() == ""


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path):
    """The file is named, and where to set another one."""
    said = f"The log file {tmp_path} cannot be written"
    with pytest.raises(StorageError, match=said) as caught, event_log(tmp_path, "INFO"):
        pass
    assert "monitoring.log_file" in caught.value.hint
