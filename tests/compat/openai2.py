"""Run the tests of providers with openai 2 and LiteLLM: `python -m tests.compat.openai2`.

LiteLLM cannot live beside openai 3, so they get a virtual environment of their own. It is
made once and kept in the cache; `--fresh` makes it anew. What follows goes to pytest.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
REQUIREMENTS: Final = (
    "litellm>=1.106,<2,!=1.82.7,!=1.82.8",
    "openai>=2.20,<3",
    "anthropic>=2,<3",
    "httpx2>=2,<3",
    "json-repair",
    "tenacity>=9,<10",
    "pytest-httpserver>=1.1,<2",
)
SHOWN: Final = ("litellm", "openai", "anthropic", "httpx", "httpx2")


def main(arguments: list[str]) -> int:
    """Make the environment where it is missing, and run the tests there."""
    parser = argparse.ArgumentParser(prog="python -m tests.compat.openai2")
    parser.add_argument("--fresh", action="store_true", help="make the environment anew")
    parser.add_argument("--at", type=Path, default=_home(), help="where it is kept")
    parser.add_argument(
        "--with", dest="more", action="append", default=[], metavar="REQUIREMENT"
    )
    options, rest = parser.parse_known_args(arguments)
    python = environment(options.at, tuple(options.more), fresh=options.fresh)
    shown = "import importlib.metadata as m, sys; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep=', ')"
    subprocess.run([python, "-c", shown, *SHOWN], check=True)
    tests = rest or ["-q", "-n", "2", "tests/providers"]
    done = subprocess.run([python, "-m", "pytest", *tests], cwd=ROOT, check=False)
    return done.returncode


def environment(home: Path, more: tuple[str, ...], *, fresh: bool) -> Path:
    """Return the Python of the environment, which has all that is required."""
    python, made = home / "bin" / "python", home / ".made"
    wanted = "\n".join((*REQUIREMENTS, *more))
    if not fresh and made.exists() and made.read_text() == wanted:
        return python
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, "-e", f"{ROOT}[dev]", *REQUIREMENTS, *more], check=True)
    made.write_text(wanted)
    return python


def _home() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "stellwerk-tests" / "openai2"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
