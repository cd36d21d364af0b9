"""Vectors of goals in the database: kept by embedder, gone with their goal, made anew if broken."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.errors import StorageError
from stellwerk.planning.ports import StoredVector
from stellwerk.storage.embeddings import SqlVectors
from tests.storage.databases import planned

ONE = StoredVector(2, "a" * 16, bytes(8))
TWO = StoredVector(3, "b" * 16, b"\1" * 12)


@pytest.fixture
def shelf(database: Path) -> SqlVectors:
    """Return the shelf of a database with the goal `goal`."""
    planned(database).close()
    return SqlVectors(database)


def test_vectors_come_back_by_embedder(shelf: SqlVectors):
    """Those of another embedder are never among them."""
    assert shelf.vectors("one") == {}
    shelf.keep("one", {"goal": ONE})
    shelf.keep("two", {"goal": TWO})
    assert shelf.vectors("one") == {"goal": ONE}
    assert SqlVectors(shelf.path).vectors("two") == {"goal": TWO}


def test_a_newer_vector_takes_the_place_of_an_older_one(shelf: SqlVectors):
    shelf.keep("one", {"goal": ONE})
    shelf.keep("one", {"goal": TWO})
    assert shelf.vectors("one") == {"goal": TWO}


def test_a_goal_that_is_gone_gets_no_vector(shelf: SqlVectors):
    shelf.keep("one", {"gone": ONE, "goal": TWO})
    assert shelf.vectors("one") == {"goal": TWO}


def test_a_vector_goes_with_its_goal(shelf: SqlVectors):
    shelf.keep("one", {"goal": ONE})
    with closing(sqlite3.connect(shelf.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM goals")
    assert shelf.vectors("one") == {}


@pytest.mark.parametrize("vector", [b"", bytes(7), "text", bytes(12)])
def test_a_broken_vector_is_none(shelf: SqlVectors, vector: object):
    shelf.keep("one", {"goal": ONE})
    with closing(sqlite3.connect(shelf.path, isolation_level=None)) as connection:
        connection.execute("UPDATE embeddings SET vector = ?", (vector,))
    assert shelf.vectors("one") == {}


def test_a_file_that_is_no_database_is_an_error_in_a_sentence(tmp_path: Path):
    path = tmp_path / "plans.db"
    path.write_text("no database" * 100)
    with pytest.raises(StorageError, match=r"plans\.db"):
        SqlVectors(path).vectors("one")
