"""Backlog.md: a Markdown file per task in a Git repository, with its default settings."""

from __future__ import annotations

import re
from typing import Any

from tests.benchmarks.peers.peer import Ground, Peer, Program, by_npm, caller, from_npm, made
from tests.benchmarks.rounds import Row
from tests.benchmarks.tasks import Work, generated, ready
from tests.benchmarks.timing import Call, asked

_INIT = ("init", "Benchmark", "--defaults", "--agent-instructions", "none")


def file_name(work: Work) -> str:
    """Return the name of the file of a task."""
    return f"task-{work.number} - {work.title.replace(' ', '-')}.md"


def page(work: Work) -> str:
    """Return a task as the text of its file."""
    needs = "".join(f"\n  - TASK-{need}" for need in work.needs) or " []"
    return (
        f"---\nid: TASK-{work.number}\ntitle: {work.title}\n"
        f"status: {'Done' if work.done else 'To Do'}\nassignee: []\n"
        f"created_date: '2026-01-01 00:00'\nlabels: []\ndependencies:{needs}\n"
        f"ordinal: {work.number * 1000}\n---\n\n\n"
    )


def rows(program: Program, ground: Ground) -> list[Row]:
    """Return what is measured of Backlog.md."""
    return [row for size in ground.sizes for row in _of_size(program, ground, size)]


def _of_size(program: Program, ground: Ground, size: int) -> list[Row]:
    tasks = generated(size)
    folder = made(ground.folder / "backlog" / str(size))
    environ = ground.environment()
    asked(Call(("git", "init", "-q"), folder, environ))
    asked(Call((*program, *_INIT), folder, environ))
    held = made(folder / "backlog" / "tasks")
    for work in tasks:
        (held / file_name(work)).write_text(page(work), "utf-8")
    for words in (("add", "-A"), ("commit", "-q", "-m", "Tasks")):
        asked(Call(("git", *words), folder, environ))
    chosen = tasks[ready(tasks)[0] - 1]

    def restore(_: int) -> None:
        (held / file_name(chosen)).write_text(page(chosen), "utf-8")

    def finished(_: int) -> bool:
        text = (held / file_name(chosen)).read_text("utf-8")
        return bool(re.search("^status: Done$", text, re.MULTILINE))

    def row(verb: str, shows: str, words: tuple[str, ...], **hooks: Any) -> Row:
        call = caller((*program, "task", *words), folder, environ)
        return Row(PEER.name, verb, call, size, shows=shows, prepare=restore, **hooks)

    listed = rf"TASK-{chosen.number}\b"
    done = ("edit", str(chosen.number), "-s", "Done")
    return [
        row("backlog task list --ready --json", listed, ("list", "--ready", "--json")),
        row("backlog task list --plain", listed, ("list", "--plain")),
        row("backlog task edit N -s Done", "", done, changed=finished),
    ]


PEER = Peer("backlog", "Backlog.md", from_npm("backlog"), rows, by_npm("backlog.md"))
