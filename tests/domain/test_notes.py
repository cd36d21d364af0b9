"""Notes are read in any known shape and never lose a character."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.notes import (
    HEADINGS,
    RISK_ARROW,
    Notes,
    Part,
    Section,
    bulleted,
    compose,
    numbered,
    parse,
    ticked,
    tidy,
    written,
)
from stellwerk.domain.text import one_line

LINES = st.sampled_from(
    (
        *(
            "## Steps",
            "# Risiken ##",
            "Links:",
            "**DoD:**",
            "```",
            "~~~~",
            "```python",
            "Foo:",
        ),
        *("## Unknown", "- [ ] tick", "1. go", "  more", "", "####### no", "#no", "plain"),
    )
)
ENDS = st.sampled_from(("\n", "\r\n", "\r", "\u2028", ""))
TEXTS = st.one_of(
    st.text(),
    st.lists(st.tuples(LINES, ENDS).map("".join), max_size=12).map("".join),
)
ITEMS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(one_line).filter(bool),
    min_size=1,
    max_size=4,
).map(tuple)
PROSE = ITEMS.map(lambda items: " ".join(f"so {item}." for item in items))
URLS = st.lists(
    st.sampled_from(
        (
            "https://example.org",
            "http://example.org/a/b?x=1&y=2#z",
            "https://de.wikipedia.org/wiki/Rost_(Programmiersprache)",
            "https://example.org/(a)/b",
        )
    ),
    min_size=1,
    max_size=3,
).map(tuple)


@given(TEXTS)
def test_composing_what_was_parsed_loses_nothing(text: str):
    """`compose(parse(text)) == text` for any text at all."""
    assert compose(parse(text)) == text


@given(TEXTS)
def test_every_property_reads_from_any_text(text: str):
    """No text is too strange to be asked for its parts, and the parts come from it."""
    notes = parse(text)
    everything = "".join(text.split())
    assert "".join(notes.summary.split()) in everything
    for item in (*notes.steps, *notes.sources, *notes.images):
        assert "".join(item.split()) in everything
    assert all(isinstance(ticked, bool) for ticked, _ in notes.criteria)
    assert all(RISK_ARROW not in risk for risk, _ in notes.risks)


@given(st.sampled_from(sorted(HEADINGS)), PROSE, ITEMS, ITEMS, ITEMS, URLS, URLS)
def test_what_was_written_reads_back(
    language: str,
    summary: str,
    steps: tuple[str, ...],
    criteria: tuple[str, ...],
    risks: tuple[str, ...],
    sources: tuple[str, ...],
    images: tuple[str, ...],
):
    """Every section of a written note comes back as it went in, in either language."""
    pairs = tuple((risk.replace("→", "-"), "do something") for risk in risks)
    text = written(
        {
            Part.SUMMARY: summary,
            Part.STEPS: numbered(steps),
            Part.CRITERIA: bulleted(criteria, "- [ ]"),
            Part.RISKS: bulleted(tuple(RISK_ARROW.join(pair) for pair in pairs)),
            Part.SOURCES: bulleted(sources),
            Part.IMAGES: bulleted(images),
        },
        language,
    )
    notes = parse(text)
    assert notes.summary == summary
    assert notes.steps == steps
    assert notes.criteria == tuple((False, item) for item in criteria)
    assert notes.risks == pairs
    assert notes.sources == sources
    assert notes.images == images
    assert [section.heading.strip("# \n") for section in notes.sections] == [
        HEADINGS[language][part] for part in Part
    ]


def test_empty_bodies_are_not_written():
    """A section without a body gets no heading; an unknown language writes English."""
    text = written({Part.STEPS: "1. go", Part.RISKS: ""}, "fr")
    assert text == "## Steps\n\n1. go\n"


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("## Kurzfassung", Part.SUMMARY),
        ("# Summary", Part.SUMMARY),
        ("   ###### Zusammenfassung ##", Part.SUMMARY),
        ("## Schritte", Part.STEPS),
        ("## ABLAUF", Part.STEPS),
        ("Vorgehen:", Part.STEPS),
        ("## **Vorgehen**", Part.STEPS),
        ("## Definition of Done:", Part.CRITERIA),
        ("**DoD:**", Part.CRITERIA),
        ("**DoD**:", Part.CRITERIA),
        ("Checkliste: ", Part.CRITERIA),
        ("## Fertig   wenn", Part.CRITERIA),
        ("## Risiken", Part.RISKS),
        ("Stolpersteine:", Part.RISKS),
        ("## Links", Part.SOURCES),
        ("Quellen:", Part.SOURCES),
        ("## Bilder", Part.IMAGES),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_headings_of_every_language_and_alias_are_known(line: str, part: Part, end: str):
    """German, English, v1's aliases, `Title:` lines, with any line ending."""
    sections = parse(f"before\n{line}{end}").sections
    assert [section.part for section in sections] == [None, part]


@pytest.mark.parametrize(
    "line", ["Steps", "Steps: go", "#Steps", "####### Steps", "Foo:", "    ## Steps", "##"]
)
def test_what_only_looks_like_a_heading_is_text(line: str):
    """A bare word, a sentence, a missing blank, too many signs, an unknown label, code."""
    assert len(parse(f"before\n{line}\nafter\n").sections) == 1


def test_an_unknown_section_is_kept_as_it_is():
    """A heading nobody knows starts a section of no part, and ends the one before."""
    text = "## Steps\n1. go\n## Budget\n100 €\n## Risks\n- rain\n"
    notes = parse(text)
    assert [section.part for section in notes.sections] == [Part.STEPS, None, Part.RISKS]
    assert notes.sections[1] == Section(None, "## Budget\n", "100 €\n")
    assert notes.steps == ("go",)
    assert compose(notes) == text


def test_a_heading_in_a_code_fence_is_text():
    """Fences of either kind hide headings until a fence at least as long closes them."""
    text = "## Steps\n````\n## Risks\n```\n~~~~\n## Links\n`````\n## Images\n"
    assert [section.part for section in parse(text).sections] == [Part.STEPS, Part.IMAGES]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fence_closes_with_any_line_ending(end: str):
    """A note typed on Windows keeps the sections behind its code."""
    text = end.join(("```sh", "## no", "```", "## Steps", "1. go"))
    assert parse(text).steps == ("go",)


def test_inline_code_at_the_start_of_a_line_opens_no_fence():
    """Backticks that close on their own line are not a fence (CommonMark 4.5)."""
    assert parse("```make``` it so\n## Steps\n1. go\n").steps == ("go",)


def test_plain_text_is_its_own_summary():
    """Without headings the text is what the note says; with a summary, that is."""
    assert parse("Just do it.\n").summary == "Just do it."
    assert parse("before\n\n## Summary\nreally\n").summary == "really"
    assert parse("## Steps\n1. go\n").summary == ""
    assert Notes().summary == ""


def test_two_sections_of_one_part_are_read_as_one():
    """Bodies of equal headings are joined, in their order."""
    notes = parse("## Steps\n1. go\n## Risks\n- rain\n## Ablauf\n2. come\n")
    assert notes.steps == ("go", "come")


def test_steps_may_be_bulleted():
    """Where no numbers are, bullets of any kind are steps."""
    assert parse("Steps:\n- one\n* two\n+ three\n").steps == ("one", "two", "three")


def test_items_go_on_in_indented_lines():
    """A continuation line belongs to its item; a blank or flush line ends it."""
    body = "1. lay\n   the track\n\nnot a step\n2) test it\n"
    assert parse(f"## Steps\n{body}").steps == ("lay the track", "test it")


def test_a_flush_line_after_a_continuation_ends_the_item():
    """And the next item begins anew."""
    body = "1. lay\n   the track\nnot a step\n   nor this\n2) test it\n3) run it\n"
    assert parse(f"## Steps\n{body}").steps == ("lay the track", "test it", "run it")


def test_ticked_boxes_are_told_from_open_ones():
    """`[x]` and `[X]` are ticked; a bullet without a box is no criterion."""
    text = "## DoD\n- [x] one\n- [X] two\n- [ ] three\n- four\n"
    assert parse(text).criteria == ((True, "one"), (True, "two"), (False, "three"))


def test_a_risk_may_lack_its_mitigation():
    """Without the arrow the mitigation is empty."""
    text = "## Risks\n- rain → umbrella\n- snow\n"
    assert parse(text).risks == (("rain", "umbrella"), ("snow", ""))


def test_urls_end_before_the_sentence_does():
    """Brackets and closing punctuation around a URL are not part of it."""
    text = "## Links\nSee <https://a.org/x>, [b](https://b.org/y_(z)) or (https://c.org/).\n"
    assert parse(text).sources == ("https://a.org/x", "https://b.org/y_(z)", "https://c.org/")


@given(TEXTS)
def test_tidying_twice_changes_nothing_more(text: str):
    """A tidy note ends with one line break and begins with none."""
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    assert tidied == "" or (tidied.endswith("\n") and not tidied.endswith("\n\n"))
    assert not tidied.startswith("\n")


def test_a_heading_with_a_long_gap_takes_no_time():
    """Five thousand blanks inside a heading are no reason to wait."""
    begin = perf_counter()
    text = "## a" + " " * 5000 + "b\n"
    assert compose(parse(text)) == text
    assert perf_counter() - begin < 1


@given(st.lists(st.tuples(st.booleans(), st.text("abc ", min_size=1, max_size=5)), max_size=6))
def test_ticking_a_criterion_changes_that_one_alone(items: list[tuple[bool, str]]):
    marks = "".join(
        f"- [{'x' if done else ' '}] {text.strip() or 'a'}\n" for done, text in items
    )
    text = f"## Steps\n\n- [ ] no criterion\n\n## Definition of Done\n\nSome words.\n{marks}"
    before = parse(text).criteria
    assert len(before) == len(items)
    assert ticked(text, len(items)) == text
    for number, (done, told) in enumerate(before):
        after = ticked(text, number)
        expected = [*before]
        expected[number] = (not done, told)
        assert parse(after).criteria == tuple(expected)
        assert ticked(after, number) == text
