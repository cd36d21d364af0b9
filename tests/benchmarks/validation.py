"""How long validators take: `python -m tests.benchmarks.validation [--packages N] [--rounds N]`.

The plan's work packages are those of the playbooks that come along, over and over; in each copy
every line has a word of its own, so that lines are as different as in a real plan.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle, islice, pairwise
from time import process_time
from typing import Final

from stellwerk.domain.goal import Goal
from stellwerk.domain.notes import parse
from stellwerk.domain.plan import Edge, Plan, Route
from stellwerk.domain.work import Task, ThreePoint, WorkPackage, digest
from stellwerk.validation.judging import judged
from stellwerk.validation.subject import Subject
from stellwerk.validation.validators import ALL
from stellwerk_playbooks.playbook import shelf
from tests.benchmarks.machine import described, load_average, today
from tests.benchmarks.table import Table, plain

PER_TASK: Final = 5
PER_ROUTE: Final = 40
BORN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_LONG_WORD: Final = re.compile(r"(?<![\w:/.-])[a-zäöü]{6,}(?![\w:/.-])")


def subject_of(count: int, language: str = "en") -> Subject:
    """Return a plan of so many work packages with notes as long as those of playbooks."""
    texts = list(islice(_texts(language), count))
    packages = [_package(at, title) for at, (title, _) in enumerate(texts)]
    notes = {each.uid: note for each, (_, note) in zip(packages, texts, strict=True)}
    routes = tuple(
        _route(number, packages[start : start + PER_ROUTE])
        for number, start in enumerate(range(0, count, PER_ROUTE), 1)
    )
    edges = sorted(Edge(tail.uid, head.uid) for tail, head in pairwise(routes))
    goal = Goal("goal", "benchmark", "Carry out all playbooks", BORN, language=language)
    return Subject(Plan(goal, routes, tuple(edges)), notes)


def seconds(action: Callable[[], object], rounds: int = 1) -> float:
    """Return the least time that an action took in some rounds."""
    taken = []
    for _ in range(rounds):
        start = process_time()
        action()
        taken.append(process_time() - start)
    return min(taken)


def fresh(subject: Subject) -> Subject:
    """Return a subject of which nothing has been taken apart."""
    return Subject(subject.plan, subject.notes, subject.size)


def rows(subject: Subject, rounds: int) -> Iterator[tuple[str, str, str]]:
    """Yield (what, findings, seconds) for the parsing, each validator, and all with the score."""
    notes = list(subject.notes.values())
    yield "parsing the notes", "", _told(seconds(lambda: [*map(parse, notes)], rounds))
    for validator in ALL:
        codes = ", ".join(code.code for code in validator.codes)
        count = sum(1 for _ in validator(subject))
        alone = seconds(lambda each=validator: [*each(fresh(subject))], rounds)
        yield codes, f"{count:,}", _told(alone)
    verdict = judged(subject)
    whole = _told(seconds(lambda: judged(fresh(subject)), rounds))
    yield "all and the score", f"{len(verdict.findings):,}", whole


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(prog="python -m tests.benchmarks.validation", description=__doc__)
    parser.add_argument("--packages", type=int, default=10_000, help="how many (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="least of so many (%(default)s)")
    asked = parser.parse_args()
    started, load = today(), load_average()
    subject = subject_of(asked.packages)
    size = sum(map(len, subject.notes.values()))
    title = f"{asked.packages:,} work packages, {size / asked.packages:,.0f} characters each"
    head = ("validator, by itself", "findings", "seconds")
    table = Table(title, head, tuple(rows(subject, asked.rounds)))
    sys.stdout.write("\n".join((*described({}, started, load), "", plain(table), "")))


def _texts(language: str) -> Iterator[tuple[str, str]]:
    """Yield title and notes of the playbooks' work packages, without end."""
    documents = [
        each.document({slot.name: slot.default for slot in each.slots} | {"goal": "Sail home"})
        for each in shelf()
        if each.language == language
    ]
    found = [
        (package.title, document.notes[package.uid])
        for document in documents
        for package in document.plan.packages
    ]
    for at, (title, note) in enumerate(cycle(found)):
        copy = at // len(found)
        yield (f"{title} {copy}", _varied(note, copy)) if copy else (title, note)


def _varied(note: str, copy: int) -> str:
    """Return a note in which every line has a word that no other copy has."""
    mark = "".join("aeioubcdfg"[int(digit)] for digit in str(copy))
    lines = note.split("\n")
    return "\n".join(_LONG_WORD.sub(lambda it: f"{it[0]}{mark}", line, 1) for line in lines)


def _package(at: int, title: str) -> WorkPackage:
    return WorkPackage(
        f"p{at}",
        at % PER_TASK + 1,
        title,
        BORN,
        digest(""),
        length=at % 8 + 1,
        grade=at % 11,
        estimate=ThreePoint(at % 8 + 0.5, at % 8 + 1.0, at % 8 + 2.5),
        needs=(f"p{at - 1}",) if at % 3 == 0 and at % PER_ROUTE else (),
    )


def _route(number: int, packages: list[WorkPackage]) -> Route:
    tasks = tuple(
        Task(
            f"t{number}.{at}",
            at,
            f"Task {number}.{at}",
            BORN,
            "",
            tuple(packages[start:][:PER_TASK]),
        )
        for at, start in enumerate(range(0, len(packages), PER_TASK), 1)
    )
    return Route(f"r{number}", number, f"Route {number}", BORN, tasks=tasks)


def _told(time: float) -> str:
    return f"{time:.2f}"


if __name__ == "__main__":
    main()
