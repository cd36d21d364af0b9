"""The numbers in a goal with what they count; `4h` and `four hours` are one and the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_GLUED: Final = re.compile(r"(\d+(?:[.,]\d+)*)([^\W\d_]*)")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_WORDS: Final = {
    word: str(value)
    for value, words in {
        1: "first 1st erste ersten erster erstes",
        2: "two second 2nd zwei zweite zweiten zweites",
        3: "three third 3rd drei dritte dritten drittes",
        4: "four vier",
        5: "five fünf fuenf",
        6: "six sechs",
        7: "seven sieben",
        8: "eight acht",
        9: "nine neun",
        10: "ten zehn",
        11: "eleven elf",
        12: "twelve zwölf zwoelf",
        20: "twenty zwanzig",
        30: "thirty dreißig dreissig",
        50: "fifty fünfzig",
        100: "hundred hundert",
        0.5: "half halb halbe halben halber",
    }.items()
    for word in words.split()
}
_TIMES: Final = {
    "k": 1_000, "thousand": 1_000, "tausend": 1_000,
    "million": 1_000_000, "millions": 1_000_000, "millionen": 1_000_000, "mio": 1_000_000,
}  # fmt: skip
_UNITS: Final = {
    word: unit
    for unit, words in {
        "hour": "h hr hrs hour hours std stunde stunden",
        "minute": "min mins minute minutes minuten",
        "second": "sec secs seconds sek sekunden",
        "day": "d day days tag tage tagen",
        "week": "w week weeks wk wks woche wochen",
        "month": "month months mo monat monate monaten",
        "year": "y yr yrs year years jahr jahre jahren",
        "km": "km kilometer kilometers kilometre kilometres kilometern",
        "mile": "mile miles mi meile meilen",
        "metre": "m meter meters metre metres metern",
        "kg": "kg kilo kilos kilogram kilograms kilogramm",
        "lb": "lb lbs pound pounds pfund",
        "euro": "euro euros eur",
        "usd": "usd dollar dollars",
        "gbp": "gbp",
        "percent": "percent prozent",
    }.items()
    for word in words.split()
}
_MONEY: Final = frozenset({"euro", "usd", "gbp"})


class Number(NamedTuple):
    """A number in a goal.

    Attributes:
        value: As it is compared, such as `4`, `30000` or `b1`.
        unit: What it counts, in one spelling; empty if nothing is said.
    """

    value: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value} {self.unit}".strip()


class Split(NamedTuple):
    """The words of a goal, its numbers taken out with their units.

    Attributes:
        numbers: In order.
        words: All others in order.
    """

    numbers: tuple[Number, ...]
    words: tuple[str, ...]


def split(tokens: Sequence[str]) -> Split:
    """Take the numbers out of the words of a goal."""
    numbers: list[Number] = []
    words: list[str] = []
    at = 0
    while at < len(tokens):
        value, unit = _value(tokens[at])
        if value is None:
            words.append(tokens[at])
            at += 1
            continue
        at += 1
        if at < len(tokens) and not unit and tokens[at] in _TIMES:
            value, at = _multiplied(value, tokens[at]), at + 1
        if at < len(tokens) and not unit and tokens[at] in _UNITS:
            unit, at = _UNITS[tokens[at]], at + 1
        elif words and not unit and _UNITS.get(words[-1]) in _MONEY:
            unit = _UNITS[words.pop()]
        numbers.append(Number(value, unit))
    return Split(tuple(numbers), tuple(words))


def _value(token: str) -> tuple[str | None, str]:
    """Return the number in a token and the unit glued to it, or None and nothing."""
    if token in _WORDS:
        return _WORDS[token], ""
    if found := _GLUED.fullmatch(token):
        value, unit = _plain(found[1]), found[2]
        if not unit:
            return value, ""
        if unit in _TIMES:
            return _multiplied(value, unit), ""
        return (value, _UNITS[unit]) if unit in _UNITS else (token, "")
    return (token, "") if any(char.isdigit() for char in token) else (None, "")


def _plain(text: str) -> str:
    if _THOUSANDS.fullmatch(text):
        return re.sub("[.,]", "", text)
    text = text.replace(",", ".")
    return f"{float(text):g}" if text.count(".") == 1 else text


def _multiplied(value: str, word: str) -> str:
    try:
        return f"{float(value) * _TIMES[word]:.15g}"
    except ValueError:
        return value
