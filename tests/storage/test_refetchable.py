"""The cache stores JSON text and runs nothing it finds."""

from __future__ import annotations

import pickle
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from diskcache import Cache

from stellwerk.errors import StorageError
from stellwerk.storage.refetchable import refetchable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where a cache may be made."""
    return tmp_path / "cache"


@pytest.fixture
def cache(folder: Path) -> Iterator[Cache]:
    """Return an empty cache."""
    with closing(refetchable(folder)) as cache:
        yield cache


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.path,)


def planted(folder: Path, statement: str, *values: object) -> None:
    """Write to the cache's table behind its back."""
    with closing(sqlite3.connect(folder / "cache.db")) as connection, connection:
        connection.execute(statement, values)


def test_json_comes_back_as_it_was(cache: Cache):
    """Under keys of any JSON shape."""
    for key, value in (
        ("text", "ä\u2028"),
        (["list", 1, None], {"nested": [1.5, True, None]}),
        ({"b": 1, "a": 2}, ""),
    ):
        cache[key] = value
        assert cache[key] == value
    assert cache[{"a": 2, "b": 1}] == ""
    assert next(iter(cache)) == "text"


def test_large_values_stay_in_the_table(cache: Cache, folder: Path):
    """No file beside the database is ever read as a value."""
    cache["large"] = "x" * 500_000
    assert cache["large"] == "x" * 500_000
    assert {file.name.split("-")[0] for file in folder.iterdir()} == {"cache.db"}


def test_what_is_no_json_is_not_stored(cache: Cache):
    """Neither as a value nor as a key."""
    with pytest.raises(TypeError):
        cache["key"] = object()
    with pytest.raises(TypeError):
        cache[object()] = "value"


def test_a_planted_pickle_is_refused_and_not_run(cache: Cache, folder: Path, tmp_path: Path):
    """As a value, as a file and as a key: the trap does not snap."""
    sprung = tmp_path / "sprung"
    trap = pickle.dumps(Trap(sprung))
    cache["key"] = "value"
    (folder / "trap").write_bytes(trap)
    for mode, filename, value in ((4, None, trap), (4, "trap", None), (1, None, trap)):
        planted(
            folder, "UPDATE Cache SET mode = ?, filename = ?, value = ?", mode, filename, value
        )
        with pytest.raises(StorageError, match="a value that is not JSON"):
            cache["key"]
    for raw, key in ((0, trap), (1, trap)):
        planted(folder, "UPDATE Cache SET key = ?, raw = ?", key, raw)
        with pytest.raises(StorageError, match="a key that is not JSON"):
            list(cache)
    assert not sprung.exists()


def test_the_folder_is_for_its_owner_alone(folder: Path):
    """Closed again when somebody opened it."""
    for _ in range(2):
        refetchable(folder).close()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        folder.chmod(0o755)
