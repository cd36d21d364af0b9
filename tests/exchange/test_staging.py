"""Folders of exports are replaced whole: killed at any moment they are the old or the new."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from stellwerk.errors import ExchangeError
from stellwerk.exchange.disk import locked, swap
from stellwerk.exchange.files import write_file, write_folder
from stellwerk.exchange.staging import MAX_LINKED

ROOT = Path(__file__).parents[2]
ROUTE = "# R <!-- stellwerk r{} -->\n"
OLD = {"index.md": '+++\nformat = "stellwerk.markdown"\n+++\nold\n', "same.md": "same\n"}
OLD |= {"routes/r1-a.md": ROUTE.format(1), "routes/r2-b.md": ROUTE.format(2)}
NEW = {
    **OLD,
    "index.md": OLD["index.md"].replace("old", "new"),
    "routes/r3-c.md": ROUTE.format(3),
}
del NEW["routes/r1-a.md"]
LEFT = ".plan.stellwerk-0a1b2c3d"
KILLED = """
import json, os, signal, sys
from pathlib import Path
from stellwerk import faults
from stellwerk.exchange.files import write_file, write_folder

wanted, left = sys.argv[1], int(sys.argv[2])

def listener(point):
    global left
    left -= point == wanted
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

faults.listen(listener)
where = Path(sys.argv[3])
if where.suffix:
    write_file(where, sys.argv[4])
else:
    write_folder(where, json.loads(sys.argv[4]))
"""


def content(folder: Path) -> dict[str, str]:
    """Return the texts below a folder by relative name; links by what they say."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = path.read_text()
    return found


def inside(folder: Path) -> list[str]:
    """Return the names in a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def refused(one: Path, other: Path) -> None:
    """Swap nothing, as a file system that cannot."""
    raise OSError(22, "Invalid argument")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Return a folder with an export and files of others in it."""
    folder = tmp_path / "plan"
    write_folder(folder, OLD)
    (folder / "mine" / "deep").mkdir(parents=True)
    (folder / "mine" / "deep" / "notes.txt").write_text("notes")
    (folder / "mine" / "link").symlink_to("deep/notes.txt")
    (folder / "empty").mkdir()
    return folder


def test_what_is_not_ours_stays_what_it_is(plan: Path):
    """Inode, times and rights of files, links and folders, beside what has changed."""
    for path in (plan / "empty", plan / "mine", plan / "same.md"):
        os.utime(path, (1, 1))
    (plan / "empty").chmod(0o500)
    plan.chmod(0o751)
    names = ["same.md", "mine/deep/notes.txt"]
    before = {name: (plan / name).stat() for name in names}
    others = {name: text for name, text in content(plan).items() if name not in OLD}
    inode = plan.stat().st_ino
    changed = write_folder(plan, NEW)
    assert {path.relative_to(plan).as_posix() for path in changed} == {
        *("index.md", "routes/r1-a.md", "routes/r3-c.md")
    }
    assert plan.stat().st_ino != inode
    assert content(plan) == {**NEW, **others}
    for name, status in before.items():
        now = (plan / name).stat()
        assert (now.st_ino, now.st_mtime_ns) == (status.st_ino, status.st_mtime_ns)
    assert (plan / "empty").stat().st_mtime == (plan / "mine").stat().st_mtime == 1
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (plan, plan / "empty")]
    assert modes == [0o751, 0o500]
    assert inside(plan.parent) == ["plan"]


def killed(point: str, nth: int, where: Path, text: str) -> bool:
    """Write in a process that dies at a point; say if it got there."""
    command = (sys.executable, "-c", KILLED, point, str(nth), str(where), text)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == -9


FOLDER_POINTS = [
    *(f"file.{name}" for name in ("written", "synced")),
    *(f"export.{name}" for name in "begun linked staged swapped flushed removed".split()),
]


@pytest.mark.parametrize("there", [True, False], ids=["old", "none"])
@pytest.mark.parametrize("point", [*FOLDER_POINTS, "export.cleared"])
def test_a_killed_export_leaves_a_whole_folder(
    point: str, there: bool, plan: Path, tmp_path: Path
):
    """The old one, or none, until the swap; the new one after it; the next mends the rest."""
    folder = plan if there else tmp_path / "new"
    old = content(plan) if there else {}
    others = {name: text for name, text in old.items() if name not in OLD}
    new = {**NEW, **others}
    at_once = ("export.swapped", "export.flushed", "export.removed", "export.cleared")
    for nth in range(1, 4):
        if not killed(point, nth, folder, json.dumps(NEW)):
            assert nth > 1 or (point == "export.removed" and not there)
            break
        assert content(folder) == (new if point in at_once else old)
        write_folder(folder, OLD if there else NEW)
        assert content(folder) == ({**OLD, **others} if there else new)
        assert inside(tmp_path) == sorted({"plan", folder.name})
        if not there:
            shutil.rmtree(folder)


@pytest.mark.parametrize("point", ["file.written", "file.synced", "file.renamed"])
def test_a_killed_write_leaves_a_whole_file(point: str, tmp_path: Path):
    """The old text until it is renamed, the new one then; the next leaves nothing beside."""
    path = tmp_path / "plan.md"
    write_file(path, "old")
    assert killed(point, 1, path, "new")
    assert path.read_text() == ("new" if point == "file.renamed" else "old")
    write_file(path, "new")
    assert (path.read_text(), inside(tmp_path)) == ("new", ["plan.md"])


def into_the_working_directory(plan: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (plan / "mine").mkdir(exist_ok=True)
    monkeypatch.chdir(plan / "mine")
    return Path("..")


def into_a_repository(plan: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (plan / ".git").mkdir()
    return plan


def among_many_files(plan: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number in range(MAX_LINKED):
        (plan / f"{number}.txt").touch()
    return plan


def behind_a_link_inside(plan: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (plan / "routes").rename(plan / "lines")
    (plan / "routes").symlink_to("lines")
    return plan


UNKIND = [
    into_the_working_directory,
    into_a_repository,
    among_many_files,
    behind_a_link_inside,
]


@pytest.mark.parametrize("place", UNKIND)
def test_a_folder_that_should_not_be_swapped_is_written_file_by_file(
    place: Callable[[Path, pytest.MonkeyPatch], Path],
    plan: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """It stays the same folder and gets the same texts."""
    inode = plan.stat().st_ino
    write_folder(place(plan, monkeypatch), NEW)
    assert plan.stat().st_ino == inode
    assert NEW.items() <= content(plan).items() or (plan / "lines").exists()
    assert {path.name for path in (plan / "routes").iterdir()} == {"r2-b.md", "r3-c.md"}
    assert inside(plan.parent) == ["plan"]


def test_where_no_names_can_be_swapped_files_are_written_one_by_one(plan: Path):
    """And the staged folder is gone."""
    inode, others = plan.stat().st_ino, content(plan).keys() - OLD.keys()
    write_folder(plan, NEW, refused)
    assert plan.stat().st_ino == inode
    assert content(plan).keys() - others == NEW.keys()
    assert inside(plan.parent) == ["plan"]


def test_a_linked_folder_is_swapped_where_it_really_is(plan: Path, tmp_path: Path):
    """The link stays one."""
    (tmp_path / "far").mkdir()
    link = tmp_path / "far" / "link"
    link.symlink_to(plan)
    inode = plan.stat().st_ino
    assert write_folder(link, NEW)[0] == link / "index.md"
    assert plan.stat().st_ino != inode
    assert link.is_symlink()
    assert inside(tmp_path / "far") == ["link"]


def test_a_link_to_nothing_is_refused(tmp_path: Path):
    """Nothing is made where it points."""
    (tmp_path / "plan").symlink_to("nowhere")
    with pytest.raises(ExchangeError, match="is a link to nothing"):
        write_folder(tmp_path / "plan", NEW)
    assert inside(tmp_path) == ["plan"]


FULL = """
import resource, sys
from pathlib import Path
from stellwerk.errors import ExchangeError
from stellwerk.exchange.files import write_folder
from tests.exchange.test_staging import NEW, refused

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    texts = {**NEW, "large.md": "x" * 30_000}
    write_folder(Path(sys.argv[1]), texts, *([refused] if sys.argv[2] == "each" else []))
except ExchangeError as error:
    print(error.message)
"""


@pytest.mark.parametrize("way", ["whole", "each"])
def test_a_full_disk_leaves_the_folder_as_it_was(plan: Path, way: str):
    """Whichever way it is written; and nothing beside it."""
    before, inode = content(plan), plan.stat().st_ino
    command = (sys.executable, "-c", FULL, str(plan), way)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "cannot be written: File too large" in done.stdout
    assert (content(plan), plan.stat().st_ino) == (before, inode)
    assert inside(plan.parent) == ["plan"]


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder that other users can reach, as pytest's own cannot."""
    folder = Path(mkdtemp(prefix="stellwerk-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_parent_that_may_not_be_written_needs_not_be(shared: Path):
    """Its folder is written file by file."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv, to become a user without privileges")
    folder = shared / "plan"
    write_folder(folder, OLD)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65534, 65534)
    inode = folder.stat().st_ino
    code = (
        "import json, sys; from pathlib import Path;"
        "from stellwerk.exchange.files import write_folder;"
        "write_folder(Path(sys.argv[1]), json.loads(sys.argv[2]))"
    )
    user = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = (*user, sys.executable, "-B", "-c", code, str(folder), json.dumps(NEW))
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, check=False)
    if b"Permission denied" in done.stderr or b"No module" in done.stderr:
        pytest.skip("needs a Python and a checkout that every user can read")
    assert done.returncode == 0, done.stderr
    assert (content(folder), folder.stat().st_ino) == (NEW, inode)


def test_what_comes_between_the_look_around_and_the_swap_is_kept(plan: Path):
    """New files, new folders and replaced files move on to the new folder."""

    def late(one: Path, other: Path) -> None:
        (other / "late.txt").write_text("late")
        (other / "new" / "empty").mkdir(parents=True)
        (other / "new" / "late.txt").write_text("late too")
        (other / "swap").write_text("edited")
        (other / "swap").replace(other / "mine" / "deep" / "notes.txt")
        swap(one, other)

    write_folder(plan, NEW, late)
    found = content(plan)
    assert (found["late.txt"], found["new/late.txt"]) == ("late", "late too")
    assert found["mine/deep/notes.txt"] == "edited"
    assert (plan / "new" / "empty").is_dir()
    assert found["index.md"] == NEW["index.md"]
    assert inside(plan.parent) == ["plan"]


def test_an_edit_that_would_be_lost_in_the_swap_stays_beside(plan: Path):
    """The export's own file is the export's; what an editor made of it is not thrown away."""

    def late(one: Path, other: Path) -> None:
        (other / "swap").write_text("edited")
        (other / "swap").replace(other / "index.md")
        swap(one, other)

    write_folder(plan, NEW, late)
    assert content(plan)["index.md"] == NEW["index.md"]
    (left,) = plan.parent.glob(".plan.stellwerk-*")
    assert content(left)["folder/index.md"] == "edited"
    write_folder(plan, OLD)
    assert content(left)["folder/index.md"] == "edited"


def leftover(plan: Path, **files: str) -> Path:
    """Make a folder that is named as a staging folder is."""
    left = plan.parent / LEFT
    left.mkdir()
    for name, text in files.items():
        (left / name).write_text(text)
    return left


@pytest.mark.parametrize(
    "files",
    [
        {"mine.txt": "x"},
        {".gitignore": "*\n"},
        {".gitignore": "# Stellwerk stages an export here", "mine.txt": "x"},
    ],
)
def test_a_folder_that_is_only_named_like_a_leftover_stays(plan: Path, files: dict[str, str]):
    """Without our marker, or with anything else in it, it is somebody's."""
    left = leftover(plan, **files)
    write_folder(plan, NEW)
    assert content(left) == files


def test_a_leftover_cannot_lead_an_export_elsewhere(plan: Path, tmp_path: Path):
    """A repository may bring one with links in it; nothing is moved or removed behind them."""
    precious = tmp_path / "far" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("x")
    mark = "# Stellwerk stages an export here; the next export removes this folder.\n*\n"
    note = '{"staged": 0, "known": {}}'
    left = leftover(plan, **{".gitignore": mark, "list.json": note})
    (left / "folder").symlink_to(precious.parent)
    (plan / "away").symlink_to(precious.parent)
    second = tmp_path / ".plan.stellwerk-1a1b2c3d"
    (second / "folder" / "away").mkdir(parents=True)
    (second / "folder" / "away" / "planted.txt").write_text("x")
    for name, text in {".gitignore": mark, "list.json": note}.items():
        (second / name).write_text(text)
    write_folder(plan, OLD)
    assert content(precious.parent) == {"precious.txt": "x"}


def test_a_folder_is_locked_by_one_export_at_a_time(tmp_path: Path):
    """The second one is told that it has no lock, and may go file by file."""
    with locked(tmp_path) as first, locked(tmp_path, patience=0) as second:
        assert (first, second) == (True, False)
    with locked(tmp_path, patience=0) as third:
        assert third
    with locked(tmp_path / "nowhere") as none:
        assert not none


def test_what_is_sent_to_a_device_replaces_nothing(tmp_path: Path):
    """As to a pipe, or to /dev/null."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(("cat", pipe), stdout=subprocess.PIPE, text=True) as reader:
        assert write_file(pipe, "text")
        assert reader.communicate()[0] == "text"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert write_file(Path("/dev/null"), "text")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
