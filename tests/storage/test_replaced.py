"""A database that goes away, or becomes another, while somebody has it open."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.journal import Change
from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository
from stellwerk.storage.sqlite import connect, transaction
from tests.domain.plans import NOW, a_goal, two_routes
from tests.storage.databases import planned, renamed

ROOT = Path(__file__).parents[2]
CRASH = """
import os, sys
from pathlib import Path
from stellwerk.storage.repository import Repository
from tests.storage.databases import renamed

renamed(Repository(Path(sys.argv[1])), "in the log alone")
os._exit(0)
"""


@pytest.fixture
def kept(database: Path) -> Iterator[Repository]:
    """Return a repository that somebody keeps open, with a plan in it."""
    planned(database).close()
    with closing(Repository(database)) as repository:
        renamed(repository, "kept")
        yield repository


def title(path: Path) -> str:
    """Return the title of package `a` in a database."""
    with closing(Repository(path)) as repository:
        return repository.load("goal").plan.package("a").title


def crashed(database: Path) -> Path:
    """Write to a database from a process that dies with it open; return the log it leaves."""
    subprocess.run([sys.executable, "-c", CRASH, str(database)], cwd=ROOT, check=True)
    log = database.with_name(f"{database.name}-wal")
    assert log.stat().st_size
    return log


def move(database: Path) -> Path:
    """Move a database elsewhere."""
    return database.rename(database.with_name("moved.db"))


def delete(database: Path) -> None:
    """Delete a database."""
    database.unlink()


def lose_folder(database: Path) -> None:
    """Delete the folder with everything in it."""
    shutil.rmtree(database.parent)


@pytest.mark.parametrize("vanish", [move, delete, lose_folder])
def test_nothing_is_written_into_a_database_that_went_away(
    kept: Repository, database: Path, vanish: Callable[[Path], object]
):
    """It is said, nothing is made in its place, and what was there can still be read."""
    base = kept.load("goal")
    vanish(database)
    with pytest.raises(StorageError) as caught:
        renamed(kept, "lost")
    assert f"{database} was moved or deleted while it was open" in caught.value.message
    assert "Nothing was written." in caught.value.message
    assert not database.exists()
    assert kept.load("goal") == base


def test_every_kind_of_write_is_refused(kept: Repository, database: Path):
    """Edits, new goals and selections."""
    base = kept.load("goal")
    delete(database)
    writes: tuple[Callable[[], object], ...] = (
        lambda: kept.commit("goal", Change(Rename("a", "x"), "ada", NOW), base),
        lambda: kept.create(a_goal()),
        lambda: kept.select("ada", "goal"),
    )
    for write in writes:
        with pytest.raises(StorageError, match=r"Nothing was written\."):
            write()


def test_a_database_that_is_moved_back_is_written_to(kept: Repository, database: Path):
    """The same file in its place is the same database."""
    moved = move(database)
    with pytest.raises(StorageError):
        renamed(kept, "lost")
    moved.rename(database)
    renamed(kept, "found again")
    kept.close()
    assert title(database) == "found again"


def test_what_was_told_to_be_written_goes_along_with_a_moved_database(
    kept: Repository, database: Path
):
    """Its log stays behind, and is merged into it when it is closed."""
    moved = move(database)
    log = database.with_name("plans.db-wal")
    assert log.stat().st_size
    kept.close()
    assert log.stat().st_size == 0
    assert title(moved) == "kept"
    assert kept.goals() == []
    assert title(moved) == "kept"


@pytest.mark.parametrize("replace", [os.replace, shutil.move])
def test_nothing_is_written_into_a_database_that_was_replaced(
    kept: Repository, database: Path, tmp_path: Path, replace: Callable[[Path, Path], object]
):
    """Neither into the old one nor the new one; reading is refused as well, until it is closed.

    What was prepared on the old database would land in the new one unseen.
    """
    other = tmp_path / "other.db"
    planned(other).close()
    base = kept.load("goal")
    replace(other, database)
    with pytest.raises(StorageError, match="replaced by another file while it was open"):
        kept.commit("goal", Change(Rename("a", "lost"), "ada", NOW), base)
    with pytest.raises(StorageError, match="replaced by another file while it was open"):
        kept.load("goal")
    kept.close()
    assert kept.load("goal").plan == two_routes()
    renamed(kept, "in the new one")
    kept.close()
    assert title(database) == "in the new one"


def test_a_process_that_changes_its_folder_has_not_moved_its_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What was named from one folder is not looked for in another."""
    monkeypatch.chdir(tmp_path)
    with closing(planned(Path("plans.db"))) as repository:
        (tmp_path / "below").mkdir()
        monkeypatch.chdir(tmp_path / "below")
        renamed(repository, "from below")
    assert title(tmp_path / "plans.db") == "from below"


def test_a_link_that_leads_elsewhere_is_another_database(tmp_path: Path):
    """What counts is the file at the end of the link."""
    for name in ("one.db", "two.db"):
        planned(tmp_path / name).close()
    link = tmp_path / "link.db"
    link.symlink_to("one.db")
    with closing(Repository(link)) as repository:
        repository.load("goal")
        link.unlink()
        link.symlink_to("two.db")
        with pytest.raises(StorageError, match="replaced by another file"):
            renamed(repository, "lost")
    assert title(tmp_path / "one.db") == title(tmp_path / "two.db") == "Package a"


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_nothing_is_written_when_the_log_is_gone(
    kept: Repository, database: Path, ending: str
):
    """What was written before is kept: it is merged into the database when it is closed."""
    database.with_name(f"{database.name}{ending}").unlink()
    with pytest.raises(StorageError) as caught:
        renamed(kept, "lost")
    assert "lost the log that SQLite keeps beside it while it was open" in caught.value.message
    kept.close()
    assert title(database) == "kept"
    renamed(kept, "after that")
    kept.close()
    assert title(database) == "after that"


@pytest.mark.parametrize("vanish", [move, delete])
def test_a_database_that_goes_away_during_a_write_is_said(
    database: Path, vanish: Callable[[Path], object]
):
    """The write is made, so it is not said that nothing was."""
    planned(database).close()
    with closing(connect(database)) as connection:

        def write() -> None:
            with transaction(connection, database):
                connection.execute("INSERT INTO selections VALUES ('ada', 'goal')")
                vanish(database)

        with pytest.raises(StorageError, match="so the last change may not be in it"):
            write()
        assert not connection.in_transaction


@pytest.mark.parametrize("vanish", [move, delete, lambda database: os.truncate(database, 0)])
def test_a_log_without_its_database_is_not_thrown_away(
    database: Path, vanish: Callable[[Path], object]
):
    """SQLite would: it takes a log for an old one where the database is new."""
    planned(database).close()
    whole = database.read_bytes()
    log = crashed(database)
    before = log.read_bytes()
    vanish(database)
    for _ in range(2):
        with pytest.raises(StorageError) as caught:
            Repository(database).goals()
        assert f"The database {database} is gone, but its log {log}" in caught.value.message
        assert log.read_bytes() == before
    database.write_bytes(whole)
    assert title(database) == "in the log alone"


def test_a_fresh_call_after_a_database_went_away_makes_a_new_one(database: Path):
    """Between two calls nobody holds anything: there is no database, so one is made."""
    planned(database).close()
    database.unlink()
    with closing(Repository(database)) as repository:
        assert repository.goals() == []


def test_a_page_of_another_table_is_never_taken_for_ours(kept: Repository, database: Path):
    """A database of somebody else in our place is refused before it is read."""
    with closing(sqlite3.connect(database.with_name("theirs.db"))) as theirs:
        theirs.execute("CREATE TABLE recipes (name TEXT)")
    database.with_name("theirs.db").replace(database)
    with pytest.raises(StorageError, match="replaced by another file"):
        kept.goals()
    kept.close()
    with pytest.raises(StorageError, match="not one of Stellwerk's"):
        kept.goals()
