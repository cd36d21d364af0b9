"""Text from outside, however hostile, is safe to store and print once cleaned."""

from __future__ import annotations

import re
import unicodedata
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stellwerk.domain.goal import Goal
from stellwerk.domain.text import clean, one_line, shortened, slugify
from stellwerk.testing.clock import FrozenClock

HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=4),
        st.sampled_from(
            (
                *(
                    "\x1b",
                    "\x1b[31m",
                    "\x1b]0;t\x07",
                    "\x1b]8;;u\x1b\\",
                    "\x9b2J",
                    "\x9d0;t\x9c",
                ),
                *(
                    "\u202e",
                    "\u2066",
                    "\u200b",
                    "\u200d",
                    "\u200c",
                    "\ufeff",
                    "\ud800",
                    "\r\n",
                ),
                *("\x85", "\u2028", "\x00", "\x7f", "\t", " ", "a", "👩", "🚀", "\U000e0041"),
            )
        ),
    ),
    max_size=8,
).map("".join)


@given(HOSTILE)
def test_clean_text_has_no_control_left(text: str):
    """No C0 or C1 control but tab and line break, no surrogate, no bidi override."""
    for char in clean(text):
        category = unicodedata.category(char)
        assert char in "\n\t" or category not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(char) not in {
            *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
        }


@given(HOSTILE)
def test_cleaning_twice_changes_nothing_more(text: str):
    """What was cleaned is clean."""
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_plain_text_stays_as_it_is(text: str):
    """Nothing printable is touched."""
    assert clean(text) == text


@given(HOSTILE)
def test_one_line_is_one_line(text: str):
    """No line break, no run of blanks, none at the ends."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x9b1mbold\x07 beep", "bold beep"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d0;title\x9ctext", "text"),
        ("\x1bPq#0\x1b\\sixel", "sixel"),
        ("\x1b(Bplain\x07", "plain"),
        ("\x1bcreset", "reset"),
        ("\x1b]0;never ends\nnext", "0;never ends\nnext"),
        ("end\x1b", "end"),
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("tab\tstays", "tab\tstays"),
        ("user\u202etxt.exe", "usertxt.exe"),
        ("\u2066isolate\u2069", "isolate"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone\ud83dsurrogate", "lonesurrogate"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("\x00nul\x7f", "nul"),
    ],
)
def test_sequences_and_controls_are_removed(text: str, left: str):
    """CSI, OSC and DCS go with all they hold, what they surround stays."""
    assert clean(text) == left


@pytest.mark.parametrize(
    "text", ["👩‍🚀", "👨‍👩‍👧", "🏳️‍🌈", "می‌خواهم", "क्‍ष", "Ünïcödé", "日本語", "e\u0301"]
)
def test_joiners_stay_inside_emoji_and_words(text: str):
    """Zero-width joiners between visible characters carry meaning."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\u200dword\u200c", "word"),
        ("a \u200db", "a b"),
        ("a\u200d\nb", "a\nb"),
        ("\u200d\u200dX", "X"),
        ("\u200d\u202a\u200d", ""),
    ],
)
def test_joiners_at_an_edge_are_removed(text: str, left: str):
    """Beside nothing or a blank a joiner joins nothing."""
    assert clean(text) == left


@given(HOSTILE)
def test_a_slug_is_one_a_goal_accepts(text: str):
    """Lower-case ASCII words and hyphens, at most 48 characters, never empty."""
    slug = slugify(text)
    assert Goal("0", slug, "", FrozenClock().now).slug == slug
    assert len(slug) <= 48
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Learn Spanish to B1", "learn-spanish-to-b1"),
        ("Größe ändern, Öl & Fußboden", "groesse-aendern-oel-fussboden"),
        ("STRAẞE", "strasse"),
        ("Crème brûlée – à la carte", "creme-brulee-a-la-carte"),
        ("Łódź, Ærø, Åre", "lodz-aeroe-aare"),
        ("日本語", "goal"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 60, "x" * 48),
        ("word " * 20, "word-word-word-word-word-word-word-word-word"),
        ("a " + "b" * 60, "a-" + "b" * 46),
    ],
)
def test_slugs_read_like_their_titles(title: str, slug: str):
    """Umlauts are spelt out, accents dropped, long titles cut at a word where one is near."""
    assert slugify(title) == slug


@given(st.text(), st.integers(1, 40))
def test_shortened_text_fits(text: str, length: int):
    """Never longer than asked for; text that fits is untouched; a cut is marked."""
    cut = shortened(text, length)
    assert len(cut) <= length
    assert cut == text if len(text) <= length else cut.endswith("…")


def test_text_is_shortened_at_a_word_where_one_is_near():
    """Half a word is left only when the words are long."""
    assert shortened("lay the track, then test", 16) == "lay the track…"
    assert shortened("supercalifragilistic", 8) == "superca…"
    assert re.fullmatch(r"a b+…", shortened("a " + "b" * 30, 12))


def test_hostile_runs_take_no_time():
    """What would make a careless pattern go over the text again and again is read once."""
    begin = perf_counter()
    for text in ("\x1b]" * 50_000, "\u200d" * 100_000 + "x", "\u200d" * 100_000):
        clean(text)
    assert perf_counter() - begin < 2
