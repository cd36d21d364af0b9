"""Sources: URLs that can lead somewhere, and those that cannot."""

from __future__ import annotations

import pytest

from stellwerk.domain.notes import Part
from stellwerk.validation.validators import sources
from tests.validation.samples import Work, codes, found, subject

CHECK = sources.VALIDATOR


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.com/article", "is a placeholder"),
        ("https://www.example.org", "is a placeholder"),
        ("http://docs.example.de/a", "is a placeholder"),
        ("https://source1.com/a", "is a placeholder"),
        ("https://yourcompany.com", "is a placeholder"),
        ("https://shop.test/x", "is a placeholder"),
        ("https://localhost:8000/x", "has no host that could answer"),
        ("https://intranet/x", "has no host that could answer"),
        ("https://.../a", "has no host that could answer"),
        ("https://[::1/x", "is no URL"),
        ("https://www.google.com/search?q=flour", "is a search, not a source"),
        ("https://duckduckgo.com/?q=flour", "is a search, not a source"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_with_the_reason(url: str, why: str):
    """Made-up hosts, hosts without a domain, results of a search."""
    assert sources.flaw(url) == why


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gov.uk/renew-driving-licence",
        "https://de.wikipedia.org/wiki/Rost_(Programmiersprache)",
        "https://münchen.de/amt",
        "https://xn--mnchen-3ya.de",
        "https://examples.com/a",
        "https://mylocalhost.org",
        "https://developers.google.com/search/docs/fundamentals",
        "https://www.bing.com/webmasters/help",
        "https://datasource.org",
        "https://abc.net.au/news",
        "http://a-b.co.uk:8080/x?y=1#z",
    ],
)
def test_a_url_that_only_resembles_one_is_a_source(url: str):
    """Hosts that end otherwise, other languages, pages of a search engine that are no search."""
    assert sources.flaw(url) == ""
    assert codes(CHECK, "sources", f"- {url}") == []


def test_a_section_without_any_url_is_told_and_no_section_is_not():
    """What is missing is told by others."""
    (finding,) = found(CHECK, "sources", "Ask Anna, or the\nlibrary")
    assert finding.message == "The sources of r1.1.1 hold no URL: “Ask Anna, or the library”."
    assert codes(CHECK, "steps", "Ask Anna") == []
    assert codes(CHECK, "sources", "Anna’s list: https://www.gov.uk/a") == []


def test_pictures_have_to_be_somewhere_too():
    """Their URLs are looked at in the same way."""
    bodies = {Part.IMAGES: "- https://example.com/a.png"}
    (finding,) = CHECK(subject([Work(bodies=bodies)]))
    assert (finding.code, finding.quote) == ("SW308", "https://example.com/a.png")
