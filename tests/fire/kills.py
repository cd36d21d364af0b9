"""Writing processes killed at random moments; what they were told of is there."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, sleep
from typing import Any

from stellwerk.domain.edits.edit import apply
from stellwerk.domain.plan import Plan
from stellwerk.errors import StellwerkError
from tests.fire import checks
from tests.fire.checks import Told
from tests.fire.concurrency import FORK, line
from tests.fire.goals import opened, planned
from tests.fire.scale import Scale
from tests.fire.table import Row
from tests.fire.wishes import Wisher, act, batch

WRITER = "writer"
DEEPLY = 50
"""After how many kills the whole journal is replayed."""
READY = "ready"


@dataclass
class Watch:
    """What is known of a goal that is written to, and what was found wrong with it.

    Attributes:
        database: Its file.
        goal: Its uid.
        plan: The plan at the last look.
        revision: Its revision; 1 is the plan that the seed made.
        told: All that was acknowledged.
        kills: How many writers were killed.
        unsaid: How many edits were made that nobody was told of.
        problems: What is wrong.
    """

    database: Path
    goal: str
    plan: Plan | None = None
    revision: int = 0
    told: list[Told] = field(default_factory=list)
    kills: int = 0
    unsaid: int = 0
    problems: list[str] = field(default_factory=list)

    def look(self, told: list[Told], *, deep: bool = False) -> None:
        """Open the database after a kill and compare it with what was acknowledged."""
        self.kills += 1
        self.told += told
        try:
            self.problems += [f"after kill {self.kills}: {each}" for each in self._look(told)]
            if deep:
                self.problems += self.whole()
        except StellwerkError as error:
            self.problems.append(f"after kill {self.kills}: {error}")

    def whole(self) -> Iterator[str]:
        """Yield what is wrong with the whole journal."""
        work = opened(self.database, "judge")
        yield from checks.journaled(work.store, self.goal, self.told, self.kills)
        yield from checks.replayed(work, self.goal)
        work.store.close()

    def _look(self, told: list[Told]) -> Iterator[str]:
        work = opened(self.database, "judge")
        now = work.store.load(self.goal)
        entries = work.store.entries(self.goal, after=self.revision)[::-1]
        if [e.line.revision for e in entries] != list(
            range(self.revision + 1, now.revision + 1)
        ):
            yield f"revision {now.revision} is not the number of entries"
        plan = self.plan or work.dispatcher.at_revision(now, self.revision)
        for entry in entries:
            plan = apply(entry.edit, plan)
        if plan != now.plan:
            yield "the plan is not what the last entries make of the one before"
        made = {entry.line.revision for entry in entries}
        yield from (f"{each} is lost" for each in told if each.revision not in made)
        if (unsaid := len(made) - len(told)) > 1:
            yield f"{unsaid} edits were made that nobody was told of"
        self.unsaid += max(unsaid, 0)
        self.plan, self.revision = now.plan, now.revision
        work.store.close()
        yield from checks.intact(self.database)


def trial(scale: Scale, folder: Path) -> Iterator[Row]:
    """Yield the rows of the trial."""
    chance = Random(scale.seed)
    for name, kill, kills in (
        ("kills, library", _library, scale.kills),
        ("kills, command line", _command_line, max(2, scale.kills // 10)),
        ("kills, new database", _new, max(2, scale.kills // 10)),
    ):
        began = perf_counter()
        place = folder / name.partition(" ")[2]
        place.mkdir(parents=True)
        figures, problems = kill(kills, chance, place)
        yield Row(name, figures, problems, perf_counter() - began)


def _library(kills: int, chance: Random, folder: Path) -> tuple[dict[str, float], list[str]]:
    """Kill processes that write through the library as fast as they can."""
    database = folder / "plans.db"
    watch = Watch(database, planned(database)[0], revision=1)
    opening, edit = _measured(database)
    for number in range(kills):
        child, ear = _started(_write, database, chance.random())
        if chance.random() < 0.1:
            sleep(chance.uniform(0, opening))
            before: list[Any] = []
        else:
            before = [ear.recv()]
            sleep(chance.uniform(0, edit * chance.choice((1.5, 10))))
        child.kill()
        told = [Told(*each) for each in (*before, *_heard(ear)) if each != READY]
        child.join()
        watch.look(told, deep=number % DEEPLY == 0)
    watch.problems += watch.whole()
    figures = {
        "kills": kills,
        "edits acknowledged": len(watch.told),
        "more that were made when the kill came": watch.unsaid,
        "ms an edit": round(1000 * edit, 2),
    }
    return figures, watch.problems


def _started(target: Callable[..., None], *arguments: object) -> tuple[Any, Connection]:
    """Start a process that tells what it does; return it and where it is heard."""
    ear, mouth = FORK.Pipe(duplex=False)
    child = FORK.Process(target=target, args=(*arguments, mouth))
    child.start()
    mouth.close()
    return child, ear


def _heard(ear: Connection) -> Iterator[Any]:
    """Yield all that a process told before it ended."""
    with suppress(EOFError, OSError):
        while True:
            yield ear.recv()


def _write(database: Path, seed: float, mouth: Connection) -> None:
    """Write without end, and tell of every edit that was acknowledged."""
    work, chance = opened(database, WRITER), Random(seed)
    base = work.dispatcher.open()
    goal, number = base.plan.goal.uid, 0
    mouth.send(READY)
    while True:
        number += 1
        with suppress(StellwerkError):
            outcome = act(Wisher(work, chance, base, f"{seed}-{number}"))
            base = outcome.after
            mouth.send((goal, base.revision, WRITER, outcome.says))


def _measured(database: Path) -> tuple[float, float]:
    """Return the seconds that opening and an edit take in a process of its own."""
    copy = database.with_name("measured.db")
    copy.write_bytes(database.read_bytes())
    began = perf_counter()
    child, ear = _started(_write, copy, 0.5)
    times = [perf_counter() for _ in range(32) if ear.recv()]
    child.kill()
    child.join()
    steps = [after - before for before, after in pairwise(times[1:])]
    return times[0] - began, median(steps)


def _command_line(
    kills: int, chance: Random, folder: Path
) -> tuple[dict[str, float], list[str]]:
    """Kill calls of the command line: batches, and single edits."""
    database = folder / "plans.db"
    watch = Watch(database, planned(database)[0], revision=1)
    seconds, answers = 0.0, 0
    for number in range(kills + 1):
        work = opened(database, WRITER)
        base = work.store.load(watch.goal)
        wisher = Wisher(work, chance, base, f"call-{number}")
        work.store.close()
        words, stdin = batch(wisher, 20 if number % 3 else 1)
        began = perf_counter()
        allowed = None if number == 0 else chance.uniform(0.4, 1.1) * seconds
        answer = _called(line(database, base.plan.goal.slug, words), stdin, allowed)
        seconds = seconds or perf_counter() - began
        answers += bool(answer)
        told = Told(watch.goal, answer["revision"], WRITER, answer["says"]) if answer else None
        watch.look([told] if told else [], deep=number == kills)
    figures = {
        "kills": kills,
        "calls that answered before": answers,
        "more that were made when the kill came": watch.unsaid,
        "ms a call": round(1000 * seconds),
    }
    return figures, watch.problems


def _called(words: list[str], stdin: str, allowed: float | None) -> dict[str, Any] | None:
    """Call the command line, kill it after a while; return what it had answered."""
    environ = {**os.environ, "STELLWERK_USER_NAME": WRITER}
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environ,
    ) as process:
        try:
            said, _ = process.communicate(stdin, timeout=allowed)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError:
        return None
    return answer


def _new(kills: int, chance: Random, folder: Path) -> tuple[dict[str, float], list[str]]:
    """Kill processes that make a database; the next one makes or finds it whole."""
    began = perf_counter()
    child, ear = _started(_make, folder / "measured.db")
    list(_heard(ear))
    child.join()
    seconds, problems, made = perf_counter() - began, [], 0
    for number in range(kills):
        database = folder / f"{number}.db"
        child, ear = _started(_make, database)
        sleep(chance.uniform(0, seconds))
        child.kill()
        told = list(_heard(ear))
        child.join()
        made += bool(told)
        problems += [f"after kill {number}: {each}" for each in _made(database, bool(told))]
    figures = {
        "kills": kills,
        "databases made before": made,
        "ms to make one": round(1000 * seconds),
    }
    return figures, problems


def _make(database: Path, mouth: Connection) -> None:
    work = opened(database, WRITER)
    work.store.goals()
    mouth.send(READY)
    work.store.select(WRITER, None)


def _made(database: Path, told: bool) -> Iterator[str]:
    """Yield what is wrong with a database whose making was cut short."""
    if told and not database.exists():
        yield "the database is lost"
    try:
        work = opened(database, WRITER)
        if work.store.goals():
            yield "there is a goal that nobody wished"
        work.plan("Learn to juggle")
        work.store.close()
    except StellwerkError as error:
        yield str(error)
    yield from checks.intact(database)
