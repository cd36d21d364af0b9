"""The contract of every log of runs and calls, in memory and on disk alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.errors import (
    ConflictError,
    NotFoundError,
    StellwerkError,
    StorageError,
    UsageError,
)
from stellwerk.planning.failures import FailureKind
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.runs import CallStatus, Contents, Forgotten, Limits, RunStatus
from stellwerk.storage.run_log import MEGABYTE, SqlRunLog
from stellwerk.storage.run_rows import size_of
from stellwerk.testing.memory_log import MemoryRunLog
from tests.storage.calls import NOW, REPLY, USAGE, a_call, a_run, later, run_uid
from tests.storage.conftest import Log, Logs
from tests.strategies import MODEST

DONE = RunStatus.DONE
UNKNOWN = "f" * 32


def answered(log: Log, number: int = 1, run: int = 1, **fields: Any) -> str:
    """Record a call with an answer; return its uid."""
    call = a_call(number, run, **fields)
    log.begin(call)
    log.finish(call.uid, REPLY, later(number + 0.5))
    return call.uid


def taken(
    log: Log, number: int = 1, run: int = 1, *, until: float | None = None, **fields: Any
) -> str:
    """Record a call whose answer was made into a draft; return its uid."""
    uid = answered(log, number, run, **fields)
    log.accept(uid, repaired=False, expires_at=None if until is None else later(until))
    return uid


def test_an_empty_log_holds_nothing(log: Log):
    assert log.runs() == log.calls(UNKNOWN) == log.figures() == []
    assert log.answered(UNKNOWN, "key") is log.settled(UNKNOWN, "question") is None
    assert log.reusable("key", NOW) is None
    assert log.attempts(UNKNOWN, "key") == log.size() == 0
    assert log.contents(NOW) == Contents()
    assert log.prune(1) == log.clear(NOW) == Forgotten()


def test_a_run_is_seen_through_another_door(logs: Logs):
    """Whole, and changed where it is saved again."""
    first, second = logs
    limits = Limits(500_000, 40, None)
    run = a_run(providers=("openai", "playbooks"), fresh=True, limits=limits, model="gpt-5")
    first.save(run)
    with first.hold(run.uid):
        assert second.run(run.uid) == run
    done = replace(run, status=DONE, finished_at=later(9), goal="goal", error="")
    first.save(done)
    assert second.runs() == [done]


def test_runs_are_listed_newest_first(log: Log):
    for number in (2, 3, 1):
        log.save(a_run(number, status=DONE))
    assert [run.uid for run in log.runs()] == [run_uid(number) for number in (3, 2, 1)]


@pytest.mark.parametrize("status", [RunStatus.DONE, RunStatus.FAILED, RunStatus.INTERRUPTED])
def test_a_running_run_that_nobody_holds_is_interrupted(logs: Logs, status: RunStatus):
    """Whoever was killed could not say so; what ended stays as it ended."""
    first, second = logs
    first.save(a_run(1))
    first.save(a_run(2, status=status))
    with first.hold(run_uid(1)):
        assert second.run(run_uid(1)).status is RunStatus.RUNNING
        assert first.run(run_uid(1)).status is RunStatus.RUNNING
    assert second.run(run_uid(1)).status is RunStatus.INTERRUPTED
    assert second.run(run_uid(2)).status is status


def test_a_run_is_held_once(logs: Logs):
    """The second is told who has it; afterwards it can be held again."""
    first, second = logs
    with first.hold(run_uid(1)):
        with pytest.raises(ConflictError) as caught, second.hold(run_uid(1)):
            pytest.fail("held twice")
        assert caught.value.message == (
            f"The run 00000001 is being worked on by another process (pid {os.getpid()})."
        )
        assert caught.value.hint
        with second.hold(run_uid(2)):
            pass
    with second.hold(run_uid(1)):
        pass


def test_an_error_lets_a_run_go(log: Log):
    with pytest.raises(KeyError), log.hold(run_uid(1)):
        raise KeyError
    with log.hold(run_uid(1)):
        pass


def test_a_run_is_named_by_the_beginning_of_its_uid(log: Log):
    """Four characters are enough if no other run begins like that."""
    for uid in ("abcd1111", "abcd2222", "abce0000", "abcd"):
        log.save(replace(a_run(), uid=uid, status=DONE))
    assert log.run("abcd1").uid == "abcd1111"
    assert log.run(" ABCE ").uid == "abce0000"
    assert log.run("abcd").uid == "abcd"


@pytest.mark.parametrize(
    ("prefix", "error", "message", "hint"),
    [
        ("0000", UsageError, "The run 0000 could be 00000002 (Goal 2), 00000001 (Goal 1).",
         "Type more of it."),
        ("000", UsageError, "“000” is too short for a run: at least 4 characters are taken.",
         "It could be 00000002 (Goal 2), 00000001 (Goal 1)."),
        ("00000003", NotFoundError, "There is no planning run 00000003.",
         "There is 00000002 (Goal 2), 00000001 (Goal 1)."),
        ("%", NotFoundError, "There is no planning run %.",
         "There is 00000002 (Goal 2), 00000001 (Goal 1)."),
    ],
)  # fmt: skip
def test_a_beginning_that_names_no_run_is_told_what_there_is(
    log: Log, prefix: str, error: type[UsageError | NotFoundError], message: str, hint: str
):
    log.save(a_run(1, status=DONE))
    log.save(a_run(2, status=DONE))
    with pytest.raises(error) as caught:
        log.run(prefix)
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_a_run_that_is_asked_for_where_there_are_none(log: Log):
    with pytest.raises(NotFoundError) as caught:
        log.run("abcd")
    assert caught.value.hint == "There are none yet."


def test_many_runs_are_not_all_named(log: Log):
    for number in range(9):
        log.save(a_run(number, status=DONE))
    with pytest.raises(UsageError, match=r"\(Goal 4\) and 4 more\.$"):
        log.run("0000")


def test_long_beginnings_are_told_apart(log: Log):
    """Candidates are shown with more than was typed."""
    for uid in ("0123456789aa", "0123456789bb"):
        log.save(replace(a_run(), uid=uid, status=DONE))
    with pytest.raises(UsageError, match=r"0123456789bb.*0123456789aa"):
        log.run("0123456789")


def test_a_dropped_run_goes_with_its_calls(logs: Logs):
    """Others keep theirs."""
    first, second = logs
    for number in (1, 2):
        first.save(a_run(number, status=DONE))
        taken(first, number, number, until=99)
    second.drop(run_uid(2))
    assert [run.uid for run in first.runs()] == [run_uid(1)]
    assert first.calls(run_uid(2)) == []
    assert first.reusable("key", later(5)).run == run_uid(1)
    with pytest.raises(NotFoundError, match="no planning run 00000002"):
        first.drop(run_uid(2))


def test_a_run_that_is_held_is_not_dropped(logs: Logs):
    first, second = logs
    first.save(a_run())
    with first.hold(run_uid(1)):
        with pytest.raises(ConflictError, match="is being worked on"):
            second.drop(run_uid(1))
        assert second.run(run_uid(1)) == a_run()


def test_a_call_is_there_before_its_request_is_sent(logs: Logs):
    first, second = logs
    first.save(a_run())
    first.begin(a_call())
    assert second.calls(run_uid(1)) == [a_call()]
    assert second.answered(run_uid(1), "key") is None
    assert second.attempts(run_uid(1), "key") == 1


def test_an_answer_is_there_whole(logs: Logs):
    """With what it used, who gave it, and the row it belongs to."""
    first, second = logs
    first.save(a_run())
    uid = answered(first)
    (call,) = second.calls(run_uid(1))
    reply = replace(REPLY, call=uid, provider="openai")
    assert call == replace(
        *(a_call(),),
        status=CallStatus.DONE,
        reply=reply,
        usage=USAGE,
        finished_at=later(1.5),
    )
    assert second.answered(run_uid(1), "key") == call
    assert second.answered(run_uid(1), "other") is second.answered(UNKNOWN, "key") is None


def test_a_failure_is_there_with_what_came_of_the_answer(logs: Logs):
    """It may have cost something, and it is never taken for an answer."""
    first, second = logs
    first.save(a_run())
    for number, raw in ((1, '{"rou'), (2, "")):
        call = a_call(number)
        first.begin(call)
        kind, usage = FailureKind.TRUNCATED, Usage(100, 4000, 900)
        first.fail(call.uid, kind, "The answer was cut off.", usage, raw, later(5))
    cut, nothing = second.calls(run_uid(1))
    assert (cut.status, cut.failure, cut.error) == (
        CallStatus.FAILED,
        FailureKind.TRUNCATED,
        "The answer was cut off.",
    )
    assert (cut.usage, cut.finished_at) == (usage, later(5))
    assert (cut.reply.text, cut.reply.finish_reason, cut.reply.usage) == (raw or '{"rou', "other", usage)  # fmt: skip
    assert nothing.reply is None
    assert second.answered(run_uid(1), "key") is None
    assert second.attempts(run_uid(1), "key") == 2


def test_a_call_needs_its_run(log: Log):
    """Dropped meanwhile, nothing is recorded; and nothing is sent."""
    with pytest.raises(NotFoundError, match="no planning run 00000001"):
        log.begin(a_call())
    assert log.figures() == []


def test_a_call_begins_once(log: Log):
    log.save(a_run())
    log.begin(a_call())
    with pytest.raises(ConflictError):
        log.begin(a_call(request="other"))
    assert log.calls(run_uid(1)) == [a_call()]


@pytest.mark.parametrize(
    "deed",
    [
        lambda log, uid: log.finish(uid, REPLY, NOW),
        lambda log, uid: log.fail(uid, FailureKind.TIMEOUT, "", Usage(), "", NOW),
        lambda log, uid: log.accept(uid, repaired=False, expires_at=None),
    ],
)
def test_what_happens_to_a_call_that_is_gone_is_an_error(
    log: Log, deed: Callable[[Log, str], None]
):
    with pytest.raises(NotFoundError, match="no call ffffffff in the call log"):
        deed(log, UNKNOWN)


def test_a_call_ends_once(log: Log):
    """An answer that is there is never written over."""
    log.save(a_run())
    uid = answered(log)
    before = log.calls(run_uid(1))
    with pytest.raises(StorageError, match="ended before"):
        log.finish(uid, ModelReply(text="other"), NOW)
    with pytest.raises(StorageError, match="ended before"):
        log.fail(uid, FailureKind.TIMEOUT, "late", Usage(), "", NOW)
    assert log.calls(run_uid(1)) == before


def test_only_an_answer_can_be_accepted(log: Log):
    log.save(a_run())
    log.begin(a_call())
    with pytest.raises(StorageError, match="no answer"):
        log.accept(a_call().uid, repaired=False, expires_at=None)
    assert log.calls(run_uid(1)) == [a_call()]


def test_an_answer_gets_no_younger(log: Log):
    """Accepted again, as by a run that was resumed, it expires when it did."""
    log.save(a_run())
    uid = taken(log, until=10)
    log.accept(uid, repaired=True, expires_at=later(99))
    (call,) = log.calls(run_uid(1))
    assert (call.accepted, call.repaired, call.expires_at) == (True, False, later(10))


def test_the_accepted_answer_to_a_question_settles_it(logs: Logs):
    """Whoever gave it, however it was asked; but only in its run."""
    first, second = logs
    first.save(a_run(1))
    first.save(a_run(2))
    answered(first, 1)
    assert second.settled(run_uid(1), "question") is None
    uid = taken(first, 2, key="other key", provider="anthropic")
    assert second.settled(run_uid(1), "question").uid == uid
    assert second.settled(run_uid(1), "question").reply.provider == "anthropic"
    assert second.settled(run_uid(2), "question") is None
    assert second.settled(run_uid(1), "other question") is None


def test_the_newest_answer_that_has_not_expired_is_reused(logs: Logs):
    """Of whatever run; one that was not accepted, or only for its run, is not."""
    first, second = logs
    for number in (1, 2, 3):
        first.save(a_run(number, status=DONE))
    old = taken(first, 1, run=1, until=100)
    new = taken(first, 2, run=2, until=50)
    taken(first, 3, run=2)
    answered(first, 4, run=3)
    taken(first, 5, run=3, until=100, key="other key")
    assert second.reusable("key", later(10)).uid == new
    assert second.reusable("key", later(50)).uid == old
    assert second.reusable("key", later(99.999999)).uid == old
    assert second.reusable("key", later(100)) is None


def test_modes_that_a_model_refused_are_remembered(logs: Logs):
    """By provider, address and model, over all runs, for a while."""
    first, second = logs
    refusals: list[tuple[int, dict[str, Any], FailureKind]] = [
        (1, {"mode": "schema"}, FailureKind.UNSUPPORTED),
        (2, {"mode": "json"}, FailureKind.UNSUPPORTED),
        (3, {"mode": "text"}, FailureKind.TIMEOUT),
        (4, {"mode": "text", "model": "other"}, FailureKind.UNSUPPORTED),
        (5, {"mode": "text", "provider": "other"}, FailureKind.UNSUPPORTED),
        (6, {"mode": "text", "base_url": "other"}, FailureKind.UNSUPPORTED),
    ]
    first.save(a_run())
    for number, fields, kind in refusals:
        call = a_call(number, **fields)
        first.begin(call)
        first.fail(call.uid, kind, "", Usage(), "", later(9))
    asked = (a_call().provider, a_call().base_url, a_call().model)
    assert second.refused(*asked, NOW) == {"schema", "json"}
    assert second.refused(*asked, later(2)) == {"json"}
    assert second.refused(*asked, later(2.000001)) == frozenset()


def test_attempts_are_counted_by_run_and_request(log: Log):
    for number in (1, 2):
        log.save(a_run(number))
    log.begin(a_call(1, 1))
    log.begin(a_call(2, 1))
    log.begin(a_call(3, 1, key="other key"))
    log.begin(a_call(4, 2))
    assert log.attempts(run_uid(1), "key") == 2
    assert log.attempts(run_uid(2), "key") == 1


def test_calls_are_listed_oldest_first(log: Log):
    log.save(a_run())
    for number in (3, 1, 2):
        log.begin(a_call(number))
    assert [call.started_at for call in log.calls(run_uid(1))] == [later(n) for n in (1, 2, 3)]


def test_figures_are_all_calls_without_their_texts(logs: Logs):
    """From a time on, if one is given."""
    first, second = logs
    for number in (1, 2):
        first.save(a_run(number))
    uid = taken(first, 1, run=1, until=9)
    first.begin(a_call(2, run=2))
    whole, started = second.figures()
    assert (whole.uid, whole.usage, whole.accepted) == (uid, USAGE, True)
    assert whole.request == started.request == ""
    assert whole.reply is started.reply is None
    assert second.figures(later(2)) == [started]
    assert second.figures(later(2.000001)) == []


def test_reuse_is_counted_where_the_answer_is(logs: Logs):
    """An answer that was dropped meanwhile is not missed."""
    first, second = logs
    first.save(a_run())
    uid = taken(first)
    first.reused(uid)
    second.reused(uid)
    second.reused(UNKNOWN)
    assert [call.reused for call in first.calls(run_uid(1))] == [2]


def test_contents_tell_what_a_log_holds(logs: Logs):
    first, second = logs
    first.save(a_run(1, status=DONE))
    first.save(a_run(2))
    uid = taken(first, 1, until=10)
    taken(first, 2, until=20)
    taken(first, 3)
    answered(first, 4)
    first.begin(a_call(5, 2))
    first.reused(uid)
    kept = [size_of(call) for run in (1, 2) for call in first.calls(run_uid(run))]
    assert second.contents(later(10)) == Contents(
        runs=2,
        calls=5,
        answers=4,
        reusable=1,
        expired=1,
        reused=1,
        size=sum(kept),
        oldest=later(1),
        newest=later(5),
    )
    assert second.size() == sum(kept) > 0


def test_the_oldest_answers_of_done_runs_are_forgotten(logs: Logs):
    """Until the log is small enough; counts and costs stay."""
    first, second = logs
    text = "x" * (MEGABYTE // 2)
    for number in range(1, 6):
        first.save(a_run(number, status=DONE))
        taken(first, number, number, until=99, key=f"key {number}", request=text)
    before = first.figures()
    assert second.prune(3) == Forgotten()
    forgotten = second.prune(2, keep=[run_uid(1)])
    assert (forgotten.calls, first.size() <= 2 * MEGABYTE) == (2, True)
    assert forgotten.size > MEGABYTE
    usable = [n for n in range(1, 6) if first.reusable(f"key {n}", later(9))]
    assert usable == [1, 4, 5]
    (call,) = first.calls(run_uid(2))
    assert (call.request, call.reply, call.expires_at) == ("", None, None)
    assert (call.status, call.usage, call.accepted) == (CallStatus.DONE, USAGE, True)
    gone = {run_uid(2), run_uid(3)}
    assert first.figures() == [
        replace(each, expires_at=None) if each.run in gone else each for each in before
    ]
    assert first.settled(run_uid(2), "question") is first.answered(run_uid(2), "key 2") is None
    assert second.prune(2) == Forgotten()


@pytest.mark.parametrize(
    "status", [RunStatus.RUNNING, RunStatus.FAILED, RunStatus.INTERRUPTED]
)
def test_a_run_that_can_be_resumed_forgets_nothing(log: Log, status: RunStatus):
    """It would have to pay twice."""
    log.save(a_run(1, status=status))
    uid = taken(log, until=1, request="x" * 2 * MEGABYTE)
    assert log.prune(1) == log.clear(later(9)) == Forgotten()
    assert log.clear(later(9), expired_only=True) == Forgotten()
    assert log.answered(run_uid(1), "key").uid == uid


def test_clearing_forgets_everything_of_done_runs(log: Log):
    """Or only what has expired."""
    log.save(a_run(1, status=DONE))
    for number, until in ((1, 10), (2, 20), (3, None)):
        taken(log, number, until=until)
    before = log.size()
    expired = log.clear(later(10), expired_only=True)
    assert (expired.calls, before - log.size()) == (1, expired.size)
    assert [call.answered for call in log.calls(run_uid(1))] == [False, True, True]
    assert log.clear(later(10)).calls == 2
    assert log.contents(later(10)) == Contents(
        runs=1, calls=3, oldest=later(1), newest=later(3)
    )
    assert log.clear(later(10)) == Forgotten()


@st.composite
def deeds(draw: st.DrawFn) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """Draw something to do to a log: a method with what it takes."""
    run, number = draw(st.integers(1, 2)), draw(st.integers(1, 4))
    uid, at = f"{number:032x}", later(draw(st.integers(0, 6)))
    key = draw(st.sampled_from(["key", "other key"]))
    call = a_call(number, run, key=key, started_at=at)
    status = draw(st.sampled_from(RunStatus))
    until = draw(st.none() | st.just(later(draw(st.integers(0, 6)))))
    repaired = draw(st.booleans())
    return draw(
        st.sampled_from(
            [
                ("save", (a_run(run, status=status),), {}),
                ("begin", (call,), {}),
                ("finish", (uid, REPLY, at), {}),
                ("fail", (uid, FailureKind.TIMEOUT, "late", USAGE, "raw", at), {}),
                ("accept", (uid,), {"repaired": repaired, "expires_at": until}),
                ("reused", (uid,), {}),
                ("drop", (run_uid(run),), {}),
                ("prune", (0, [run_uid(run)]), {}),
                ("clear", (at,), {"expired_only": repaired}),
            ]
        )
    )


def outcome(log: Log, method: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Return what a method returns or raises."""
    try:
        return getattr(log, method)(*args, **named)
    except StellwerkError as error:
        return type(error)


def seen(log: Log, at: float) -> list[Any]:
    """Return all that a log tells."""
    runs = [run_uid(1), run_uid(2)]
    keys = ["key", "other key"]
    return [
        *(log.runs(), log.figures(), log.size(), log.contents(later(at))),
        *(log.calls(run) for run in runs),
        *(log.settled(run, "question") for run in runs),
        *(log.answered(run, key) for run in runs for key in keys),
        *(log.attempts(run, key) for run in runs for key in keys),
        *(log.reusable(key, later(at)) for key in keys),
    ]


@MODEST
@given(st.lists(deeds(), max_size=14), st.integers(0, 6))
def test_both_logs_do_the_same(
    template: Path, drawn: list[tuple[str, tuple[Any, ...], dict[str, Any]]], at: int
):
    """Whatever is done in whatever order, they tell the same afterwards."""
    memory = MemoryRunLog()
    with TemporaryDirectory() as folder:
        disk = SqlRunLog(Path(shutil.copy(template, folder)))
        for log in (memory, disk):
            log.save(a_run(1))
            log.save(a_run(2, status=DONE))
        for method, args, named in drawn:
            assert outcome(memory, method, args, named) == outcome(disk, method, args, named)
        assert seen(memory, at) == seen(disk, at)
        disk.close()
        assert seen(memory, at) == seen(disk, at)
        disk.close()
