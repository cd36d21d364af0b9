"""Running one command and taking its time: wall clock, and CPU as the kernel counts it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from time import perf_counter
from typing import IO, Final

from stellwerk.errors import StellwerkError

PATIENCE: Final = 180.0
"""Seconds after which a command is stopped."""


class BenchmarkError(StellwerkError):
    """A command failed or did not do what was to be measured, so nothing is."""

    code = "benchmark"


@dataclass(frozen=True, slots=True)
class Call:
    """A command with all it depends on."""

    words: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str]

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run of a command took, in seconds.

    Attributes:
        wall: From before it was started until it had ended.
        cpu: User and system time, its own and that of the processes it waited for.
        stopped: Whether it was stopped before it ended.
    """

    wall: float
    cpu: float
    stopped: bool = False


def measured(
    call: Call, scratch: Path, *, keep: bool = False, patience: float = PATIENCE
) -> tuple[Sample, str]:
    """Run a command to its end; return what it took, and what it printed if that is kept.

    Args:
        call: What to run; its input is empty.
        scratch: A folder for what is printed.
        keep: Whether standard output goes to a file; otherwise it goes to the null device.
        patience: Seconds after which it is stopped.

    Raises:
        BenchmarkError: It ended with an exit code other than 0.
    """
    shown = scratch / "stdout" if keep else Path(os.devnull)
    narrated = scratch / "stderr"
    with shown.open("wb") as output, narrated.open("wb") as errors:
        sample, code = _run(call, output, errors, patience)
    if code != 0 and not sample.stopped:
        told = narrated.read_text("utf-8", errors="replace").strip()
        raise BenchmarkError(f"`{call}` ended with {code}:\n{told}", "Nothing was measured.")
    return sample, shown.read_text("utf-8", errors="replace") if keep else ""


def asked(call: Call) -> str:
    """Return what a command prints, without taking its time (BenchmarkError)."""
    done = subprocess.run(
        call.words,
        cwd=call.folder,
        env=call.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        told = f"{done.stdout}\n{done.stderr}".strip()
        raise BenchmarkError(f"`{call}` ended with {done.returncode}:\n{told}")
    return done.stdout


def _run(
    call: Call, output: IO[bytes], errors: IO[bytes], patience: float
) -> tuple[Sample, int]:
    start = perf_counter()
    process = subprocess.Popen(
        call.words,
        cwd=call.folder,
        env=call.environ,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
    )
    stopped: list[bool] = []
    timer = Timer(patience, _stop, (process.pid, stopped))
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        _stop(process.pid, stopped)
        raise
    finally:
        timer.cancel()
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Sample(wall, usage.ru_utime + usage.ru_stime, bool(stopped)), process.returncode


def _stop(pid: int, stopped: list[bool]) -> None:
    """End a process that we started, with all that it started."""
    stopped.append(True)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
