"""Somebody whose provider is a planning server: the real program, as their shell starts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.cli.terminal import Answer, Program, Terminal
from tests.wire.planning_server import ASKED, PlanningServer

GOAL: Final = "Learn to juggle"
CALLS: Final = 20
"""Calls of a run without trouble: one, six routes, twelve tasks, and a review."""
KEY: Final = "sk-of-nobody-0123456789"


class Planner(Program):
    """Calls the program for somebody who has a key and nothing else.

    Args:
        folder: Where their home and their working directory are made.
        server: Who answers their questions.
        provider: Over which protocol.
    """

    def __init__(self, folder: Path, server: PlanningServer, provider: str = "openai") -> None:
        home, work = folder / "home", folder / "work"
        home.mkdir(parents=True)
        work.mkdir()
        super().__init__(Terminal(home, work))
        self.server = server
        self.environ = self.terminal.environ
        self.environ |= {
            f"{provider.upper()}_API_KEY": KEY,
            "STELLWERK_AI_PROVIDERS": provider,
        }
        self.meet(server)

    def meet(self, server: PlanningServer) -> None:
        """Turn to another server."""
        self.server = server
        self.environ["STELLWERK_AI_OPENAI_BASE_URL"] = server.url
        self.environ["STELLWERK_AI_ANTHROPIC_BASE_URL"] = server.root

    def asks(self, *args: str, code: int = 0, **environ: str) -> tuple[Answer, int]:
        """Make a call; return its answer and how many requests the server got."""
        before = self.asked
        return self(*args, code=code, **environ), self.asked - before

    @property
    def asked(self) -> int:
        """How many requests the server got so far."""
        return sum(each.event == ASKED for each in self.server.entries)

    @property
    def run(self) -> dict[str, Any]:
        """The latest run, as `stellwerk runs` tells of it."""
        found: dict[str, Any] = self.terminal.json("runs")["runs"][0]
        return found

    @property
    def goals(self) -> list[str]:
        """The slugs of all goals."""
        return [each["slug"] for each in self.terminal.json("list")["goals"]]

    @contextmanager
    def started(self, *args: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
        """Start a call that the test ends or waits for itself."""
        with subprocess.Popen(
            [sys.executable, "-m", "stellwerk", *args],
            env={**self.environ, **environ},
            cwd=self.terminal.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()


def told(answer: Answer) -> tuple[str, str]:
    """Return message and next step of the one error on stderr, which has nothing else."""
    assert answer.out == ""
    message, step = answer.err.splitlines()
    assert message.startswith("Error: ")
    assert step.startswith("  → ")
    return message.removeprefix("Error: "), step.removeprefix("  → ")
