"""Whatever a plan holds, it comes back from every format as it was."""

from __future__ import annotations

import re

from hypothesis import given

from stellwerk.domain.births import Births
from stellwerk.domain.plan import Plan
from stellwerk.domain.refs import RefBook
from stellwerk.exchange import markdown, plan_json
from stellwerk.exchange.document import Document
from stellwerk.testing.clock import CountedUids, FrozenClock
from tests.exchange.hostile import documents
from tests.strategies import MODEST

_MARKER = re.compile(r"<!-- stellwerk [a-z0-9.]+( \{[^<>]*\})? -->")
_HTML = re.compile(r"<[A-Za-z/!?]")


def births() -> Births:
    """Return births whose uids differ from those of the strategies."""
    return Births(FrozenClock().now, CountedUids(10**6))


def assert_same(found: Document, document: Document) -> None:
    """Plan, notes, counters and aliases are those of the document."""
    assert found.plan == document.plan
    assert found.notes == document.notes
    assert live(found.book, found.plan) == live(document.book, document.plan)


def live(book: RefBook, plan: Plan) -> tuple[dict[str, int], dict[str, str]]:
    """Return what a book says of things the plan has; the rest means nothing any more."""
    known = {"r", "d", "p", *plan.index.items}
    return (
        {parent: number for parent, number in book.last.items() if parent in known},
        {ref: uid for ref, uid in book.aliases.items() if uid in known},
    )


@MODEST
@given(documents())
def test_one_markdown_file_gives_the_plan_back(document: Document):
    """Plan, notes and book are equal, and written again the file is the same."""
    files = markdown.EXPORTER.files(document, folder=False)
    found = markdown.IMPORTER.read(files, births())
    assert_same(found, document)
    assert markdown.EXPORTER.files(found, folder=False) == files


@MODEST
@given(documents())
def test_a_markdown_folder_gives_the_plan_back(document: Document):
    """Plan, notes and book are equal, and written again every file is the same."""
    files = markdown.EXPORTER.files(document, folder=True)
    found = markdown.IMPORTER.read(files, births())
    assert_same(found, document)
    again = markdown.EXPORTER.files(found, folder=True)
    assert {n: t for n, t in again.items() if n.endswith(".md")} == {
        n: t for n, t in files.items() if n.endswith(".md")
    }


@MODEST
@given(documents())
def test_json_gives_the_plan_back(document: Document):
    """Plan, notes and the whole book are equal, and the same plan gives the same bytes."""
    files = plan_json.EXPORTER.files(document, folder=False)
    found = plan_json.IMPORTER.read(files, births())
    assert_same(found, document)
    assert found.book == document.book
    assert plan_json.EXPORTER.files(found, folder=False) == files


@MODEST
@given(documents())
def test_no_raw_html_is_left_in_exported_markdown(document: Document):
    """Outside our own markers no `<` begins a tag, a comment or a declaration."""
    files = markdown.EXPORTER.files(document, folder=True)
    files |= markdown.EXPORTER.files(document, folder=False)
    for name, text in files.items():
        if name.endswith(".md"):
            assert not _HTML.search(_MARKER.sub("", text))
