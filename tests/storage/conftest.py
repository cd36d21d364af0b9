"""Stores to test against: the one in memory and the one on disk, held to one contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stellwerk.planning.ports import PlanStore
from stellwerk.storage.repository import Repository
from stellwerk.storage.run_log import SqlRunLog
from stellwerk.testing.memory_log import MemoryRunLog
from stellwerk.testing.memory_store import MemoryStore

Pair = tuple[PlanStore, PlanStore]
Log = MemoryRunLog | SqlRunLog
Logs = tuple[Log, Log]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return where a database may be made."""
    return tmp_path / "stellwerk" / "plans.db"


@pytest.fixture(params=["memory", "sqlite"])
def pair(request: pytest.FixtureRequest, database: Path) -> Iterator[Pair]:
    """Return two doors to one store, as two terminals have them."""
    if request.param == "memory":
        store = MemoryStore()
        yield store, store
        return
    first, second = Repository(database), Repository(database)
    yield first, second
    first.close()
    second.close()


@pytest.fixture
def store(pair: Pair) -> PlanStore:
    """Return an empty store of either kind."""
    return pair[0]


@pytest.fixture(params=["memory", "sqlite"])
def logs(request: pytest.FixtureRequest, database: Path) -> Iterator[Logs]:
    """Return two doors to one log of runs and calls, as two terminals have them."""
    if request.param == "memory":
        log = MemoryRunLog()
        yield log, log
        return
    first, second = SqlRunLog(database), SqlRunLog(database)
    yield first, second
    first.close()
    second.close()


@pytest.fixture
def log(logs: Logs) -> Log:
    """Return an empty log of either kind."""
    return logs[0]


@pytest.fixture
def repository(database: Path) -> Iterator[Repository]:
    """Return a repository of its own."""
    repository = Repository(database)
    yield repository
    repository.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database to copy, for tests that need many."""
    path = tmp_path_factory.mktemp("template") / "plans.db"
    repository = Repository(path)
    assert repository.goals() == []
    repository.close()
    return path
