"""Several processes at one database file: nobody is turned away, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from stellwerk.domain.edits.items import Add
from stellwerk.domain.edits.whole import Batch
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.domain.plans import a_package, two_routes

ROOT = Path(__file__).parents[2]
OPEN = """
import sys
from pathlib import Path
from stellwerk.storage.repository import Repository

for line in sys.stdin:
    repository = Repository(Path(line.strip()))
    print(len(repository.goals()), flush=True)
    repository.close()
"""
WRITE = """
import sys
from pathlib import Path
from stellwerk.domain.edits.fields import Rename
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock

author, path = sys.argv[1], Path(sys.argv[2])
acting = Dispatcher(Repository(path), author, FrozenClock(), CountedUids())
base = acting.open()
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    base = acting.make(base, Rename(author, f"{author} {number}")).after
    print(base.revision, flush=True)
"""


@contextmanager
def started(script: str, *arguments: Sequence[str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Run a script in a process of its own for each list of arguments."""
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    (sys.executable, "-c", script, *each),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
            for each in arguments
        ]
        for process in processes:
            stack.callback(process.kill)
        yield processes


def told(processes: Sequence[subprocess.Popen[str]], line: str) -> None:
    """Write a line to each process as nearly at once as can be."""
    for process in processes:
        process.stdin.write(f"{line}\n")
    for process in processes:
        process.stdin.flush()


def planned(path: Path) -> Repository:
    """Return a repository whose plan has the packages `eve` and `bob`."""
    repository = Repository(path)
    acting = Dispatcher(repository, "me", FrozenClock(), CountedUids(100))
    base = acting.adopt(two_routes(), {}, "planned").after
    adds = tuple(Add(a_package(uid, at), "tr1") for at, uid in enumerate(("eve", "bob"), 7))
    acting.make(base, Batch(adds))
    return repository


def test_a_fresh_database_may_be_made_by_several_at_once(tmp_path: Path):
    """Whoever is first makes the schema, the others find it made."""
    with started(OPEN, (), (), ()) as processes:
        for number in range(40):
            told(processes, str(tmp_path / f"{number}" / "plans.db"))
            for process in processes:
                assert process.stdout.readline() == "0\n", process.communicate()[1]


def test_everybody_s_edits_are_in_the_journal(database: Path):
    """Two processes write to one goal at once, each from what it last saw."""
    repository = planned(database)
    arguments = [(author, str(database), "20") for author in ("eve", "bob")]
    with started(WRITE, *arguments) as processes:
        for process in processes:
            assert process.stdout.readline() == "ready\n", process.communicate()[1]
        told(processes, "go")
        for process in processes:
            assert process.communicate()[1] == ""
    lines = repository.lines("goal", after=2)
    assert [line.revision for line in lines] == list(range(3, 43))
    for author in ("eve", "bob"):
        told_by = [line.says.rpartition(" to ")[2] for line in lines if line.author == author]
        assert told_by == [f"{author} {number}" for number in range(20)]
        assert repository.load("goal").plan.package(author).title == f"{author} 19"
    repository.close()


def test_what_was_acknowledged_survives_a_kill(database: Path):
    """Killed in the middle of its writes, a process leaves whole revisions behind."""
    repository = planned(database)
    repository.close()
    for acknowledged in (1, 2, 4, 7, 11):
        with started(WRITE, ("eve", str(database), "1000000")) as (process,):
            assert process.stdout.readline() == "ready\n", process.communicate()[1]
            told([process], "go")
            revisions = [int(process.stdout.readline()) for _ in range(acknowledged)]
            process.kill()
        base = repository.load("goal")
        lines = repository.lines("goal")
        assert base.revision == len(lines) >= revisions[-1]
        assert base.plan.package("eve").title == lines[-1].says.rpartition(" to ")[2]
        repository.close()
