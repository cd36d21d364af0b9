"""Quantities as people write them: German numbers, percentages, "2/10", "30 Minuten".

Each reader returns None for a text that it cannot read to its end: half a quantity is a
guess.
"""

from __future__ import annotations

import math
import re
from typing import Final

_NUMBER: Final = r"[+-]?(?:\d[\d.,'’_]*|[.,]\d+)"
_ONE: Final = r"an?|one|eine?[nrms]?"
_UNITS: Final = {
    "m min mins minute minutes minuten": 1 / 60,
    "h hr hrs hour hours std stunde stunden": 1.0,
    "d day days tag tage tagen arbeitstag arbeitstage arbeitstagen workday workdays": 8.0,
    "w wk wks week weeks woche wochen": 40.0,
    "mo month months monat monate monaten": 160.0,
}
"""Working hours of a unit of time: a day has 8, a week 40, a month 160."""
_CALENDAR: Final = {1 / 60: 1 / 1440, 1.0: 1 / 24, 8.0: 1.0, 40.0: 7.0, 160.0: 30.0}
"""Calendar days of the same units."""
_HOURS: Final = {name: hours for names, hours in _UNITS.items() for name in names.split()}
_UNIT: Final = "|".join(sorted(_HOURS, key=len, reverse=True))
_SPAN: Final = re.compile(
    rf"(?:(?P<low>{_NUMBER})\s*(?:-|–|to|bis)\s*)?"
    rf"(?<![\w.,])(?P<number>{_NUMBER}|(?:{_ONE})(?=\s))\s*(?P<unit>{_UNIT})\b\.?",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", re.IGNORECASE)
_FILLER: Final = re.compile(
    r"\b(?:ca|circa|about|around|approx|approximately|roughly|etwa|ungefähr|rund|and|und|"
    r"units?|einheit(?:en)?|points?|punkte?|stufe|level|length|länge|grade?|difficulty|"
    r"schwierigkeit|effort|aufwand)\b\.?|[~≈:+]",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(rf"({_NUMBER})\s*(?:-|–|to|bis)\s*({_NUMBER})", re.IGNORECASE)
_OF: Final = re.compile(
    rf"({_NUMBER})\s*(?:/|von|of|out of|aus|in)\s*({_NUMBER})", re.IGNORECASE
)
_PERCENT: Final = re.compile(rf"({_NUMBER})\s*(?:%|percent|prozent|pct)", re.IGNORECASE)
_LONGEST: Final = 100


def number(text: str, language: str = "en") -> float | None:
    """Return the number a text is: `1.234,5`, `1,234.5`, `0,75`, `1'000`.

    The last of two kinds of marks is the decimal one. A single mark before exactly three
    digits divides thousands if the language writes them so.
    """
    text = text.strip()
    if len(text) > _LONGEST or not re.fullmatch(_NUMBER, text):
        return None
    text = re.sub(r"['’_]", "", text).rstrip(".,")
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return _finite(text)
    mark, other = (".", ",") if text[last] == "." else (",", ".")
    whole, part = text[:last], text[last + 1 :]
    if other not in whole and _thousands(whole, part, mark, language):
        return _finite(text.replace(mark, ""))
    if mark in whole or (other in whole and not _grouped(whole, other)):
        return None
    return _finite(f"{whole.replace(other, '')}.{part}")


def _thousands(whole: str, part: str, mark: str, language: str) -> bool:
    """Whether a mark before the last three digits divides thousands, as in `1.234`."""
    if len(part) != 3 or not _grouped(whole, mark):
        return False
    return mark in whole or mark == ("." if language == "de" else ",")


def _grouped(whole: str, mark: str) -> bool:
    """Whether a whole number has a mark between every three digits, or has at most three."""
    return bool(re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})*", whole))


def _finite(text: str) -> float | None:
    value = float(text or "nan")
    return value if math.isfinite(value) else None


def hours(text: str, language: str = "en") -> float | None:
    """Return the working hours in a text: `30 Minuten`, `1 h 30 min`, `2-4 Tage`, `PT2H`.

    A range counts as its middle.
    """
    return _time(text, _HOURS, language)


def calendar_days(text: str, language: str = "en") -> float | None:
    """Return the calendar days in a text: a week has seven, a month thirty."""
    return _time(text, {name: _CALENDAR[each] for name, each in _HOURS.items()}, language)


def _time(text: str, units: dict[str, float], language: str) -> float | None:
    if len(text) > _LONGEST or text.strip().startswith("-"):
        return None
    if (iso := _ISO.fullmatch(text.strip())) and any(iso.groups()):
        counts = zip(iso.groups(), ("week", "day", "hour", "min"), strict=True)
        return sum(int(count or 0) * units[unit] for count, unit in counts)
    total, found = 0.0, False
    for mark in _SPAN.finditer(text):
        count = _count(mark["number"], language)
        low = _count(mark["low"], language) if mark["low"] else count
        if count is None or low is None:
            return None
        total += (low + count) / 2 * units[mark["unit"].lower()]
        found = True
    return total if found and total >= 0 and not _left(_SPAN.sub(" ", text)) else None


def _count(text: str, language: str) -> float | None:
    return 1.0 if re.fullmatch(_ONE, text, re.IGNORECASE) else number(text, language)


def _left(text: str) -> str:
    """Return what is left of a text without words that say nothing of the quantity."""
    return _FILLER.sub(" ", text).strip(" .,;\n\t")


def plain_number(text: str, language: str = "en") -> float | None:
    """Return the number in a text with filling words, or the middle of a range."""
    text = _left(text) if len(text) <= _LONGEST else ""
    if found := _RANGE.fullmatch(text):
        low, high = (number(each, language) for each in found.groups())
        return None if low is None or high is None else (low + high) / 2
    return number(text, language)


def share(text: str, language: str = "en") -> float | None:
    """Return a share of one: `60 %`, `7 von 10`, `2/10`; None if the text states none."""
    text = text.strip() if len(text) <= _LONGEST else ""
    if found := _PERCENT.fullmatch(_left(text)):
        value = number(found[1], language)
        return None if value is None else value / 100
    if found := _OF.fullmatch(text):
        part, whole = (number(each, language) for each in found.groups())
        return None if part is None or not whole else part / whole
    return None
