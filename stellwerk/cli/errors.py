"""How an error reaches a person or a program: one message, the next step, an exit code."""

from __future__ import annotations

import json
import sys
from typing import Any

from stellwerk.cli.desk import SCHEMA_VERSION
from stellwerk.cli.ink import Ink
from stellwerk.domain.text import clean


def report(message: str, hint: str, *, code: str, exit_code: int, as_json: bool) -> None:
    """Write an error to stderr; stdout stays as it is."""
    if as_json:
        error: dict[str, Any] = {"code": code, "message": message, "hint": hint or None}
        whole = {"schema_version": SCHEMA_VERSION, "kind": "error", "exit_code": exit_code}
        print(json.dumps({**whole, "error": error}, ensure_ascii=False), file=sys.stderr)
        return
    ink = Ink(sys.stderr)
    told = f"{ink('bold red', 'Error:')} {clean(message)}"
    print(told, file=sys.stderr)
    if hint:
        print(f"{ink('dim', '  →')} {clean(hint)}", file=sys.stderr)
