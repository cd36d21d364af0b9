"""Progress for programs: each event as one line of JSON on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from stellwerk.cli.streams import as_json
from stellwerk.planning.events import Emit, Event, Found


class NdjsonTeller(AbstractContextManager[Emit]):
    """Writes events down as they come.

    Args:
        now: Says when it is, UTC.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now

    def __enter__(self) -> Emit:
        """Return what hears the events."""
        return self

    def __call__(self, event: Event) -> None:
        """Write an event; a reader that has gone does not end the run."""
        with suppress(OSError):
            print(as_json(event_data(event, self._now())), file=sys.stderr, flush=True)

    def __exit__(self, *error: object) -> None:
        """Leave nothing open."""


def event_data(event: Event, at: datetime) -> dict[str, Any]:
    """Return an event as JSON data: its name, the time, its fields."""
    when = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = asdict(event)
    if isinstance(event, Found):
        del told["finding"]["fix"]  # an edit, which nobody makes before there is a plan
    return {"event": type(event).__name__, "at": when, **told}
