"""How an error reaches a person or a program: one message, the next step, an exit code."""

from __future__ import annotations

import sys
from typing import Any

from stellwerk.cli.desk import SCHEMA_VERSION
from stellwerk.cli.ink import Ink
from stellwerk.cli.streams import as_json
from stellwerk.domain.text import clean


def report(message: str, hint: str, *, code: str, exit_code: int, for_programs: bool) -> None:
    """Write an error to stderr; stdout stays as it is."""
    message, hint = clean(message), clean(hint)
    if for_programs:
        error: dict[str, Any] = {"code": code, "message": message, "hint": hint or None}
        whole = {"schema_version": SCHEMA_VERSION, "kind": "error", "exit_code": exit_code}
        print(as_json({**whole, "error": error}), file=sys.stderr)
        return
    ink = Ink(sys.stderr)
    print(f"{ink('bold red', 'Error:')} {message}", file=sys.stderr)
    if hint:
        print(f"{ink('dim', '  →')} {hint}", file=sys.stderr)
