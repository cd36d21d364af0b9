"""The checks of `stellwerk doctor`: each looks at one thing and changes nothing."""

from __future__ import annotations

import locale
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from stellwerk.cli.desk import Desk
from stellwerk.config import locations
from stellwerk.config.keys import KeyRing
from stellwerk.errors import StellwerkError
from stellwerk.plugins.discovery import State
from stellwerk.storage.copies.backup import salvage_of, wrong_with
from stellwerk.storage.repair.replaying import MEANINGLESS


class Verdict(StrEnum):
    """How a check came out."""

    FINE = "fine"
    ODD = "odd"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found, and what to do about it."""

    name: str
    verdict: Verdict
    message: str
    hint: str = ""


def run_checks(desk: Desk) -> list[Check]:
    """Run every check; one that fails says so and stops no other."""
    found: list[Check] = []
    for name, check in _CHECKS.items():
        try:
            found += check(desk)
        except StellwerkError as error:
            if not any(each.message == error.message for each in found):
                found.append(Check(name, Verdict.BAD, error.message, error.hint))
    return found


def _settings(desk: Desk) -> Iterator[Check]:
    files = ", ".join(str(file) for file in desk.settings.files) or "no settings file"
    yield Check("settings", Verdict.FINE, files)
    for file, key in desk.settings.untrusted:
        message = f"{file} sets {key}, which does not count yet"
        yield Check(
            "settings", Verdict.ODD, message, "Look at it, then: stellwerk config trust"
        )


def _database(desk: Desk) -> Iterator[Check]:
    path = desk.stellwerk.database
    new = not path.exists()
    if not new and (found := wrong_with(path)):
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
    mode = path.stat().st_mode & 0o777
    count = "1 goal" if len(goals) == 1 else f"{len(goals)} goals"
    told = "made just now" if new else f"{count}, all readable"
    yield Check("database", Verdict.FINE, f"{path}: {told}")
    if mode & 0o077:
        hint = f"chmod 600 {path}"
        yield Check("database", Verdict.ODD, f"others can read it (mode {mode:o})", hint)
    free = shutil.disk_usage(path.parent).free
    if free < 50 * 2**20:
        message = f"only {free // 2**20} MB are free beside it"
        yield Check("database", Verdict.ODD, message, "Free some space: df -h")


def _author(desk: Desk) -> Iterator[Check]:
    yield Check("author", Verdict.FINE, f"edits are made as {desk.dispatcher.author}")


def _plugins(desk: Desk) -> Iterator[Check]:
    found = desk.stellwerk.plugins.report(load=True)
    for each in found:
        if each.state is State.BROKEN:
            hint = f"pip install --upgrade {each.distribution}"
            yield Check("plugins", Verdict.BAD, each.reason, hint)
    ready = [f"{each.name} ({each.group})" for each in found if each.state is State.READY]
    yield Check("plugins", Verdict.FINE, f"{len(ready)} ready: {', '.join(ready)}")


def _provider(desk: Desk) -> Iterator[Check]:
    model = desk.stellwerk.provider()
    yield Check("provider", Verdict.FINE, f"`stellwerk plan` asks {model.name}")


def _keys(desk: Desk) -> Iterator[Check]:
    del desk
    ring = KeyRing(os.environ, locations.config_folder(os.environ))
    names = ", ".join(name for name, _ in ring.names()) or "none; planning works without"
    yield Check("keys", Verdict.FINE, names)
    for warning in ring.warnings():
        yield Check("keys", Verdict.ODD, warning, f"chmod 600 {ring.path()}")


def _terminal(desk: Desk) -> Iterator[Check]:
    encoding = (sys.stdout.encoding or "unknown").lower()
    size = shutil.get_terminal_size()
    told = f"{size.columns} columns, {encoding}, colour {'on' if desk.ink.on else 'off'}"
    if encoding.replace("-", "") != "utf8":
        hint = "export LANG=C.UTF-8, or draw with stellwerk map --ascii"
        yield Check("terminal", Verdict.ODD, told, hint)
    else:
        yield Check("terminal", Verdict.FINE, told)
    yield Check("locale", Verdict.FINE, locale.setlocale(locale.LC_CTYPE))


_CHECKS: dict[str, Callable[[Desk], Iterator[Check]]] = {
    "settings": _settings,
    "database": _database,
    "author": _author,
    "plugins": _plugins,
    "provider": _provider,
    "keys": _keys,
    "terminal": _terminal,
}
