"""What is only information, counted by code: a plan without images takes one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from stellwerk.cli.findings.checking import Checked, Placed
from stellwerk.cli.findings.places import Place
from stellwerk.domain.text import one_line
from stellwerk.validation.findings import Severity

_NAMED: Final = 3


class Noted(NamedTuple):
    """Findings of one code that are only information.

    Attributes:
        code: The code.
        says: How many there are, what they say, and on what if those are few.
        place: Of the first of them.
    """

    code: str
    says: str
    place: Place | None


def told_and_noted(
    checked: Checked, *, each: bool = False
) -> tuple[tuple[Placed, ...], tuple[Noted, ...]]:
    """Return the findings to tell one by one, and those to count; with `each` none."""
    if each:
        return checked.found, ()
    told = tuple(p for p in checked.found if p.finding.severity is not Severity.INFO)
    infos = [p for p in checked.found if p.finding.severity is Severity.INFO]
    codes = sorted({placed.finding.code for placed in infos})
    return told, tuple(
        _noted(checked, code, [p for p in infos if p.finding.code == code]) for code in codes
    )


def _noted(checked: Checked, code: str, found: list[Placed]) -> Noted:
    first = found[0].finding
    known = checked.codes.get(code)
    says = first.message if len(found) == 1 or known is None else known.says
    refs = [] if len(found) == 1 and first.ref in says else _refs(found)
    told = f"{says} ({', '.join(refs)})" if 0 < len(refs) <= _NAMED else says
    count = f"{len(found)} × " if len(found) > 1 else ""
    return Noted(code, one_line(count + told), found[0].place)


def _refs(found: Iterable[Placed]) -> list[str]:
    return list(dict.fromkeys(p.finding.ref for p in found if p.finding.ref))
