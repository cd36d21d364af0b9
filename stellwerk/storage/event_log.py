"""The log of planning runs, as `[monitoring]` wants it, and on the terminal with `-vv`.

Each event of a run is a line: JSON for programs, or text for people. Warnings of libraries go
the same way, so that nothing reaches the terminal past `scrub`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO, TypeAlias

from stellwerk.domain.text import one_line
from stellwerk.errors import StorageError
from stellwerk.planning.events import (
    CallDone,
    CallFailed,
    CallRepaired,
    CallStarted,
    Emit,
    Event,
    FailedOver,
    Found,
    RunDone,
    RunStarted,
    RunStopped,
    StageDone,
    StageStarted,
    SteppedDown,
)
from stellwerk.validation.findings import Severity

Scrub: TypeAlias = Callable[[str], str]

_LEVELS: Final[Mapping[type, str]] = {
    CallStarted: "debug",
    CallDone: "debug",
    FailedOver: "warning",
    SteppedDown: "warning",
    RunStopped: "error",
}
"""Of events that are no `info`; those of failures, repairs and findings depend."""
_FINDINGS: Final = {
    Severity.ERROR: "warning",
    Severity.WARNING: "info",
    Severity.INFO: "debug",
}
"""What is wrong with a plan is not wrong with the run."""
_FIRST: Final = ("timestamp", "level", "event")
_STARTS: Final = {StageDone: StageStarted, CallFailed: CallStarted}


class Outlet(NamedTuple):
    """Where a log goes.

    Attributes:
        stream: What it is written to.
        level: The least serious events it takes, in capitals.
        form: How they are written: `json` or `console`.
    """

    stream: TextIO
    level: str
    form: str


@contextmanager
def event_log(
    path: Path | None,
    level: str = "WARNING",
    *,
    form: str = "json",
    console: TextIO | None = None,
    scrub: Scrub = str,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Emit]:
    """Give a listener that writes events.

    Args:
        path: The file they are added to; None for none.
        level: The least serious events that go there (`DEBUG`, `INFO`, ...).
        form: How they are written there: `json` or `console`.
        console: A terminal that gets all of them, for people.
        scrub: Takes keys out of text.
        say: Told in a sentence if the log has to end early; the run goes on.

    Raises:
        StorageError: The file cannot be written.
    """
    with ExitStack() as stack:
        outlets = [Outlet(console, "DEBUG", "console")] if console else []
        if path is not None:
            outlets.append(Outlet(stack.enter_context(_appended(path)), level, form))
        logs = [_logger(outlet, scrub, say) for outlet in outlets]
        stack.enter_context(_hearing(logs))
        yield _Listener(logs)


def level_of(event: Event) -> str:
    """Return how serious an event is: `debug`, `info`, `warning` or `error`."""
    match event:
        case CallFailed():
            return "error" if event.wait is None else "warning"
        case CallRepaired():
            return "warning" if event.again else "info"
        case Found():
            return _FINDINGS[event.finding.severity]
        case _:
            return _LEVELS.get(type(event), "info")


class _Listener:
    """Writes events with the run they belong to and how long things took."""

    def __init__(self, logs: list[Any]) -> None:
        self._logs = logs
        self._run = ""
        self._begun: dict[tuple[Any, ...], float] = {}

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._run = event.run
        told = {**({"run": self._run} if self._run else {}), **_flat(asdict(event))}
        seconds = self._seconds(event)
        if seconds is not None:
            told["seconds"] = round(seconds, 3)
        for log in self._logs:
            getattr(log, level_of(event))(type(event).__name__, **told)

    def _seconds(self, event: Event) -> float | None:
        now = time.monotonic()
        match event:
            case RunStarted() | StageStarted() | CallStarted():
                self._begun[self._place(event)] = now
                return None
            case CallDone():
                return event.seconds
            case RunDone() | RunStopped() | StageDone() | CallFailed():
                begun = self._begun.pop(self._place(event), None)
                return None if begun is None else now - begun
            case _:
                return None

    @staticmethod
    def _place(event: Event) -> tuple[Any, ...]:
        """Return what the beginning and the end of a thing have in common."""
        names = ("stage", "subject", "provider")
        kind = _STARTS.get(type(event), type(event))
        if isinstance(event, RunStarted | RunDone | RunStopped):
            return ("run",)
        return (kind, *(getattr(event, name, "") for name in names))


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields without those that are not known, and usage and findings among them."""
    flat: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, Mapping) and name in {"usage", "finding"}:
            flat |= {each: value[each] for each in value if each != "fix"}
        else:
            flat[name] = value
    return {name: value for name, value in flat.items() if value is not None and value != ""}


@contextmanager
def _appended(path: Path) -> Iterator[TextIO]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        stream = path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)
    except OSError as error:
        msg = f"The log file {path} cannot be written: {error.strerror or error}."
        raise StorageError(
            msg, "Set another one: stellwerk config set monitoring.log_file"
        ) from error
    try:
        yield stream
    finally:
        with suppress(OSError):  # said when it was written to
            stream.close()


class _Writer:
    """Writes lines to a stream; one that takes no more is left alone, and that is said once."""

    def __init__(self, stream: TextIO, say: Callable[[str], None]) -> None:
        self._stream = stream
        self._say = say
        self._ended = False

    def msg(self, message: str) -> None:
        """Write a line."""
        if self._ended:
            return
        try:
            over = "\r\x1b[K" if self._stream.isatty() else ""
            self._stream.write(f"{over}{message}\n")
            self._stream.flush()
        except OSError as error:
            self._ended = True
            self._say(f"The log cannot be written any longer: {error.strerror or error}.")

    debug = info = warning = error = critical = msg


def _logger(outlet: Outlet, scrub: Scrub, say: Callable[[str], None]) -> Any:
    """Return a structlog logger for an outlet."""
    import structlog

    people = outlet.form == "console"

    def scrubbed(_: Any, __: str, told: MutableMapping[str, Any]) -> dict[str, Any]:
        ordered = {**dict.fromkeys(_FIRST), **told}
        return {name: _scrubbed(ordered[name], scrub, people=people) for name in ordered}

    processors = structlog.processors
    render = processors.JSONRenderer(ensure_ascii=False, default=str)
    at = processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people)
    return structlog.wrap_logger(
        _Writer(outlet.stream, say),
        processors=[
            processors.add_log_level,
            at,
            scrubbed,
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=14) if people else render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(outlet.level.lower()),
    )


def _scrubbed(value: Any, scrub: Scrub, *, people: bool) -> Any:
    """Return a value without keys; for people as text that stays in its line."""
    match value:
        case str():
            return one_line(scrub(value)) if people else scrub(value)
        case Mapping():
            return {each: _scrubbed(value[each], scrub, people=people) for each in value}
        case list() | tuple():
            return [_scrubbed(each, scrub, people=people) for each in value]
        case _:
            return value


class _Library(logging.Handler):
    """Hands what libraries log to the logs."""

    def __init__(self, logs: list[Any]) -> None:
        super().__init__(logging.WARNING)
        self._logs = logs
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; its level counts, and a traceback goes along."""
        level = "error" if record.levelno >= logging.ERROR else "warning"
        for log in self._logs:
            getattr(log, level)("Library", logger=record.name, message=self.format(record))


@contextmanager
def _hearing(logs: list[Any]) -> Iterator[None]:
    """Hear the warnings of libraries; without a log they are left out."""
    handler, root = _Library(logs), logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
