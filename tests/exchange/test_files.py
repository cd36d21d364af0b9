"""Files of exports and imports: inside their folder, whole, and never somebody else's."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from stellwerk.errors import ExchangeError, NotFoundError
from stellwerk.exchange import plan_json
from stellwerk.exchange.document import MAX_BYTES
from stellwerk.exchange.files import MAX_FILES, read_files, write_file, write_folder
from stellwerk.exchange.markdown.writing import folder_files
from tests.exchange.samples import a_document, folder, one_file, read, read_folder

ROUTE = "# R <!-- stellwerk r9 -->\n"


def names_in(path: Path) -> set[str]:
    """Return the relative names of all files below a folder, links not followed."""
    return {
        (Path(root) / name).relative_to(path).as_posix()
        for root, _, names in os.walk(path)
        for name in names
    }


def test_a_folder_is_written_and_read_again(tmp_path: Path):
    """All files are named as changed, and nothing else is left behind."""
    changed = write_folder(tmp_path / "plan", folder())
    assert changed == [tmp_path / "plan" / name for name in folder()]
    assert names_in(tmp_path / "plan") == set(folder())
    assert read_files(tmp_path / "plan") == folder()
    assert read_folder(read_files(tmp_path / "plan")).plan == a_document().plan


def test_an_unchanged_export_writes_nothing(tmp_path: Path):
    """Not even the time of a file changes."""
    write_folder(tmp_path, folder())
    write_file(tmp_path / "one.md", one_file())
    before = {name: times_of(tmp_path / name) for name in names_in(tmp_path)}
    assert write_folder(tmp_path, folder()) == []
    assert write_file(tmp_path / "one.md", one_file()) is False
    assert {name: times_of(tmp_path / name) for name in names_in(tmp_path)} == before


def times_of(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file is written or replaced, and not when it is read."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns


def test_a_changed_title_writes_its_file_and_removes_the_old_one(tmp_path: Path):
    """The index and the lossless copy change with it."""
    write_folder(tmp_path, folder())
    document = a_document()
    routes = tuple(
        replace(route, title="Relax" if route.number == 4 else route.title)
        for route in document.plan.routes
    )
    document = replace(document, plan=replace(document.plan, routes=routes))
    changed = write_folder(tmp_path, folder_files(document))
    assert {path.relative_to(tmp_path).as_posix() for path in changed} == {
        "index.md",
        "routes/r4-relax.md",
        "routes/r4-enjoy.md",
    }
    assert "routes/r4-enjoy.md" not in names_in(tmp_path)


def test_stale_route_files_are_removed_and_nothing_else(tmp_path: Path):
    """What only looks like a route file, or lies elsewhere, stays."""
    routes = tmp_path / "routes"
    routes.mkdir()
    (routes / "r9-old.md").write_text(ROUTE)
    others = {
        "r9-notes.md": "My own notes on r9.\n",
        "r9 old.md": ROUTE,
        "R9-old.md": ROUTE,
        "my-r9-old.md": ROUTE,
        "r9-old.txt": ROUTE,
    }
    for name, text in others.items():
        (routes / name).write_text(text)
    (routes / "r8-latin.md").write_bytes(b"caf\xe9")
    (routes / "r7-folder.md").mkdir()
    (tmp_path / "r9-old.md").write_text(ROUTE)
    changed = write_folder(tmp_path, folder())
    assert routes / "r9-old.md" in changed
    stay = {f"routes/{name}" for name in others} | {"routes/r8-latin.md", "r9-old.md"}
    assert names_in(tmp_path) == {*folder(), *stay}
    assert (routes / "r7-folder.md").is_dir()


def test_an_export_without_an_index_leaves_route_files_alone(tmp_path: Path):
    """JSON beside a Markdown folder replaces no part of it."""
    write_folder(tmp_path, folder())
    write_folder(tmp_path, plan_json.EXPORTER.files(a_document(), folder=True))
    assert names_in(tmp_path) == set(folder())


def test_an_index_of_somebody_else_is_left_alone(tmp_path: Path):
    """And so is the rest of the folder."""
    (tmp_path / "index.md").write_text("# My site\n")
    with pytest.raises(ExchangeError, match="not an export of Stellwerk"):
        write_folder(tmp_path, folder())
    assert names_in(tmp_path) == {"index.md"}
    assert (tmp_path / "index.md").read_text() == "# My site\n"


@pytest.mark.parametrize("name", ["../x.md", "routes/../../x.md", "a/b/../../../x.md"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str):
    """Before anything is written."""
    plan = tmp_path / "plan"
    with pytest.raises(ExchangeError, match="leads out of"):
        write_folder(plan, {"index.md": "x", name: "x"})
    assert names_in(tmp_path) == set()


def test_an_absolute_name_is_refused(tmp_path: Path):
    """Even a writable one."""
    with pytest.raises(ExchangeError, match="leads out of"):
        write_folder(tmp_path / "plan", {str(tmp_path / "x.md"): "x"})
    assert names_in(tmp_path) == set()


def test_a_linked_routes_folder_is_refused(tmp_path: Path):
    """Nothing is written behind the link, and nothing beside it."""
    outside, plan = tmp_path / "outside", tmp_path / "plan"
    outside.mkdir()
    plan.mkdir()
    (plan / "routes").symlink_to(outside)
    with pytest.raises(ExchangeError, match="leads out of"):
        write_folder(plan, folder())
    assert names_in(tmp_path) == set()


def test_nothing_is_removed_behind_a_linked_routes_folder(tmp_path: Path):
    """Not even what looks like a stale route file."""
    outside, plan = tmp_path / "outside", tmp_path / "plan"
    outside.mkdir()
    plan.mkdir()
    (outside / "r9-old.md").write_text(ROUTE)
    (plan / "routes").symlink_to(outside)
    write_folder(plan, {"index.md": folder()["index.md"]})
    assert (outside / "r9-old.md").read_text() == ROUTE


def test_a_linked_target_is_replaced_and_what_it_names_stays(tmp_path: Path):
    """A link in a repository cannot make an export overwrite a file elsewhere."""
    outside, plan = tmp_path / "outside.md", tmp_path / "plan"
    outside.write_text("precious")
    (plan / "routes").mkdir(parents=True)
    (plan / "routes" / "r4-enjoy.md").symlink_to(outside)
    (plan / "plan.json").symlink_to(outside)
    write_folder(plan, folder())
    assert outside.read_text() == "precious"
    assert not (plan / "routes" / "r4-enjoy.md").is_symlink()
    assert read_files(plan) == folder()


def test_links_out_of_a_folder_are_not_read(tmp_path: Path):
    """Files and folders alike; a link inside is read as what it is."""
    outside, plan = tmp_path / "outside", tmp_path / "plan"
    write_folder(outside, folder())
    write_folder(plan, {"a.md": "x"})
    (plan / "b.md").symlink_to(outside / "index.md")
    (plan / "routes").symlink_to(outside / "routes")
    (plan / "c.md").symlink_to(plan / "a.md")
    (plan / "d.md").symlink_to(tmp_path / "nowhere.md")
    assert read_files(plan) == {"a.md": "x", "c.md": "x"}


def test_only_markdown_and_json_are_read(tmp_path: Path):
    """Pictures and folders named like texts are left out."""
    write_folder(tmp_path, folder())
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    (tmp_path / "folder.md").mkdir()
    assert read_files(tmp_path) == folder()


def test_a_folder_without_plan_files_is_told(tmp_path: Path):
    """The error names it."""
    (tmp_path / "readme.txt").write_text("x")
    with pytest.raises(ExchangeError, match="has no Markdown or JSON file") as caught:
        read_files(tmp_path)
    assert str(tmp_path) in caught.value.message


def test_what_is_not_there_is_told(tmp_path: Path):
    """File or folder."""
    with pytest.raises(NotFoundError, match=r"nothing\.md"):
        read_files(tmp_path / "nothing.md")


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path):
    """Before they are read."""
    for number in range(MAX_FILES + 1):
        (tmp_path / f"{number}.md").touch()
    with pytest.raises(ExchangeError, match=r"more than 2,000 files"):
        read_files(tmp_path)


@pytest.mark.parametrize("sizes", [(MAX_BYTES + 1,), (MAX_BYTES, 1)])
def test_files_that_are_too_large_are_refused(tmp_path: Path, sizes: tuple[int, ...]):
    """One of them, or all together."""
    for number, size in enumerate(sizes):
        with (tmp_path / f"{number}.md").open("wb") as file:
            file.truncate(size)
    with pytest.raises(ExchangeError, match="32 MB"):
        read_files(tmp_path)


def test_a_large_file_is_refused_and_an_endless_one_too():
    """A device has no size but never ends."""
    with pytest.raises(ExchangeError, match="larger than 32 MB"):
        read_files(Path("/dev/zero"))


@pytest.mark.parametrize("raw", [b"caf\xe9", "über".encode("utf-16"), b"\xff\xfe"])
def test_a_file_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path, raw: bytes):
    """As a number of bytes from the beginning."""
    (tmp_path / "plan.md").write_bytes(raw)
    with pytest.raises(ExchangeError, match=r"plan\.md is not UTF-8 text \(byte \d\)"):
        read_files(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        lambda text: text.rstrip("\n").encode(),
    ],
    ids=["byte order mark", "CRLF", "both", "no last line break"],
)
def test_what_windows_editors_do_to_a_file_changes_no_plan(
    tmp_path: Path, change: Callable[[str], bytes]
):
    """A byte order mark, other line breaks, or none at the end."""
    (tmp_path / "plan.md").write_bytes(change(one_file()))
    assert read(read_files(tmp_path / "plan.md")["plan.md"]) == read(one_file())


def test_an_unwritable_place_is_told(tmp_path: Path):
    """A file where a folder should be, a folder where a file should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExchangeError, match="cannot be written"):
        write_folder(tmp_path / "file", folder())
    with pytest.raises(ExchangeError, match="cannot be written"):
        write_file(tmp_path / "file" / "plan.md", "x")
    (tmp_path / "plan.md").mkdir()
    with pytest.raises(ExchangeError, match="cannot be written"):
        write_file(tmp_path / "plan.md", "x")
    assert names_in(tmp_path) == {"file"}


def test_a_written_file_has_the_rights_of_any_new_file(tmp_path: Path):
    """Not those of the temporary file it was written as."""
    write_file(tmp_path / "plan.md", one_file())
    (tmp_path / "other").touch()
    assert (tmp_path / "plan.md").stat().st_mode == (tmp_path / "other").stat().st_mode
