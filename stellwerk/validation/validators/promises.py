"""SW311 and SW317: what a title promises.

A work package should take up the words of its title, and a title should name something.

Bad (package): Bake the wedding cake :: Call the bank and ask for a lower rate
Good (package): Bake the wedding cake :: Order five kilograms of flour for the cake
Bad (title): Phase 2
Good (title): Kitchen floor tiled
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
from stellwerk.validation.wording import content_words, says_nothing, stems

BROKEN: Final = Code(
    *("SW311", Severity.WARNING, "A work package does not take up a word of its title."),
    *(Aspect.COHERENCE, 0.8, Per.PACKAGE),
)
EMPTY: Final = Code(
    *("SW317", Severity.WARNING, "A title names nothing."),
    *(Aspect.SPECIFICITY, 0.2, Per.PACKAGE),
)
_SHORTEST: Final = 200
"""Characters of notes from which on they could have mentioned it."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each title that is not kept, or promises nothing."""
    for text in subject.texts:
        title = text.package.title
        if _names_nothing(title):
            yield _empty(text.ref, title)
            continue
        body = subject.lowered.get(text.package.uid, "")
        promised = stems(" ".join(w for w in content_words(title) if w not in FILLER))
        if len(body) >= _SHORTEST and promised and not any(each in body for each in promised):
            message = f"The notes of {text.ref} never mention “{shortened(title, 80)}”."
            hint = "Write what the title promises, or rename it after what is written."
            yield BROKEN.at(text.ref, message, hint, quote=title)
    for route in subject.plan.routes:
        titles = {route.uid: route.title, **{task.uid: task.title for task in route.tasks}}
        for uid, title in titles.items():
            if _names_nothing(title):
                yield _empty(subject.plan.ref(uid), title)


def _names_nothing(title: str) -> bool:
    """Whether a title would be one with any number in it: “Phase 2”."""
    return says_nothing("".join(char for char in title if not char.isdigit()))


def _empty(ref: str, title: str) -> Finding:
    message = f"The title of {ref}, “{shortened(title, 80)}”, names nothing."
    return EMPTY.at(ref, message, "Name the result that one has at its end.", quote=title)


VALIDATOR: Final = Validator((BROKEN, EMPTY), check)
