"""Stellwerk itself: every verb that is typed many times a day, on plans of several shapes."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from stellwerk.domain.plan import Plan
from stellwerk.domain.railway import railway_of
from tests.benchmarks.peers.peer import EMAIL, NAME, Ground, Peer, Program, made
from tests.benchmarks.plans import Database, Shape
from tests.benchmarks.rounds import STELLWERK, Row
from tests.benchmarks.timing import Call

AUTHOR: Final = f"{NAME} <{EMAIL}>"
NAMED: Final = {"STELLWERK_USER_NAME": NAME, "STELLWERK_USER_EMAIL": EMAIL}
WITH_NAME: Final = ", name set"
READS: Final = {
    "next": ("next", "Next:"),
    "list": ("list", "benchmark"),
    "show": ("show", "Work package number 20 "),
    "show REF": ("show r1.1.1", "Work package number 1 "),
    "map": ("map", "Route number 1"),
    f"next{WITH_NAME}": ("next", "Next:"),
}
WRITES: Final = {
    "start": "start {}",
    "done": "done {}",
    "undo": "undo",
    "wait": "wait {} --for Tom",
    f"done{WITH_NAME}": "done {}",
    "divert": "divert {}",
    "reopen": "reopen {}",
}
"""In this order each of them changes something, and the last one brings the first state back."""
COMPLETION: Final = {
    "_STELLWERK_COMPLETE": "complete_bash",
    "COMP_WORDS": "stellwerk show r1",
    "COMP_CWORD": "2",
}
HOT: Final = tuple(
    name
    for name in (*READS, *WRITES, "choose", "complete REF")
    if not name.endswith(WITH_NAME)
)


class Place:
    """A home folder with a database in it, and the calls of somebody who lives there.

    Args:
        program: Stellwerk.
        ground: Where the run takes place.
        database: What to put there.
    """

    def __init__(self, program: Program, ground: Ground, database: Database) -> None:
        self.words = program
        self.database = database
        home = made(ground.folder / STELLWERK / f"{database.size} {database.name}")
        self.file = home / "data" / "stellwerk" / "stellwerk.db"
        self.plan = database.copied(self.file, ground.cache, ground.narrate)
        self.environ = ground.environment(
            XDG_DATA_HOME=str(home / "data"),
            XDG_CONFIG_HOME=str(home / "config"),
            XDG_STATE_HOME=str(home / "state"),
        )
        self.folder = made(home / "project")
        self.revision = self.stored()

    def row(self, verb: str, words: Callable[[int], str], shows: str, **more: Any) -> Row:
        """Return the row of a verb; what its words are may depend on the round."""
        environ = {**self.environ, **(NAMED if verb.endswith(WITH_NAME) else {})}

        def call(number: int) -> Call:
            return Call((*self.words, *words(number).split()), self.folder, environ)

        size, shape = self.database.size, self.database.name
        return Row(STELLWERK, verb, call, size, shape, shows=shows, **more)

    def write(self, verb: str, words: Callable[[int], str]) -> Row:
        """Return the row of a verb that has to make a revision each time."""
        return self.row(verb, words, r"\w", changed=self.grown)

    def completion(self) -> Row:
        """Return the row of completing a ref, as the shell asks for it."""
        call = Call(self.words, self.folder, {**self.environ, **COMPLETION})
        size, shape = self.database.size, self.database.name
        return Row(STELLWERK, "complete REF", lambda _: call, size, shape, shows="r1")

    def grown(self, _: int) -> bool:
        """Whether there is a revision more than when this was asked last."""
        before, self.revision = self.revision, self.stored()
        return self.revision == before + 1

    def stored(self) -> int:
        """Return the revision of the one goal in the database."""
        uri = f"{self.file.as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return int(connection.execute("SELECT revision FROM goals").fetchone()[0])


def databases(sizes: tuple[int, ...], entries: int) -> list[Database]:
    """Return both shapes of every size, and a long history for the least and the largest."""
    plain = [Database(size, shape, 0, AUTHOR) for size in sizes for shape in Shape]
    ends = sorted({min(sizes), max(sizes)}) if entries else []
    return plain + [Database(size, Shape.LINE, entries, AUTHOR) for size in ends]


def rows(program: Program, ground: Ground) -> list[Row]:
    """Return what is measured of Stellwerk."""
    found = databases(ground.sizes, ground.entries)
    return [row for each in found for row in _of_place(Place(program, ground, each))]


def find(_: Path) -> Program:
    """Return the script beside this interpreter, or the module if there is none."""
    script = Path(sys.executable).with_name("stellwerk")
    return (str(script),) if script.exists() else (sys.executable, "-m", "stellwerk")


def _of_place(place: Place) -> list[Row]:
    refs = startable(place.plan)

    def same(words: str) -> Callable[[int], str]:
        return lambda _: words

    def at_turn(words: str) -> Callable[[int], str]:
        return lambda number: words.format(refs[number % len(refs)])

    found = [place.row(verb, same(words), shows) for verb, (words, shows) in READS.items()]
    found += [place.write(verb, at_turn(words)) for verb, words in WRITES.items()]
    if place.plan.switches:
        found.append(place.write("choose", lambda number: f"choose d1 {'ab'[number % 2]}"))
    return [*found, place.completion()]


def startable(plan: Plan) -> list[str]:
    """Return the refs of the work packages that are ready."""
    return [plan.ref(uid) for uid in railway_of(plan).ready]


PEER = Peer(STELLWERK, "Stellwerk", find, rows)
