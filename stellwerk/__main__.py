"""The entry point of the command line."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from contextlib import suppress

_ALLOCATIONS = 200_000
"""Between two looks for garbage: most calls have ended long before, and one look at a large
plan costs as much as reading it."""


def main() -> None:
    """Run Stellwerk."""
    gc.set_threshold(_ALLOCATIONS)
    try:
        from stellwerk.cli.main import run

        code = run()
    except KeyboardInterrupt:
        # Pressed before the command line was there to answer it.
        code = 130
    _leave(code)


def _leave(code: int) -> None:
    """End the process without taking a thousand modules apart first."""
    if threading.active_count() > 1:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    atexit._run_exitfuncs()  # noqa: SLF001  (what `sys.exit` would come to)
    os._exit(code)


if __name__ == "__main__":
    main()
