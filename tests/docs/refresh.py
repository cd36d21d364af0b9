"""Rewrite the output shown in pages: `python -m tests.docs.refresh docs/tutorial.md ...`.

Only output that no longer matches is replaced, in full; shorten it by hand with `...`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.docs.shell import Shell
from tests.docs.walk import Step, walk


def main(names: list[str]) -> None:
    """Rewrite some pages."""
    for page in [Path(name).resolve() for name in names]:
        steps = walked(page)
        lines = page.read_text(encoding="utf-8").split("\n")
        for step in reversed([step for step in steps if step.problem]):
            start = step.command.start - (step.command.text == "(python)")
            new = step.printed.rstrip("\n").split("\n")
            lines[start : start + len(step.command.shown)] = new
            print(f"{step.command.where}: {step.command.text}")
        page.write_text("\n".join(lines), encoding="utf-8")


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
