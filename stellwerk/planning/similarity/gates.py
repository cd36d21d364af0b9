"""What has to agree before two goals count as the same, however near their vectors are.

No threshold of similarity tells "hire" from "fire": opposites stand in the same sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from stellwerk.planning.similarity.numbers import Number, split
from stellwerk.planning.similarity.words import (
    LIGHT,
    MARKERS,
    NEGATIONS,
    OPPOSITES,
    meaning,
    normalised,
    tokens,
)

_FIRM: Final = frozenset({"without", "instead", "against", "than"})
"""Parts that a word has in both goals or in neither."""


class Gate(NamedTuple):
    """A gate that two goals did not pass.

    Attributes:
        name: `numbers`, `negations`, `opposites`, `roles`, `words`, `details` or `language`.
        reason: What differs, to end the sentence "it is like ..., but".
    """

    name: str
    reason: str


class Reading(NamedTuple):
    """A goal as gates read it.

    Attributes:
        numbers: Its numbers.
        negations: How many words negate.
        parts: The part each of its content words plays, by meaning; empty for most.
        spoken: The content words as they are written, by meaning.
    """

    numbers: tuple[Number, ...]
    negations: int
    parts: dict[str, str]
    spoken: dict[str, str]


@lru_cache(maxsize=256)
def reading(text: str) -> Reading:
    """Read a goal."""
    numbers, words = split(tokens(text))
    parts: dict[str, str] = {}
    spoken: dict[str, str] = {}
    marker = ""
    for word in words:
        if word in MARKERS:
            marker = MARKERS[word]
        elif word in LIGHT:
            marker = "" if word in ("and", "und", "in", "by", "for", "für") else marker
        else:
            parts[meaning(word)] = marker
            spoken[meaning(word)] = word
    negations = sum(word in NEGATIONS for word in words)
    return Reading(numbers, negations, parts, spoken)


def failed(one: str, other: str) -> tuple[Gate, ...]:
    """Return the gates that two goals do not pass, the gravest first.

    Args:
        one: The new goal, in one line.
        other: The earlier one.
    """
    if normalised(one) == normalised(other):
        return ()
    left, right = reading(one), reading(other)
    found = (
        _numbers(left.numbers, right.numbers),
        _negations(left.negations, right.negations),
        _opposites(left.spoken, right.spoken),
        _roles(left, right),
        _words(left.spoken, right.spoken),
    )
    return tuple(gate for gate in found if gate)


def _numbers(one: Sequence[Number], other: Sequence[Number]) -> Gate | None:
    mine, theirs = Counter(n.value for n in one), Counter(n.value for n in other)
    units = {n.value: n.unit for n in other}
    same = all(not n.unit or not units.get(n.value) or n.unit == units[n.value] for n in one)
    if mine == theirs and same:
        return None
    return Gate("numbers", f"the numbers differ: {_listed(one)}, not {_listed(other)}")


def _negations(one: int, other: int) -> Gate | None:
    if one == other:
        return None
    which = "the new one" if one > other else "the earlier one"
    return Gate("negations", f"only {which} says no, not or without")


def _opposites(one: Mapping[str, str], other: Mapping[str, str]) -> Gate | None:
    for pair in OPPOSITES:
        for mine, theirs in (pair, pair[::-1]):
            if mine in one and theirs in other and mine not in other and theirs not in one:
                return Gate("opposites", f"it says {one[mine]}, not {other[theirs]}")
    return None


def _roles(one: Reading, other: Reading) -> Gate | None:
    """Common words play the same parts; those that play none stand in the same order."""
    swaps: set[tuple[str, str]] = set()
    for word in [each for each in one.parts if each in other.parts]:
        mine, theirs = one.parts[word], other.parts[word]
        swapped = (theirs, mine) in swaps
        swaps.add((mine, theirs))
        if mine != theirs and ((mine and theirs) or swapped or {mine, theirs} & _FIRM):
            return Gate("roles", f"“{one.spoken[word]}” plays another part in it")
    if not _in_turn(_plain(one, other), _plain(other, one)):
        return Gate("roles", "its words go together in another way")
    return None


def _plain(one: Reading, other: Reading) -> list[str]:
    """Return the words that play no part in either goal, in the order of the first."""
    return [
        word for word, part in one.parts.items() if not part and other.parts.get(word) == ""
    ]


def _in_turn(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the same words stand in the same order, whichever comes first."""
    if len(one) < 3:
        return True
    at = other.index(one[0])
    return [*other[at:], *other[:at]] == [*one]


def _words(one: Mapping[str, str], other: Mapping[str, str]) -> Gate | None:
    more = [spoken for word, spoken in one.items() if word not in other]
    less = [spoken for word, spoken in other.items() if word not in one]
    if not one or not other:
        return Gate("words", "one of them does not say what it is about")
    if more and less:
        return Gate("words", f"it says {_joined(more)}, not {_joined(less)}")
    if more:
        return Gate("words", f"the earlier one says nothing of {_joined(more)}")
    return Gate("words", f"the earlier one also says {_joined(less)}") if less else None


def _listed(numbers: Sequence[Number]) -> str:
    return _joined([str(number) for number in numbers]) if numbers else "none"


def _joined(words: Sequence[str]) -> str:
    shown = [*words[:3], "…"] if len(words) > 3 else words
    return ", ".join(shown)
