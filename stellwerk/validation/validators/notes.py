"""SW301, SW302, SW309, SW316: notes have all their sections, full enough to work by.

Bad (notes): 6 steps, 7 criteria, 3 risks, 3 sources, 1 image
Bad (notes): 1 summary, 5 steps, 7 criteria, 3 risks, 3 sources, 1 image
Bad (notes): 1 summary, 6 steps, 7 criteria, 3 risks, 2 sources, 1 image
Bad (notes): 1 summary, 6 steps, 7 criteria, 3 risks, 3 sources
Good (notes): 1 summary, 6 steps, 7 criteria, 3 risks, 3 sources, 1 image
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS, SOURCES
from stellwerk.domain.notes import Part
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

MISSING: Final = Code(
    *("SW301", Severity.WARNING, "Notes lack the summary, steps, criteria or risks."),
    *(Aspect.COMPLETENESS, 1.0, Per.SECTION),
)
THIN: Final = Code(
    *(
        "SW302",
        Severity.WARNING,
        "Notes have fewer steps, criteria or risks than make them workable.",
    ),
    *(Aspect.COMPLETENESS, 0.6, Per.SECTION),
)
NO_IMAGE: Final = Code("SW309", Severity.INFO, "A work package has no image.")
FEW_SOURCES: Final = Code(
    *("SW316", Severity.INFO, "A work package names fewer sources than help to go on."),
    *(Aspect.COMPLETENESS, 0.1, Per.PACKAGE),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each section that is missing or thin."""
    for text in subject.texts:
        ref = text.ref
        if not text.summary:
            yield MISSING.at(ref, f"{ref} has no summary.")
        yield from _sections(text)
        sources = len(text.sources)
        if sources < SOURCES[0]:
            message = f"{ref} has {sources or 'no'} sources; {SOURCES[0]} help to go on."
            yield FEW_SOURCES.at(ref, message, "Add pages that you know to exist.")
        if not text.images:
            yield NO_IMAGE.at(ref, f"{ref} has no image.")


def _sections(text: Text) -> Iterator[Finding]:
    mitigated = sum(1 for _, mitigation in text.risks if mitigation)
    counts = (
        (Part.STEPS, len(text.steps), MIN_STEPS),
        (Part.CRITERIA, len(text.criteria), MIN_CRITERIA),
        (Part.RISKS, mitigated, MIN_RISKS),
    )
    for part, count, least in counts:
        if count >= least:
            continue
        if not text.notes.body(part):
            yield MISSING.at(text.ref, f"{text.ref} has no {part}.")
        else:
            what = f"{part} with what is done about them" if part is Part.RISKS else part
            message = (
                f"{text.ref} has {count or 'no'} {what}; at least {least} make it workable."
            )
            yield THIN.at(text.ref, message)


VALIDATOR: Final = Validator((MISSING, THIN, NO_IMAGE, FEW_SOURCES), check)
