"""Full disks: reading goes on, writing is refused and loses nothing, with room all is well."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from stellwerk.domain.edits.fields import Rewrite
from stellwerk.domain.journal import Change
from stellwerk.domain.plan import Plan
from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository
from tests.domain.plans import NOW, a_goal, two_routes
from tests.storage.databases import planned, renamed
from tests.storage.older import put_back

ROOT = Path(__file__).parents[2]
CALL = """
import sys
from pathlib import Path
from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository
from tests.storage.databases import renamed

repository = Repository(Path(sys.argv[1]))
try:
    print("read", repository.load("goal").plan.package("a").title)
    renamed(repository, sys.argv[2])
    print("written")
except StorageError as error:
    print(error.message, error.hint)
repository.close()
"""
CRASH = """
import os, sys
from pathlib import Path
from stellwerk.storage.repository import Repository
from tests.storage.databases import renamed

renamed(Repository(Path(sys.argv[1])), "in the log alone")
os._exit(0)
"""
FULL = "could not grow: the disk is full. Nothing was changed. Free some space (`df -h`)"


def mounted(disk: Path, *options: str) -> bool:
    """Mount a disk, if that is allowed here."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    mount = ("mount", *options, str(disk))
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def formatted(image: Path) -> bool:
    """Make the image of a disk whose blocks are smaller than pages of memory."""
    if shutil.which("mkfs.ext4") is None:
        return False
    image.touch()
    os.truncate(image, 8 * 2**20)
    make = ("mkfs.ext4", "-q", "-F", "-b", "1024", str(image))
    return subprocess.run(make, capture_output=True, check=False).returncode == 0


@pytest.fixture(params=["tmpfs", "ext4"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Return a disk of a few megabytes."""
    disk, image = tmp_path / "disk", tmp_path / "image"
    disk.mkdir()
    if request.param == "tmpfs":
        made = mounted(disk, "-t", "tmpfs", "-o", "size=3m", "tmpfs")
    else:
        made = formatted(image) and mounted(disk, "-o", "loop", str(image))
    if not made:
        pytest.skip("needs the right to mount a small disk")
    yield disk
    subprocess.run(("umount", "-l", str(disk)), check=True)


def fill(disk: Path) -> Path:
    """Return a file that takes all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1024, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    return filler


def called(path: Path, title: str = "new") -> list[str]:
    """Return what a call in a process of its own reads and is told."""
    done = subprocess.run(
        [sys.executable, "-c", CALL, str(path), title],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def crashed(path: Path) -> None:
    """Write to a database from a process that dies with it open."""
    subprocess.run([sys.executable, "-c", CRASH, str(path)], cwd=ROOT, check=True)
    assert Path(f"{path}-wal").stat().st_size


def names(disk: Path) -> set[str]:
    """Return the names of the database and what lies beside it."""
    return {file.name for file in disk.iterdir() if file.name.startswith("plans.db")}


def test_a_full_disk_loses_nothing(small_disk: Path):
    """The write is refused and said; what was acknowledged stays; with room it goes on."""
    path = small_disk / "plans.db"
    repository = planned(path)
    renamed(repository, "acknowledged")
    filler = fill(small_disk)
    base = repository.load("goal")
    change = Change(Rewrite("a", "", "long " * 100_000), "ada", NOW)
    with pytest.raises(StorageError) as caught:
        repository.commit("goal", change, base)
    assert FULL in f"{caught.value.message} {caught.value.hint}"
    assert repository.load("goal") == base
    repository.close()
    assert repository.load("goal") == base
    repository.close()
    filler.unlink()
    after = repository.commit("goal", change, base)
    assert repository.load("goal") == after
    assert after.plan.package("a").title == "acknowledged"
    repository.close()


def test_a_database_that_cannot_be_made_on_a_full_disk_is_made_later(small_disk: Path):
    """Half a schema is no schema: with room again the same file serves."""
    filler = fill(small_disk)
    path = small_disk / "plans.db"
    with pytest.raises(StorageError) as caught:
        Repository(path).goals()
    assert FULL in f"{caught.value.message} {caught.value.hint}"
    filler.unlink()
    repository = Repository(path)
    assert repository.create(a_goal()).plan == Plan(a_goal())
    repository.close()


def test_a_full_disk_can_be_read_from(small_disk: Path):
    """Nothing is laid beside the database; the write is refused; with room it is made."""
    path = small_disk / "plans.db"
    planned(path).close()
    filler = fill(small_disk)
    for _ in range(2):
        read, refusal = called(path)
        assert read == "read Package a"
        assert FULL in refusal
        assert names(small_disk) == {"plans.db"}
    filler.unlink()
    assert called(path) == ["read Package a", "written"]
    assert called(path)[0] == "read new"


@pytest.mark.parametrize("index", [True, False])
def test_a_full_disk_with_a_log_can_be_read_from(small_disk: Path, *, index: bool):
    """What a killed process left in the log is read, with or without SQLite's index of it."""
    path = small_disk / "plans.db"
    planned(path).close()
    crashed(path)
    if not index:
        Path(f"{path}-shm").unlink()
    filler = fill(small_disk)
    read, _ = called(path)
    assert read == "read in the log alone"
    filler.unlink()
    assert called(path)[0].startswith("read ")
    assert called(path)[1] == "written"


def test_who_has_the_database_open_reads_on_while_others_call(small_disk: Path):
    """Both see what was acknowledged; with room both write."""
    path = small_disk / "plans.db"
    planned(path).close()
    with closing(Repository(path)) as repository:
        renamed(repository, "open")
        filler = fill(small_disk)
        assert repository.load("goal").plan.package("a").title == "open"
        assert called(path, "x" * 400)[0] == "read open"
        with suppress(StorageError):
            renamed(repository, "y" * 400)
        before = repository.load("goal")
        assert called(path, "z" * 400)[0] == f"read {before.plan.package('a').title}"
        filler.unlink()
        assert called(path, "called")[1] == "written"
        renamed(repository, "open again")
    assert called(path)[0] == "read open again"


def test_the_first_call_with_room_again_works(small_disk: Path):
    """However often the disk was full, and whether or not the last call failed."""
    path = small_disk / "plans.db"
    planned(path).close()
    with closing(Repository(path)) as kept:
        kept.load("goal")
        for number in range(25):
            filler = fill(small_disk)
            for repository in (kept, Repository(path)):
                with suppress(StorageError):
                    renamed(repository, f"{number}" * 300)
                repository.close() if repository is not kept else None
            filler.unlink()
            for repository in (Repository(path), kept):
                renamed(repository, f"free {number}")
                assert repository.load("goal").plan.package("a").title == f"free {number}"
                repository.close() if repository is not kept else None


def test_who_opened_a_full_disk_is_told_to_open_it_again(small_disk: Path):
    """What was opened for reading alone stays so until it is closed."""
    path = small_disk / "plans.db"
    planned(path).close()
    filler = fill(small_disk)
    with closing(Repository(path)) as repository:
        assert repository.load("goal").plan == two_routes()
        filler.unlink()
        with pytest.raises(StorageError, match="was opened for reading alone") as caught:
            renamed(repository, "refused")
        assert caught.value.hint.startswith("Make the call again")
        repository.close()
        renamed(repository, "made")


def test_an_older_database_on_a_full_disk_can_be_read(small_disk: Path):
    """There is no room for the copy before its upgrade, so an upgraded copy is in memory."""
    path = small_disk / "plans.db"
    planned(path).close()
    put_back(path)
    before = path.read_bytes()
    filler = fill(small_disk)
    read, refusal = called(path)
    assert read == "read Package a"
    assert FULL in refusal
    assert path.read_bytes() == before
    assert names(small_disk) == {"plans.db"}
    filler.unlink()
    assert called(path) == ["read Package a", "written"]


def test_a_disk_too_small_for_the_copy_before_an_upgrade_leaves_the_database(small_disk: Path):
    """Some room, but not enough: nothing half-done is left to take it."""
    path = small_disk / "plans.db"
    planned(path).close()
    put_back(path)
    filler = fill(small_disk)
    os.truncate(filler, filler.stat().st_size - 200 * 1024)
    before = path.read_bytes()
    assert called(path)[0] == "read Package a"
    assert path.read_bytes() == before
    assert {file.name for file in small_disk.iterdir()} <= {"plans.db", "filler", "lost+found"}
    filler.unlink()
    assert called(path) == ["read Package a", "written"]


@pytest.mark.parametrize("limit", [16 * 1024, 40 * 1024])
def test_files_that_may_not_grow_are_like_a_full_disk(database: Path, limit: int):
    """As under `ulimit -f`: reading works, the write is refused whole."""
    planned(database).close()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-B", "-c", CALL, str(database), "x" * 50_000],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=limited,
        check=False,
    )
    read, refusal = done.stdout.splitlines()
    assert read == "read Package a"
    assert "Nothing was changed." in refusal
    with closing(Repository(database)) as repository:
        assert repository.load("goal").plan == two_routes()
