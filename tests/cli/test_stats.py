"""`stellwerk stats`: what planning came to so far, and how providers did."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest

from stellwerk.analytics.provider_stats import provider_stats
from stellwerk.cli.ink import Ink
from stellwerk.cli.present.stats import providers_text
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import Usage
from stellwerk.planning.runs import RunStatus
from tests.cli.logged import a_call, a_run, answer, keep_run
from tests.cli.terminal import Terminal

PLAIN = Ink(io.StringIO(), {})
OLD = "cd" * 16


@pytest.fixture
def asked(planned: Terminal) -> Terminal:
    """Return the terminal of a user whose models were asked, also a year ago."""
    keep_run(planned)
    began = a_run().started_at - timedelta(days=365)
    run = a_run(uid=OLD, started_at=began, status=RunStatus.DONE, error="")
    free = answer(usage=Usage(900, 100))
    calls = [
        a_call(run, 5, provider="ollama", model="qwen3:8b").finished(
            free, began + timedelta(seconds=65)
        ),
        a_call(run, 6, provider="ollama", model="qwen3:8b").failed(
            FailureKind.DROPPED, "Gone.", Usage(), "", began + timedelta(seconds=7)
        ),
    ]
    keep_run(planned, run, *calls)
    return planned


def test_goals_runs_and_costs_are_summed_up(asked: Terminal):
    asked("plan", "Learn to juggle", "-q")
    asked("archive")
    out = asked("stats").out
    assert "Goals   2 (2 from playbooks, 1 archived)" in out
    assert "Runs    2 (1 failed, 1 done)" in out
    assert "Calls   5 (2 answered, 2 failed, 1 never ended)" in out
    assert "Cost    ≥$0.0025" in out
    data = asked.json("stats")
    assert data["goals"] == {"all": 2, "archived": 1}
    assert data["runs"] == {"running": 0, "interrupted": 0, "failed": 1, "done": 1}
    assert (data["calls"], data["answers"], data["unfinished"]) == (5, 2, 1)


def test_without_models_nothing_is_said_of_calls(planned: Terminal):
    out = planned("stats").out
    assert out == "Goals   1 (1 from playbooks)\nRuns    none that asked a model\n"


def test_providers_are_compared_by_model_stage_and_prompt(asked: Terminal):
    data = asked.json("stats", "--providers")
    assert data["since_at"] is None
    assert [(each["provider"], each["prompt"], each["calls"]) for each in data["series"]] == [
        ("ollama", "decompose@3", 2),
        ("openai", "decompose@3", 1),
        ("openai", "tasks@2", 2),
    ]
    first = data["series"][0]
    assert first["failures"] == {"connection dropped": 1}
    assert first["seconds"] == {"p50": 60.0, "p90": 60.0, "p99": 60.0}
    assert data["series"][2]["seconds"] is None


def test_the_table_of_providers_fits_eighty_columns(asked: Terminal):
    out = asked("stats", "--providers").out
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(r"decompose@3 +2 +1 +0 +0 +0 +60/60/60 +≥1.0k  unknown", out)
    assert "Failed: 1 connection dropped" in out
    assert "Failed: 1 timeout, 1 never ended" in out
    assert out.endswith("5 calls, cost ≥$0.0025. Times are those of answers.\n")


def test_a_wide_terminal_has_a_column_for_everything():
    calls = [a_call(a_run(), 1).finished(answer(), a_run().started_at + timedelta(seconds=3))]
    head, _, row, *_ = providers_text(provider_stats(calls), "", 120, PLAIN).splitlines()
    assert head.split()[-6:] == ["P50", "P90", "P99", "IN", "OUT", "COST"]
    assert row.split()[-3:] == ["1.2k", "300", "$0.0025"]


def test_old_calls_are_left_out(asked: Terminal):
    data = asked.json("stats", "--providers", "--since", "7")
    assert {each["provider"] for each in data["series"]} == {"openai"}
    assert data["since_at"]
    assert "3 calls in the last 7 days" in asked("stats", "--providers", "--since", "7").out


def test_no_call_at_all_is_said(planned: Terminal):
    out = planned("stats", "--providers", "--since", "1").out
    assert out.startswith("No model was asked in the last 1 day.")


def test_since_belongs_to_providers(planned: Terminal):
    assert "--since belongs to --providers." in planned("stats", "--since", "7", code=2).err
