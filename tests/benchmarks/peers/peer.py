"""What the benchmark wants of a tool, and the surroundings each tool is run in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from tests.benchmarks.rounds import Row
from tests.benchmarks.timing import Call, asked

Program: TypeAlias = tuple[str, ...]
"""The words a program is called with."""

NAME: Final = "Ada Benchmark"
EMAIL: Final = "ada@example.org"
_KEPT: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a run takes place.

    Attributes:
        folder: For what lasts as long as the run.
        cache: For what the next run can use again.
        sizes: How many tasks.
        entries: Journal entries of the plans that have a long history; 0 makes none.
        narrate: Tells somebody who waits.
    """

    folder: Path
    cache: Path
    sizes: tuple[int, ...]
    entries: int
    narrate: Callable[[str], None]

    @property
    def scratch(self) -> Path:
        """A folder for what commands print."""
        return made(self.folder / "scratch")

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables of a user who has a name in git and no other settings."""
        home = made(self.folder / "home")
        config = home / ".gitconfig"
        if not config.exists():
            config.write_text(f"[user]\n\tname = {NAME}\n\temail = {EMAIL}\n", "utf-8")
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        quiet = {"NO_COLOR": "1", "TASKMASTER_SKIP_AUTO_UPDATE": "1"}
        return {**kept, "HOME": str(home), "LANG": "C.UTF-8", "TZ": "UTC", **quiet, **more}


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool.

    Attributes:
        name: As `--peers` takes it.
        title: As the tool writes itself.
        find: The program in a cache folder or on the path; None if it is not installed.
        rows: What is measured of it, with its data laid out on the ground.
        install: The command that installs it into a cache folder.
    """

    name: str
    title: str
    find: Callable[[Path], Program | None]
    rows: Callable[[Program, Ground], list[Row]]
    install: Callable[[Path], tuple[str, ...]] | None = None

    def version(self, program: Program, ground: Ground) -> str:
        """Return the version a program tells."""
        call = Call((*program, "--version"), ground.folder, ground.environment())
        return asked(call).split()[-1]


def on_path(name: str) -> Callable[[Path], Program | None]:
    """Return a finder of a program that the system's packages bring."""

    def find(_: Path) -> Program | None:
        found = shutil.which(name)
        return (found,) if found else None

    return find


def from_npm(name: str) -> Callable[[Path], Program | None]:
    """Return a finder of a program of npm, in the cache folder or on the path."""

    def find(cache: Path) -> Program | None:
        own = npm_folder(cache) / "node_modules" / ".bin" / name
        return (str(own),) if own.exists() else on_path(name)(cache)

    return find


def by_npm(package: str) -> Callable[[Path], tuple[str, ...]]:
    """Return the command that installs a package of npm into the cache folder."""

    def install(cache: Path) -> tuple[str, ...]:
        options = ("--no-audit", "--no-fund", "--no-progress")
        return ("npm", "install", "--prefix", str(npm_folder(cache)), *options, package)

    return install


def npm_folder(cache: Path) -> Path:
    """Return where npm keeps the programs of a cache folder."""
    return cache / "npm"


def made(folder: Path) -> Path:
    """Return a folder that exists."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def caller(
    words: tuple[str, ...], folder: Path, environ: Mapping[str, str]
) -> Callable[[int], Call]:
    """Return the same command for every round."""
    call = Call(words, folder, environ)
    return lambda _: call
