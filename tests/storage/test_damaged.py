"""Reading what is left: rows from both ends, from indexes, from pages nothing leads to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stellwerk.domain.edits.fields import Rename
from stellwerk.domain.edits.whole import Batch
from stellwerk.domain.plan import Plan
from stellwerk.planning.dispatcher import Dispatcher
from stellwerk.storage.repair.damaged import (
    Column,
    Garbage,
    Reading,
    opened,
    read_rows,
    read_table,
    text_or_garbage,
)
from stellwerk.storage.repair.evidence import Loss, losses
from stellwerk.storage.repair.layout import completed, layout_of, shape_of
from stellwerk.storage.repair.mending import Gone, sound
from stellwerk.storage.repair.orphans import orphans
from stellwerk.storage.repair.replaying import (
    Replayed,
    Step,
    Stuck,
    names_of,
    replayed,
    texts_of,
)
from stellwerk.storage.repair.salvage import repair
from stellwerk.storage.repository import Repository
from stellwerk.storage.sqlite import connect
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.domain.plans import two_routes
from tests.storage.damage import PAGE, overwrite, schema_pages
from tests.storage.goals import LONG, made, plan_of
from tests.strategies import MODEST, drawn_plans, edits, stepped

SHAPE = [Column("name", "VARCHAR", needed=True), Column("size", "FLOAT", needed=False)]
ROWS = 2000


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a database whose one table takes many pages, with an index of its names."""
    path = tmp_path / "many.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE many (name VARCHAR NOT NULL PRIMARY KEY, size FLOAT)")
        rows = [(f"row {number:05} {'x' * 60}", number) for number in range(1, ROWS + 1)]
        connection.executemany("INSERT INTO many VALUES (?, ?)", rows)
    return path


@pytest.fixture
def source(many: Path) -> Iterator[sqlite3.Connection]:
    """Return a connection to it as to a damaged one."""
    with closing(opened(str(many))) as connection:
        yield connection


def leaves(path: Path, kind: int = 13) -> list[int]:
    """Return the pages of a kind: 13 holds rows, 5 names pages of rows, 10 entries."""
    raw = path.read_bytes()
    return [at // PAGE + 1 for at in range(PAGE, len(raw), PAGE) if raw[at] == kind]


def sizes(reading: Reading) -> set[float]:
    """Return what was read."""
    return {row[1] for row in reading.rows.values()}


def test_a_sound_table_is_read_whole(source: sqlite3.Connection):
    """Nothing lost, nothing doubted, and no page is looked at twice."""
    reading = read_table(source, "many", SHAPE, lambda: pytest.fail("no orphan is needed"))
    assert sizes(reading) == set(range(1, ROWS + 1))
    assert (reading.lost, reading.blind, reading.doubted) == ({}, False, set())


def test_only_the_rows_of_a_broken_page_are_lost(many: Path, source: sqlite3.Connection):
    """Its index knows their names."""
    pages = leaves(many)
    overwrite(many, [pages[3], pages[-1]])
    reading = read_table(source, "many", SHAPE)
    assert not reading.blind
    assert len(reading.rows) + len(reading.lost) == ROWS
    assert 0 < len(reading.lost) < 160
    for number, known in reading.lost.items():
        assert known == {"name": f"row {number:05} {'x' * 60}"}
        assert number not in sizes(reading)


def test_without_an_index_rows_between_broken_pages_are_found_too(
    many: Path, source: sqlite3.Connection
):
    """And it is said that nobody knows how many are lost."""
    pages = leaves(many)
    broken = [pages[2], pages[9], pages[20]]
    overwrite(many, [*broken, *leaves(many, 10), *leaves(many, 2)])
    reading = read_table(source, "many", SHAPE)
    assert reading.blind
    assert len(reading.rows) > ROWS - 160
    assert {1, ROWS // 2, ROWS} <= sizes(reading)


def test_rows_whose_pages_nothing_names_any_more_are_found(
    many: Path, source: sqlite3.Connection
):
    """They are doubted, for an older state of them might be there as well."""
    overwrite(many, leaves(many, 5) or [2])
    assert read_table(source, "many", SHAPE).rows.keys() < {*range(1, ROWS + 1)}
    reading = read_table(source, "many", SHAPE, lambda: orphans(many))
    assert sizes(reading) == set(range(1, ROWS + 1))
    assert reading.doubted == {*range(1, ROWS + 1)}
    assert all(type(size) is float for size in sizes(reading))


def test_an_orphan_that_an_index_knows_otherwise_is_not_taken(
    many: Path, source: sqlite3.Connection
):
    """Nor one of two that differ, nor one that cannot be a row of the table."""
    name = f"row 00001 {'x' * 60}"
    overwrite(many, leaves(many, 5) or [2])
    for found in (
        [("somebody else", 1.0)],
        [(name, 1.0), (name, 2.0)],
        [(name,)],
        [(name, "text")],
        [(Garbage(b"\xff"), 1.0)],
    ):
        reading = read_table(source, "many", SHAPE, lambda found=found: {1: found})
        assert 1 not in reading.rows
    reading = read_table(source, "many", SHAPE, lambda: {1: [(name, 7), (name, 7.0)]})
    assert reading.rows == {1: (name, 7.0)}


def test_every_kind_of_value_is_read_from_the_bytes(tmp_path: Path):
    """As SQLite reads it, long ones over several pages too."""
    path = tmp_path / "kinds.db"
    row = (None, 0, 1, -1, 127, -30000, 2**23 - 1, 2**31, -(2**40), 2**62, 0.5, "ü", b"\0", "")
    long = ("x" * 9000, b"\xff" * 5000)
    with closing(sqlite3.connect(path)) as connection, connection:
        marks = ", ".join(f"c{number}" for number in range(len(row)))
        connection.execute(f"CREATE TABLE kinds ({marks})")
        connection.execute(f"INSERT INTO kinds VALUES ({', '.join('?' * len(row))})", row)
        connection.execute("CREATE TABLE long (a, b)")
        connection.execute("INSERT INTO long (rowid, a, b) VALUES (9999999999, ?, ?)", long)
    found = orphans(path)
    assert found == {1: [row], 9999999999: [long]}
    assert [type(cell) for cell in found[1][0]] == [type(cell) for cell in row]


@pytest.mark.parametrize("filling", [b"\x0d" * PAGE, b"\x0d" + b"\xff" * (PAGE - 1)])
def test_bytes_that_are_no_rows_yield_none(tmp_path: Path, filling: bytes):
    """However much they look like a page of rows."""
    path = tmp_path / "noise.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
    with path.open("ab") as file:
        file.write(filling)
    assert all(len(row) < 99 for rows in orphans(path).values() for row in rows)


@pytest.mark.parametrize(
    ("name", "kind", "needed", "cell", "taken"),
    [
        ("a", "VARCHAR", True, "x", True),
        ("a", "VARCHAR", True, None, False),
        ("a", "VARCHAR", False, None, True),
        ("a", "VARCHAR", True, Garbage(b"\xff"), False),
        ("a", "TEXT", True, 3, False),
        ("a", "INTEGER", True, 3, True),
        ("a", "INTEGER", True, 3.0, False),
        ("a", "FLOAT", True, 3, True),
        ("a", "BLOB", True, b"\0", True),
        ("a", "VARCHAR(32)", True, "x", True),
        ("at", "VARCHAR", True, "2026-01-01T09:00:00Z", True),
        ("born_at", "VARCHAR", True, "yesterday", False),
        ("resolved_at", "VARCHAR", False, None, True),
        ("format", "VARCHAR", True, "no time", True),
    ],
)
def test_a_column_takes_only_what_can_be_in_it(
    name: str, kind: str, needed: bool, cell: object, taken: bool
):
    """By type, and by what its name says of times."""
    assert Column(name, kind, needed).takes(cell) is taken


def test_a_text_is_told_from_garbage():
    """Nothing that is stored is no UTF-8, or holds a NUL."""
    assert text_or_garbage("für".encode()) == "für"
    assert isinstance(text_or_garbage(b"\xff"), Garbage)
    assert isinstance(text_or_garbage(b"a\0b"), Garbage)


def test_a_query_that_breaks_yields_what_came_before(source: sqlite3.Connection):
    """And says so."""
    assert read_rows(source, "SELECT 1") == ([(1,)], True)
    assert read_rows(source, "SELECT * FROM nowhere") == ([], False)


def test_lost_pages_of_a_schema_come_from_a_fresh_one(tmp_path: Path):
    """As far as the rest of it is as in a fresh one; else nothing is put in."""
    fresh = tmp_path / "fresh.db"
    connect(fresh).close()
    expected = layout_of(fresh)
    for pages in ([1], schema_pages(fresh)[:2], [1, schema_pages(fresh)[0]]):
        copy = tmp_path / "copy.db"
        copy.write_bytes(fresh.read_bytes())
        overwrite(copy, pages)
        assert completed(copy, fresh) == expected
        with closing(opened(str(copy))) as connection:
            assert [column.name for column in shape_of(connection, "edges")] == [
                *("tail_uid", "head_uid", "goal_uid")
            ]
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE goals (uid VARCHAR)")
    before = other.read_bytes()
    assert list(completed(other, fresh)) == ["goals"]
    assert other.read_bytes() == before


def test_rows_of_lost_items_are_called_by_what_is_known_of_them():
    """Their refs in the journal, else their titles, else nothing."""
    gone = [
        Gone("tasks", {"uid": "t1"}),
        Gone("tasks", {"uid": "t2", "title": "Second"}),
        Gone("tasks", {}),
        Gone("journal", {"revision": 3, "says": "started r1"}),
        Gone("ref_counters", {"parent": "r"}),
    ]
    assert losses(gone, {"t1": "r1.1 First"}) == (
        Loss("journal", 1, ("3 started r1",)),
        Loss("ref_counters", 1, ("routes",)),
        Loss("tasks", 3, ("r1.1 First", "Second")),
    )


def test_a_goal_is_what_the_list_of_goals_has(tmp_path: Path):
    """A row that names another one makes no goal, unless the list itself is broken."""
    path = made(tmp_path / "plans.db", ("apple",))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE ratings SET goal_uid = 'phantom'")
    done = repair(path)
    assert [goal.uid for goal in done.goals] == ["goal-apple"]
    assert [loss.table for loss in done.losses] == ["ratings"]


def test_a_sound_plan_stays_the_plan_it_is():
    """Nothing is taken out."""
    for plan in (two_routes(), plan_of("apple")):
        assert sound(plan) == (plan, [])


def test_a_plan_is_made_sound_by_taking_out_what_leads_nowhere():
    """Each thing once, and it is told."""
    plan = plan_of("apple")
    (first, second, third) = plan.routes
    alone = replace(plan, routes=(first, third), checked=False)
    mended, gone = sound(alone)
    assert Plan(mended.goal, mended.routes, mended.edges, mended.switches, mended.people)
    assert [each.table for each in gone] == ["edges", "switches"]
    (switch,) = plan.switches
    odd = replace(plan, switches=(replace(switch, recommended="x"),), checked=False)
    mended, gone = sound(odd)
    assert mended.switches[0].recommended is None
    assert [each.table for each in gone] == ["switches.recommended_uid"]
    lonely = replace(plan, routes=(second, third), edges=(), switches=(), checked=False)
    assert sound(lonely)[1] == []


def test_a_journal_gets_stuck_where_an_entry_is_missing_or_does_not_fit():
    """It says at which revision."""
    plan = two_routes()
    edit = Rename("a", "new")
    step = Step(edit, edit.invert(plan))
    lost = Rename("nowhere", "new")
    assert replayed(plan.goal, {2: step}, 2) == Stuck(1)
    assert replayed(None, {1: step}, 1) == Stuck(0)
    assert replayed(plan.goal, {1: Step(lost, lost)}, 1) == Stuck(1)
    empty = replayed(plan.goal, {}, 0)
    assert isinstance(empty, Replayed)
    assert empty.plan == Plan(plan.goal)


def test_a_journal_knows_texts_and_names(tmp_path: Path):
    """Of all that its edits bring and take."""
    path = made(tmp_path / "plans.db", ("apple",))
    repository = Repository(path)
    steps = {
        entry.line.revision: Step(entry.edit, entry.inverse)
        for entry in repository.entries("goal-apple", after=0)
    }
    repository.close()
    assert f"apple: {LONG}" in texts_of(steps).values()
    added = Batch((steps[3].edit,))
    names = names_of({**steps, 9: Step(added, added)})
    assert names["apple-a"] == "r1.1.1 a of apple"
    assert names["apple-e"] == "e"


@settings(MODEST, max_examples=20)
@given(st.data())
def test_the_journal_of_any_goal_leads_to_its_plan(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    """So a sound database is found whole, whatever was done in it."""
    drawn = data.draw(drawn_plans())
    path = tmp_path_factory.mktemp("any") / "plans.db"
    repository = Repository(path)
    acting = Dispatcher(repository, "ada", FrozenClock(), CountedUids(10_000))
    base = acting.adopt(drawn.plan, drawn.notes, "planned", drawn.book).after
    drawn = replace(drawn, plan=base.plan)
    for _ in range(data.draw(st.integers(0, 4))):
        edit = data.draw(edits(drawn))
        if edit is not None:
            base = acting.make(base, edit).after
            drawn = stepped(drawn, edit)
    if data.draw(st.booleans()):
        acting.undo(base)
    repository.close()
    done = repair(path)
    assert (done.file, done.complete) == (None, True), done
    assert all(goal.checked for goal in done.goals)
