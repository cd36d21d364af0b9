"""Many processes write to the same goals at once; nobody is turned away, nothing is lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic, perf_counter, sleep
from traceback import format_exc
from typing import Any

from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.invariants import broken_rules
from stellwerk.errors import ConflictError, EditError, NotFoundError
from tests.fire import checks
from tests.fire.checks import Told
from tests.fire.goals import TITLES, opened, planned
from tests.fire.scale import Scale
from tests.fire.table import Row
from tests.fire.wishes import Wisher, act, command

READERS = 2
PATIENCE = 5.0
"""Seconds that nobody needs for an edit, and far fewer than a writer waits for another."""
PAUSE = 0.005
"""Seconds that a reader leaves to the writers, who have more to do."""
GRACE = 120.0
"""Seconds after which a process that should have ended is stuck."""
HARMLESS = frozenset({"conflict", "edit", "not_found", "usage"})
"""Codes of errors that say: the plan is not what you think it is."""
FORK = multiprocessing.get_context("fork")
CONFLICTS = {
    "is in the way": "field",
    "given to something else": "birth",
    "stands 2 times": "birth",
    "in a circle": "circle",
    "would come before itself": "circle",
    "been taken back already": "undone",
}
"""By a part of its message, what a conflict is about."""


@dataclass(frozen=True)
class Job:
    """What one process of the trial does.

    Attributes:
        name: Who it is, as an author too.
        database: Where it writes or reads.
        goals: Uids of the goals; the first one is everybody's favourite.
        until: When it stops, by the monotonic clock.
        log: Where it tells what happened, a JSON line each.
        seed: What its chance begins with.
    """

    name: str
    database: Path
    goals: Sequence[str]
    until: float
    log: Path
    seed: int

    def tell(self, **what: object) -> None:
        """Write down what happened, for good as soon as this returns."""
        line = json.dumps(what) + "\n"
        handle = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, line.encode())
        os.close(handle)

    @property
    def told(self) -> list[dict[str, Any]]:
        """What happened."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]


def trial(scale: Scale, folder: Path) -> Iterator[Row]:
    """Yield the rows of the trial."""
    yield _crowd(scale, folder)
    yield _open_reader(folder)


def _crowd(scale: Scale, folder: Path) -> Row:
    """Let everybody write, then look at what is there."""
    began = perf_counter()
    database = folder / "plans.db"
    goals = planned(database, TITLES)
    until = monotonic() + scale.seconds
    commands = max(1, scale.writers // 4)
    kinds = [write] * (scale.writers - commands) + [call] * commands + [read] * READERS
    jobs = [
        Job(
            f"{kind.__name__}-{n}", database, goals, until, folder / f"{n}.log", scale.seed + n
        )
        for n, kind in enumerate(kinds)
    ]
    processes = [
        FORK.Process(target=kind, args=(job,)) for kind, job in zip(kinds, jobs, strict=True)
    ]
    for process in processes:
        process.start()
    problems = list(_ended(processes, scale.seconds + GRACE))
    told = [line for job in jobs for line in job.told]
    problems += [line["broken"] for line in told if "broken" in line]
    problems += _aftermath(database, goals, told)
    figures = {
        "writers": scale.writers,
        "readers": READERS,
        "goals": len(goals),
        **_counted(told),
    }
    return Row("concurrency", figures, problems, perf_counter() - began)


def _ended(processes: Sequence[Any], seconds: float) -> Iterator[str]:
    """Wait for processes; yield which of them did not end as they should."""
    for process in processes:
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            yield f"{process.name} was stuck"
        elif process.exitcode:
            yield f"{process.name} ended with {process.exitcode}"


def _aftermath(
    database: Path, goals: Sequence[str], told: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    yield from checks.intact(database)
    work = opened(database, "judge")
    acknowledged = [Told(**line["told"]) for line in told if "told" in line]
    for goal in goals:
        yield from checks.journaled(work.store, goal, acknowledged)
        yield from checks.replayed(work, goal)
    work.store.close()
    for line in told:
        if line.get("conflict") == "other":
            yield f"a conflict that is about no field: {line['message']}"


def _counted(told: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the figures of what happened."""
    edits = [line for line in told if "told" in line]
    conflicts = Counter(line["conflict"] for line in told if "conflict" in line)
    longest = {
        word: 1000
        * max((line["seconds"] for line in told if line.get("is") == word), default=0)
        for word in ("read", "write")
    }
    return {
        "edits acknowledged": len(edits),
        "of them by the command line": sum("call" in line for line in edits),
        **{f"{kind} conflicts": count for kind, count in sorted(conflicts.items())},
        "edits that did not fit": sum("refused" in line for line in told),
        "reads": sum(line.get("reads", 0) for line in told),
        "ms the longest read": round(longest["read"], 1),
        "ms the longest edit": round(longest["write"], 1),
    }


def write(job: Job) -> None:
    """Write through the library until time is up, half of the time from an older view."""
    work, chance = opened(job.database, job.name), Random(job.seed)
    seen: dict[str, Any] = {}
    longest, number = 0.0, 0
    while monotonic() < job.until:
        goal = job.goals[0] if chance.random() < 0.7 else chance.choice(job.goals)
        if goal not in seen or chance.random() < 0.5:
            seen[goal] = work.store.load(goal)
        number += 1
        began = perf_counter()
        wisher = Wisher(work, chance, seen[goal], f"{job.name}-{number}")
        try:
            outcome = act(wisher)
        except Exception as error:  # noqa: BLE001  (a trial wants to know them all)
            job.tell(**_failed(error))
            seen.pop(goal)
        else:
            base, seen[goal] = seen[goal].revision, outcome.after
            told = Told(goal, outcome.after.revision, job.name, outcome.says, base)
            job.tell(told=vars(told))
        longest = max(longest, perf_counter() - began)
    job.tell(**{"is": "write", "seconds": longest})
    work.store.close()


def _failed(error: Exception) -> dict[str, str]:
    """Return what became of an edit that was not made."""
    message = str(error)
    if "database is locked" in message:
        return {"broken": message}
    if isinstance(error, ConflictError):
        return {"conflict": conflict(message), "message": message}
    if isinstance(error, EditError | NotFoundError):
        return {"refused": message}
    return {"broken": format_exc()}


def conflict(message: str) -> str:
    """Return what a conflict is about."""
    return next((kind for part, kind in CONFLICTS.items() if part in message), "other")


def call(job: Job) -> None:
    """Write through the command line until time is up, a process for each edit."""
    work, chance, number = opened(job.database, job.name), Random(job.seed), 0
    slugs = {line.goal.uid: line.goal.slug for line in work.store.goals()}
    while monotonic() < job.until:
        goal = job.goals[0] if chance.random() < 0.7 else chance.choice(job.goals)
        number += 1
        wisher = Wisher(work, chance, work.store.load(goal), f"{job.name}-{number}")
        words, stdin = command(wisher)
        job.tell(**answered(job, goal, called(job, slugs[goal], words, stdin)))
    work.store.close()


def called(
    job: Job, slug: str, words: list[str], stdin: str
) -> subprocess.CompletedProcess[str]:
    """Call the command line."""
    return subprocess.run(
        line(job.database, slug, words),
        input=stdin,
        env={**os.environ, "STELLWERK_USER_NAME": job.name},
        capture_output=True,
        text=True,
        check=False,
    )


def line(database: Path, slug: str, words: list[str]) -> list[str]:
    """Return the words of a call of the real program."""
    more = ["--db", str(database), "-g", slug, "--json"]
    return [sys.executable, "-m", "stellwerk", *words, *more]


def answered(job: Job, goal: str, done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return what a call told."""
    said = done.stdout + done.stderr
    words = " ".join(done.args[3:-5])
    if "Traceback" in said or "database is locked" in said:
        return {"broken": f"{words}: {said}"}
    try:
        if done.returncode:
            error = json.loads(done.stderr)["error"]
            if error["code"] not in HARMLESS:
                return {"broken": f"{words}: {error}"}
            kind = conflict(error["message"])
            known = error["code"] == "conflict" and kind != "other"
            return {"conflict" if known else "refused": kind, "message": error["message"]}
        data = json.loads(done.stdout)
        told = Told(goal, data["revision"], job.name, data["says"])
        return {"told": vars(told), "call": words}
    except (ValueError, LookupError):
        return {"broken": f"{words}: ended with {done.returncode}: {said}"}


def read(job: Job) -> None:
    """Read plans until time is up; each must be sound and none older than the last."""
    work = opened(job.database, job.name)
    longest, reads = 0.0, 0
    latest = dict.fromkeys(job.goals, 0)
    while monotonic() < job.until:
        for goal in job.goals:
            began = perf_counter()
            try:
                now = work.store.load(goal)
            except Exception:  # noqa: BLE001  (a trial wants to know them all)
                job.tell(broken=format_exc())
                continue
            longest = max(longest, perf_counter() - began)
            reads += 1
            for problem in _unsound(now, latest[goal]):
                job.tell(broken=problem)
            latest[goal] = now.revision
        sleep(PAUSE)
    job.tell(**{"is": "read", "seconds": longest, "reads": reads})
    work.store.close()


def _unsound(now: Any, latest: int) -> Iterator[str]:
    yield from broken_rules(now.plan)
    if len(now.plan.index.refs) != len(now.plan.index.items):
        yield f"revision {now.revision} has items without a ref"
    if now.revision < latest:
        yield f"revision {now.revision} was read after {latest}"


def _open_reader(folder: Path) -> Row:
    """Let a reader sit in a transaction while somebody writes; neither waits for the other."""
    began = perf_counter()
    database = folder / "read.db"
    (goal,) = planned(database)
    writer, edits, longest = opened(database, "writer"), 200, 0.0
    base, problems = writer.store.load(goal), []
    package, query = next(iter(base.plan.packages)).uid, "SELECT revision FROM goals"
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute(query).fetchall()
        for number in range(edits):
            start = perf_counter()
            base = writer.dispatcher.make(base, Rename(package, f"{number}")).after
            longest = max(longest, perf_counter() - start)
        if reader.execute(query).fetchall() != before:
            problems.append("the reader's plan changed under its eyes")
        reader.execute("COMMIT")
        if reader.execute(query).fetchall() != [(base.revision,)]:
            problems.append("the reader does not see what was written")
    writer.store.close()
    if longest > PATIENCE:
        problems.append(f"an edit waited {longest:.1f} s for a reader")
    figures = {
        "edits while a reader reads": edits,
        "ms the longest edit": round(1000 * longest, 1),
    }
    return Row("open reader", figures, problems, perf_counter() - began)
