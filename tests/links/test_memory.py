"""What was found out is remembered for a while, and a broken memory is none."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from stellwerk.plugins.api import own_cache
from stellwerk.testing.clock import FrozenClock
from stellwerk_links.memory import Memory
from stellwerk_links.outcomes import Kind, Outcome
from tests.links.conftest import Serve
from tests.links.doubles import checker, outcome
from tests.links.servers import leads, status

URL = "https://pages.example.org/"
FOUND = Outcome(Kind.FOUND)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's cache folder for links, which is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "stellwerk" / "links"


@pytest.mark.parametrize(
    ("kind", "lasts"),
    [
        (Kind.FOUND, timedelta(days=30)),
        (Kind.UNCLEAR, timedelta(days=1)),
        (Kind.MISSING, timedelta(days=1)),
        (Kind.NO_HOST, timedelta(days=1)),
        (Kind.SILENT, timedelta(hours=1)),
    ],
)
def test_each_answer_is_remembered_as_long_as_it_is_likely_to_hold(
    cache: Path, kind: Kind, lasts: timedelta
):
    clock = FrozenClock()
    memory = Memory(clock=clock)
    known = {URL: Outcome(kind, "told", "https://moved.example.org/")}
    memory.keep(known)
    assert (cache / "cache.db").is_file()
    clock.tick(lasts - timedelta(seconds=1))
    assert memory.recalled([URL, "https://other.example.org/"]) == known
    clock.tick(timedelta(seconds=1))
    assert memory.recalled([URL]) == {}


def test_what_was_not_asked_or_may_pass_is_not_remembered(cache: Path):
    memory = Memory()
    memory.keep(
        {"a": Outcome(Kind.UNASKED, "x"), "b": Outcome(Kind.SILENT, "x", lasting=False)}
    )
    assert memory.recalled(["a", "b"]) == {}


def test_an_answer_of_the_future_is_not_believed(cache: Path):
    clock = FrozenClock()
    memory = Memory(clock=clock)
    memory.keep({URL: FOUND})
    clock.tick(-timedelta(minutes=1))
    assert memory.recalled([URL]) == {}


def test_a_page_is_asked_for_again_when_its_answer_has_expired(serve: Serve, cache: Path):
    site, clock = serve({"/gone": status(404), "*": status(200)}), FrozenClock()
    asked = checker(site, memory=Memory(clock=clock))
    urls = [site.url("/gone#a"), site.url("/here")]
    first = asked.outcomes(urls)
    assert asked.outcomes(urls) == first
    assert len(site.asked) == 3
    clock.tick(timedelta(days=1))
    assert asked.outcomes(urls) == first
    assert site.asked[3:] == ["HEAD /gone", "GET /gone"]


def test_a_new_url_is_remembered_too(serve: Serve, cache: Path):
    site = serve({"/a": leads("/b", 301), "/b": status(200)})
    asked = checker(site, memory=Memory())
    assert [outcome(asked, site.url("/a")).moved for _ in range(2)] == [site.url("/b")] * 2
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "text",
        [],
        {},
        {"kind": "found"},
        {"kind": "nonsense", "at": "2026-01-01T09:00:00+00:00", "told": "", "moved": ""},
        {"kind": "unasked", "at": "2026-01-01T09:00:00+00:00", "told": "", "moved": ""},
        {"kind": "found", "at": "yesterday", "told": "", "moved": ""},
        {"kind": "found", "at": "2026-01-01T09:00:00", "told": "", "moved": ""},
        {"kind": "found", "at": "2026-01-01T09:00:00+00:00", "told": 3, "moved": ""},
    ],
)
def test_what_is_no_answer_of_ours_is_not_recalled(value: object):
    assert Memory(lambda: {URL: value}, FrozenClock()).recalled([URL]) == {}


def test_what_is_recalled_is_safe_to_print():
    at = FrozenClock().now.isoformat()
    value = {"kind": "missing", "at": at, "told": "a\x1b[31m" + "b" * 900, "moved": "c\x07"}
    found = Memory(lambda: {URL: value}, FrozenClock()).recalled([URL])[URL]
    assert (found.told + found.moved).isprintable()
    assert len(found.told) <= 400


def _nonsense(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "cache.db").write_bytes(b"nonsense" * 1000)


def _folder_as_file(folder: Path) -> None:
    (folder / "cache.db").mkdir(parents=True)


def _file_as_folder(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("")


def _other_table(folder: Path) -> None:
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "cache.db")) as made:
        made.execute("CREATE TABLE Cache (a)")
        made.execute("CREATE TABLE Settings (key, value)")


def _odd_settings(folder: Path) -> None:
    own_cache("links").close()
    with closing(sqlite3.connect(folder / "cache.db")) as made, made:
        made.execute("UPDATE Settings SET value = 'x'")


def _planted(folder: Path) -> None:
    with closing(own_cache("links")) as made:
        made[URL] = {}
    with closing(sqlite3.connect(folder / "cache.db")) as opened, opened:
        opened.execute("UPDATE Cache SET mode = 4, value = ?", (b"cos\nsystem\n(S'x'\ntR.",))


def _cut(folder: Path) -> None:
    with closing(own_cache("links")) as made:
        for n in range(300):
            made[f"https://{n}.example.org/"] = {"told": json.dumps([n] * 100)}
    os.truncate(folder / "cache.db", 9000)
    for file in folder.glob("cache.db-*"):
        file.unlink()


@pytest.mark.parametrize(
    "broken",
    [
        _nonsense,
        _folder_as_file,
        _file_as_folder,
        _other_table,
        _odd_settings,
        _planted,
        _cut,
    ],
)
def test_a_broken_cache_is_no_cache(serve: Serve, cache: Path, broken: Callable[[Path], None]):
    """The pages are asked, the answers are right, and nothing is said of the cache."""
    broken(cache)
    site = serve({"*": status(200)})
    asked = checker(site, memory=Memory())
    Memory().recalled([URL])
    assert outcome(asked, site.url()) == FOUND


def test_without_a_folder_nothing_is_remembered(serve: Serve):
    def nowhere() -> None:
        raise OSError("There is no folder.")

    site = serve({"*": status(200)})
    asked = checker(site, memory=Memory(nowhere))
    assert [outcome(asked, site.url()).kind for _ in range(2)] == [Kind.FOUND] * 2
    assert len(site.asked) == 2
