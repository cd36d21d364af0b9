"""Notes in the page: known elements, links to the web, and nothing that runs or loads."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.railway.html.notes import rendered
from tests.exchange.hostile import TEXTS
from tests.railway.hostile import NOTE

_TAGS = set(
    "p h3 h4 h5 h6 ul ol li a em strong code pre br hr blockquote table thead tbody tr th td s".split()
)


class _Reader(HTMLParser):
    """Collects the tags and links of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def read(fragment: str) -> _Reader:
    """Return what a fragment of HTML holds."""
    reader = _Reader()
    reader.feed(fragment)
    reader.close()
    return reader


@given(TEXTS | st.text(max_size=200))
def test_notes_become_plain_html(text: str):
    """Of known elements alone; links lead to the web and tell it nothing of the page."""
    found = read(rendered(text))
    assert set(found.tags) <= _TAGS
    for name, value in found.attributes:
        assert name in {"href", "rel", "start", "class", "style"}
        assert name != "href" or re.match("https?://", value or "", re.IGNORECASE)
        assert name != "rel" or value == "noopener noreferrer"
        assert name != "style" or re.fullmatch("text-align:(left|right|center)", value or "")
    assert found.attributes.count(("rel", "noopener noreferrer")) == found.tags.count("a")


def test_addresses_in_notes_are_links_and_pictures_too():
    """Bare ones as well; nothing is loaded from anywhere."""
    html = rendered(NOTE)
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', html)
    assert links == [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("http://example.org", "there"),
        ("https://example.org/p.png", "Picture"),
    ]
    assert "<img" not in html
    assert "<h4>Summary</h4>" in html
    assert "<li>☐ Open</li>" in html
    assert "<li>☑ Ticked</li>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        '<img src=x onerror="x">',
        "[x]: vbscript:x\n\n[x]",
        "<javascript:alert(1)>",
        "[x](//example.org)",
    ],
)
def test_notes_hold_no_dangerous_link_or_element(text: str):
    """What is not allowed stays text."""
    assert not set(read(rendered(text)).tags) - {"p"}
