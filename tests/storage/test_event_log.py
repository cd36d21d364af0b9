"""The log file of runs holds one JSON object a line."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from stellwerk.errors import StorageError
from stellwerk.planning.events import RunDone, StageStarted
from stellwerk.storage.event_log import event_log


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
