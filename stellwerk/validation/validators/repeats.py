"""SW304 and SW305: lines that stand in several work packages.

What fits two work packages word for word, or but for their titles, helps with neither.

Bad (packages): Bake bread :: Check the result with the team | Cook soup :: Check the result with the team
Good (packages): Bake bread :: Weigh the loaf on the kitchen scales | Cook soup :: Taste it with a clean spoon
Bad (packages): Bake bread :: Show the bread to all who matter | Cook soup :: Show the soup to all who matter
Good (packages): Bake bread :: Cut the bread when it is cold | Cook soup :: Serve the soup while it is hot
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from stellwerk.domain.text import shortened
from stellwerk.validation.findings import (
    Aspect,
    Code,
    Finding,
    Per,
    Severity,
    Subject,
    Validator,
)
from stellwerk.validation.subject import Text
from stellwerk.validation.wording import content_words, plain, plain_lines, sentences

REPEATED: Final = Code(
    *("SW304", Severity.WARNING, "A line stands word for word in several work packages."),
    *(Aspect.SPECIFICITY, 1.2, Per.LINE),
)
SWAPPED: Final = Code(
    *("SW305", Severity.WARNING, "A line differs from another one in the title alone."),
    *(Aspect.SPECIFICITY, 1.2, Per.LINE),
)
_SHORTEST: Final = 4
"""Words from which on a line is more than a coincidence."""
_TITLE: Final = "\x00"


class _First(NamedTuple):
    """Where a line stands first."""

    ref: str
    uid: str


class _Shared(NamedTuple):
    """A line that stands elsewhere, too, and the ref of where it stands first."""

    line: str
    ref: str


def check(subject: Subject) -> Iterator[Finding]:
    """Yield one finding a work package for lines repeated, and one for titles swapped."""
    exact: dict[str, _First] = {}
    masked: dict[str, _First] = {}
    for text in subject.texts:
        same, swapped = _shared(text, exact, masked)
        if same:
            yield _found(REPEATED, text, same, "word for word")
        if swapped:
            yield _found(SWAPPED, text, swapped, "but for the title")


def _shared(
    text: Text, exact: dict[str, _First], masked: dict[str, _First]
) -> tuple[list[_Shared], list[_Shared]]:
    """Return the lines of a text that stood before, and those that did but for the title.

    Args:
        text: The text.
        exact: Lines that stood before; those of the text are added.
        masked: The same with titles hidden.
    """
    same, swapped = list[_Shared](), list[_Shared]()
    here = _First(text.ref, text.package.uid)
    lines = list(_lines(text))
    for line, bare, hidden in zip(lines, *_normal(text.package.title, lines), strict=True):
        if bare.count(" ") < _SHORTEST - 1:
            continue
        if (first := exact.setdefault(bare, here)) is not here:
            same.append(_Shared(line, first.ref))
        elif _TITLE in hidden and (first := masked.setdefault(hidden, here)) is not here:
            swapped.append(_Shared(line, first.ref))
    return same, swapped


def _lines(text: Text) -> Iterator[str]:
    if text.summary:
        yield from sentences(text.summary)
    yield from text.steps
    yield from text.criteria
    for risk, mitigation in text.risks:
        yield risk
        if mitigation:
            yield mitigation


def _normal(title: str, lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines without case and punctuation, and the same with the title hidden."""
    if not lines:
        return [], []
    bare = plain_lines(lines)
    whole = "\n".join(bare)
    for part in (plain(title), *content_words(title)):
        whole = whole.replace(part or _TITLE, _TITLE)
    for _ in range(2):
        whole = whole.replace(f"{_TITLE} {_TITLE}", _TITLE)
    return bare, whole.split("\n")


def _found(code: Code, text: Text, lines: list[_Shared], how: str) -> Finding:
    quote, where = lines[0]
    count = len(lines)
    what = f"{count} lines" if count > 1 else "a line"
    also = f" and {count - 1} more" if count > 1 else ""
    message = f"{text.ref} shares {what} with {where} {how}: “{shortened(quote, 90)}”{also}."
    hint = "Say what is different here, or leave it out."
    return code.at(text.ref, message, hint, quote=quote, count=count)


VALIDATOR: Final = Validator((REPEATED, SWAPPED), check)
