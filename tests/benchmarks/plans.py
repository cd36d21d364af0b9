"""The tasks as plans of Stellwerk, and databases that hold them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final
from uuid import uuid4, uuid5

from stellwerk.domain.edits.status import SetStatus
from stellwerk.domain.goal import Goal
from stellwerk.domain.plan import Edge, Option, Plan, Route, RouteKind, Switch
from stellwerk.domain.work import Standing, Status, Task, WorkPackage
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage import schema
from stellwerk.storage.repository import Repository
from tests.benchmarks import tasks as generator
from tests.benchmarks.tasks import Work, generated

PER_TASK: Final = 5
PER_ROUTE: Final = 40
BORN: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Shape(StrEnum):
    """How the routes of a plan hang together: not at all, or one after another."""

    FLAT = "flat"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Database:
    """A generated database.

    Attributes:
        size: How many work packages.
        shape: Of the plan.
        entries: Journal entries beside the one that brought the plan.
        author: Who made them.
    """

    size: int
    shape: Shape
    entries: int
    author: str

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.shape}, {self.entries:,} entries" if self.entries else self.shape

    def copied(self, target: Path, cache: Path, narrate: Callable[[str], None]) -> Plan:
        """Put a copy of it somewhere and return the plan it holds; made if not in the cache."""
        kept = cache / "databases" / f"{self._key()}.db"
        if not kept.exists():
            narrate(f"making a plan: {self.size} packages, {self.name}")
            kept.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
                made = Path(folder) / "made.db"
                self._make(made)
                for old in kept.parent.glob(f"{self._stem}-*.db"):
                    old.unlink()
                made.replace(kept)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(kept, target)
        target.chmod(0o600)
        return plan_of(generated(self.size), self.shape)

    def _key(self) -> str:
        """Return what changes when the generator or the schema does."""
        texts = [Path(str(each.__file__)).read_bytes() for each in (generator, schema)]
        texts += [Path(__file__).read_bytes(), schema.frozen_schema().encode()]
        texts.append(repr(self).encode())
        digest = sha256(b"\0".join(texts)).hexdigest()[:16]
        return f"{self._stem}-{digest}"

    @property
    def _stem(self) -> str:
        return f"{self.shape}-{self.size}-{self.entries}"

    def _make(self, path: Path) -> None:
        plan = plan_of(generated(self.size), self.shape)
        repository = Repository(path)
        clock = _minutes(BORN)
        dispatcher = Dispatcher(
            repository, self.author, lambda: next(clock), lambda: uuid4().hex
        )
        base = dispatcher.adopt(plan, {}, "planned the benchmark").after
        todo = [package.uid for package in plan.packages if not package.settled]
        for number in range(self.entries):
            # Started and put back in turns, so that the plan ends as it began.
            uid = todo[number // 2 % len(todo)]
            status = Status.TODO if number % 2 else Status.DOING
            base = dispatcher.make(base, SetStatus(uid, Standing(status))).after
        repository.close()


def plan_of(tasks: Sequence[Work], shape: Shape) -> Plan:
    """Return a plan: 40 work packages a route, 5 a task, with the needs of the tasks.

    The shape `line` chains the routes and ends in a switch between two empty branches.
    """
    by_number = {work.number: work.uid.hex for work in tasks}
    packages = [_package(work, by_number) for work in tasks]
    routes = [
        _route(number, packages[start : start + PER_ROUTE])
        for number, start in enumerate(range(0, len(packages), PER_ROUTE), start=1)
    ]
    goal = Goal(_uid("goal"), "benchmark", "Measure what a keystroke costs", BORN)
    if shape is Shape.FLAT:
        return Plan(goal, tuple(routes))
    routes += [_route(len(routes) + 1, [])]
    edges = [Edge(tail.uid, head.uid) for tail, head in pairwise(routes)]
    branches = [_route(len(routes) + number, [], RouteKind.BRANCH) for number in (1, 2)]
    edges += [Edge(routes[-1].uid, branch.uid) for branch in branches]
    options = tuple(
        Option(_uid(f"option {number}"), number, label, branch.uid, BORN)
        for number, label, branch in zip((1, 2), ("Left", "Right"), branches, strict=True)
    )
    switch = Switch(_uid("switch"), 1, routes[-1].uid, "Which way?", BORN, options=options)
    return Plan(goal, (*routes, *branches), tuple(sorted(edges)), (switch,))


def _package(work: Work, by_number: dict[int, str]) -> WorkPackage:
    return WorkPackage(
        uid=by_number[work.number],
        number=(work.number - 1) % PER_TASK + 1,
        title=work.title,
        born_at=BORN,
        length=work.length,
        needs=tuple(sorted(by_number[need] for need in work.needs)),
        standing=Standing(Status.DONE, BORN, BORN) if work.done else Standing(),
    )


def _route(
    number: int, packages: Sequence[WorkPackage], kind: RouteKind = RouteKind.TRUNK
) -> Route:
    tasks = tuple(
        Task(
            uid=_uid(f"task {number}.{at}"),
            number=at,
            title=f"Task {at} of route {number}",
            born_at=BORN,
            packages=tuple(packages[start : start + PER_TASK]),
        )
        for at, start in enumerate(range(0, len(packages), PER_TASK), start=1)
    )
    uid = _uid(f"route {number}")
    return Route(uid, number, f"Route number {number}", BORN, "", kind, tasks)


def _uid(name: str) -> str:
    return uuid5(generator.SPACE, name).hex


def _minutes(moment: datetime) -> Iterator[datetime]:
    while True:
        moment += timedelta(minutes=1)
        yield moment
