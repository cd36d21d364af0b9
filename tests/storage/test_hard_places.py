"""Databases that may not be written, and disks that are full."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest

from stellwerk.domain.edits.fields import Rewrite
from stellwerk.domain.journal import Change
from stellwerk.domain.plan import Plan
from stellwerk.errors import StorageError
from stellwerk.storage.repository import Repository
from tests.domain.plans import NOW, a_goal
from tests.storage.databases import planned, renamed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder that other users can reach, as pytest's own cannot."""
    folder = Path(mkdtemp(prefix="stellwerk-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


UNPRIVILEGED = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
ACT = """
import sys
from pathlib import Path
from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.journal import Change
from stellwerk.errors import StellwerkError
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import FrozenClock

repository = Repository(Path(sys.argv[1]))
try:
    base = repository.load("goal")
    print("read", base.plan.package("a").title)
    repository.commit("goal", Change(Rename("a", "x"), "ada", FrozenClock().now), base)
    print("written")
except StellwerkError as error:
    print(type(error).__name__, error.message, error.hint)
finally:
    repository.close()
"""


def as_nobody(path: Path) -> list[str]:
    """Return what a user without privileges sees of a database, line by line."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become a user without privileges")
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv, to become a user without privileges")
    command = (*UNPRIVILEGED, sys.executable, "-B", "-c")
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    probe = subprocess.run(
        (*command, "import stellwerk.storage.repository"),
        env=environment,
        cwd="/",
        capture_output=True,
        check=False,
    )
    if probe.returncode:
        pytest.skip("needs a Python and a checkout that every user can read")
    done = subprocess.run(
        (*command, ACT, str(path)),
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


READ_ONLY = "cannot be opened for writing. Check its permissions with `ls -l`"


@pytest.mark.parametrize(
    ("folder", "file"), [(0o777, 0o444), (0o555, 0o666), (0o555, 0o444), (0o755, 0o644)]
)
def test_a_read_only_database_can_be_read(shared: Path, folder: int, file: int):
    """Reading works wherever the file can be read; writing is refused in a sentence."""
    path = shared / "plans.db"
    planned(path).close()
    path.chmod(file)
    shared.chmod(folder)
    read, refusal = as_nobody(path)
    assert read == "read Package a"
    assert refusal.startswith("StorageError")
    assert READ_ONLY in refusal
    assert [entry.name for entry in shared.iterdir()] == ["plans.db"]


def test_a_read_only_database_somebody_writes_to_can_be_read(shared: Path):
    """What stands in the log beside the file is read as well."""
    path = shared / "plans.db"
    repository = planned(path)
    renamed(repository, "fresh from the log")
    for each in shared.iterdir():
        each.chmod(0o644)
    read, refusal = as_nobody(path)
    assert read == "read fresh from the log"
    assert READ_ONLY in refusal
    repository.close()


@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o600), (0o700, 0o666)])
def test_a_database_of_somebody_else_is_refused(shared: Path, folder: int, file: int):
    """Neither the file nor what is in a closed folder can be used."""
    path = shared / "plans.db"
    planned(path).close()
    path.chmod(file)
    shared.chmod(folder)
    (refusal,) = as_nobody(path)
    assert refusal.startswith(f"StorageError The database {path} cannot be")
    assert "--db FILE" in refusal


def test_a_database_is_not_made_where_nobody_may_write(shared: Path):
    """The folder is named, and what to do."""
    for path in (shared / "plans.db", shared / "below" / "plans.db"):
        (refusal,) = as_nobody(path)
        assert refusal.startswith(f"StorageError The database {path} cannot be used: Perm")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root and mount, to make a small disk")
    mount = ("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk))
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield disk
    subprocess.run(("umount", str(disk)), check=True)


def fill(disk: Path) -> Path:
    """Return a file that takes all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler


def test_a_full_disk_loses_nothing(small_disk: Path):
    """The write is refused and said; what was acknowledged stays; with room it goes on."""
    path = small_disk / "plans.db"
    repository = planned(path)
    renamed(repository, "acknowledged")
    filler = fill(small_disk)
    base = repository.load("goal")
    change = Change(Rewrite("a", "", "long " * 100_000), "ada", NOW)
    with pytest.raises(StorageError, match=r"Nothing was changed\.") as caught:
        repository.commit("goal", change, base)
    assert "disk" in f"{caught.value.message} {caught.value.hint}"
    assert "df -h" in caught.value.hint
    assert repository.load("goal") == base
    repository.close()
    assert repository.load("goal") == base
    filler.unlink()
    after = repository.commit("goal", change, base)
    assert repository.load("goal") == after
    assert after.plan.package("a").title == "acknowledged"
    repository.close()


def test_a_database_that_cannot_be_made_on_a_full_disk_is_made_later(small_disk: Path):
    """Half a schema is no schema: with room again the same file serves."""
    filler = fill(small_disk)
    path = small_disk / "plans.db"
    with pytest.raises(StorageError, match="disk"):
        Repository(path).goals()
    filler.unlink()
    repository = Repository(path)
    assert repository.create(a_goal()).plan == Plan(a_goal())
    repository.close()
