"""SW308: a source that cannot be one.

Bad (sources): - https://example.com/article
Good (sources): - https://www.gov.uk/renew-driving-licence (Renew a driving licence)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from stellwerk.domain.notes import Part
from stellwerk.domain.text import one_line, shortened
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
from stellwerk.validation.wording import opening

SOURCE: Final = Code(
    *("SW308", Severity.WARNING, "A source or image is a placeholder or no URL."),
    *(Aspect.COMPLETENESS, 0.8, Per.PACKAGE),
)
_HOST: Final = re.compile(r"(?=.{4,253}\Z)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]+")
_MADE_UP: Final = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net|edu|de)|localhost|[\w-]+\.(?:test|invalid|example|local))$"
    r"|(?:^|\.)(?:source|quelle|link|url|website|webseite|site|domain|yoursite|mysite|your\w*|"
    r"resource|placeholder|company|foo|bar|xyz|abc)\d*\.(?:com|org|net|de)$"
)
_SEARCH: Final = re.compile(
    r"//(?:www\.)?(?:google|bing|duckduckgo)\.[\w.]+/(?:search)?\?q=", re.IGNORECASE
)


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each URL that cannot lead anywhere, and for sources without any."""
    for text in subject.texts:
        for url in (*text.sources, *text.images):
            if reason := flaw(url):
                message = f"{text.ref}: {shortened(url, 90)} {reason}."
                hint = (
                    "Name a page that exists, or none: no source is better than a false one."
                )
                yield SOURCE.at(text.ref, message, hint, quote=url)
        if not text.sources:
            yield from _without_url(text)


def _without_url(text: Text) -> Iterator[Finding]:
    told = opening(text.notes.body(Part.SOURCES))
    if told:
        message = f"The sources of {text.ref} hold no URL: “{shortened(one_line(told), 60)}”."
        yield SOURCE.at(text.ref, message, "Give each its URL.", quote=told)


def flaw(url: str) -> str:
    """Return why a URL cannot be a source; empty if it can."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "is no URL"
    if not _HOST.fullmatch(host):
        return "has no host that could answer"
    if _MADE_UP.search(host):
        return "is a placeholder"
    if _SEARCH.search(url):
        return "is a search, not a source"
    return ""


VALIDATOR: Final = Validator((SOURCE,), check)
