"""Two ways to call Stellwerk: within this process, and as the program that it is."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stellwerk.cli.main import call

AUTHOR: Final = "Ada Tester"
GOAL: Final = "launch-a-saas-product"
_KEPT: Final = ("PATH", "COVERAGE_", "COV_", "PIP_", "SSL_")
_HOSTILE: Final = ("\x1b", "\x07", "\x00", "\x9b", "\u202e", "\u2066")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call answered: its exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        data: dict[str, Any] = json.loads(self.out)
        return data

    @property
    def error(self) -> dict[str, Any]:
        """The error in the one JSON object on stderr; stdout must be empty."""
        assert self.out == ""
        data = json.loads(self.err)
        assert data["schema_version"] == 1
        assert data["kind"] == "error"
        assert data["exit_code"] == self.code
        error: dict[str, Any] = data["error"]
        return error

    @property
    def hostile(self) -> set[str]:
        """The characters on both streams that no terminal should ever be sent."""
        return {char for char in _HOSTILE if char in self.out + self.err}


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment with a home of its own and nothing of the developer's."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_KEPT)}
    own = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "STELLWERK_USER_NAME": AUTHOR,
        "STELLWERK_AI_OLLAMA_BASE_URL": "http://127.0.0.1:9",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "xterm-256color",
    }
    return {**kept, **own, **more}


class Terminal:
    """Calls verbs within this process, as a user with a home and a folder of their own.

    Attributes:
        home: The user's home folder; the database is in it.
        folder: The working directory.
        environ: The user's environment; tests may change it.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.environ = clean_environment(home)

    @property
    def database(self) -> Path:
        """The user's database file."""
        return self.home / "data" / "stellwerk" / "stellwerk.db"

    def __call__(
        self, *args: str, code: int | None = 0, stdin: str | bytes = b"", **environ: str
    ) -> Answer:
        """Call a verb; its exit code must be as expected and no traceback be shown."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = _stream(), _stream()
        with (
            _environment({**self.environ, **environ}),
            _folder(self.folder),
            _input(data),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            found = call(list(args))
        answer = Answer(found, _text(out), _text(err))
        assert code in (None, found), (
            f"exit {found} instead of {code}\n{answer.out}\n{answer.err}"
        )
        assert "Traceback" not in answer.err
        return answer

    def json(
        self, *args: str, code: int | None = 0, stdin: str | bytes = b""
    ) -> dict[str, Any]:
        """Call a verb with --json and return its envelope."""
        return self(*args, "--json", code=code, stdin=stdin).data

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file into the working directory."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows of the database, read with SQLite alone."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query).fetchall()

    def dump(self) -> str:
        """Return everything the database holds as SQL text."""
        with closing(sqlite3.connect(self.database)) as connection:
            return "\n".join(connection.iterdump())

    def keep(self, template: Path) -> None:
        """Put a copy of another database into the user's place."""
        self.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.database.touch(mode=0o600)
        with (
            closing(sqlite3.connect(template)) as source,
            closing(sqlite3.connect(self.database)) as target,
        ):
            source.backup(target)


class Program:
    """Runs the real program in a process of its own, for the same user as a terminal."""

    command: tuple[str, ...] = (sys.executable, "-m", "stellwerk")

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def __call__(
        self,
        *args: str | bytes,
        code: int | None = 0,
        stdin: str | bytes = b"",
        **environ: str,
    ) -> Answer:
        """Run a call to its end; its exit code must be as expected."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        answer = self._run(self.command, args, data, environ)
        assert code in (None, answer.code), f"exit {answer.code}\n{answer.out}\n{answer.err}"
        assert "Traceback" not in answer.err
        return answer

    def several(self, *calls: str, **environ: str) -> Answer:
        """Make several calls in one process, a line each; the exit code is the highest."""
        code = (
            "import shlex, sys\n"
            "from stellwerk.cli.main import call\n"
            "from stellwerk.cli.streams import prepare\n"
            "prepare()\n"
            "sys.exit(max([call(shlex.split(line)) for line in sys.argv[1:]]))\n"
        )
        words = self.command
        command = (*words[: words.index("-m")], "-c", code)
        return self._run(command, calls, b"", environ)

    @contextmanager
    def running(
        self, *args: str, code: int = 0, **environ: str
    ) -> Iterator[subprocess.Popen[str]]:
        """Run a call beside the test, which must end with the expected code."""
        process = subprocess.Popen(
            [*self.command, *args],
            env={**self.terminal.environ, **environ},
            cwd=self.terminal.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_listening,  # noqa: PLW1509
        )
        with process:
            try:
                yield process
                assert process.wait(timeout=30) == code
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)

    def shell(self, script: str, **environ: str) -> Answer:
        """Run a line of bash in which `stellwerk` is the program."""
        words = " ".join(self.command)
        done = subprocess.run(
            ["bash", "-c", f'stellwerk() {{ {words} "$@"; }}\n{script}'],
            env={**self.terminal.environ, **environ},
            cwd=self.terminal.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def _run(
        self,
        command: Sequence[str],
        args: Sequence[str | bytes],
        stdin: bytes,
        environ: Mapping[str, str],
    ) -> Answer:
        done = subprocess.run(
            [*command, *args],
            env={**self.terminal.environ, **environ},
            cwd=self.terminal.folder,
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        texts = (done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
        return Answer(done.returncode, *texts)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data = stream.buffer
    assert isinstance(data, io.BytesIO)
    return data.getvalue().decode()


@contextmanager
def _environment(environ: Mapping[str, str]) -> Iterator[None]:
    old = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(old)


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    old = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(old)


@contextmanager
def _input(data: bytes) -> Iterator[None]:
    old = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = old


def _listening() -> None:
    """Hear Ctrl-C even where the tests were started deaf to it, as in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
