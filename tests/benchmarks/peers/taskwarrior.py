"""Taskwarrior: a task each, imported as JSON; `done` always meets the imported state."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.peers.peer import Ground, Peer, Program, caller, made, on_path
from tests.benchmarks.rounds import Row
from tests.benchmarks.tasks import Work, generated, ready
from tests.benchmarks.timing import Call, asked

_BORN = "20260101T000000Z"
_SETTINGS = "data.location={}\nconfirmation=off\nnews.version=9.9.9\n"


def document(tasks: Sequence[Work]) -> list[dict[str, Any]]:
    """Return tasks as `task import` reads them."""
    by_number = {work.number: str(work.uid) for work in tasks}
    return [
        {
            "uuid": by_number[work.number],
            "description": work.title,
            "entry": _BORN,
            "depends": [by_number[need] for need in work.needs],
            **({"status": "completed", "end": _BORN} if work.done else {"status": "pending"}),
        }
        for work in tasks
    ]


class Store:
    """Imported tasks, and a copy of them to go back to.

    Args:
        program: Taskwarrior.
        ground: Where the run takes place.
        tasks: What to import.
    """

    def __init__(self, program: Program, ground: Ground, tasks: Sequence[Work]) -> None:
        self.program, self.tasks = program, tasks
        self.folder = made(ground.folder / "taskwarrior" / str(len(tasks)))
        self.data = made(self.folder / "data")
        settings = self.folder / "taskrc"
        settings.write_text(_SETTINGS.format(self.data), "utf-8")
        self.environ = ground.environment(TASKRC=str(settings))
        source = self.folder / "tasks.json"
        source.write_text(json.dumps(document(tasks)), "utf-8")
        self.ask("import", str(source))
        self.imported = self.folder / "imported"
        shutil.copytree(self.data, self.imported)

    def ask(self, *words: str) -> str:
        """Return what a command prints, untimed."""
        return asked(Call((*self.program, *words), self.folder, self.environ))

    def ready(self) -> list[str]:
        """Return the uuids that the report `ready` lists."""
        columns = ("rc.report.ready.columns=uuid", "rc.report.ready.labels=UUID")
        return self.ask("rc.verbose=nothing", *columns, "ready").split()

    def state(self, work: Work) -> dict[str, Any]:
        """Return what Taskwarrior knows of a task."""
        found: list[dict[str, Any]] = json.loads(
            self.ask("rc.gc=off", "rc.verbose=nothing", str(work.uid), "export")
        )
        return found[0]

    def restore(self, _: int = 0) -> None:
        """Go back to what was imported."""
        shutil.rmtree(self.data)
        shutil.copytree(self.imported, self.data)


def rows(program: Program, ground: Ground) -> list[Row]:
    """Return what is measured of Taskwarrior."""
    return [row for size in ground.sizes for row in _of_size(program, ground, size)]


def _of_size(program: Program, ground: Ground, size: int) -> list[Row]:
    store = Store(program, ground, generated(size))
    work = store.tasks[ready(store.tasks)[0] - 1]
    number = str(store.state(work)["id"])

    def row(verb: str, shows: str, *words: str, **hooks: Any) -> Row:
        call = caller((*program, *words), store.folder, store.environ)
        return Row(PEER.name, verb, call, size, shows=shows, prepare=store.restore, **hooks)

    def finished(_: int) -> bool:
        return bool(store.state(work)["status"] == "completed")

    listed = f"number {work.number} "
    return [
        row("task next limit:20", "number", "next", "limit:20"),
        row("task ready", listed, "ready"),
        row("task list", listed, "list"),
        row("task N done", "Completed", number, "done", changed=finished),
    ]


PEER = Peer(
    "taskwarrior",
    "Taskwarrior",
    on_path("task"),
    rows,
    lambda _: ("sh", "-c", "apt-get update -q && apt-get install -y -q taskwarrior"),
)
