"""Walking through a page as a reader would: saving files, typing commands, running Python."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.docs.fences import Command, Fence, commands, fences
from tests.docs.shell import Shell, matches


@dataclass(frozen=True)
class Step:
    """What became of a command of a page.

    Attributes:
        command: The command.
        printed: What it printed.
        code: Its exit code.
    """

    command: Command
    printed: str
    code: int

    @property
    def problem(self) -> str:
        """What differs from the page; empty if nothing does."""
        shown = self.command.shown
        expects_failure = any(line.startswith("Error:") for line in shown)
        if self.code and not expects_failure:
            return f"it ended with {self.code}:\n{self.printed}"
        if not matches(shown, self.printed):
            return "the page shows\n{}\nbut it printed\n{}".format(
                "\n".join(shown), self.printed
            )
        return ""


def walk(page: Path, shell: Shell) -> Iterator[Step]:
    """Do what a page tells, in its order, and yield what became of each command."""
    with shell.asking(page):
        yield from _walked(page, shell)


def _walked(page: Path, shell: Shell) -> Iterator[Step]:
    names: dict[str, Any] = {"__name__": "page"}
    printed = ""
    for fence in fences(page):
        if fence.name:
            _save(fence, shell)
        elif fence.language == "console":
            yield from _typed(fence, shell)
        elif fence.language == "sh":
            told = shell.run(fence.text.rstrip("\n"))
            yield Step(Command(fence.where, fence.line, "(script)", ()), told, shell.code)
        elif fence.language == "python":
            printed = _executed(fence, shell, names)
        elif fence.language == "text" and printed:
            yield Step(Command(fence.where, fence.line, "(python)", fence.lines), printed, 0)
            printed = ""


def _save(fence: Fence, shell: Shell) -> None:
    """Save a fence as the file it names; a package is installed."""
    target = shell.folder / fence.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(shell.served_in(fence.text), encoding="utf-8")
    if target.name == "pyproject.toml":
        shell.install()


def _typed(fence: Fence, shell: Shell) -> Iterator[Step]:
    """Type the commands of a fence; a failure is expected where `echo $?` follows."""
    found = list(commands(fence))
    after = [each.text for each in found[1:]] + [""]
    for command, following in zip(found, after, strict=True):
        told = shell.run(command.text)
        yield Step(command, told, 0 if following == "echo $?" else shell.code)


def _executed(fence: Fence, shell: Shell, names: dict[str, Any]) -> str:
    output = io.StringIO()
    with redirect_stdout(output):
        exec(compile(fence.text, fence.where, "exec"), names)
    return output.getvalue().replace(str(shell.root), "")
