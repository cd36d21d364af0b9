"""No key comes through the redactor, wherever it stands and however it is written there."""

from __future__ import annotations

import html
import json
import re
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from stellwerk.providers.redaction import MASK, SHORTEST, Redactor

KEY: Final = "s3cr3t/+key=='\"\\&<%20"
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=SHORTEST)
TEXTS = st.text(max_size=60)
WRITTEN: Final[dict[str, Callable[[str], str]]] = {
    "plain": str,
    "URL": quote,
    "URL, slashes too": lambda key: quote(key, safe=""),
    "URL, twice": lambda key: quote(quote(key, safe=""), safe=""),
    "URL, small letters": lambda key: re.sub(
        "%..", lambda found: found[0].lower(), quote(key)
    ),
    "form": quote_plus,
    "JSON": json.dumps,
    "JSON in JSON": lambda key: json.dumps(json.dumps({"key": key})),
    "JSON with escaped slashes": lambda key: json.dumps(key).replace("/", "\\/"),
    "repr": repr,
    "repr of bytes": lambda key: repr(key.encode()),
    "HTML": html.escape,
    "basic": lambda key: b64encode(f":{key}".encode()).decode(),
    "basic with a user": lambda key: b64encode(f"ada:{key}".encode()).decode(),
    "basic with a longer user": lambda key: b64encode(f"adele:{key}".encode()).decode(),
    "base64 for URLs": lambda key: urlsafe_b64encode(f"adam:{key}!".encode()).decode(),
}
LOOKS: Final = (
    "sk-proj-AbCdEf123456",
    "sk-ant-api03-Zz_9-Zz_9",
    "sk-abcdefgh",
    "sk-proj-****************aBcD",
    "AIzaSyDdI0hCZtE6vySjMm-WEfRq3CPzqKqqsHI",
    "gsk_0123456789abcdefghij",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
)
PLACES: Final = {
    "Bearer {}": "xxxxxxxx",
    "authorization: bearer {}": "x1y2z3w4",
    "Authorization: Basic {}": "dTpw",
    "{{'authorization': 'Bearer {}'}}": "abcd",
    "[(b'Authorization', b'Token {}')]": "abcd",
    '{{"Proxy-Authorization": "{}"}}': "a1b2c3d4",
    "https://api.example.com/v1?key={}&alt=json": "short",
    "/v1?api-version=1&api_key={}": "short",
    "GET /?access_token={} HTTP/1.1": "short",
    "https://{}@api.example.com/v1": "ada:pw",
    "https://{}@api.example.com": "0123456789abcdef",
    "api_key={}": "a" * 32,
    "x-api-key: {}": "0123456789abcdef0123456789abcdef",
    "Incorrect API key provided: {}.": "0123456789abcdef0123456789abcdef",
    '{{"token": "{}"}}': "0123456789abcdef0123456789abcdef",
}
HARMLESS: Final = (
    "",
    "Launch a SaaS product",
    "Task-based planning: learn sk-learn, ask-me-anything, risk-averse tokens.",
    "The bearer certificate needs an authorization, which is required: see the key points.",
    "Authorization: required. Token: yes. Password: forgotten. API key: none yet.",
    "Straßenbahn: Genehmigung (Baubehörde), Schlüssel abholen – 30 Minuten",
    "https://docs.example.com/v1/keys?page=2&sort=asc#token and mailto:ada@example.com",
    "git+ssh://git@example.com/stellwerk.git",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uid 0123456789abcdef0123456789abcdef of r3.2.1; ➜ ✓ 🚂",
    '{"max_tokens": 16000, "usage": {"input_tokens": 12}, "key": "r1.1"}',
    "UNIQUE constraint failed: pk_work_packages_goal",
)


@given(before=TEXTS, key=KEYS, after=TEXTS)
@example(before="", key="******x", after="")
@example(before="aaaaaa", key="aaaaaaa", after="a")
@example(before="", key="0***00", after="00")
@example(before="sk-", key="!!!!!!", after="-abcdefgh")
def test_a_known_key_comes_through_at_no_place(before: str, key: str, after: str):
    assert key not in Redactor([key]).scrub(f"{before}{key}{after}")


@given(keys=st.lists(KEYS, min_size=1, max_size=4), data=st.data())
@example(keys=["abcdef", "defabcdef"], data=None)
def test_of_several_keys_none_comes_through(keys: list[str], data: st.DataObject | None):
    parts = data.draw(st.lists(st.sampled_from(keys) | TEXTS)) if data else keys * 2
    scrubbed = Redactor(keys).scrub("".join(parts))
    assert [key for key in keys if key in scrubbed] == []


@given(text=st.text() | st.sampled_from(HARMLESS), key=KEYS)
def test_scrubbing_twice_is_scrubbing_once(text: str, key: str):
    redactor = Redactor([key])
    once = redactor.scrub(f"{text} Bearer {key} ?key={key}")
    assert redactor.scrub(once) == once


@given(words=st.lists(st.text(st.characters(categories=["L"]), max_size=12)), key=KEYS)
def test_words_without_a_key_stay_as_they_are(words: list[str], key: str):
    text = ", ".join(words)
    assume(key[:12] not in text)
    assert Redactor([key]).scrub(text) == text


@given(text=st.text(), key=KEYS)
def test_known_keys_alone_change_nothing_else(text: str, key: str):
    assume(key[:12] not in text)
    assume(b64encode(key.encode()).decode()[:6] not in text)
    assert (
        Redactor([key]).without_known(f"sk-abcdefghijkl {text}") == f"sk-abcdefghijkl {text}"
    )


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_without_keys_stays_as_it_is(text: str):
    assert Redactor([KEY]).scrub(text) == text


@pytest.mark.parametrize("written", WRITTEN)
def test_a_known_key_goes_however_it_is_written(written: str):
    text = f"It said {WRITTEN[written](KEY)}, twice: {WRITTEN[written](KEY)}."
    scrubbed = Redactor([KEY]).scrub(text)
    assert MASK in scrubbed
    for write in WRITTEN.values():
        assert write(KEY)[3:-3] not in scrubbed


@given(key=KEYS, user=st.text(max_size=20), after=st.text(max_size=9))
def test_base64_hides_no_key(key: str, user: str, after: str):
    """Whatever stands before it in what was encoded."""
    text = b64encode(f"{user}{key}{after}".encode("utf-8", "replace")).decode()
    assert Redactor([key]).scrub(f"Basic: {text}, sent") == f"Basic: {MASK}, sent"


@pytest.mark.parametrize("key", LOOKS)
def test_what_looks_like_a_key_goes(key: str):
    assert Redactor().scrub(f"Refused: {key}. Try again") == f"Refused: {MASK}. Try again"
    assert Redactor().scrub(f'{{"error": "{key}"}}') == f'{{"error": "{MASK}"}}'


@pytest.mark.parametrize("place", PLACES)
def test_what_stands_where_keys_stand_goes(place: str):
    assert Redactor().scrub(place.format(PLACES[place])) == place.format(MASK)


def test_of_two_keys_that_overlap_nothing_is_left():
    redactor = Redactor(["abcdefgh", "efghijkl"])
    assert redactor.scrub("x abcdefghijkl y") == f"x {MASK} y"


def test_the_longer_of_two_keys_goes_whole():
    assert Redactor(["sesame", "sesame-open-42"]).scrub("sesame-open-42") == MASK


def test_a_key_that_was_cut_off_goes_if_half_of_it_is_left():
    key = "0123456789abcdefghijklmn"
    assert Redactor([key]).scrub(f"{key[:15]}…") == f"{MASK}…"
    assert Redactor([key]).scrub(f"{key[:11]}…") == f"{key[:11]}…"


def test_a_very_short_key_is_left_alone():
    assert Redactor(["on", "", "five5"]).scrub("on and five5") == "on and five5"


def test_data_is_scrubbed_all_through():
    data = {
        "api_key": "any text at all",
        "headers": {"Authorization": "x", "X-Token": "y", "Accept": "json"},
        "texts": ["fine", f"not {KEY}"],
        KEY: 1,
        "max_tokens": 5,
        "nothing": None,
        "other": {1, 2},
    }
    assert Redactor([KEY]).scrub_data(data) == {
        "api_key": MASK,
        "headers": {"Authorization": MASK, "X-Token": MASK, "Accept": "json"},
        "texts": ["fine", f"not {MASK}"],
        MASK: 1,
        "max_tokens": 5,
        "nothing": None,
        "other": [1, 2],
    }


def test_a_redactor_shows_no_key():
    assert KEY not in f"{Redactor([KEY])!r}"


@pytest.mark.parametrize(
    "piece",
    ["a", "sk", "://", "token ", "authorization:", "bearer ", "eyJ-", "?key", KEY[:12]],
)
def test_a_large_text_takes_no_time_to_speak_of(piece: str):
    """Not even one that somebody made to be slow to search."""
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    Redactor([KEY]).scrub(text)
    assert time.process_time() - started < 10
