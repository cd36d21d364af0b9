"""`python -m tests.benchmarks.model_kills`: planning runs killed at every call, and resumed.

Each run is the real program, over a server with OpenAI's chat protocol that keeps a journal. It
gets SIGKILL when the journal has its k-th request or its k-th answer, for every k, and around
each of its last writes. `stellwerk resume` has to end with the plan of a run that nobody
killed, and to ask for nothing whose answer had arrived.
"""

from __future__ import annotations

import argparse
import json
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any, Final

from stellwerk.planning.running import births_of
from stellwerk.planning.runs import Run
from stellwerk.planning.wish import Wish
from stellwerk.testing.clock import FrozenClock
from tests.benchmarks.machine import described, load_average, today
from tests.benchmarks.table import Table, inserted, markdown, plain
from tests.cli.terminal import Terminal
from tests.wire.planning_server import ASKED, SENT, Behaviour, Entry, PlanningServer
from tests.wire.serving import awaited, reached, served

GOAL: Final = "Learn to juggle"
CALLS: Final = 20
"""Calls of a run that nobody kills."""
LATENCY: Final = 0.15
MARGIN: Final = 0.25
"""Seconds an answer may take from the server's socket into the call log."""
TRANSACTIONS: Final = 4
"""So many of the last writes of a run are died around."""
_GRACE: Final = 60.0
_BIRTHS: Final = 200
_STORED: Final = (0, 6)
"""How `resume` ends where the plan was stored before the kill: well, or with nothing to do."""
_HEAD: Final = (
    "killed at",
    "kills",
    "answers sent before",
    "of them asked again",
    "in flight or just answered",
    "of them asked again",
    "counted as possibly billed",
    "plans equal",
    "s a trial, median",
)
_DYING: Final = """
import os, signal, sys
from collections import Counter
from stellwerk import faults

point, nth, told = sys.argv[1], int(sys.argv[2]), Counter()

def listener(reached):
    told[reached] += 1
    if reached == point and told[reached] == nth:
        os.kill(os.getpid(), signal.SIGKILL)

faults.listen(listener)
from stellwerk.cli.main import call
code = call(sys.argv[3:])
print("\\n" + " ".join(f"{name}={count}" for name, count in told.items()))
sys.exit(code)
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a trial.

    Attributes:
        answered: Answers that were sent some time before the kill.
        lost: Those of them that were asked for again.
        flying: Other requests that had been sent.
        repeated: Those of them that were sent again.
        billed: Calls that `stellwerk runs` counts as possibly billed.
        equal: Whether the plan is that of a run that nobody killed.
        seconds: What the trial took.
        problems: What is wrong besides.
    """

    answered: int
    lost: int
    flying: int
    repeated: int
    billed: int
    equal: bool
    seconds: float
    problems: tuple[str, ...] = ()

    @property
    def wrong(self) -> Iterator[str]:
        """Everything that should not be."""
        yield from self.problems
        if self.lost:
            yield f"{self.lost} answers that had arrived were asked for again"
        if self.repeated > self.billed:
            yield f"{self.repeated} requests were repeated, {self.billed} told as such"
        if not self.equal:
            yield "the plan is another one"


@dataclass
class Bench:
    """A server, and homes in which runs are killed.

    Attributes:
        server: The server.
        folder: Where the homes are.
        expected: The plan of a run that nobody killed.
    """

    server: PlanningServer
    folder: Path
    expected: str = ""
    homes: int = field(default=0)

    def home(self) -> Terminal:
        """Return the terminal of somebody who has not planned anything yet."""
        self.homes += 1
        home = self.folder / f"{self.homes}"
        home.mkdir(parents=True)
        terminal = Terminal(home, home)
        terminal.environ |= {
            "STELLWERK_AI_OPENAI_BASE_URL": self.server.url,
            "OPENAI_API_KEY": "sk-of-nobody",
        }
        return terminal

    def unharmed(self) -> Counter[str]:
        """Plan without a kill; return how often the run reaches each point of its writes."""
        terminal = self.home()
        with started(terminal, "-c", _DYING, "-", "0", "plan", GOAL) as process:
            said = process.communicate(timeout=_GRACE)[0]
        self.expected = plan_of(terminal)
        pairs = (each.split("=") for each in said.splitlines()[-1].split())
        return Counter({name: int(count) for name, count in pairs})

    def at_entry(self, event: str, count: int) -> Outcome:
        """Kill a run when the journal has so many entries of a kind, and go on with it."""
        terminal, since, began = self.home(), len(self.server.entries), monotonic()
        with started(terminal, "-m", "stellwerk", "plan", GOAL) as process:
            awaited(lambda: reached(self.server, event, count, since), f"{event} {count}")
            process.kill()
        return self._resumed(terminal, since, began)

    def at_point(self, point: str, nth: int) -> Outcome:
        """Let a run die at a point of its writes, and go on with it."""
        terminal, since, began = self.home(), len(self.server.entries), monotonic()
        words = ("-c", _DYING, point, f"{nth}", "plan", GOAL)
        with started(terminal, *words) as process:
            process.communicate(timeout=_GRACE)
        outcome = self._resumed(terminal, since, began)
        if process.returncode != -signal.SIGKILL:
            told = f"it was to die at {point} {nth} and ended with {process.returncode}"
            return Outcome(**{**vars(outcome), "problems": (*outcome.problems, told)})
        return outcome

    def _resumed(self, terminal: Terminal, since: int, began: float) -> Outcome:
        killed = monotonic()
        problems = list(left(terminal))
        stored = bool(terminal.json("list")["goals"])
        again = len(self.server.entries)
        with started(terminal, "-m", "stellwerk", "resume") as process:
            _, said = process.communicate(timeout=_GRACE)
        if process.returncode not in (_STORED if stored else (0,)):
            problems.append(f"resumed it ends with {process.returncode}: {said}")
        if "Traceback" in said:
            problems.append(f"resumed it shows a traceback: {said}")
        entries = self.server.entries[since:]
        before = [each for each in entries if each.event == ASKED and each.at <= killed]
        after = Counter(
            each.digest
            for each in self.server.entries[again:]
            if each.event == ASKED and each.at > killed
        )
        finished = arrived(entries, killed - MARGIN)
        flying = {each.digest for each in before} - finished
        told = terminal.json("runs")["runs"][0]
        problems += counted(told, len(before) + after.total(), stored=stored)
        return Outcome(
            answered=len(finished),
            lost=sum(after[each] for each in finished),
            flying=len(flying),
            repeated=sum(after[each] for each in flying),
            billed=told["maybe_billed"],
            equal=plan_of(terminal) == self.expected,
            seconds=monotonic() - began,
            problems=tuple(problems),
        )


def started(terminal: Terminal, *words: str) -> subprocess.Popen[str]:
    """Start Python for somebody, with the planning folder as working directory."""
    return subprocess.Popen(
        [sys.executable, *words],
        env={**terminal.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=terminal.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def left(terminal: Terminal) -> Iterator[str]:
    """Yield what is wrong with the database that a killed run left."""
    with closing(sqlite3.connect(terminal.database)) as connection:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    if sound != "ok":
        yield f"the database is damaged: {sound}"


def arrived(entries: Sequence[Entry], until: float) -> set[str]:
    """Return the digests of requests whose answer was sent by then."""
    return {each.digest for each in entries if each.event == SENT and each.at <= until}


def counted(told: dict[str, Any], asked: int, *, stored: bool) -> Iterator[str]:
    """Yield what is wrong with how `stellwerk runs` counts a run that was resumed."""
    if told["status"] != "done":
        yield f"the run is {told['status']}"
    if told["answers"] != CALLS:
        yield f"{told['answers']} answers are counted"
    if told["calls"] != told["answers"] + told["maybe_billed"]:
        yield f"{told['calls']} calls are counted, {told['maybe_billed']} of them open"
    if told["calls"] < asked:
        yield f"{asked} requests were sent, {told['calls']} are counted"
    if stored and told["maybe_billed"]:
        yield "a run that stored its plan has calls without an end"


def plan_of(terminal: Terminal) -> str:
    """Return the one plan there is, its times and uids named after how the run gave them."""
    (run,) = terminal.json("runs")["runs"]
    births = births_of(Run(run["uid"], Wish(GOAL), FrozenClock().now))
    text = terminal("export", "--format", "json").out
    for number, uid in enumerate(islice(iter(births.new_uid, ""), _BIRTHS)):
        text = text.replace(uid, f"born {number}")
    plan = json.loads(text.replace(run["started_at"], "then"))
    plan["edges"].sort(key=json.dumps)  # it is sorted by uid, which differs
    return json.dumps(plan, sort_keys=True)


def trials(
    bench: Bench, points: Counter[str], counts: Sequence[int], transactions: int
) -> Iterator[tuple[str, str, Callable[[], Outcome]]]:
    """Yield every trial: the row of the table it belongs to, its name, and how it is made."""
    for event, row in ((ASKED, "k-th request"), (SENT, "k-th answer")):
        for count in counts:
            yield row, f"{row} {count}", partial(bench.at_entry, event, count)
    row = "last answer, stored plan"
    last = points["store.committed"]
    writes = [("call.finish", CALLS), ("call.finished", CALLS)]
    for number in range(last - transactions + 1, last + 1):
        writes += [(f"store.{step}", number) for step in ("begun", "written", "committed")]
    for point, nth in writes if transactions else ():
        yield row, f"{point} {nth}", partial(bench.at_point, point, nth)


def summed(row: str, found: Sequence[Outcome]) -> tuple[str, ...]:
    """Return a row of the table."""
    return (
        row,
        f"{len(found)}",
        *(
            f"{sum(getattr(each, name) for each in found)}"
            for name in ("answered", "lost", "flying", "repeated", "billed")
        ),
        f"{sum(each.equal for each in found)} of {len(found)}",
        f"{median(each.seconds for each in found):.1f}",
    )


def measure(
    folder: Path, counts: Sequence[int], transactions: int, tell: Callable[[str], None]
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the rows of the table, and what was missed."""
    found: dict[str, list[Outcome]] = {}
    missed: list[str] = []
    with served(Behaviour(latency=LATENCY)) as server:
        bench = Bench(server, folder)
        points = bench.unharmed()
        if points["call.finished"] != CALLS:
            missed.append(f"a run without kills has {points['call.finished']} calls")
        for row, name, trial in trials(bench, points, counts, transactions):
            outcome = trial()
            found.setdefault(row, []).append(outcome)
            wrong = [f"killed at {name}: {each}" for each in outcome.wrong]
            missed += wrong
            tell("\n".join([f"{name}: {outcome.seconds:.1f} s", *wrong]))
    return [summed(row, outcomes) for row, outcomes in found.items()], missed


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 if anything was missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--at", default="", help="only these k, comma separated")
    parser.add_argument("--writes", type=int, default=TRANSACTIONS, help="so many at the end")
    parser.add_argument("--into", type=Path, help="a page to write the table into")
    wanted = parser.parse_args(argv)
    counts = [int(each) for each in wanted.at.split(",") if each] or range(1, CALLS + 1)
    started_at, load = today(), load_average()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        rows, missed = measure(Path(folder), counts, wanted.writes, _tell)
    table = Table("Kills", _HEAD, tuple(rows))
    lines = described({}, started_at, load)
    sys.stdout.write("\n".join([*lines, "", plain(table), ""]))
    if wanted.into:
        text = "\n".join([*lines, "", markdown(table)])
        wanted.into.write_text(inserted(wanted.into, text, "kills"), encoding="utf-8")
    sys.stderr.writelines(f"Missed: {each}\n" for each in missed)
    return bool(missed)


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
