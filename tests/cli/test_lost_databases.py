"""Databases that are older, behind a link, gone, or another while somebody works on them."""

from __future__ import annotations

import os
import pty
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from stellwerk.storage.schema import HEAD
from tests.cli.terminal import GOAL, Answer, Program, Terminal
from tests.storage.older import FIRST, put_back


def changed(path: Path, statement: str) -> None:
    """Change a database behind Stellwerk's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_an_older_database_is_upgraded_by_any_call(planned: Terminal, program: Program):
    before = planned("show").out
    put_back(planned.database)
    assert program("show").out == before
    copy = planned.database.with_name(f"{planned.database.name}.before-upgrade-from-{FIRST}")
    assert sorted(planned.database.parent.iterdir()) == [planned.database, copy]
    assert planned.rows("SELECT version_num FROM alembic_version") == [(HEAD,)]
    planned("start", "r1.1.1")
    assert program("--db", str(copy), "show").out == before


def test_an_upgrade_that_fails_names_the_copy_and_changes_nothing(
    planned: Terminal, program: Program
):
    put_back(planned.database)
    changed(planned.database, "CREATE TABLE ix_tasks_route_uid (x)")
    before = planned.dump()
    copy = f"{planned.database}.before-upgrade-from-{FIRST}"
    for args in (("list",), ("start", "r1.1.1"), ("list",)):
        answer = program(*args, code=1)
        assert "could not be upgraded from schema 0001: there is already a table" in answer.err
        assert f"→ The copy made before is {copy}." in answer.err
    error = program("list", "--json", code=1).error
    assert error["code"] == "storage"
    assert copy in error["hint"]
    assert planned.dump() == before
    assert len(list(planned.database.parent.iterdir())) == 2
    changed(planned.database, "DROP TABLE ix_tasks_route_uid")
    assert program("start", "r1.1.1").out.startswith("Started")


def test_a_link_to_the_database_is_the_database(planned: Terminal, program: Program):
    link = planned.folder / "link.db"
    link.symlink_to(planned.database)
    assert program("--db", "link.db", "start", "r1.1.1").out.startswith("Started")
    assert planned.json("show", "r1.1.1")["item"]["status"] == "doing"
    assert [path.name for path in planned.folder.iterdir()] == ["link.db"]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("link.db", "Too many levels of symbolic links"),
        ("away/plans.db", "there is no such folder"),
        (".", "is not a file"),
        ("pipe", "is not a file"),
    ],
)
def test_a_link_that_leads_nowhere_good_is_refused_at_once(
    planned: Terminal, program: Program, target: str, words: str
):
    os.mkfifo(planned.folder / "pipe")
    (planned.folder / "link.db").symlink_to(target)
    for args in (("list",), ("plan", "Fly", "-q")):
        answer = program("--db", "link.db", *args, code=1)
        assert words in answer.err
        assert "link.db" in answer.err
        assert "→" in answer.err


def test_a_log_whose_database_is_gone_is_kept(planned: Terminal, program: Program):
    log = Path(f"{planned.database}-wal")
    with closing(sqlite3.connect(planned.database)) as connection:
        connection.execute("UPDATE goals SET title = 'In the log'")
        connection.commit()
        data = log.read_bytes()
    moved = planned.database.rename(planned.database.with_name("moved.db"))
    log.write_bytes(data)
    for args in (("list",), ("start", "r1.1.1"), ("doctor",)):
        answer = program(*args, code=1)
        assert "is gone, but its log" in answer.out + answer.err
        assert log.read_bytes() == data
    log.unlink()
    assert program("list").out.startswith("There is no goal yet.")
    moved.replace(planned.database)
    assert GOAL in program("list").out


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ('mv "$DB" "$DB.moved"', "was moved or deleted while it was open"),
        ('rm "$DB"', "was moved or deleted while it was open"),
        ('cp "$DB" new && mv new "$DB"', "was replaced by another file while it was open"),
        ('rm "$DB-wal"', "lost the log that SQLite keeps beside it while it was open"),
    ],
)
def test_what_was_typed_while_the_database_went_away_is_not_lost(
    planned: Terminal, program: Program, deed: str, words: str
):
    editor = planned.write("editor", f'#!/bin/sh\n{deed}\necho "Typed by hand." >> "$1"\n')
    editor.chmod(0o755)
    environ = {"EDITOR": str(editor), "DB": str(planned.database), "COLUMNS": "500"}
    answer = at_a_terminal(program, "edit", "r1.1.1", **environ)
    assert answer.code == 1
    assert words in answer.err
    assert "Nothing was written." in answer.err
    (typed,) = re.findall(r"Your text is in (\S+)\.", answer.err)
    assert "Typed by hand." in Path(typed).read_text()
    Path(typed).unlink()
    if "mv" in deed:
        moved = Path(f"{planned.database}.moved")
        shown = planned("--db", str(moved if moved.exists() else planned.database), "show")
        assert "0%" in shown.out


def at_a_terminal(program: Program, *args: str, **environ: str) -> Answer:
    """Make a call whose standard input and output are a terminal."""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*program.command, *args],
        env={**program.terminal.environ, **environ},
        cwd=program.terminal.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    return Answer(done.returncode, "", done.stderr.decode())
