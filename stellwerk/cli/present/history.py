"""The journal and the difference of two revisions: text and data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from stellwerk.cli.ink import Ink
from stellwerk.domain.difference import Difference, Sign
from stellwerk.domain.journal import EntryKind, EntryLine
from stellwerk.domain.text import shortened

_SIGNS = {
    Sign.ADDED: ("+", "green"),
    Sign.REMOVED: ("-", "red"),
    Sign.CHANGED: ("~", "yellow"),
}


def log_data(lines: Sequence[EntryLine]) -> dict[str, Any]:
    """Return journal entries as JSON data."""
    return {
        "entries": [
            {
                "revision": line.revision,
                "kind": line.kind.value,
                "author": line.author,
                "at": line.at.isoformat().replace("+00:00", "Z"),
                "says": line.says,
                "undoes": line.undoes,
                "undone_by": line.undone_by,
            }
            for line in lines
        ]
    }


def log_text(lines: Sequence[EntryLine], ink: Ink) -> str:
    """Return journal entries, newest first, a line each."""
    if not lines:
        return "Nothing has been changed yet."
    digits = len(str(lines[-1].revision))
    told = []
    for line in reversed(lines):
        when = _local(line.at).isoformat(" ", "minutes")[:16]
        author = line.author.partition(" <")[0]
        verb = "" if line.kind is EntryKind.EDIT else f"{line.kind.value} of {line.undoes}: "
        gone = ink("dim", " (taken back)") if line.undone_by else ""
        revision = ink("cyan", f"{line.revision:>{digits}}")
        told.append(f"{revision}  {ink('dim', f'{when}  {author}')}  {verb}{line.says}{gone}")
    return "\n".join(told)


def _local(moment: datetime) -> datetime:
    """Return a moment as clocks here show it, or in UTC where they cannot."""
    try:
        return moment.astimezone()
    except OverflowError:
        return moment


def diff_data(found: Sequence[Difference]) -> dict[str, Any]:
    """Return differences as JSON data."""
    return {
        "differences": [
            {
                "sign": each.sign.value,
                "uid": each.uid or None,
                "name": each.name,
                "field": each.field or None,
                "old": each.old,
                "new": each.new,
            }
            for each in found
        ]
    }


def diff_text(found: Sequence[Difference], ink: Ink) -> str:
    """Return differences, a line each."""
    return "\n".join(_difference(each, ink) for each in found) or "Nothing differs."


def _difference(each: Difference, ink: Ink) -> str:
    sign, style = _SIGNS[each.sign]
    if not each.field:
        return ink(style, f"{sign} {each.name}")
    if each.field == "notes":
        return f"{ink(style, sign)} {each.name}: notes rewritten"
    return f"{ink(style, sign)} {each.name}: {each.field} {_value(each.old)} -> {_value(each.new)}"


def _value(value: object) -> str:
    if value in (None, "", []):
        return "nothing"
    return shortened(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), 80
    )
