"""Databases behind symbolic links, and links and pipes where a database should be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository
from tests.domain.plans import two_routes
from tests.storage.databases import planned, renamed

ROOT = Path(__file__).parents[2]


def refused(path: Path) -> str:
    """Return what is said about a database that is refused."""
    with pytest.raises(StorageError) as caught:
        Repository(path).goals()
    assert str(path) in caught.value.message
    assert caught.value.hint
    return f"{caught.value.message} {caught.value.hint}"


def names(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return sorted(file.name for file in folder.iterdir())


def test_a_link_to_a_database_is_the_database(database: Path, tmp_path: Path):
    """Its log lies beside the file, where whoever names the file itself finds it."""
    planned(database).close()
    link = tmp_path / "link.db"
    link.symlink_to(database)
    with closing(Repository(link)) as through, closing(Repository(database)) as straight:
        renamed(through, "through the link")
        assert straight.load("goal") == through.load("goal")
        assert names(tmp_path) == ["link.db", "stellwerk"]
        assert names(database.parent) == ["plans.db", "plans.db-shm", "plans.db-wal"]
        renamed(straight, "straight")
        assert through.load("goal").plan.package("a").title == "straight"
    assert link.is_symlink()
    assert names(database.parent) == ["plans.db"]


def test_a_chain_of_relative_links_is_followed(database: Path, tmp_path: Path):
    """Over folders that are links themselves."""
    planned(database).close()
    (tmp_path / "folder").symlink_to("stellwerk")
    (tmp_path / "one.db").symlink_to("folder/plans.db")
    (tmp_path / "two.db").symlink_to("one.db")
    with closing(Repository(tmp_path / "two.db")) as repository:
        assert repository.load("goal").plan == two_routes()


def test_a_link_to_nothing_makes_the_file_it_names(tmp_path: Path):
    """If its folder is there; the link stays one, and the file is for its owner alone."""
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.db"
    link.symlink_to("real/plans.db")
    with closing(planned(link)) as repository:
        assert repository.load("goal").plan == two_routes()
    assert link.is_symlink()
    assert names(tmp_path) == ["link.db", "real"]
    assert stat.S_IMODE((tmp_path / "real" / "plans.db").stat().st_mode) == 0o600


def test_a_link_into_a_folder_that_is_not_there_is_said(tmp_path: Path):
    """A disk that is not mounted is not made up for by a folder in its place."""
    link = tmp_path / "link.db"
    link.symlink_to("away/plans.db")
    said = refused(link)
    assert f"is a link to {tmp_path / 'away' / 'plans.db'}" in said
    assert "there is no such folder" in said
    assert names(tmp_path) == ["link.db"]


def test_links_that_lead_in_a_circle_are_said(tmp_path: Path):
    """To themselves and to each other."""
    for name, target in (("self", "self"), ("one", "two"), ("two", "one")):
        (tmp_path / name).symlink_to(target)
    for name in ("self", "one"):
        assert "Too many levels of symbolic links" in refused(tmp_path / name)


@pytest.mark.parametrize("target", ["folder", "/dev/null", "/dev/zero", "pipe"])
def test_a_link_to_what_is_no_file_is_refused_at_once(tmp_path: Path, target: str):
    """A pipe that nobody writes to would be waited for until the end of days."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    link = tmp_path / "link.db"
    link.symlink_to(target)
    code = "import sys, pathlib; from stellwerk.storage.sqlite import connect; connect("
    done = subprocess.run(
        [sys.executable, "-c", f"{code}pathlib.Path(sys.argv[1]))", str(link)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "link.db is not a file, so it cannot be a database." in done.stderr


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_lies_in_the_place_of_the_log_is_left_alone(
    database: Path, ending: str, kind: str
):
    """No folder, pipe or link is taken for a log; nothing hangs, nothing is written."""
    planned(database).close()
    beside = database.with_name(f"{database.name}{ending}")
    precious = database.with_name("precious")
    precious.write_text("precious")
    make = {"folder": beside.mkdir, "pipe": lambda: os.mkfifo(beside)}
    make.get(kind, lambda: beside.symlink_to(precious))()
    before = database.read_bytes()
    code = "import sys, pathlib; from tests.storage.databases import renamed as r, Repository as R"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; r(R(pathlib.Path(sys.argv[1])), 'x')", str(database)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert f"StorageError: The database {database} cannot be used" in done.stderr
    assert f"{beside} is not a file." in done.stderr
    assert precious.read_text() == "precious"
    assert database.read_bytes() == before
