"""A newcomer's shell in a fresh folder: runs what the pages tell people to type."""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from stellwerk.cli.main import call
from stellwerk_playbooks.playbook import shelf
from tests.docs.fences import DOCS
from tests.wire.planning_server import Behaviour
from tests.wire.serving import served

BIN = Path(sys.executable).parent
_KEPT = ("COV", "TZ", "TMPDIR", "SYSTEMROOT")
_SHELL = re.compile(r"[|<>;&`*]|\$[({A-Z?]")
_VARIABLE = re.compile(r"([A-Z_]+)=(\S*) ")
_CALL = re.compile(r"(?P<variables>(?:[A-Z_]+=\S* )*)stellwerk(?: (?P<args>.*))?")
SERVED = frozenset(
    {
        *("how-to/models.md", "how-to/refine-a-plan.md"),
        *("reference/api.md", "reference/plugins.md"),
    }
)
"""The pages that ask models: a server of the tests plans for them, as OpenAI."""
_SERVER = "localhost:8000"
"""What stands in such a page for the server."""
_NOBODY = "http://127.0.0.1:9"
_RUN = re.compile(r"\bRUN\b")
"""What stands in a page for the uid of the newest run."""
_TIMES = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00)?"), "<time>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<uid>"),
)


@dataclass
class Shell:
    """A home folder with a working folder in it, and the code of the last command.

    Attributes:
        root: Stands for `/` in what is shown.
        code: Exit code of the last command.
        server: Host and port of the server that plans, if there is one.
    """

    root: Path
    code: int = 0
    server: str = ""

    @property
    def home(self) -> Path:
        """The home folder; shown as `/home/ada`."""
        return self.root / "home/ada"

    @property
    def folder(self) -> Path:
        """The folder commands are run in; shown as `/home/ada/project`."""
        return self.home / "project"

    def environment(self) -> dict[str, str]:
        """Return the variables of the shell; nothing of the developer's own."""
        kept = {name: text for name, text in os.environ.items() if name.startswith(_KEPT)}
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "LANG": "C.UTF-8",
            "STELLWERK_USER_NAME": "Ada",
            "STELLWERK_AI_OLLAMA_BASE_URL": _NOBODY,  # the developer's own is not asked
        }

    def run(self, line: str) -> str:
        """Run a line and return what it prints, paths shown as in the page."""
        if line == "echo $?":
            told, self.code = f"{self.code}\n", 0
            return told
        line = self.served_in(_RUN.sub(lambda _: self._newest_run(), line))
        if (found := _CALL.fullmatch(line)) and not _SHELL.search(_unquoted(line)):
            variables = dict(_VARIABLE.findall(found["variables"]))
            with variables_set(variables):
                told = self._inside(shlex.split(found["args"] or "", comments=True))
        else:
            told = self._outside(line)
        told = told.replace(self.server, _SERVER) if self.server else told
        return told.replace(str(self.root), "").replace(_NOBODY, "http://localhost:11434")

    def served_in(self, text: str) -> str:
        """Return a text of a page with the address of the server that plans in it."""
        return text.replace(_SERVER, self.server) if self.server else text

    @contextmanager
    def asking(self, page: Path) -> Iterator[None]:
        """Let a page that asks models have a server that plans, as OpenAI."""
        if page.relative_to(DOCS).as_posix() not in SERVED:
            yield
            return
        with (
            served(Behaviour(tasks=3)) as server,
            variables_set({"STELLWERK_AI_OPENAI_BASE_URL": server.url}),
        ):
            self.server = server.root.removeprefix("http://")
            yield
            self.server = ""

    def install(self) -> None:
        """Install the package in the working folder, as `pip install .` would; offline."""
        project = tomllib.loads((self.folder / "pyproject.toml").read_text("utf-8"))["project"]
        name, version = project["name"], project["version"]
        info = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
        )
        lines = [
            line
            for group, points in project["entry-points"].items()
            for line in (f"[{group}]", *(f"{key} = {at}" for key, at in points.items()))
        ]
        (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
        os.environ["PYTHONPATH"] = str(self.folder)
        sys.path.insert(0, str(self.folder))
        importlib.invalidate_caches()

    def uninstall(self) -> None:
        """Take the package of the working folder out of this process again."""
        os.environ.pop("PYTHONPATH", None)
        sys.path[:] = [path for path in sys.path if path != str(self.folder)]
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(str(self.folder)):
                del sys.modules[name]

    def _newest_run(self) -> str:
        runs = json.loads(self._inside(["runs", "list", "--json"]))["runs"]
        return str(runs[0]["run"]) if runs else "RUN"

    def _inside(self, args: list[str]) -> str:
        output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with redirect_stdout(output), redirect_stderr(output), no_input():
            self.code = call(args)
            output.flush()
        _end_process()
        return output.buffer.getvalue().decode()  # type: ignore[attr-defined]

    def _outside(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        self.code = done.returncode
        return done.stdout


def matches(shown: tuple[str, ...], printed: str) -> bool:
    """Say whether the output of a page is what was printed.

    In a page `...` alone stands for any lines and `…` for any part of one; times and uids
    are never compared, and an empty page says nothing.
    """
    wanted = [_neutral(line.rstrip()) for line in shown]
    while wanted and not wanted[-1]:
        wanted.pop()
    if not wanted:
        return True
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else f"{_pattern(line)}\\n" for line in wanted
    )
    lines = [_neutral(line.rstrip()) for line in printed.rstrip("\n").split("\n")]
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None


def _pattern(line: str) -> str:
    """Return the pattern of a line: `…` is any text, spaces in columns may be any number."""
    return ".*".join(re.sub(r"(\\ ){2,}", r" +", re.escape(part)) for part in line.split("…"))


def _neutral(line: str) -> str:
    for pattern, word in _TIMES:
        line = pattern.sub(word, line)
    return line


def _unquoted(line: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"$`]*\"", "", line)


def _end_process() -> None:
    """Let go of what the end of a process would let go of: databases and shelves read."""
    shelf.cache_clear()
    gc.collect()


@contextmanager
def variables_set(variables: dict[str, str]) -> Iterator[None]:
    """Let some environment variables be set."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, text in before.items():
            os.environ.pop(name)
            if text is not None:
                os.environ[name] = text


@contextmanager
def no_input() -> Iterator[None]:
    """Let standard input be empty and no terminal."""
    real, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = real
