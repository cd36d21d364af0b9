"""Databases to start from."""

from __future__ import annotations

from pathlib import Path

from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.journal import Change
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repository import Repository
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.domain.plans import NOW, two_routes


def planned(path: Path) -> Repository:
    """Return a repository with `two_routes` in it."""
    repository = Repository(path)
    Dispatcher(repository, "ada", FrozenClock(), CountedUids(100)).adopt(two_routes(), {}, "x")
    return repository


def renamed(repository: Repository, title: str) -> None:
    """Give the package `a` a title."""
    base = repository.load("goal")
    repository.commit("goal", Change(Rename("a", title), "ada", NOW), base)
