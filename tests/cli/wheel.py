"""Stellwerk as it is installed from its wheel, far from the checkout."""

from __future__ import annotations

import fcntl
import importlib.util
import re
import site
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).parents[2]
_FENCE: Final = re.compile(r"```.*?^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Installed:
    """A wheel and the environment it is installed in.

    Attributes:
        wheel: The built file.
        bin: The folder with `stellwerk` and `python`.
    """

    wheel: Path
    bin: Path

    @property
    def names(self) -> list[str]:
        """The files inside the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.namelist()


def installed(folder: Path) -> Installed:
    """Build the wheel and install it, once for all that share a folder."""
    with (folder / "wheel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = folder / "wheel"
        if not built.exists():
            _build(folder / "building")
            (folder / "building").rename(built)
        venv = folder / "venv"
        if not (venv / "done").exists():
            _install(venv, _wheel(built))
    return Installed(_wheel(built), venv / "bin")


def readme_commands() -> list[str]:
    """Return the calls of `stellwerk` in the code fences of the README, in order."""
    return list(_commands((CHECKOUT / "README.md").read_text(encoding="utf-8")))


def _commands(text: str) -> Iterator[str]:
    for fence in _FENCE.findall(text):
        for line in fence.splitlines():
            if line.startswith("$ stellwerk "):
                yield line.removeprefix("$ ")


def _wheel(folder: Path) -> Path:
    return next(folder.glob("stellwerk-*.whl"))


def _build(target: Path) -> None:
    """Build with the environment's own hatchling, or with one from the package index."""
    own = importlib.util.find_spec("hatchling") is not None
    isolation = ["--no-build-isolation"] if own else []
    wheel = ["wheel", ".", "--no-deps", "-q", "-w", str(target)]
    _run([sys.executable, "-m", "pip", *wheel, *isolation], CHECKOUT)


def _install(venv: Path, wheel: Path) -> None:
    """Install into a new environment that borrows its dependencies from this one."""
    _run([sys.executable, "-m", "venv", str(venv)], venv.parent)
    found = "import site; print(site.getsitepackages()[0])"
    packages = Path(_run([str(venv / "bin/python"), "-c", found], venv.parent).strip())
    pip = [str(venv / "bin/python"), "-m", "pip", "install", "-q", "--no-deps", "--no-index"]
    _run([*pip, str(wheel)], venv.parent)
    # A plain line of a .pth file adds a folder without reading the .pth files in it, so
    # the editable install of the checkout stays out.
    (packages / "borrowed.pth").write_text(f"{site.getsitepackages()[0]}\n")
    (venv / "done").touch()


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
