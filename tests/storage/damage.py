"""Ways to damage a database, and what is held against a repair of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Final

from stellwerk.errors import StorageError
from stellwerk.storage.copies.backup import damage
from stellwerk.storage.repair.judging import State
from stellwerk.storage.repair.replaying import LOST
from stellwerk.storage.repair.salvage import Repair, Salvaged, repair
from stellwerk.storage.repository import Repository
from stellwerk.storage.rows import COLUMNS
from stellwerk.storage.sqlite import connect
from tests.storage.goals import rows_of

PAGE: Final = 4096
Rows = dict[str, list[str]]


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    """Return what plain SQLite answers."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def changed(path: Path, *statements: str) -> None:
    """Change a database behind Stellwerk's back; no rule is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def pages_of(path: Path, name: str) -> list[int]:
    """Return the pages of a table or index; of each alike where SQLite cannot tell."""
    try:
        found = asked(path, f"SELECT pageno FROM dbstat WHERE name = '{name}'")
    except sqlite3.OperationalError:
        found = asked(path, f"SELECT rootpage FROM sqlite_master WHERE name = '{name}'")
    return [int(str(row[0])) for row in found]


def schema_pages(path: Path) -> list[int]:
    """Return the pages below the first one of a schema: those with its statements on them."""
    raw = path.read_bytes()
    count = len(raw) // PAGE
    return [
        page
        for page in range(2, count + 1)
        if raw[(page - 1) * PAGE : page * PAGE].count(b"CREATE ") > 1
    ]


def overwrite(path: Path, pages: list[int], content: bytes = b"\xff" * PAGE) -> None:
    """Put something else in the place of pages."""
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(content)


def goals(done: Repair) -> dict[str, Salvaged]:
    """Return what became of each goal, by its name."""
    return {goal.uid.removeprefix("goal-"): goal for goal in done.goals}


def states(done: Repair) -> dict[str, State]:
    """Return the state of each goal, by its name."""
    return {name: goal.state for name, goal in goals(done).items()}


def repaired(database: Path, truth: dict[str, Rows], *, pages: bool = True) -> Repair | None:
    """Repair a database and hold what is said of it against what it was.

    Args:
        database: The damaged one.
        truth: Every row of every goal as it was.
        pages: Whether whole pages were damaged, so that no text was altered in its place.

    Returns:
        What was done; None if nothing could be read.
    """
    before = {path.name: path.read_bytes() for path in database.parent.iterdir()}
    try:
        done = repair(database)
    except StorageError as error:
        told = (error.message, error.hint)
        assert all(told), told
        assert told[0].startswith("Nothing of"), told
        assert {path.name: path.read_bytes() for path in database.parent.iterdir()} == before
        return None
    names = {path.name for path in database.parent.iterdir()} - before.keys()
    assert names == ({done.file.name} if done.file else set())
    assert all(database.with_name(name).read_bytes() == raw for name, raw in before.items())
    held_against(done, truth, done.file or database, pages=pages)
    if done.file:
        done.file.unlink()
    return done


def held_against(done: Repair, truth: dict[str, Rows], file: Path, *, pages: bool) -> None:
    """Check every claim about every goal."""
    with closing(connect(file)) as connection:
        assert damage(connection) == "" or done.file is None
    forgotten = truth.keys() - {goal.uid for goal in done.goals}
    assert not forgotten or done.remarks
    repository = Repository(file)
    for goal in done.goals:
        rows = rows_of(file, goal.uid)
        if goal.state is State.LOST:
            assert not rows["goals"]
            continue
        assert repository.load(goal.uid).plan.goal.slug == goal.slug
        known = truth.get(goal.uid, rows)
        differing = {table for table in known if known[table] != rows[table]}
        if goal.complete:
            assert not differing, (goal, differing)
        if goal.checked or (pages and goal.state is State.KEPT):
            lost = {loss.table for loss in goal.losses}
            assert not differing & {*COLUMNS} or "notes" in lost, (goal, differing)
        lines = repository.lines(goal.uid)
        assert [line.revision for line in lines] == [*range(1, goal.revision + 1)]
        assert tuple(line.revision for line in lines if line.author == LOST) == goal.missing
        assert len(repository.entries(goal.uid, after=0)) == goal.revision
    repository.close()


FILLINGS: Final[Mapping[str, Callable[[Random], bytes]]] = {
    "zeros": lambda _: bytes(PAGE),
    "noise": lambda random: random.randbytes(PAGE),
    "letters": lambda _: b"A" * PAGE,
}


def destroyed(data: bytearray, raw: bytes, random: Random) -> bool:
    """Destroy something; return whether it was whole pages."""
    count = len(raw) // PAGE
    way = random.choice(("pages", "parts", "swaps", "bytes"))
    for _ in range(random.randint(1, 20 if way in ("pages", "bytes") else 5)):
        at = random.randrange(count) * PAGE
        if way == "pages":
            filling = random.choice([*FILLINGS.values()])
            data[at : at + PAGE] = filling(random)
        elif way == "parts":
            start, length = at + random.randrange(PAGE // 2), random.randint(1, PAGE // 2)
            data[start : start + length] = random.choice((bytes(length), b"A" * length))
        elif way == "swaps":
            other = random.randrange(count) * PAGE
            data[at : at + PAGE] = raw[other : other + PAGE]
        else:
            data[at + random.randrange(PAGE)] = random.randrange(256)
    return way == "pages"
