"""SW313, SW314, SW318: more words than anybody reads, or words that say little.

Bad (summary): {nine long sentences}
Good (summary): The hall has one door, so the stage is built first. Then the chairs fit.
Bad (summary): {forty words of which every other project could be made}
Good (summary): {forty words with names, tools and places}
Bad (steps): Which florist should we take?
Good (steps): Ask the three florists in Mill Lane for the price of 20 table bouquets
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
from stellwerk.validation.lexicon import FILLER
from stellwerk.validation.subject import Text
from stellwerk.validation.wording import Pieces, opening, sentences

LONG: Final = Code(
    *("SW313", Severity.INFO, "Notes are longer than anybody reads before starting."),
    *(Aspect.SPECIFICITY, 0.8, Per.PACKAGE),
)
QUESTION: Final = Code(
    *("SW314", Severity.WARNING, "A step or criterion is a question."),
    *(Aspect.SPECIFICITY, 1.5, Per.LINE),
)
FILLING: Final = Code(
    *("SW318", Severity.WARNING, "Most words of the notes fit every project."),
    *(Aspect.SPECIFICITY, 0.8, Per.PACKAGE),
)
_OWN: Final = 0.3
"""Share of words that are not filler; in good plans it is 0.37 to 0.6."""
_COUNT: Final = 1 << 31
"""More words than a note has: so two counts go into one number."""
_WORDS: Final = 40
_SENTENCES: Final = 8
_STEPS: Final = 15
_CRITERIA: Final = 15
_LINE: Final = 450
_AVERAGE: Final = 190
_NOTES: Final = 7_000


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each work package that is too long, and for each question."""
    counts = Pieces(_counted)
    for text in subject.texts:
        if excess := _excess(text, len(subject.notes.get(text.package.uid, ""))):
            hint = "Keep what the work needs; the rest belongs into a source."
            yield LONG.at(text.ref, f"{text.ref} has {excess}.", hint)
        if (share := _own(text, counts)) < _OWN:
            message = f"Only {share:.0%} of the words of {text.ref} are about anything."
            hint = "Put names, numbers, tools and places where the general words stand."
            quote = opening(text.summary or text.package.title)
            yield FILLING.at(text.ref, message, hint, quote=quote)
        for line in (*text.steps, *text.criteria):
            if line.endswith("?") and ":" not in line:
                message = f"{text.ref}: “{shortened(line, 90)}” asks instead of saying."
                hint = "Write what is done to find the answer, and what it is used for."
                yield QUESTION.at(text.ref, message, hint, quote=line)


def _excess(text: Text, characters: int) -> str:
    told = len(sentences(text.summary)) if len(text.summary) > _LINE else 0
    if told > _SENTENCES or len(text.summary) > _SENTENCES * 150:
        return f"a summary of {told} sentences"
    if text.steps and sum(map(len, text.steps)) > _AVERAGE * len(text.steps):
        return f"steps of {sum(map(len, text.steps)) // len(text.steps)} characters on average"
    for name, lines, most in (
        ("steps", text.steps, _STEPS),
        ("criteria", text.criteria, _CRITERIA),
    ):
        if len(lines) > most:
            return f"{len(lines)} {name}"
        if longest := next((line for line in lines if len(line) > _LINE), ""):
            return f"a line of {len(longest)} characters among its {name}"
    return f"{characters} characters of notes" if characters > _NOTES else ""


def _own(text: Text, counts: Pieces) -> float:
    """Return the share of a note's words that could not stand in any other."""
    risks = (risk for risk, _ in text.risks)
    lines = "\n".join((text.summary, *text.steps, *text.criteria, *risks))
    own, count = divmod(counts.total(lines), _COUNT)
    return own / count if count >= _WORDS else 1.0


def _counted(found: list[str]) -> int:
    """Return how many words there are, and `_COUNT` for each that is not filler."""
    return len(found) + _COUNT * sum(word not in FILLER for word in found)


VALIDATOR: Final = Validator((LONG, QUESTION, FILLING), check)
