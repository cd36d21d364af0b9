"""Processes that die exactly at a fault point; what they wrote to is whole, old or new."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from fnmatch import fnmatch
from io import StringIO
from pathlib import Path
from time import perf_counter

from stellwerk import faults
from stellwerk.__main__ import main
from stellwerk.cli.main import call
from stellwerk.errors import StellwerkError
from tests.fire import checks, recording
from tests.fire.cases import CASES, DATABASE, Case
from tests.fire.concurrency import FORK, GRACE
from tests.fire.goals import opened
from tests.fire.scale import Scale
from tests.fire.table import Row

AUTHOR = "Ada Tester"
STUCK = 999
"""The exit code of a process that had to be stopped."""
ALWAYS = "store."
"""What the points are called at which a short run dies in every command, not in one."""
OUTPUT, ERRORS = "output", "errors"
Content = Mapping[str, str]

_LEFT = re.compile(r"\..+\.stellwerk-[0-9a-f]{8}")
_BESIDE = ("-wal", "-shm", "-journal")
_INSERT = "INSERT INTO"
_UID = re.compile(r"\b[0-9a-f]{32}\b")
_WORDS = re.compile(r"[\s,;:\[\]{}]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(?:Z|\+00:00)")


def trial(scale: Scale, folder: Path) -> Iterator[Row]:
    """Yield a row for each command, and one that says whether every point was reached."""
    reached: Counter[str] = Counter()
    os.environ["STELLWERK_USER_NAME"] = AUTHOR
    for number, case in enumerate(CASES):
        began = perf_counter()
        bench = Bench(case, folder / f"{number}")
        deaths, problems = 0, list(bench.problems)
        for point, times in bench.points.items():
            wanted = scale.reaches or (point not in reached or point.startswith(ALWAYS))
            for nth in range(1, min(times, wanted) + 1):
                deaths += 1
                problems += [f"killed at {point} {nth}: {p}" for p in died(bench, point, nth)]
        reached.update(bench.points.keys())
        figures = {"deaths": deaths, "points": len(bench.points)}
        yield Row(f"deaths in {case.name}", figures, problems, perf_counter() - began)
    row, points = recording.trial(scale, folder / "recording")
    reached.update(points.keys())
    yield row
    yield coverage(reached)


def died(bench: Bench, point: str, nth: int) -> Iterator[str]:
    """Let a command die at a point; what cannot even be looked at is wrong too."""
    try:
        yield from bench.die(point, nth)
    except (StellwerkError, sqlite3.Error, OSError) as error:
        yield f"{type(error).__name__}: {error}"


def coverage(reached: Mapping[str, int]) -> Row:
    """Return the row that says whether every point was reached by a command."""
    missing = [
        f"no command of the trial reaches {p}" for p in faults.POINTS if p not in reached
    ]
    missing += [f"{p} is reached and has no name" for p in reached if p not in faults.POINTS]
    return Row(
        "fault points", {"points": len(faults.POINTS), "reached": len(reached)}, missing
    )


class Bench:
    """A case with the states before and after it, and all points on the way.

    Attributes:
        case: The case.
        points: Every point it reaches, and how often.
        problems: What is wrong even if nobody is killed.
    """

    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self.folder = case, folder
        self.template = folder / "template"
        self.template.mkdir(parents=True)
        case.prepare(self.template)
        self._known = frozenset(_UID.findall("\n".join(look(self.template).values())))
        self._before = self._look(self.template)
        done = self._copied(self.template, "unharmed")
        self.points, self.problems = Counter[str](), []
        self._rehearse(done)
        self._after = self._look(done)
        if self._subject(self._before) == self._subject(self._after):
            self.problems.append("it changes nothing")

    def die(self, point: str, nth: int) -> Iterator[str]:
        """Die at a point and look; try again and look again; yield what is wrong."""
        where = self._copied(self.template, "harmed")
        code = self._run(where, self.case.words, point, nth)
        if code != -signal.SIGKILL:
            yield f"it was to die and ended with {code}"
        told, now = bool(self._said), self._look(self._copied(where, "looked at"))
        seen, new = self._subject(now), self._subject(self._after)
        old = self._subject(self._before)
        yield from _broken(self._copied(where, "opened") / self.case.sound)
        yield from self._harmed(now)
        if seen != new and (told or not (seen == old or self._mixed(seen))):
            yield "an answer was given and is lost" if told else "it is neither old nor new"
        if code := self._run(where, self._next(seen == new)):
            yield f"tried again it ends with {code}: {self._errors}"
        last = self._look(where)
        if self._subject(last) != new:
            yield "tried again it is not as it should be"
        elif (seen != new or self.case.again) and last != self._after:
            names = last.keys() ^ self._after.keys()
            if left := [each for each in sorted(names) if not fnmatch(each, self.case.spare)]:
                yield f"tried again it leaves something behind: {left}"
            elif not names:
                yield "tried again something else is changed"

    def _look(self, folder: Path) -> Content:
        return look(folder, self._known, self.case.aside)

    def _next(self, is_new: bool) -> tuple[str, ...]:
        """Return what is called after a death."""
        if is_new:
            return self.case.again or ("list", "--db", self.case.sound)
        return self.case.words

    def _copied(self, folder: Path, name: str) -> Path:
        copy = self.folder / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy, symlinks=True)
        return copy

    def _rehearse(self, where: Path) -> None:
        """Call the program here, so that the processes to come have imported what it needs."""
        words, output = [*self.case.words, "--db", str(where / DATABASE)], StringIO()
        faults.listen(lambda point: self.points.update((point,)))
        try:
            with (
                chdir(where / self.case.where),
                redirect_stdout(output),
                redirect_stderr(output),
            ):
                code = call(words)
        finally:
            faults.listen(None)
        if code:
            self.problems.append(f"it ends with {code}: {output.getvalue()}")

    def _run(self, where: Path, words: Sequence[str], point: str = "", nth: int = 0) -> int:
        """Call the program in a process of its own; return its exit code."""
        own = [] if "--db" in words else ["--db", str(where / DATABASE)]
        told = [*words, *own]
        child = FORK.Process(
            target=_called, args=(told, where / self.case.where, self.folder, point, nth)
        )
        child.start()
        child.join(GRACE)
        if child.exitcode is None:
            child.kill()
            return STUCK
        return child.exitcode

    @property
    def _said(self) -> str:
        return (self.folder / OUTPUT).read_text()

    @property
    def _errors(self) -> str:
        return (self.folder / ERRORS).read_text().strip()

    def _subject(self, content: Content) -> Content:
        """Return what must be whole, without what a killed call leaves beside it."""
        name = self.case.subject
        return {
            path: text
            for path, text in content.items()
            if path == name or path.startswith(f"{name}/")
            if not _LEFT.fullmatch(path.rpartition("/")[2])
        }

    def _harmed(self, now: Content) -> Iterator[str]:
        """Yield what was there, is no part of the subject, and is not as it was."""
        subject = {*self._subject(self._before), *self._subject(self._after)}
        for path, text in self._before.items():
            if path not in subject and now.get(path) not in (text, self._after.get(path)):
                yield f"{path} is not as it was"

    def _mixed(self, seen: Content) -> bool:
        """Whether each file is old or new, as long as the last one is old."""
        if not self.case.mixed:
            return False
        old, new = self._subject(self._before), self._subject(self._after)
        last = f"{self.case.subject}/plan.json"
        return seen.get(last) == old.get(last) and all(
            text in (old.get(path), new.get(path)) for path, text in seen.items()
        )


def _called(words: list[str], where: Path, outside: Path, point: str, nth: int) -> None:
    """Be the program: call it, and die the nth time it reaches a point."""
    left = nth

    def listener(reached: str) -> None:
        nonlocal left
        left -= reached == point
        if reached == point and not left:
            os.kill(os.getpid(), signal.SIGKILL)

    for handle, name in ((1, OUTPUT), (2, ERRORS)):
        os.dup2(os.open(outside / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), handle)
    atexit._clear()  # what the parent wants done at its own end
    faults.listen(listener)
    sys.argv = ["stellwerk", *words]
    with chdir(where):
        main()


def look(
    folder: Path, known: Collection[str] | None = None, aside: tuple[str, ...] = ()
) -> Content:
    """Return all that is in a folder by name: rows of databases, bytes of other files.

    Args:
        folder: The folder.
        known: If given, times and all other uids are masked: they differ in every run.
        aside: Tables that are left out.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_dir() and not any(path.iterdir()):
            found[name] = "an empty folder"
        elif path.is_file() and path.read_bytes()[:6] == b"SQLite":
            rows = _rows(path, aside)
            found[name] = rows if known is None else _masked(rows, known)
        elif path.is_file() and not name.endswith(_BESIDE):
            found[name] = _text(path)
    return {name: text for name, text in found.items() if text}


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return f"{path.stat().st_mode:o} {raw.decode('latin-1')}" if raw else ""


def _rows(path: Path, aside: tuple[str, ...]) -> str:
    """Return a database as text; nothing if there are no rows in it."""
    with closing(sqlite3.connect(path)) as connection:
        dump = [
            line
            for line in connection.iterdump()
            if not any(_of(table, line) for table in aside)
        ]
    if all(_of("alembic_version", line) for line in dump if line.startswith(_INSERT)):
        return ""
    return "\n".join([*dump, f"{path.stat().st_mode:o}"])


def _of(table: str, line: str) -> bool:
    return line.startswith(f'{_INSERT} "{table}"')


def _masked(text: str, known: Collection[str]) -> str:
    """Return a text without times and new uids, its words sorted, as uids sort things."""
    masked = _UID.sub(lambda m: m[0] if m[0] in known else "new", _TIME.sub("then", text))
    return "\n".join(sorted(_WORDS.split(masked)))


def _broken(path: Path) -> Iterator[str]:
    """Yield what is wrong with a database, as Stellwerk finds it after a death."""
    if path.exists() and path.stat().st_size:
        work = opened(path, AUTHOR)
        for line in work.store.goals():
            yield from checks.replayed(work, line.goal.uid)
        work.store.close()
        yield from checks.intact(path)
