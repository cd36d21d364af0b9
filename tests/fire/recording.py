"""A planning run that dies at every point of recording a call, and goes on.

A call of which nobody knows the end is there as started, an answer is there whole, and no
answer that was recorded is ever asked for again.
"""

from __future__ import annotations

import atexit
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter

from stellwerk import faults
from stellwerk.errors import StellwerkError
from stellwerk.planning.models import ModelReply, Usage
from stellwerk.planning.runs import Call, CallStatus, Run, RunStatus
from stellwerk.planning.wish import Wish
from stellwerk.storage.run_log import SqlRunLog
from stellwerk.testing.clock import FrozenClock
from tests.fire import checks
from tests.fire.concurrency import FORK, GRACE
from tests.fire.scale import Scale
from tests.fire.table import Row

CALLS = 4
"""Questions of the run; one is answered after the other."""
UID = "1" * 32
NOW = FrozenClock().now
LONG = "A long answer. " * 2_000
"""An answer over several pages of the database."""
SENT, ANSWERED, TOLD = "sent", "answered", "told"
"""What is written into the diary: a request went out, an answer came, it is recorded."""


class Diary:
    """What the outside world saw of a run, a line each; no kill takes it back."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, what: str, key: str) -> None:
        """Add a line."""
        with self.path.open("a") as file:
            file.write(f"{what} {key}\n")

    def lines(self) -> Counter[tuple[str, str]]:
        """Return how often each line is there."""
        text = self.path.read_text() if self.path.exists() else ""
        return Counter(tuple(line.split(" ", 1)) for line in text.splitlines())  # type: ignore[misc]


def trial(scale: Scale, folder: Path) -> tuple[Row, Counter[str]]:
    """Return the row of all deaths, and every point that was reached."""
    began, deaths, problems = perf_counter(), 0, list[str]()
    points = rehearsed(folder / "rehearsal")
    for point, times in points.items():
        for nth in _spread(times, scale.reaches or 1):
            deaths += 1
            where = folder / f"{point}-{nth}"
            problems += [
                f"killed at {point} {nth}: {each}" for each in died(where, point, nth)
            ]
    figures = {"deaths": deaths, "points": len(points), "calls in a run": CALLS}
    row = Row("deaths in a run with a model", figures, problems, perf_counter() - began)
    return row, points


def _spread(times: int, wanted: int) -> list[int]:
    """Return as many of the times as are wanted, from the first to the last."""
    steps = max(min(times, wanted) - 1, 1)
    return sorted({times - step * (times - 1) // steps for step in range(min(times, wanted))})


def rehearsed(folder: Path) -> Counter[str]:
    """Carry a run out unharmed; return how often it reaches each point."""
    points = Counter[str]()
    folder.mkdir(parents=True)
    faults.listen(lambda point: points.update((point,)))
    try:
        carry_out(folder)
    finally:
        faults.listen(None)
    return points


def carry_out(folder: Path) -> None:
    """Ask every question of a run that the log has no answer to, as planning does."""
    diary = Diary(folder / "diary")
    with closing(SqlRunLog(folder / "plans.db")) as log:
        run = Run(UID, Wish("Learn to juggle"), NOW, ("wire",))
        log.save(run)
        with log.hold(UID):
            for number in range(CALLS):
                _ask(log, diary, number)
            log.save(Run(UID, run.wish, NOW, run.providers, status=RunStatus.DONE))


def died(folder: Path, point: str, nth: int) -> Iterator[str]:
    """Let a run die at a point and look; let it go on and look again."""
    folder.mkdir(parents=True)
    if (code := _killed(folder, point, nth)) != -signal.SIGKILL:
        yield f"it was to die and ended with {code}"
    try:
        yield from looked_at(folder)
        if code := _killed(folder, "", 0):
            yield f"gone on with it ends with {code}"
        yield from looked_at(folder, ended=True)
    except StellwerkError as error:
        yield str(error)


def looked_at(folder: Path, *, ended: bool = False) -> Iterator[str]:
    """Yield what is wrong with the log of a run, given what its diary says."""
    path, diary = folder / "plans.db", Diary(folder / "diary").lines()
    if path.exists():
        yield from checks.intact(path)
    with closing(SqlRunLog(path)) as log:
        found = [run.status for run in log.runs()]
        # Killed after its last write, a run is done though nobody was told.
        allowed = [[RunStatus.DONE], *([] if ended else [[RunStatus.INTERRUPTED]])]
        if found not in allowed and (found or ended or diary):
            yield f"the run is {' and '.join(found) or 'lost'}"
        for number in range(CALLS):
            rows = [call for call in log.calls(UID) if call.key == f"key {number}"]
            yield from _calls(rows, diary, f"key {number}", ended=ended)
    if left := [each.name for each in folder.glob(".*.lock")]:
        yield f"a lock is left: {left}"


def _calls(
    rows: list[Call], diary: Counter[tuple[str, str]], key: str, *, ended: bool
) -> Iterator[str]:
    """Yield what is wrong with the calls of a question."""
    whole = [call for call in rows if call.status is CallStatus.DONE]
    if any(call.reply is None or call.reply.text != answer(key) for call in whole):
        yield f"the answer to {key} is not whole"
    if any(call.reply or call.finished_at for call in rows if call not in whole):
        yield f"there is a part of an answer to {key}"
    if diary[SENT, key] > len(rows):
        yield f"{key} was sent {diary[SENT, key]} times, and {len(rows)} times recorded"
    if diary[TOLD, key] and not whole:
        yield f"the answer to {key} is lost"
    if len(whole) > 1:
        yield f"{key} was asked again, though its answer was there"
    if ended and (len(whole) != 1 or not whole[0].accepted):
        yield f"{key} has no accepted answer in the end"


def answer(key: str) -> str:
    """Return what the model answers."""
    return f"{key}: {LONG}"


def _ask(log: SqlRunLog, diary: Diary, number: int) -> None:
    """Ask a question unless the log has the answer."""
    key = f"key {number}"
    if log.settled(UID, key) is not None:
        return
    known = log.answered(UID, key)
    if known is None:
        known = _sent(log, diary, number)
    log.accept(known.uid, repaired=False, expires_at=None)


def _sent(log: SqlRunLog, diary: Diary, number: int) -> Call:
    key = f"key {number}"
    attempt = log.attempts(UID, key) + 1
    uid = f"{number:016x}{attempt:016x}"
    call = Call(
        *(uid, UID, key, key, "tasks", f"r{number}", 0, attempt, "wire", "", "a model"),
        *("tasks@1", "", "", "schema", "{}", "[]", 4000, 100, NOW),
    )
    log.begin(call)
    diary.write(SENT, key)
    reply = ModelReply(text=answer(key), model="a model", usage=Usage(10, 4000, 90))
    diary.write(ANSWERED, key)
    log.finish(uid, reply, NOW)
    diary.write(TOLD, key)
    return call


def _killed(folder: Path, point: str, nth: int) -> int:
    """Carry a run out in a process that dies the nth time it reaches a point."""
    child = FORK.Process(target=_called, args=(folder, point, nth))
    child.start()
    child.join(GRACE)
    if child.exitcode is None:
        child.kill()
        child.join()
    return child.exitcode or 0


def _called(folder: Path, point: str, nth: int) -> None:
    left = nth

    def listener(reached: str) -> None:
        nonlocal left
        left -= reached == point
        if reached == point and not left:
            os.kill(os.getpid(), signal.SIGKILL)

    atexit._clear()  # what the parent wants done at its own end
    faults.listen(listener)
    carry_out(folder)
