"""The commands that write, with what they write to and how to see whether it is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import chdir, closing, redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from stellwerk.cli.main import call
from tests.exchange.samples import a_document
from tests.fire.goals import SEED, opened

DATABASE = "plans.db"
FIRST_SCHEMA = Path(__file__).with_name("schema_0001.sql")


@dataclass(frozen=True)
class Case:
    """A command that is killed at every fault point it reaches.

    Attributes:
        name: What it does.
        prepare: Makes the folder it is called in.
        words: What is called; `--db` is added.
        subject: The file or folder that must be whole at any time.
        again: What is called once the subject is new; nothing must come of it, and what a
            killed call left behind must go. By default it is only looked at.
        where: The working directory below the folder.
        mixed: Whether files may be old and new until the last one is.
        spare: Pattern of files that a killed call may leave, for they are the user's.
        sound: The database that must be sound, as soon as it is there.
        aside: Tables that are written later than the rest, and may lack their rows.
    """

    name: str
    prepare: Callable[[Path], None]
    words: tuple[str, ...]
    subject: str = DATABASE
    again: tuple[str, ...] = ()
    where: str = "."
    mixed: bool = False
    spare: str = ""
    sound: str = DATABASE
    aside: tuple[str, ...] = ()


def nothing(folder: Path) -> None:
    """Leave the folder empty."""


def plan(folder: Path) -> None:
    """Put a database with a plan there."""
    (folder / DATABASE).touch(mode=0o600)
    (folder / DATABASE).write_bytes(_planned())


@cache
def _planned() -> bytes:
    """Return a database with a plan, for all cases to begin with."""
    with TemporaryDirectory() as folder:
        work, document = opened(Path(folder) / DATABASE, SEED), a_document()
        work.dispatcher.adopt(document.plan, document.notes, "planned", document.book)
        work.store.close()
        return (Path(folder) / DATABASE).read_bytes()


def batch(folder: Path) -> None:
    """Put a database with a plan there, and a batch."""
    plan(folder)
    (folder / "batch.txt").write_text("done r1.1.1\nstart r1.1.2\nrename r2 Elsewhere\n")


def undone(folder: Path) -> None:
    """Put a database with an undone edit there."""
    plan(folder)
    _call(folder, "start", "r1.1.1")
    _call(folder, "undo")


def exported(folder: Path) -> None:
    """Put an older export beside the database, with files of others in it."""
    plan(folder)
    _call(folder, "export", "--into", "plan")
    _call(folder, "export", "-o", "plan.md")
    (folder / "plan" / "mine").mkdir()
    (folder / "plan" / "mine" / "notes.txt").write_text("mine\n")
    (folder / "plan" / "mine" / "link").symlink_to("notes.txt")
    _call(folder, "rename", "r2", "Another", "way")
    _call(folder, "done", "r1.1.1")


def file_of_a_plan(folder: Path) -> None:
    """Put an export there, and no database."""
    plan(folder)
    _call(folder, "export", "--format", "json", "-o", "plan.json")
    (folder / DATABASE).unlink()


def changed_file(folder: Path) -> None:
    """Put a database and an older export of its plan there."""
    plan(folder)
    _call(folder, "export", "--format", "json", "-o", "plan.json")
    _call(folder, "done", "r1.1.1")


def older(folder: Path) -> None:
    """Put a database there as the first version of Stellwerk made it."""
    path = folder / DATABASE
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(FIRST_SCHEMA.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {0x53544C32}")


def backed_up(folder: Path) -> None:
    """Put a database with a plan there, and an older backup of it."""
    plan(folder)
    _call(folder, "backup", "copy.db")
    _call(folder, "done", "r1.1.1")


def backup(folder: Path) -> None:
    """Put a backup there, and no database."""
    backed_up(folder)
    (folder / DATABASE).unlink()


def damaged(folder: Path) -> None:
    """Put a database there of which an index is unreadable."""
    plan(folder)
    path = folder / DATABASE
    with closing(sqlite3.connect(path)) as connection:
        found = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_journal_standing'"
        ((page,),) = connection.execute(found)
        ((size,),) = connection.execute("PRAGMA page_size")
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


def _call(folder: Path, *words: str) -> None:
    """Call a verb while a case is prepared."""
    with chdir(folder), redirect_stdout(StringIO()):
        assert call([*words, "-q", "--db", DATABASE]) == 0, words


BACKUP = ("backup", "copy.db")
RESTORE = ("restore", "copy.db")
REPAIR = ("doctor", "--repair", "--into", "new.db")
EXPORT = ("export", "--into", "plan")
_DERIVED = ("quality_scores", "embeddings")
"""What can be worked out again from the plan."""
CASES: tuple[Case, ...] = (
    Case("an edit", plan, ("done", "r1.1.1")),
    Case("an undo", exported, ("undo",)),
    Case("a redo", undone, ("redo",)),
    Case("a batch", batch, ("batch", "batch.txt")),
    Case("a plan", plan, ("plan", "Learn to juggle"), aside=("selections", *_DERIVED)),
    Case(
        *("a plan in a new database", nothing, ("plan", "Learn to juggle")),
        aside=("selections", *_DERIVED),
    ),
    Case("an import", file_of_a_plan, ("import", "plan.json"), aside=_DERIVED),
    Case(
        *("an import over a plan", changed_file, ("import", "plan.json", "--replace")),
        again=("import", "plan.json", "--replace"),
        aside=_DERIVED,
    ),
    Case("an export over an older one", exported, EXPORT, "plan", EXPORT),
    Case("a new export", plan, EXPORT, "plan", EXPORT),
    Case(
        *("an export in its own folder", exported, ("export", "--into", "."), "plan"),
        again=("export", "--into", "."),
        where="plan",
        mixed=True,
    ),
    Case("an upgrade", older, ("list",), again=("list",)),
    Case("a backup", plan, BACKUP, "copy.db", (*BACKUP, "--overwrite")),
    Case(
        *("a backup over an older one", backed_up, (*BACKUP, "--overwrite"), "copy.db"),
        again=(*BACKUP, "--overwrite"),
    ),
    Case("a restore", backup, RESTORE, again=RESTORE),
    Case(
        *("a restore over a plan", backed_up, (*RESTORE, "--replace")),
        again=RESTORE,
        spare="plans.db.before-restore*",
    ),
    Case("a repair", damaged, REPAIR, "new.db", sound="new.db"),
    Case(
        "a file", exported, ("export", "-o", "plan.md"), "plan.md", ("export", "-o", "plan.md")
    ),
)
