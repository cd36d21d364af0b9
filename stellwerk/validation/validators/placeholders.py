"""SW303: a text that was to be written later.

Bad (steps): TODO: ask the landlord
Good (steps): Ask the landlord for the floor plan
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Subject,
    Validator,
)

PLACEHOLDER: Final = Code(
    *("SW303", Severity.WARNING, "A text stands there as a placeholder."),
    *(Aspect.COMPLETENESS, 1.0, Per.PACKAGE),
)
_MARKS: Final = re.compile(
    r"\b(?:TODO|TBD|TBA|FIXME|XXX+)\b"
    r"|(?i:\blorem ipsum\b|\bto be (?:defined|determined|added|filled in|decided later)\b"
    r"|\bwird (?:noch )?(?:ergänzt|nachgetragen)\b"
    r"|\bfolgt noch\b|\[(?:insert|your|add|name of|hier)\b[^\]\n]{0,60}\]"
    r"|<(?:insert|your|add)\b[^>\n]{0,60}>|\{\{[^{}\n]{1,60}\}\})"
)
_LOUD: Final = ("TODO", "TBD", "TBA", "FIXME", "XXX", "{{")
_SIGNS: Final = (
    *("lorem ipsum", "to be ", "er text", "ergänzt", "nachgetragen", "folgt noch"),
    *("[insert", "[your", "[add", "[name of", "[hier", "<insert", "<your", "<add"),
)
"""One of these stands in every placeholder; finding them is quicker than the pattern."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each work package with a placeholder in its title or notes."""
    for text in subject.texts:
        uid, title = text.package.uid, text.package.title
        body = subject.notes.get(uid, ""), subject.lowered.get(uid, "")
        if found := _placeholder(title, title.lower()) or _placeholder(*body):
            line = _line_around(found)
            message = f"{text.ref} has a placeholder: “{found[0]}”."
            yield PLACEHOLDER.at(text.ref, message, "Write what belongs there.", quote=line)


def _placeholder(text: str, lower: str) -> re.Match[str] | None:
    likely = any(sign in text for sign in _LOUD) or any(sign in lower for sign in _SIGNS)
    return _MARKS.search(text) if likely else None


def _line_around(found: re.Match[str]) -> str:
    start = found.string.rfind("\n", 0, found.start()) + 1
    end = found.string.find("\n", found.end())
    return found.string[start : end if end >= 0 else None].strip()


VALIDATOR: Final = Validator((PLACEHOLDER,), check)
