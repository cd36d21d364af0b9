"""The log file of planning runs: one JSON object a line, when `[monitoring] log_file` is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import structlog

from stellwerk.errors import StorageError
from stellwerk.planning.events import Emit, Event


@contextmanager
def event_log(path: Path, level: str) -> Iterator[Emit]:
    """Give a listener that writes events from a level on (`DEBUG`, `INFO`, ...).

    Raises:
        StorageError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        stream = path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        msg = f"The log file {path} cannot be written: {error.strerror or error}."
        raise StorageError(
            msg, "Set another one: stellwerk config set monitoring.log_file"
        ) from error
    with stream:
        yield _listener(stream, level)


def _listener(stream: TextIO, level: str) -> Emit:
    logger: Any = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
    )

    def listen(event: Event) -> None:
        logger.info(type(event).__name__, **asdict(event))

    return listen
