"""Numbers and stretches of time in words, in English and German.

`9 months`, `nine months`, `half a year`, `neun Monaten`, `einem halben Jahr`. `span_in` finds
one that a text sets itself; all that reads such words elsewhere is built of the same patterns.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

_EN: Final = {
    "a": 1, "an": 1, "half": 0.5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "hundred": 100,
    "thousand": 1000, "couple": 2,
}  # fmt: skip
_DE: Final = {
    "ein": 1, "eine": 1, "einem": 1, "einen": 1, "einer": 1, "eines": 1, "zwei": 2, "drei": 3,
    "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11,
    "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19, "zwanzig": 20, "dreißig": 30,
    "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
    "hundert": 100, "tausend": 1000, "dutzend": 12, "anderthalb": 1.5, "eineinhalb": 1.5,
    "zweieinhalb": 2.5, "dreieinhalb": 3.5, "halben": 0.5, "halbes": 0.5, "halbe": 0.5,
}  # fmt: skip
_MULTIPLES: Final = frozenset({"hundred", "thousand", "dozen", "hundert", "tausend"})
_DIGITS: Final = r"\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})+|\d+(?:[.,]\d+)?"
_WEEKS: Final = {"day": 1 / 7, "week": 1.0, "month": 52 / 12, "year": 52.0}
_UNITS: Final = {
    "en": r"days?|weeks?|months?|years?",
    "de": r"tage?n?|wochen?|monate?n?|jahre?n?",
}
_STEMS: Final = {"tag": "day", "woche": "week", "monat": "month", "jahr": "year"}
_HALF_YEARS: Final = {
    "en": r"half\s+a\s+year|a\s+year\s+and\s+a\s+half",
    "de": r"ein(?:em|es)?\s+halb(?:en|es)\s+jahr|halbes\s+jahr",
}
_DAYS_A_WEEK: Final = 7.0
_WITHIN: Final = {
    "en": r"(?:in|within)\s+(?:(?:only|just|about|the\s+next)\s+)?",
    "de": (
        r"(?:in|innerhalb(?:\s+von)?|binnen)\s+(?:(?:nur|etwa|den\s+nächsten|die\s+nächsten)\s+)?"
    ),
}


class Span(NamedTuple):
    """A stretch of time.

    Attributes:
        told: As it was written, without its preposition.
        days: How long it is.
    """

    told: str
    days: float


def span_in(text: str) -> Span | None:
    """Return the first stretch of time that a text sets itself (in nine months), or None."""
    found = [
        (each.start(), language, " ".join(each["span"].split()))
        for language in _WITHIN
        if (each := _set_in(language).search(text))
    ]
    if not found:
        return None
    _, language, told = min(found)
    weeks = weeks_of(told, language)
    return None if weeks is None else Span(told, weeks * _DAYS_A_WEEK)


@cache
def _set_in(language: str) -> re.Pattern[str]:
    pattern = rf"(?<!\w){_WITHIN[language]}(?P<span>{span_pattern(language)})"
    return re.compile(pattern, re.IGNORECASE)


@cache
def number_pattern(language: str) -> str:
    """Return the pattern of a number: digits, or number words."""
    words = [word for word in (_DE if language == "de" else _EN) if word not in ("a", "an")]
    several = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    if language == "de":
        glued = rf"(?:{several})(?:und)?(?:{several})?(?:(?:und)?(?:{several}))?"
        return rf"(?:{_DIGITS}|{glued})(?!\w)"
    return (
        rf"(?:{_DIGITS}|(?:an?\s+)?(?:{several})(?:(?:[\s-]+and)?[\s-]+(?:{several}))*)(?!\w)"
    )


@cache
def span_pattern(language: str) -> str:
    """Return the pattern of a stretch of time."""
    spoken = "de" if language == "de" else "en"
    one = (
        r"ein(?:em|er|en|e)?|ein\s+paar" if spoken == "de" else r"an?|a\s+couple\s+of|a\s+few"
    )
    and_half = "" if spoken == "de" else r"(?:\s+and\s+a\s+half)?"
    number = number_pattern(spoken)
    return (
        rf"(?:{_HALF_YEARS[spoken]}"
        rf"|(?:(?:{number}){and_half}|{one})[\s-]+(?:{_UNITS[spoken]}))(?!\w)"
    )


def number_of(text: str, language: str) -> float | None:
    """Return the number that digits or number words stand for, or None."""
    text = text.strip().lower()
    if re.fullmatch(_DIGITS, text):
        return _digits(text)
    if language == "de":
        return _german(text.replace(" ", ""))
    words = [word for word in re.split(r"[\s-]+", text) if word != "and"]
    return _english(words) if all(word in _EN for word in words) else None


def weeks_of(span: str, language: str) -> float | None:
    """Return the weeks in a stretch of time, or None if it is none."""
    text = " ".join(span.lower().replace("-", " ").split())
    if re.fullmatch(_HALF_YEARS["en"], text) or re.fullmatch(_HALF_YEARS["de"], text):
        return 78.0 if "and" in text else 26.0
    text = re.sub(r"\b(?:a couple of|a few|ein paar)\b", "3" if "few" in text else "2", text)
    number, _, unit = text.replace(" and a half", "").rpartition(" ")
    value = number_of(number, language) if number else None
    stem = next((stem for stem in (*_WEEKS, *_STEMS) if unit.startswith(stem)), None)
    if value is None or stem is None:
        return None
    return (value + 0.5 * ("and a half" in text)) * _WEEKS[_STEMS.get(stem, stem)]


def _english(words: list[str]) -> float:
    """Return the value of English number words: two hundred and fifty."""
    total, current = 0.0, 0.0
    for word in words:
        if word in _MULTIPLES:
            current = (current or 1) * _EN[word]
        elif word not in ("a", "an") or not current:
            half_of_one = word == "half" and current == 1
            current = 0.5 if half_of_one else current + _EN[word]
        if word == "thousand":
            total, current = total + current, 0.0
    return total + current


def _digits(text: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:([.,\u00a0\u202f' ])\d{3})+", text)
    if grouped:
        return float(re.sub(r"\D", "", text))
    return float(text.replace(",", "."))


def _german(word: str) -> float | None:
    """Return the value of a German number word, put together as they are."""
    if word in _DE:
        return _DE[word]
    for name in ("tausend", "hundert"):
        before, found, after = word.partition(name)
        if found:
            times = _german(before) if before else 1.0
            rest = _german(after.removeprefix("und")) if after else 0.0
            return None if times is None or rest is None else times * _DE[name] + rest
    unit, found, ten = word.partition("und")
    if found and unit in _DE and ten in _DE and ten != "und":
        return _DE[unit] + _DE[ten]
    return None
