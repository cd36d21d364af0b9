"""`@copilotkit/aimock`: a server for three APIs that nobody here wrote, and its installation."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

PACKAGE: Final = "@copilotkit/aimock"
VERSION: Final = "1.43.0"
_START_SECONDS: Final = 60.0


class AiMock:
    """A running server: its answers are set per test, and it tells what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self) -> None:
        """Forget answers, faults and requests."""
        self._call("POST", "/__aimock/reset", {})
        self._call("DELETE", "/__aimock/chaos")

    def answers(self, content: str, **more: Any) -> None:
        """Answer everything with a text; `more` are overrides of aimock's fixtures."""
        self._fixture({"content": content, **more})

    def refuses(self, status: int, **error: str) -> None:
        """Answer everything with a status and an error."""
        self._fixture({"error": error, "status": status})

    def chaos(self, **rates: float) -> None:
        """Break what it answers from now on, as aimock's chaos says."""
        self._call("POST", "/__aimock/chaos", rates)

    def asked(self) -> list[dict[str, Any]]:
        """Return the requests for answers, oldest first."""
        found: list[dict[str, Any]] = self._call("GET", "/__aimock/journal?method=POST")
        return [each for each in found if not each["path"].startswith("/__aimock")]

    def _fixture(self, response: dict[str, Any]) -> None:
        fixture = {"match": {}, "response": response}
        self._call("POST", "/__aimock/fixtures", {"fixtures": [fixture]})

    def _call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.loads(response.read() or b"null")


def installed() -> Path:
    """Return the program, installed once for all runs; skip the tests where it cannot be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("Node and npm are not installed, so there is no aimock to ask.")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "stellwerk-tests" / f"aimock-{VERSION}"
    program = home / "node_modules" / PACKAGE / "dist" / "cli.js"
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _install(npm, home)
    return program


def _install(npm: str, home: Path) -> None:
    command = [npm, "install", "--prefix", str(home), "--ignore-scripts", "--no-audit"]
    done = subprocess.run(
        [*command, "--no-fund", f"{PACKAGE}@{VERSION}"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm could not install aimock: {done.stderr.strip()[-300:]}")


@contextmanager
def running(folder: Path) -> Iterator[AiMock]:
    """Run a server on a free port."""
    fixtures, log = folder / "fixtures.json", folder / "aimock.log"
    fixtures.write_text('{"fixtures": []}')
    program = installed()
    with log.open("w") as out:
        command = ["node", str(program), "-p", "0", "-f", str(fixtures), "--log-level", "info"]
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield AiMock(_listening(log, process))
    finally:
        process.terminate()
        process.wait(10)


def _listening(log: Path, process: subprocess.Popen[bytes]) -> str:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        if found := re.search(r"listening on (http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"aimock did not start: {log.read_text()}")
