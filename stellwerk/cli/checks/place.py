"""Checks of what Stellwerk stands on: settings, database, disk, author, Python, plugins."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from platform import python_version
from shlex import quote
from typing import Final

from stellwerk.cli.checks.check import Check, Verdict
from stellwerk.cli.desk import Desk
from stellwerk.cli.present.amounts import ago
from stellwerk.cli.present.copies import counted
from stellwerk.cli.present.runs import resumable
from stellwerk.errors import StellwerkError
from stellwerk.planning.runs import RunStatus
from stellwerk.plugins.api import API_VERSION
from stellwerk.plugins.discovery import State
from stellwerk.storage.copies.backup import salvage_of, wrong_with
from stellwerk.storage.repair.replaying import MEANINGLESS

LITTLE: Final = 50 * 2**20
"""Bytes below which a disk is nearly full."""


def check_settings(desk: Desk) -> Iterator[Check]:
    """Check which files the settings come from, and which of them wait for trust."""
    files = ", ".join(str(file) for file in desk.settings.files) or "no settings file"
    yield Check("settings", Verdict.FINE, files)
    for file, key in desk.settings.untrusted:
        message = f"{file} sets {key}, which does not count yet"
        yield Check(
            "settings", Verdict.ODD, message, "Look at it, then: stellwerk config trust"
        )


def check_database(desk: Desk) -> Iterator[Check]:
    """Check that the database is sound, private, and that no planning run waits in it."""
    path = desk.stellwerk.database
    if not path.exists() and not Path(f"{path}-wal").exists():
        yield _missing(path)
        return
    if path.exists() and (found := wrong_with(path)):
        yield Check("database", Verdict.BAD, f"{path} is damaged: {found}", salvage_of(path))
        return
    try:
        goals = desk.dispatcher.goals(archived=True)
        for line in goals:
            desk.stellwerk.store.load(line.goal.uid)
    except MEANINGLESS as error:
        if isinstance(error, StellwerkError):
            raise
        message = f"{path} is damaged: it holds what nobody wrote ({error})"
        yield Check("database", Verdict.BAD, message, salvage_of(path))
        return
    told = f"{counted(len(goals), 'goal')}, all readable"
    yield Check("database", Verdict.FINE, f"{path}: {told}")
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        hint = f"chmod 600 {quote(str(path))}"
        yield Check("database", Verdict.ODD, f"others can read it (mode {mode:o})", hint)
    yield _runs(desk)


def check_disk(desk: Desk) -> Iterator[Check]:
    """Check that there is room beside the database."""
    yield room_check(shutil.disk_usage(_standing(desk.stellwerk.database.parent)).free)


def room_check(free: int) -> Check:
    """Return what is to be said of so many free bytes."""
    if free < LITTLE:
        message = f"only {free // 2**20} MB are free beside the database"
        return Check("disk", Verdict.ODD, message, "Free some space: df -h")
    size = f"{free / 2**30:,.1f} GB" if free >= 2**30 else f"{free // 2**20} MB"
    return Check("disk", Verdict.FINE, f"{size} are free beside the database")


def check_author(desk: Desk) -> Iterator[Check]:
    """Say as whom edits are made."""
    yield Check("author", Verdict.FINE, f"edits are made as {desk.dispatcher.author}")


def check_python(desk: Desk) -> Iterator[Check]:
    """Say which Python runs this, and with which SQLite."""
    del desk
    told = f"Python {python_version()}, SQLite {sqlite3.sqlite_version}, in {sys.prefix}"
    yield Check("python", Verdict.FINE, told)


def check_plugins(desk: Desk) -> Iterator[Check]:
    """Check that every installed plugin can be loaded and speaks our API version."""
    found = desk.stellwerk.plugins.report(load=True)
    for each in found:
        if each.state is State.BROKEN:
            hint = f"pip install --upgrade {each.distribution}"
            yield Check("plugins", Verdict.BAD, each.reason, hint)
    ready = [each for each in found if each.state is State.READY]
    groups = [
        f"{group} {', '.join(each.name for each in some)}"
        for group, some in groupby(ready, key=lambda each: each.group)
    ]
    off = sum(each.state is State.OFF for each in found)
    more = f"; {off} of others switched off" if off else ""
    told = f"{len(ready)} ready for plugin API {API_VERSION}: {'; '.join(groups)}{more}"
    yield Check("plugins", Verdict.FINE, told)


def _missing(path: Path) -> Check:
    """Return what to say of a database that is not there yet."""
    folder = _standing(path.parent)
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        told = f"{path} will be made with the first goal"
        return Check("database", Verdict.FINE, told)
    hint = f"Make {folder} writable, or name another file: stellwerk --db FILE"
    return Check("database", Verdict.BAD, f"{path} cannot be made in {folder}", hint)


def _runs(desk: Desk) -> Check:
    """Return whether a planning run waits to go on."""
    with closing(desk.stellwerk.runs) as log:
        runs = log.runs()
    waiting = [run for run in runs if resumable(run)]
    if not waiting:
        busy = sum(run.status is RunStatus.RUNNING for run in runs)
        told = f"{counted(busy, 'planning run')} at work" if busy else "no planning run waits"
        return Check("runs", Verdict.FINE, told)
    run = waiting[0]
    age = ago(datetime.now(UTC) - run.started_at)
    told = f"the planning run of “{run.wish.title}”, begun {age}, is not finished"
    if len(waiting) > 1:
        told += f"; nor {'is' if len(waiting) == 2 else 'are'} {len(waiting) - 1} more"
    hint = (
        f"Go on: stellwerk resume {run.short}, or forget it: stellwerk runs drop {run.short}"
    )
    return Check("runs", Verdict.ODD, told, hint)


def _standing(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    return next((each for each in (folder, *folder.parents) if each.exists()), Path("/"))
