"""SW306, SW307, SW310, SW312: lines in which no word is their own.

A line is vague if all its words fit every project: they are in the lexicon of filler, or
in the title above it.

Bad (steps): Do research
Good (steps): Ask three printers for the price of 200 flyers
Bad (criteria): It works well
Good (criteria): Ten calls in a row were answered within a minute
Bad (risks): Lack of time → plan enough time
Good (risks): The oven is too small for both trays → bake the second tray at the neighbour's
Bad (summary): This work package is about completing the task successfully.
Good (summary): The old boiler fails below five degrees, so a plumber replaces its valve.
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
from stellwerk.validation.wording import (
    STEM,
    Topics,
    content_words,
    opening,
    says_nothing,
    sentences,
)

STEP: Final = Code(
    *("SW306", Severity.WARNING, "A step does not say with what it is done, or to what."),
    *(Aspect.SPECIFICITY, 0.9, Per.STEP),
)
CRITERION: Final = Code(
    *("SW307", Severity.WARNING, "A criterion cannot be answered by looking or counting."),
    *(Aspect.SPECIFICITY, 0.9, Per.CRITERION),
)
RISK: Final = Code(
    *("SW310", Severity.WARNING, "A risk fits every project."),
    *(Aspect.SPECIFICITY, 0.7, Per.RISK),
)
SUMMARY: Final = Code(
    *("SW312", Severity.WARNING, "A summary says no more than the title."),
    *(Aspect.SPECIFICITY, 0.5, Per.PACKAGE),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each vague line."""
    topics = Topics()
    for text in subject.texts:
        title = content_words(text.package.title)
        known = {"", *(word[:STEM] for word in title)}
        risks = [risk for risk, _ in text.risks]
        for code, lines, hint in (
            (STEP, text.steps, "Name the tool, document or person."),
            (CRITERION, text.criteria, "Say what one can see, count or measure."),
            (RISK, risks, "Say what can go wrong in this very work."),
        ):
            for line in lines:
                if not topics.beyond(known, line) and says_nothing(line, title):
                    message = f"{text.ref}: “{shortened(line, 90)}” says nothing of its own."
                    yield code.at(text.ref, message, hint, quote=line)
        told = () if topics.beyond(known, text.summary) else sentences(text.summary)
        if told and all(says_nothing(each, title) for each in told):
            message = f"The summary of {text.ref} says no more than its title."
            hint = "Say what is done, and why it matters for the goal."
            yield SUMMARY.at(text.ref, message, hint, quote=opening(text.summary))


VALIDATOR: Final = Validator((STEP, CRITERION, RISK, SUMMARY), check)
