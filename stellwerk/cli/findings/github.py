"""Findings as GitHub shows them beside the lines of a change: workflow commands.

The escapes are those of GitHub's own toolkit: data cannot end a line, properties cannot end
themselves, so nothing in a plan becomes a command.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from stellwerk.cli.findings.checking import Checked, Placed
from stellwerk.cli.findings.folding import Noted, told_and_noted
from stellwerk.cli.findings.places import Place
from stellwerk.domain.text import clean
from stellwerk.validation.findings import Severity

_NAMES: Final = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}
_DATA: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY: Final = {**_DATA, ":": "%3A", ",": "%2C"}


def commands(checked: Iterable[Checked], *, each: bool = False) -> Iterator[str]:
    """Yield a line for each finding; what is only noted has one for each code.

    Args:
        checked: The plans.
        each: Whether what is only noted has a line for each finding too.
    """
    for plan in checked:
        told, noted = told_and_noted(plan, each=each)
        yield from (_annotation(plan, placed) for placed in told)
        yield from (_note(plan, many) for many in noted)


def _annotation(checked: Checked, placed: Placed) -> str:
    finding = placed.finding
    ref = "" if finding.ref and finding.message.startswith(finding.ref) else finding.ref
    about = ref if placed.place else f"{checked.target.name} {ref}".strip()
    message = f"{about}: {finding.message}" if about else finding.message
    hint = f"\n→ {finding.hint}" if finding.hint else ""
    return _line(finding.severity, placed.place, finding.code, message + hint)


def _note(checked: Checked, noted: Noted) -> str:
    place = Place(noted.place.file, 1) if noted.place else None
    about = "" if place else f"{checked.target.name}: "
    return _line(Severity.INFO, place, noted.code, about + noted.says)


def _line(severity: Severity, place: Place | None, code: str, message: str) -> str:
    where = {"file": _in_repository(place.file), "line": str(place.line)} if place else {}
    given = {name: text for name, text in where.items() if place and place.file}
    told = ",".join(
        f"{name}={_escaped(text, _PROPERTY)}"
        for name, text in {**given, "title": code}.items()
    )
    return f"::{_NAMES[severity]} {told}::{_escaped(message, _DATA)}"


def _in_repository(file: str) -> str:
    """Return a path as the repository has it, where it lies in the working directory."""
    path = Path(os.path.normpath(file))
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_posix()


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(char, char) for char in clean(text))
