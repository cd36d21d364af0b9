"""Showing long text through the user's pager."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from stellwerk.cli.streams import shows_unicode


def paged(text: str) -> bool:
    """Show text through `STELLWERK_PAGER`, `PAGER` or `less`; say if that worked."""
    command = os.environ.get("STELLWERK_PAGER") or os.environ.get("PAGER") or "less"
    if command in ("", "cat"):
        return False
    try:
        with (
            subprocess.Popen(  # noqa: S603  (the user's own pager)
                shlex.split(command),
                stdin=subprocess.PIPE,
                env=_environment(),
                text=True,
                encoding=sys.stdout.encoding,
                errors="replace",
            ) as process,
            _deaf(),
        ):
            process.communicate(text + "\n")
    except (OSError, ValueError):
        return False
    return process.returncode == 0


def _environment() -> dict[str, str]:
    """Return the pager's environment; what the user says of `less` counts."""
    ours = {"LESS": "FRX"} | ({"LESSCHARSET": "utf-8"} if shows_unicode() else {})
    return {**ours, **os.environ}


@contextmanager
def _deaf() -> Iterator[None]:
    """Leave Ctrl-C to the pager, which knows what its user means by it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
