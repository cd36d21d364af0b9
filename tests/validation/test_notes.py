"""Notes: all sections are there, and full enough to work by."""

from __future__ import annotations

import pytest

from stellwerk.domain.limits import MIN_CRITERIA, MIN_RISKS, MIN_STEPS, SOURCES
from stellwerk.domain.notes import HEADINGS, Part
from stellwerk.validation.findings import Finding, Severity
from stellwerk.validation.validators import notes
from tests.validation.samples import Work, codes, found, subject

FULL = {"summary": 1, "steps": MIN_STEPS, "criteria": MIN_CRITERIA, "risks": MIN_RISKS}
FULL |= {"sources": SOURCES[0], "images": 1}


def found_with(**less: int) -> list[Finding]:
    """Return what is found in notes with just enough of everything, but so much less of some."""
    counts = {part: count - less.get(part, 0) for part, count in FULL.items()}
    return found(
        notes.VALIDATOR, "notes", ", ".join(f"{n} {part}" for part, n in counts.items())
    )


@pytest.mark.parametrize("language", HEADINGS)
def test_notes_with_just_enough_of_everything_are_good(language: str):
    """In every language that has headings."""
    text = ", ".join(f"{count} {part}" for part, count in FULL.items())
    assert codes(notes.VALIDATOR, "notes", text, language) == []


@pytest.mark.parametrize("part", ["steps", "criteria", "risks"])
def test_one_less_is_thin_and_none_is_missing(part: str):
    """With the number there is and the number there should be."""
    (thin,) = found_with(**{part: 1})
    what = f"{part} with what is done about them" if part == "risks" else part
    least = FULL[part]
    assert (thin.code, thin.severity, thin.ref) == ("SW302", Severity.WARNING, "r1.1.1")
    assert thin.message == f"r1.1.1 has {least - 1} {what}; at least {least} make it workable."
    (missing,) = found_with(**{part: least})
    assert (missing.code, missing.message) == ("SW301", f"r1.1.1 has no {part}.")


@pytest.mark.parametrize(("less", "told"), [(1, str(SOURCES[0] - 1)), (SOURCES[0], "no")])
def test_few_sources_are_only_information(less: int, told: str):
    """Not every work has pages about it."""
    (few,) = found_with(sources=less)
    assert (few.code, few.severity) == ("SW316", Severity.INFO)
    assert few.message == f"r1.1.1 has {told} sources; {SOURCES[0]} help to go on."


def test_a_summary_is_asked_for_and_an_image_only_told():
    """The first is a warning, the second is information that costs nothing."""
    (summary,) = found_with(summary=1)
    assert (summary.message, summary.severity) == ("r1.1.1 has no summary.", Severity.WARNING)
    (image,) = found_with(images=1)
    assert (image.code, image.severity, notes.NO_IMAGE.cost) == ("SW309", Severity.INFO, 0.0)


def test_a_risk_without_what_softens_it_does_not_count():
    """It is only half a risk."""
    bodies = {Part.RISKS: "- Rain → roof\n- Snow → salt\n- Wind\n"}
    told = [each.message for each in notes.check(subject([Work(bodies=bodies)]))]
    expected = "r1.1.1 has 2 risks with what is done about them; at least 3 make it workable."
    assert expected in told


def test_a_section_in_which_nothing_is_listed_is_thin_and_not_missing():
    """Somebody wrote it, though not as a list."""
    bodies = {Part.STEPS: "Just sail there and back."}
    told = [each.message for each in notes.check(subject([Work(bodies=bodies)]))]
    assert "r1.1.1 has no steps; at least 6 make it workable." in told
    assert "r1.1.1 has no steps." not in told
