"""SW3xx: the notes of a work package have all their sections, full enough to work by."""

from __future__ import annotations

from collections.abc import Iterator

from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS, SOURCES
from stellwerk.domain.notes import Notes, Part, parse
from stellwerk.validation.findings import Finding, Severity, Subject


def check_notes(subject: Subject) -> Iterator[Finding]:
    """SW301: a section is missing; SW302: it is thin; SW309: no image (information)."""
    for package in subject.plan.packages:
        ref = subject.plan.ref(package.uid)
        notes = parse(subject.notes.get(package.uid, ""))
        yield from _sections(ref, notes)


def _sections(ref: str, notes: Notes) -> Iterator[Finding]:
    counts = (
        (Part.STEPS, len(notes.steps), MIN_STEPS),
        (Part.CRITERIA, len(notes.criteria), MIN_CRITERIA),
        (Part.RISKS, len([risk for risk, mitigation in notes.risks if mitigation]), MIN_RISKS),
        (Part.SOURCES, len(notes.sources), SOURCES[0]),
    )
    if not notes.summary:
        yield Finding("SW301", Severity.WARNING, ref, f"{ref} has no summary.")
    for part, count, least in counts:
        if not notes.body(part):
            yield Finding("SW301", Severity.WARNING, ref, f"{ref} has no {part}.")
        elif count < least:
            message = f"{ref} has {count} {part}; at least {least} make it workable."
            yield Finding("SW302", Severity.WARNING, ref, message)
    if not notes.images:
        yield Finding("SW309", Severity.INFO, ref, f"{ref} has no image.")
