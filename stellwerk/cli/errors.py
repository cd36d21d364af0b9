"""How an error reaches a person or a program: one message, the next step, an exit code.

Whatever is told here has lost the keys that this call can know of, and what looks like one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stellwerk.cli.desk import SCHEMA_VERSION, Desk
from stellwerk.cli.ink import Ink
from stellwerk.cli.streams import as_json, fitted
from stellwerk.domain.text import clean

if TYPE_CHECKING:
    from stellwerk.config.settings import Settings
    from stellwerk.providers.redaction import Redactor


def report(
    message: str,
    hint: str,
    *,
    code: str,
    exit_code: int,
    for_programs: bool,
    scrub: Callable[[str], str] = str,
) -> None:
    """Write an error to stderr, without keys; stdout stays as it is."""
    message, hint = scrub(clean(message)), scrub(clean(hint))
    if for_programs:
        error: dict[str, Any] = {"code": code, "message": message, "hint": hint or None}
        whole = {"schema_version": SCHEMA_VERSION, "kind": "error", "exit_code": exit_code}
        print(as_json({**whole, "error": error}), file=sys.stderr)
        return
    ink = Ink(sys.stderr)
    lines = [f"{ink('bold red', 'Error:')} {message}"]
    if hint:
        lines.append(f"{ink('dim', '  →')} {hint}")
    for line in lines:
        print(fitted(line, sys.stderr), file=sys.stderr)


def show_traceback(error: BaseException, scrub: Callable[[str], str]) -> None:
    """Write where an error came from to stderr: its causes too, without keys and locals."""
    from traceback import TracebackException

    told = "".join(TracebackException.from_exception(error, capture_locals=False).format())
    sys.stderr.write(scrub(clean(told)))


def redactor_for(desk: Desk) -> Redactor:
    """Return what keeps the keys of a call out of what is told of it."""
    from stellwerk.config.known_secrets import known_secrets
    from stellwerk.providers.redaction import Redactor

    return Redactor(known_secrets(os.environ, _settings(desk)))


def _settings(desk: Desk) -> Settings | None:
    """Return the settings of a call, even of one that failed before it read them."""
    from stellwerk.config.discovery import load

    try:
        return desk.__dict__.get("settings") or load(Path.cwd(), os.environ, desk.flags)
    except Exception:  # noqa: BLE001  (the outermost edge: an error is being told already)
        return None
