"""A short version of the kills of planning runs, and what the long one would call a miss."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.model_kills import CALLS, Outcome, arrived, counted, summed
from tests.wire.planning_server import ASKED, SENT, Entry

ROOT = Path(__file__).parents[2]
SOUND = Outcome(4, 0, 3, 2, 3, equal=True, seconds=2.0)
DONE = {"status": "done", "answers": CALLS, "calls": CALLS + 2, "maybe_billed": 2}


@pytest.mark.slow
def test_killed_runs_go_on_without_paying_twice():
    """At the first calls, in the middle and at the last, and around the last write."""
    command = (sys.executable, "-m", "tests.benchmarks.model_kills")
    done = subprocess.run(
        [*command, "--at", "2,12,20", "--writes", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if " of " in line and " s a" not in line]
    assert [row.split("  ")[0] for row in rows] == [
        "k-th request",
        "k-th answer",
        "last answer, stored plan",
    ]
    for row in rows:
        _, kills, answers, lost, *_ = [each for each in row.split("  ") if each]
        assert (int(kills), int(lost)) == (3 if "k-th" in row else 5, 0)
        assert int(answers) > 5


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"lost": 1}, "1 answers that had arrived were asked for again"),
        ({"repeated": 4}, "4 requests were repeated, 3 told as such"),
        ({"equal": False}, "the plan is another one"),
        ({"problems": ("it burns",)}, "it burns"),
    ],
)
def test_what_is_wrong_with_a_trial_is_told(changes: dict[str, object], told: str):
    """Nothing, if nothing is."""
    assert "".join(replace(SOUND, **changes).wrong) == told


@pytest.mark.parametrize(
    ("changes", "stored", "told"),
    [
        ({}, False, ""),
        ({"status": "failed"}, False, "the run is failed"),
        ({"answers": 19, "calls": 21, "maybe_billed": 2}, False, "19 answers are counted"),
        ({"calls": CALLS}, False, "20 calls are counted, 2 of them open"),
        ({"calls": CALLS + 1, "maybe_billed": 1}, False, "22 requests were sent, 21 are"),
        ({}, True, "a run that stored its plan has calls without an end"),
    ],
)
def test_figures_that_cannot_be_are_told(changes: dict[str, object], stored: bool, told: str):
    """Of a run that is over: every call has an answer or may have been billed."""
    assert "".join(counted(DONE | changes, CALLS + 2, stored=stored)).startswith(told)
    assert bool("".join(counted(DONE | changes, CALLS + 2, stored=stored))) == bool(told)


def test_only_what_was_sent_in_time_has_arrived():
    """A request alone is no answer."""
    told = [(ASKED, "a", 1.0), (SENT, "a", 2.0), (ASKED, "b", 2.0), (SENT, "b", 3.0)]
    entries = [Entry(event, digest, at, "tasks", "") for event, digest, at in told]
    assert arrived(entries, 2.5) == {"a"}


def test_a_row_sums_its_trials():
    """And counts the plans that are equal."""
    row = summed("k-th request", [SOUND, replace(SOUND, equal=False, seconds=3.0)])
    assert row == ("k-th request", "2", "8", "0", "6", "4", "6", "1 of 2", "2.5")
