"""A new database is made whole, whatever happens while it is."""

from __future__ import annotations

import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk import faults
from stellwerk.storage.repository import Repository
from tests.domain.plans import two_routes
from tests.storage.databases import planned

ROOT = Path(__file__).parents[2]
DIE = """
import os, signal, sys
from pathlib import Path
from stellwerk import faults
from stellwerk.storage.sqlite import connect

def die(point):
    if point == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

faults.listen(die)
connect(Path(sys.argv[1]))
"""
POINTS = [point for point in faults.POINTS if point.startswith("open.")]


@pytest.mark.parametrize("point", POINTS)
def test_making_that_is_killed_is_finished_by_the_next_call(database: Path, point: str):
    """The file it leaves is for its owner alone, and becomes a database all the same."""
    done = subprocess.run(
        [sys.executable, "-c", DIE, str(database), point], cwd=ROOT, check=False
    )
    assert done.returncode == -9
    assert {stat.S_IMODE(file.stat().st_mode) for file in database.parent.iterdir()} == {0o600}
    with closing(Repository(database)) as repository:
        assert repository.goals() == []
    with closing(planned(database)) as repository:
        assert repository.load("goal").plan == two_routes()
    assert [file.name for file in database.parent.iterdir()] == ["plans.db"]


def test_a_database_that_another_made_in_between_is_taken_for_what_it_is(database: Path):
    """Whose it is and what is in it are two reads; a whole database may come between."""
    made: list[str] = []

    def make(point: str) -> None:
        if point == "open.unowned" and not made:
            made.append(point)
            planned(database).close()

    faults.listen(make)
    try:
        with closing(Repository(database)) as repository:
            assert repository.load("goal").plan == two_routes()
    finally:
        faults.listen(None)
    assert made


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_database_is_private_under_every_umask(database: Path, umask: int):
    """And so is what SQLite lays beside it."""
    code = "import os, sys; os.umask(int(sys.argv[1]))"
    code += "\nfrom pathlib import Path\nfrom tests.storage.databases import planned"
    code += "\nrepository = planned(Path(sys.argv[2]))\nos._exit(0)"
    command = [sys.executable, "-c", code, str(umask), str(database)]
    subprocess.run(command, cwd=ROOT, check=True)
    modes = {
        file.name: stat.S_IMODE(file.stat().st_mode) for file in database.parent.iterdir()
    }
    assert modes == dict.fromkeys(("plans.db", "plans.db-wal", "plans.db-shm"), 0o600)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o660, 0o666])
def test_the_permissions_a_user_gave_a_database_are_kept(database: Path, mode: int):
    """What SQLite lays beside it has the same."""
    planned(database).close()
    database.chmod(mode)
    with closing(planned_again(database)):
        for file in database.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == mode
    assert stat.S_IMODE(database.stat().st_mode) == mode


def planned_again(database: Path) -> Repository:
    """Return a repository that has written to a database."""
    repository = Repository(database)
    repository.select("ada", "goal")
    return repository
