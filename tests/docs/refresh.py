"""Rewrite the output shown in pages: `python -m tests.docs.refresh docs/tutorial.md ...`.

Only output that no longer matches is replaced: as long as it was left out in one place,
so much is left out again. A new command may have `?` as its output.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.docs.shell import Shell
from tests.docs.walk import Step, walk

WIDTH = 96


def main(names: list[str]) -> None:
    """Rewrite some pages."""
    for page in [Path(name).resolve() for name in names]:
        steps = walked(page)
        lines = page.read_text(encoding="utf-8").split("\n")
        for step in reversed([step for step in steps if step.problem]):
            start = step.command.start - (step.command.text == "(python)")
            new = shortened(step.command.shown, step.printed.rstrip("\n").split("\n"))
            lines[start : start + len(step.command.shown)] = new
            sys.stdout.write(f"{step.command.where}: {step.command.text}\n")
        page.write_text("\n".join(lines), encoding="utf-8")


def shortened(old: tuple[str, ...], new: list[str]) -> list[str]:
    """Return new output with as much left out as the old one, and long lines cut."""
    cut = [line if len(line) <= WIDTH else f"{line[:WIDTH].rstrip()}…" for line in new]
    if old.count("...") != 1:
        return cut
    head = old.index("...")
    tail = len(old) - head - 1
    return [*cut[:head], "...", *cut[len(cut) - tail :]] if head + tail < len(cut) else cut


def walked(page: Path) -> list[Step]:
    """Return what becomes of the commands of a page in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        shell = Shell(Path(folder))
        shell.folder.mkdir(parents=True)
        environment = shell.environment()
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(shell.folder)
        return list(walk(page, shell))


if __name__ == "__main__":
    main(sys.argv[1:])
