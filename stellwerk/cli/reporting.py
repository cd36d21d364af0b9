"""What is told beside the answer of a call: its log on the terminal, and bugs to Sentry.

Sentry gets where in the code a bug is, and nothing that it was about: an event is built
anew from the few fields that hold no text of anybody's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, TextIO

from stellwerk import __version__
from stellwerk.cli.desk import Desk
from stellwerk.errors import StellwerkError

if TYPE_CHECKING:
    from stellwerk.providers.redaction import Redactor

_LOUD: Final = 2
_SECONDS: Final = 3.0
"""For so long a call that failed may wait for Sentry."""
_EVENT: Final = ("event_id", "timestamp", "level", "platform", "release", "environment")
_FRAME: Final = ("function", "module", "lineno", "in_app")


def log_terminal(desk: Desk) -> TextIO | None:
    """Return where the log of a run is shown: stderr with `-vv`, or nowhere.

    `monitoring.log_level = "DEBUG"` without a file asks for it too.
    """
    if desk.quiet:
        return None
    monitoring = desk.settings.monitoring
    unseen = monitoring.log_level == "DEBUG" and monitoring.log_file is None
    return sys.stderr if desk.verbose >= _LOUD or unseen else None


def report_bug(desk: Desk, error: Exception, redactor: Redactor) -> None:
    """Send a bug to the Sentry project of `monitoring.sentry_dsn`, if there is one."""
    try:
        dsn = desk.settings.monitoring.sentry_dsn
        if dsn is not None:
            _send(desk, error, dsn.reveal(), redactor)
    except StellwerkError:
        return  # settings that cannot be read name no project
    except Exception as failed:  # noqa: BLE001  (the outermost edge: no bug hides another)
        desk.say(f"It could not be reported to Sentry ({type(failed).__name__}).")


def _send(desk: Desk, error: Exception, dsn: str, redactor: Redactor) -> None:
    try:
        import sentry_sdk
        from sentry_sdk.utils import BadDsn, event_from_exception
    except ImportError:
        desk.say(
            "monitoring.sentry_dsn is set, but sentry-sdk is not installed, so this was not"
            " reported. Install it: pip install 'stellwerk[sentry]'"
        )
        return

    def before_send(event: Any, _: Any) -> Any:
        return redactor.scrub_data(bare(event))

    try:
        client = sentry_sdk.Client(dsn=dsn, before_send=before_send, **_options())
    except BadDsn:
        desk.say("monitoring.sentry_dsn is no DSN of Sentry, so this was not reported.")
        return
    desk.say("Sending it to Sentry: where in the code it happened, none of your texts.")
    event, hint = event_from_exception(error, client_options=client.options)
    client.capture_event(event, hint)
    client.close(timeout=_SECONDS)


def bare(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Sentry event with types of exceptions and places in the code, and no more."""
    raised = (event.get("exception") or {}).get("values") or []
    return {
        **{name: event[name] for name in _EVENT if name in event},
        "contexts": {"runtime": {"name": "CPython", "version": sys.version.split()[0]}},
        "exception": {"values": [_exception(each) for each in raised]},
    }


def _exception(raised: Mapping[str, Any]) -> dict[str, Any]:
    frames = (raised.get("stacktrace") or {}).get("frames") or []
    return {
        "type": raised.get("type"),
        "module": raised.get("module"),
        "stacktrace": {"frames": [_frame(each) for each in frames]},
    }


def _frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    """Return a place in the code; the folders above the package may name a person."""
    path = PurePath(str(frame.get("filename") or ""))
    known = {name: frame[name] for name in _FRAME if name in frame}
    return {"filename": path.name if path.is_absolute() else str(path), **known}


def _options() -> dict[str, Any]:
    """Return the options of a client that collects nothing by itself."""
    off: Iterable[str] = (
        *("default_integrations", "auto_enabling_integrations", "send_default_pii", "debug"),
        *("include_local_variables", "include_source_context", "auto_session_tracking"),
        *("send_client_reports", "propagate_traces", "attach_stacktrace", "spotlight"),
        *("enable_backpressure_handling", "enable_logs", "enable_metrics"),
    )
    return {
        **dict.fromkeys(off, False),
        "release": f"stellwerk@{__version__}",
        "environment": "production",
        "server_name": "",
        "max_breadcrumbs": 0,
        "max_request_body_size": "never",
        "in_app_include": ["stellwerk", "stellwerk_playbooks"],
        "shutdown_timeout": _SECONDS,
    }
