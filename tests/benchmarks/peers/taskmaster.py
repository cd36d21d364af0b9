"""Task Master: all tasks in one `tasks.json`, written as it writes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.peers.peer import Ground, Peer, Program, by_npm, caller, from_npm, made
from tests.benchmarks.rounds import Row
from tests.benchmarks.tasks import Work, generated, ready

_BORN = "2026-01-01T00:00:00.000Z"
_SETTINGS = {"global": {"anonymousTelemetry": False}}


def document(tasks: Sequence[Work]) -> dict[str, Any]:
    """Return tasks as the text of `tasks.json`, parsed."""
    listed = [
        {
            "id": str(work.number),
            "title": work.title,
            "description": work.title,
            "status": "done" if work.done else "pending",
            "dependencies": [str(need) for need in work.needs],
            "priority": "medium",
            "subtasks": [],
        }
        for work in tasks
    ]
    metadata = {"created": _BORN, "updated": _BORN, "description": "Benchmark"}
    return {"master": {"tasks": listed, "metadata": metadata}}


def rows(program: Program, ground: Ground) -> list[Row]:
    """Return what is measured of Task Master."""
    return [row for size in ground.sizes for row in _of_size(program, ground, size)]


def _of_size(program: Program, ground: Ground, size: int) -> list[Row]:
    tasks = generated(size)
    folder = made(ground.folder / "taskmaster" / str(size))
    held = made(folder / ".taskmaster" / "tasks") / "tasks.json"
    (folder / ".taskmaster" / "config.json").write_text(json.dumps(_SETTINGS), "utf-8")
    text = json.dumps(document(tasks), indent=2)
    held.write_text(text, "utf-8")
    number = ready(tasks)[0]

    def restore(_: int) -> None:
        held.write_text(text, "utf-8")

    def finished(_: int) -> bool:
        found = json.loads(held.read_text("utf-8"))["master"]["tasks"]
        return bool(found[number - 1]["status"] == "done")

    def row(verb: str, shows: str, words: str, **hooks: Any) -> Row:
        call = caller((*program, *words.split()), folder, ground.environment())
        return Row(PEER.name, verb, call, size, shows=shows, prepare=restore, **hooks)

    done = f"set-status --id={number} --status=done"
    return [
        row("task-master next -f json", '"found": true', "next -f json"),
        row("task-master list --json", f"number {size} ", "list --json"),
        row("task-master list", "Project Dashboard", "list"),
        row("task-master set-status", "Successfully", done, changed=finished),
    ]


PEER = Peer(
    "taskmaster", "Task Master", from_npm("task-master"), rows, by_npm("task-master-ai")
)
