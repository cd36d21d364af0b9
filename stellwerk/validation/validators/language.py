"""SW507: notes or titles in another language than the plan.

Bad (package): Book the hall :: Das Zimmer ist mit dem Bett und dem Tisch und der Lampe für die Gäste, die wir nicht kennen
Good (package): Book the hall :: The hall is booked with the keys for the guests and the band, who come at nine
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

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
from stellwerk.validation.wording import Pieces, opening, words

MIXED: Final = Code(
    *("SW507", Severity.WARNING, "Notes are in another language than the plan."),
    *(Aspect.COHERENCE, 1.5, Per.PACKAGE),
)
_MARKERS: Final = {
    "en": frozenset("the and of to is are with for that this it from which your be".split()),
    "de": frozenset(
        "der die das und ist mit für nicht ein eine den dem zu von auf wird".split()
    ),
    "fr": frozenset("le la les et est avec pour dans une des que qui pas sur du".split()),
    "es": frozenset("el los las y con para una del que por es en se como".split()),
    "it": frozenset("il gli e con per una della che non di è sono nel lo".split()),
}
_NAMES: Final = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
}  # fmt: skip
_ENOUGH: Final = 5
_LINE: Final = 3
_BITS: Final = 31
_MOST: Final = (1 << _BITS) - 1


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each work package that speaks another language, or half of it does."""
    if subject.language not in _MARKERS:
        return
    own = list(_MARKERS).index(subject.language)
    marks = Pieces(_marked)
    for text in subject.texts:
        lines = (text.package.title, text.summary, *text.steps, *text.criteria)
        whole = " ".join(lines)
        counts = _counts(marks.total(whole))
        if max(counts[:own] + counts[own + 1 :]) < _LINE:
            continue
        spoken = _most(counts, _ENOUGH)
        if spoken and spoken != subject.language:
            yield _found(text.ref, spoken, text.summary or text.package.title, subject)
            continue
        others = [
            line
            for line in (text.summary, *text.steps, *text.criteria)
            if _told(marks, line) not in {"", subject.language}
        ]
        if others:
            yield _found(text.ref, _told(marks, others[0]), others[0], subject)


def _found(ref: str, spoken: str, quote: str, subject: Subject) -> Finding:
    own = _NAMES[subject.language]
    message = f"{ref} speaks {_NAMES[spoken]} in a plan in {own}: “{shortened(quote, 80)}”."
    return MIXED.at(ref, message, f"Write it in {own}.", quote=opening(quote))


def spoken_in(text: str, least: int) -> str:
    """Return the language that a text is written in; empty if its words do not tell.

    Args:
        text: The text.
        least: How many words that mark a language it must have, and have more of them by half
            than of any other language.
    """
    return _most(_counts(_marked(words(text))), least)


def _told(marks: Pieces, line: str) -> str:
    return _most(_counts(marks.total(line)), _LINE)


def _marked(found: list[str]) -> int:
    """Return how many words mark each language, one number of `_BITS` bits after the other."""
    return sum(
        sum(word in marks for word in found) << at * _BITS
        for at, marks in enumerate(_MARKERS.values())
    )


def _counts(total: int) -> list[int]:
    return [total >> at * _BITS & _MOST for at in range(len(_MARKERS))]


def _most(counts: list[int], least: int) -> str:
    ranked = sorted(zip(counts, _MARKERS, strict=True), reverse=True)
    (most, name), (next_most, _) = ranked[0], ranked[1]
    return name if most >= least and most > 1.5 * next_most else ""


VALIDATOR: Final = Validator((MIXED,), check)
