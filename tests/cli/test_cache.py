"""`stellwerk cache`: which answers are kept, and forgetting them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from stellwerk.planning.runs import RunStatus
from tests.cli.logged import RUN, SHORT, a_call, a_run, answer, keep_run
from tests.cli.terminal import Terminal

DONE = "cd" * 16


@pytest.fixture
def kept(planned: Terminal) -> Terminal:
    """Return the terminal of a user with a run that stopped, and one that is done.

    The done one has an answer that others may reuse and one that has expired.
    """
    keep_run(planned)
    run = a_run(uid=DONE, status=RunStatus.DONE, error="")
    calls = [
        a_call(run, number)
        .finished(answer(), run.started_at + timedelta(seconds=number))
        .taken(repaired=False, expires_at=run.started_at + timedelta(days=days))
        for number, days in ((4, 30), (5, -1))
    ]
    keep_run(planned, run, *calls)
    return planned


def sizes(terminal: Terminal) -> list[tuple[str, bool]]:
    """Return the run of each call, and whether its texts are kept."""
    query = "SELECT run_uid, size > 0 FROM calls ORDER BY run_uid, started_at"
    return [(run, bool(size)) for run, size in terminal.rows(query)]


def test_an_empty_cache_sums_up_to_nothing(planned: Terminal):
    assert "0 of 0 calls are kept" in planned("cache").out
    assert "No answer is kept" in planned("cache", "show").out
    assert "There was no answer" in planned("cache", "clear", "-y").out


def test_the_cache_is_summed_up(kept: Terminal):
    data = kept.json("cache", "stats")
    assert (data["runs"], data["calls"], data["answers"]) == (2, 5, 3)
    assert (data["reusable"], data["expired"], data["hits"]) == (2, 1, 0)
    assert (data["most_bytes"], data["reuse_days"]) == (256 * 2**20, 30)
    assert data["bytes"] > 0
    out = kept("cache").out
    for part in ("3 of 5 calls are kept", "0% of 256 MB", "2 by other runs, for 30 days"):
        assert part in out


def test_a_cache_that_nobody_asks_says_why(kept: Terminal):
    kept.environ["STELLWERK_AI_REUSE_DAYS"] = "0"
    assert "2 but no run looks for them: ai.reuse_days is 0" in kept("cache").out


def test_reusable_answers_are_listed_with_age_and_size(kept: Terminal):
    data = kept.json("cache", "show")
    assert {(each["run"], each["stage"]) for each in data["answers"]} == {
        (RUN, "decompose"),
        (DONE, "decompose"),
    }
    assert all(each["bytes"] > 100 for each in data["answers"])
    line = kept("cache", "show").out.splitlines()[1]
    assert re.search(
        r"decompose  Learn to juggle  openai gpt-5 +59 min +in 29 d +1 KB +0", line
    )


def test_the_oldest_answers_are_left_out_of_a_short_list(kept: Terminal):
    assert kept.json("cache", "show", "-n", "1")["more"] == 1
    out = kept("cache", "show", "-n", "1").out
    assert "... and 1 older ones: stellwerk cache show -n 2" in out


def test_of_two_answers_to_a_question_the_newest_is_listed(kept: Terminal):
    run = a_run(uid="ee" * 16, status=RunStatus.DONE, error="")
    call = a_call(run, 9, key="key 4").finished(answer(), run.started_at)
    until = run.started_at + timedelta(days=30)
    keep_run(kept, run, call.taken(repaired=False, expires_at=until))
    runs = [each["run"] for each in kept.json("cache", "show")["answers"]]
    assert runs == ["ee" * 16, RUN]


def test_clearing_forgets_finished_runs_and_keeps_what_can_be_resumed(kept: Terminal):
    answered = kept("cache", "clear", "-y")
    assert answered.out.startswith("Forgot 2 answers (1 KB). 1 KB is kept")
    assert sizes(kept) == [(RUN, True)] * 3 + [(DONE, False)] * 2
    assert kept.json("runs", "show", DONE)["run"]["cost_micro"]["known"] == 5000


def test_clearing_what_has_expired_keeps_the_rest(kept: Terminal):
    data = kept.json("cache", "clear", "--expired")
    assert (data["answers"], data["left_answers"], data["runs"]) == (1, 2, [])
    assert sizes(kept) == [(RUN, True)] * 3 + [(DONE, True), (DONE, False)]
    assert "There was no expired answer" in kept("cache", "clear", "--expired").out


def test_clearing_all_drops_the_runs_that_could_be_resumed(kept: Terminal):
    data = kept.json("cache", "clear", "--all", "-y")
    assert (data["answers"], data["runs"], data["left_bytes"]) == (3, [RUN], 0)
    assert sizes(kept) == [(DONE, False)] * 2
    keep_run(kept)
    told = kept("cache", "clear", "--all", "-y").out
    assert "Dropped 1 run that could have been resumed." in told
    assert SHORT not in kept("runs").out


def test_expired_and_all_exclude_each_other(kept: Terminal):
    assert "exclude each other" in kept("cache", "clear", "--expired", "--all", code=2).err


def test_answers_are_not_forgotten_without_a_yes(kept: Terminal):
    for words in ((), ("--all",), ("--json",)):
        answered = kept("cache", "clear", *words, code=2)
        assert "Clearing the cache needs a yes." in answered.err
        assert "--yes" in answered.err
    assert sizes(kept) == [(RUN, True)] * 3 + [(DONE, True)] * 2
