"""SW910 to SW913: sources that do not answer, are gone, have moved, or are not asked.

They are findings about the web of this hour, so they never count for the score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from stellwerk.plugins.api import (
    Code,
    Finding,
    Part,
    Severity,
    Subject,
    Validator,
    clean,
    shortened,
)
from stellwerk_links.outcomes import Kind, Outcome

STELLWERK_API: Final = 1
MISSING: Final = Code("SW910", Severity.WARNING, "A source does not exist.")
SILENT: Final = Code("SW911", Severity.WARNING, "A source did not answer.")
UNASKED: Final = Code(
    "SW912",
    Severity.INFO,
    "A source was not asked: its address is private, or not of the web.",
)
MOVED: Final = Code("SW913", Severity.INFO, "A source has moved for good.")
_SAYS: Final = {
    Kind.MISSING: (MISSING, "Name a page that exists, or none."),
    Kind.NO_HOST: (MISSING, "Name a page that exists, or none."),
    Kind.SILENT: (SILENT, "It may be temporary: check again in an hour."),
    Kind.UNASKED: (UNASKED, "Name a page that everybody can reach, or look at it yourself."),
}
_ANY_URL: Final = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'()]+", re.IGNORECASE)


class Place(NamedTuple):
    """A URL where it stands.

    Attributes:
        ref: Of the work package.
        url: The URL as it is written there.
    """

    ref: str
    url: str


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each source and image that does not answer as it should."""
    found = places(subject)
    if found:
        from stellwerk_links.checking import Checker

        yield from findings(found, Checker().outcomes(place.url for place in found))


def places(subject: Subject) -> list[Place]:
    """Return the URLs of sources and images, each once for a work package."""
    found = dict.fromkeys(
        Place(text.ref, url)
        for text in subject.texts
        for part, urls in (
            (Part.SOURCES, text.notes.sources),
            (Part.IMAGES, text.notes.images),
        )
        for url in (*urls, *_others(text.notes.body(part), urls))
    )
    return [*found]


def findings(found: list[Place], outcomes: Mapping[str, Outcome]) -> Iterator[Finding]:
    """Yield what there is to say of URLs, given what became of asking for them."""
    for place in found:
        outcome, url = outcomes[place.url], clean(place.url)
        shown = f"{place.ref}: {shortened(url, 90)}"
        if outcome.kind in _SAYS:
            code, hint = _SAYS[outcome.kind]
            yield code.at(place.ref, f"{shown} {clean(outcome.told)}.", hint, quote=url)
        elif outcome.moved:
            hint = f"Write {_with_fragment(clean(outcome.moved), url)} instead."
            yield MOVED.at(place.ref, f"{shown} has moved for good.", hint, quote=url)


def _others(body: str, urls: tuple[str, ...]) -> Iterator[str]:
    """Yield the URLs of a text that are not among those already found in it."""
    for url in sorted(urls, key=len, reverse=True):
        body = body.replace(url, " ")
    for match in _ANY_URL.finditer(body):
        yield match[0].rstrip(".,;:!?")


def _with_fragment(moved: str, url: str) -> str:
    """Return the new URL with the fragment of the old one, as a browser would."""
    fragment = url.partition("#")[2]
    return f"{moved}#{fragment}" if fragment and "#" not in moved else moved


VALIDATOR: Final = Validator((MISSING, SILENT, UNASKED, MOVED), check, default=False)
